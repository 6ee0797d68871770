"""Two runs over the same questions: what moved, whether by chance, and which questions flipped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from eval.errors import EvalError
from eval.known import MEASURES as KNOWN
from eval.metrics import LOWER_IS_BETTER, MEASURES
from eval.retrieval import NAMES
from eval.sampling import Figure, difference, holm, permutation_p

SIGNIFICANT = 0.05
MOST_FLIPS = 30
MOST_NAMED = 10
PAIRED = (*NAMES, *MEASURES, *KNOWN)
_SCORED = ("success@5", "citation_precision", "key_points", "verdict", "refusal_right")
"""What a question's flip is told by: measures of whether a reader was served."""

_LATENCY = ("latency_median", "latency_p95")


@dataclass(frozen=True)
class Change:
    """One measure in two runs, over the questions that both measure.

    ``difference`` is after less before; ``p`` of a paired permutation test, corrected after
    Holm over all measures. ``better`` is None where nothing significant moved.
    """

    metric: str
    before: float
    after: float
    difference: Figure
    p: float

    @property
    def significant(self) -> bool:
        """Whether chance is an unlikely cause at the family's level of 5 %."""
        return self.p < SIGNIFICANT

    @property
    def better(self) -> bool | None:
        """Whether the change is for the better; None where it may be chance."""
        if not self.significant:
            return None
        return (self.difference.value > 0) != (self.metric in LOWER_IS_BETTER)


@dataclass(frozen=True)
class Flip:
    """A question that does better or worse: ``gain`` from -1 to 1, and what moved."""

    question_id: str
    gain: float
    moved: Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Comparison:
    """What two runs have in common, and how they differ.

    ``latency`` holds milliseconds before and after; untested, as it depends on the machine.
    ``lost`` are the passages that a search by their own words put first before and not after;
    ``won`` those that it puts first now.
    """

    common: int
    only_before: int
    only_after: int
    changes: tuple[Change, ...]
    flips: tuple[Flip, ...]
    latency: Mapping[str, tuple[float, float]]
    lost: tuple[str, ...] = ()
    won: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The comparison for JSON."""
        changes = [
            {
                "metric": c.metric,
                "before": round(c.before, 4),
                "after": round(c.after, 4),
                "difference": c.difference.to_dict(),
                "p": round(c.p, 5),
                "significant": c.significant,
                "better": c.better,
            }
            for c in self.changes
        ]
        counts = {n: getattr(self, n) for n in ("common", "only_before", "only_after")}
        flips = [asdict(f) for f in self.flips]
        latency = {name: list(pair) for name, pair in self.latency.items()}
        searches = {"lost": list(self.lost), "won": list(self.won)}
        return {
            "questions": counts,
            "changes": changes,
            "latency_ms": latency,
            "flips": flips,
            "known_items": searches,
        }


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> Comparison:
    """Compare the ``metrics.json`` of two runs.

    Raises:
        EvalError: if they have no question in common.
    """
    old, new = before.get("questions", {}), after.get("questions", {})
    common = [question for question in new if question in old]
    if not common:
        raise EvalError(
            "expected two runs with questions in common, found none; run the same files of "
            "questions in both."
        )
    searched = before.get("known_items", {}), after.get("known_items", {})
    pairs = {name: _pairs(name, *(searched if name in KNOWN else (old, new))) for name in PAIRED}
    measured = {name: pair for name, pair in pairs.items() if pair[0]}
    p_values = holm({name: permutation_p(*pair) for name, pair in measured.items()})
    changes = tuple(
        Change(name, _mean(was), _mean(now), difference(was, now), p_values[name])
        for name, (was, now) in measured.items()
    )
    flips = sorted(
        (flip for q in common if (flip := _flip(q, old[q], new[q])) is not None),
        key=lambda flip: -flip.gain,
    )
    return Comparison(
        len(common),
        len(old) - len(common),
        len(new) - len(common),
        changes,
        tuple(flips),
        {name: (_latency(before, name), _latency(after, name)) for name in _LATENCY},
        lost=_first_only_in(*searched),
        won=_first_only_in(*reversed(searched)),
    )


def comparison_text(
    found: Comparison, before: str, after: str, questions: Mapping[str, str]
) -> str:
    """The comparison to be read: measures, then the questions that flipped.

    Args:
        found: the comparison.
        before: the name of the first run.
        after: the name of the second.
        questions: the wording of each question by its id.
    """
    lines = [
        f"{found.common} questions in both runs ({found.only_before} only in {before}, "
        f"{found.only_after} only in {after}). p: paired permutation, Holm-corrected.",
        "",
        f"{'metric':<22}{'before':>8}{'after':>8}{'change':>9}   95 % interval        p",
    ]
    for c in found.changes:
        d = c.difference
        word = {True: "  BETTER", False: "  WORSE", None: ""}[c.better]
        lines.append(
            f"{c.metric:<22}{c.before:8.3f}{c.after:8.3f}{d.value:+9.3f}"
            f"   [{d.low:+.3f}, {d.high:+.3f}]  {c.p:7.4f}{word}"
        )
    lines += [
        f"{name:<22}{was:8.1f}{now:8.1f}{now - was:+9.1f}   ms, not tested"
        for name, (was, now) in found.latency.items()
    ]
    lines += _searches("lost", found.lost) + _searches("won", found.won)
    better = [f for f in found.flips if f.gain > 0]
    worse = [f for f in reversed(found.flips) if f.gain < 0]
    for title, flips in (("better", better), ("worse", worse)):
        lines += ["", f"{len(flips)} questions do {title}, most first"]
        lines += [_flip_line(flip, questions) for flip in flips[:MOST_FLIPS]]
        if len(flips) > MOST_FLIPS:
            lines.append(f"  ... and {len(flips) - MOST_FLIPS} more (all with --json)")
    return "\n".join(lines)


def _searches(word: str, passages: tuple[str, ...]) -> list[str]:
    """The passages that searches by their own words lost or won, in a line."""
    if not passages:
        return []
    shown = ", ".join(passages[:MOST_NAMED]) + (", ..." if len(passages) > MOST_NAMED else "")
    return ["", f"{len(passages)} passages {word} by searches for two rare words of them: {shown}"]


def _first_only_in(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(
        passage
        for passage, own in one.items()
        if own["known@1"] == 1.0 and other.get(passage, own)["known@1"] < 1.0
    )


def _flip_line(flip: Flip, questions: Mapping[str, str]) -> str:
    moved = ", ".join(f"{n} {was:.2f} -> {now:.2f}" for n, (was, now) in flip.moved.items())
    return f"  {flip.gain:+.2f}  {flip.question_id}  {questions.get(flip.question_id, '')}\n" + (
        f"         {moved}"
    )


def _pairs(
    name: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> tuple[list[float], list[float]]:
    """A measure's values in both runs, of the questions or searches where both have it."""
    held = [q for q in new if name in new[q] and name in old.get(q, {})]
    return [old[q][name] for q in held], [new[q][name] for q in held]


def _flip(question: str, was: Mapping[str, float], now: Mapping[str, float]) -> Flip | None:
    names = [n for n in _SCORED if n in was and n in now]
    moved = {n: (was[n], now[n]) for n in names if abs(was[n] - now[n]) > 1e-9}
    gain = sum(after - before for before, after in moved.values()) / max(len(names), 1)
    return Flip(question, round(gain, 4), moved) if moved else None


def _latency(metrics: Mapping[str, Any], name: str) -> float:
    return float(metrics.get("all", {}).get(name, {}).get("value", 0.0))


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
