"""Unanswered questions are kept once, without who asked, and grouped by likeness."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.asked import new_id
from assistant.unanswered.grouping import encoder_of, group_new
from assistant.unanswered.likeness import Asked as Question
from assistant.unanswered.likeness import load_likeness, place
from assistant.unanswered.masking import MASK, masked
from assistant.unanswered.store import all_groups
from index.encoder import load_encoder
from tests.feedback_home import HANAKO
from tests.unanswered_home import COPIES, OTHER, around, asked, sizes, tell

LABELLED = Path(__file__).parent / "data" / "unanswered_groups.tsv"


def test_only_what_was_not_answered_whole_is_kept(tmp_path: Path) -> None:
    place = around(tmp_path)
    tell(place, *(asked(COPIES[0], s) for s in ("no_answer", "partial", "answered", "clarify")))
    group_new(place.state, encoder_of(place))
    assert sizes(place.state) == [2]


def test_asked_again_in_its_conversation_a_question_counts_once(tmp_path: Path) -> None:
    place = around(tmp_path)
    tell(
        place,
        *(
            asked(q, conversation="one")
            for q in (COPIES[0], COPIES[0], "コピー代は１枚いくらですか")
        ),
    )
    tell(place, asked(COPIES[0], conversation="another"))
    group_new(place.state, encoder_of(place))
    assert sizes(place.state) == [2]


def test_who_asked_is_not_kept(tmp_path: Path) -> None:
    place = around(tmp_path)
    told = asked(COPIES[0])
    tell(place, told)
    files = b"".join(path.read_bytes() for path in sorted(tmp_path.glob("s.sqlite3*")))
    for trace in (HANAKO.person_id, HANAKO.name, told.answer_id, told.conversation_id):
        assert trace.encode() not in files


def test_the_section_is_kept_in_the_language_of_the_documents(tmp_path: Path) -> None:
    place = around(tmp_path)
    tell(place, asked("How much is a copy?", section="Collaboration Section"))
    tell(place, asked(OTHER, section="見えない文書の課"))
    group_new(place.state, encoder_of(place))
    found = {g.questions[0].language: g.section for g in all_groups(place.state)}
    assert found == {"en": "市民文化局 協働・連携推進課", "ja": ""}


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("担当の電話は044-200-1234ですか", f"担当の電話は{MASK}ですか"),
        ("taro@example.jp に送る助成金の様式は", f"{MASK} に送る助成金の様式は"),
        ("助成金の上限は200万円ですか", "助成金の上限は200万円ですか"),
    ],
)
def test_personal_data_is_taken_out_before_a_question_is_kept(question: str, kept: str) -> None:
    assert masked(question) == kept


def test_questions_that_ask_the_same_stand_together_and_stay_where_they_are(tmp_path: Path) -> None:
    place = around(tmp_path)
    tell(place, *(asked(q) for q in (*COPIES, OTHER)))
    group_new(place.state, encoder_of(place))
    assert sizes(place.state) == [3, 1]
    before = {q.question_id: g.group_id for g in all_groups(place.state) for q in g.questions}
    tell(place, asked("住民投票は何回ありましたか"), asked(COPIES[1]))
    assert group_new(place.state, encoder_of(place)) == 2
    assert sizes(place.state) == [4, 2]
    after = {q.question_id: g.group_id for g in all_groups(place.state) for q in g.questions}
    assert before.items() <= after.items()


def labelled(half: str) -> list[tuple[str, str]]:
    """The group and the question of each line of one half."""
    lines = LABELLED.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(group, question) for own, group, question in rows if own == half]


def pairwise(questions: Sequence[tuple[str, str]]) -> tuple[float, float]:
    """Precision and recall of the pairs put together, the questions coming in this order."""
    vectors = load_encoder().encode_queries([text for _, text in questions])
    given = [
        Question(text, "en" if text.isascii() else "ja", vector)
        for (_, text), vector in zip(questions, vectors, strict=True)
    ]
    groups = place(given, [], load_likeness(), new_id)
    pairs = list(itertools.combinations(range(len(questions)), 2))
    found = {(i, j) for i, j in pairs if groups[i] == groups[j]}
    right = {(i, j) for i, j in pairs if questions[i][0] == questions[j][0]}
    return len(found & right) / len(found), len(found & right) / len(right)


def test_the_grouping_is_as_good_as_it_was_on_questions_it_was_not_chosen_on() -> None:
    questions = labelled("report")
    figures = []
    for seed in range(8):
        shuffled = questions[:]
        random.Random(seed).shuffle(shuffled)
        figures.append(pairwise(shuffled))
    precision, recall = (sum(f[i] for f in figures) / len(figures) for i in (0, 1))
    assert precision > 0.9
    assert recall > 0.7
