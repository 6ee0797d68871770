"""The groups of unanswered questions: which there are, and what became of them."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal, cast, get_args

from assistant.asked import now
from assistant.errors import AssistantError
from assistant.person import Person
from assistant.records.fold import fold
from assistant.state import State

GroupState = Literal["open", "added", "elsewhere", "not_ours"]
"""Open; a document was added; answered elsewhere; not our business."""
STATES: tuple[GroupState, ...] = get_args(GroupState)
ORDERS = ("size", "newest")
NO_SECTION = "-"
LONGEST = 2_000
"""Characters that a note may have."""


class UnansweredError(AssistantError):
    """Something that cannot be kept or shown, with the sentence that says why."""


@dataclass(frozen=True)
class Question:
    """A question that was not answered, or only in part.

    ``now_status`` is the status of the answer when it was last asked again, "" before that;
    ``now_index`` the index that answered, ``now_at`` when.
    """

    question_id: str
    at: str
    question: str
    standalone: str
    language: str
    section: str
    status: str
    now_status: str = ""
    now_index: str = ""
    now_at: str = ""


@dataclass(frozen=True)
class Group:
    """Questions that ask the same, the newest first, and what became of them."""

    group_id: str
    questions: tuple[Question, ...]
    state: GroupState = "open"
    note: str = ""
    changed_by: str = ""
    changed_at: str = ""

    @property
    def size(self) -> int:
        """How often it was asked."""
        return len(self.questions)

    @property
    def newest(self) -> str:
        """When it was last asked, an ISO time in UTC."""
        return self.questions[0].at

    @property
    def section(self) -> str:
        """The section that most of its questions were handed to."""
        return Counter(q.section for q in self.questions).most_common(1)[0][0]

    @property
    def wordings(self) -> tuple[tuple[Question, int], ...]:
        """Each wording once, the newest question of it, and how often; the most frequent first."""
        counts = Counter(fold(q.standalone) for q in self.questions)
        newest = {fold(q.standalone): q for q in reversed(self.questions)}
        return tuple((newest[text], count) for text, count in counts.most_common())

    @property
    def since(self) -> int:
        """How often it was asked after its state was set; 0 while it is open."""
        if self.state == "open":
            return 0
        return sum(q.at > self.changed_at for q in self.questions)

    @property
    def now_answered(self) -> int:
        """How many of its questions the documents answered whole when asked again."""
        return sum(q.now_status == "answered" for q in self.questions)

    @property
    def now_at(self) -> str:
        """When its questions were last asked again, "" where they never were."""
        return max(q.now_at for q in self.questions)

    def to_dict(self) -> dict[str, Any]:
        """The group as a line of an export."""
        return {
            "group_id": self.group_id,
            "state": self.state,
            "note": self.note,
            "changed_by": self.changed_by,
            "changed_at": self.changed_at,
            "section": self.section,
            "count": self.size,
            "newest": self.newest,
            "now_answered": self.now_answered,
            "questions": [dict(vars(q)) for q in self.questions],
        }


@dataclass(frozen=True)
class Wanted:
    """Which groups are asked for, and in which order; "" leaves a condition out.

    ``section`` is ``NO_SECTION`` for groups whose section is not known; ``words`` must stand in
    one of the wordings.
    """

    state: str = ""
    section: str = ""
    words: str = ""
    order: str = ""


def all_groups(state: State) -> tuple[Group, ...]:
    """Every group; questions that have none yet are left out (see ``group_new``)."""
    with state.reading() as rows:
        found = rows.execute(
            "SELECT u.question_id, u.at, u.question, u.standalone, u.language, u.section, u.status,"
            " u.now_status, u.now_index, u.now_at, g.group_id, g.state, g.note, g.changed_by,"
            " g.changed_at FROM unanswered u JOIN unanswered_groups g USING (group_id)"
            " ORDER BY g.group_id, u.at DESC, u.rowid DESC"
        ).fetchall()
    return tuple(_group(list(own)) for _, own in groupby(found, key=lambda row: row["group_id"]))


def find_group(state: State, group_id: str) -> Group | None:
    """The group of an id, None where there is none."""
    return next((g for g in all_groups(state) if g.group_id == group_id), None)


def chosen(groups: tuple[Group, ...], wanted: Wanted) -> tuple[Group, ...]:
    """The groups asked for, in order.

    Raises:
        UnansweredError: a condition is none.
    """
    _one_of(wanted.state or STATES[0], STATES)
    order = _one_of(wanted.order or ORDERS[0], ORDERS)
    kept = [g for g in groups if _fits(g, wanted)]
    if order == "newest":
        return tuple(sorted(kept, key=lambda g: (g.newest, g.size), reverse=True))
    return tuple(sorted(kept, key=lambda g: (g.size, g.newest), reverse=True))


def set_state(state: State, group_id: str, name: str, note: str, person: Person) -> bool:
    """Say what became of a group; False where there is none.

    Raises:
        UnansweredError: the state is none, or the note is too long.
    """
    _one_of(name, STATES)
    if len(note) > LONGEST:
        raise UnansweredError(
            f"Expected at most {LONGEST:,} characters, found {len(note):,}; shorten the note."
        )
    with state.writing() as rows:
        changed = rows.execute(
            "UPDATE unanswered_groups SET state = ?, note = ?, changed_by = ?, changed_at = ?"
            " WHERE group_id = ?",
            (name, note, person.name, now(), group_id),
        ).rowcount
    return bool(changed)


def keep_checks(state: State, index: str, found: Mapping[str, str]) -> None:
    """Keep the status that each question, by its id, has when it is asked of an index now."""
    moment = now()
    with state.writing() as rows:
        rows.executemany(
            "UPDATE unanswered SET now_status = ?, now_index = ?, now_at = ? WHERE question_id = ?",
            [(status, index, moment, question_id) for question_id, status in found.items()],
        )


def _one_of(asked: str, known: tuple[str, ...]) -> str:
    if asked not in known:
        raise UnansweredError(f"Expected one of {', '.join(known)}, found {asked[:40]!r}.")
    return asked


def _fits(group: Group, wanted: Wanted) -> bool:
    if wanted.state and group.state != wanted.state:
        return False
    if wanted.section and group.section != wanted.section.removeprefix(NO_SECTION):
        return False
    text = "\n".join(fold(f"{q.question}\n{q.standalone}") for q in group.questions)
    return all(fold(word) in text for word in wanted.words.split())


def _group(rows: list[sqlite3.Row]) -> Group:
    names = tuple(Question.__dataclass_fields__)
    first = rows[0]
    return Group(
        group_id=first["group_id"],
        questions=tuple(Question(**{name: row[name] for name in names}) for row in rows),
        state=cast(GroupState, first["state"]),
        note=first["note"],
        changed_by=first["changed_by"],
        changed_at=first["changed_at"],
    )
