"""From the states of a guide's criteria to a verdict, and to what should be asked next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from assistant.case import Case
from corpus.guides import Criterion, Guide, Target

Value = Literal["likely", "depends", "unlikely"]
ASKED_AT_ONCE = 2
"""Questions in one turn."""
_URGENCY = {"both": 0, "needed": 1, "decides": 2, "doubts": 3, "counts": 4, "aside": 5}


def criteria_of(guide: Guide, target: Target) -> tuple[Criterion, ...]:
    """The criteria that a target turns on, in the guide's order."""
    return tuple(c for c in guide.criteria if target.target_id in c.targets)


def shown(criteria: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Of a verdict's criteria those to show: what is told or asked, and what a source carries.

    A point that the case is silent on and that no passage cited carries would stand there
    without anything to open.
    """
    return [c for c in criteria if c.get("citations") or c.get("state") != "unknown"]


def value_of(guide: Guide, target: Target, case: Case) -> Value:
    """The verdict on a target: never a plain yes, since a section decides."""
    criteria = criteria_of(guide, target)
    needed = [c for c in criteria if c.part in ("needed", "both")]
    missing = [c for c in needed if case.state(c) == "not_met"]
    whole = bool(needed) and all(case.state(c) == "met" for c in needed)
    refused = [c.part for c in criteria if case.state(c) == "not_met"]
    if "decides" in refused or "both" in refused:
        return "unlikely"
    if "doubts" in refused:
        return "depends" if whole else "unlikely"
    if missing:
        return "unlikely" if len(missing) > 1 or len(missing) == len(needed) else "depends"
    return "likely" if whole and "counts" not in refused else "depends"


def to_ask(guide: Guide, target: Target, case: Case) -> tuple[Criterion, ...]:
    """The one or two criteria whose state would decide most; none where the verdict stands."""
    if value_of(guide, target, case) != "depends":
        return ()
    unknown = [
        c
        for c in criteria_of(guide, target)
        if case.state(c) == "unknown" and c.part in ("both", "needed", "decides")
    ]
    wanted = [c for c in unknown if c.part != "decides"] or unknown
    return tuple(sorted(wanted, key=lambda c: _URGENCY[c.part])[:ASKED_AT_ONCE])
