"""Feedback becomes a question of the evaluation: valid by its rules, and never a broken file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from lxml import html

from assistant.feedback.datatypes import Part, Said
from assistant.feedback.store import find, give
from assistant.state import State, open_state
from eval.errors import EvalError
from eval.office.draft import draft_of
from eval.office.file import add_question, office_file, office_questions
from eval.questions import load_questions
from eval.web.overview import question_files
from tests.feedback_home import HANAKO, OUTSIDE, QUESTION, answered, pages_over, text_of

ROW = {
    "id": "office-1",
    "question": QUESTION,
    "language": "ja",
    "kind": "definition",
    "answers": [{"document": "jichi", "locator": "第3条第4号"}],
    "refuse": False,
}


@pytest.fixture
def state(tmp_path: Path) -> State:
    return open_state(tmp_path / "state.sqlite3")


def draft_row(state: State, said: Said, question: str = QUESTION) -> dict[str, object]:
    given = find(state, give(state, answered(state, question).to_dict(), HANAKO, said))
    assert given is not None
    return draft_of(given).to_row()


def test_a_right_answer_is_expected_again_from_the_passage_of_its_conclusion(state: State) -> None:
    row = draft_row(state, Said("right"))
    assert row["answers"] == [{"document": "jichi", "locator": "第3条第4号"}]
    assert [place["document"] for place in row["supports"]] == ["rules", "table"]  # type: ignore
    assert (row["question"], row["kind"], row["refuse"]) == (QUESTION, "definition", False)


def test_the_verdict_of_a_right_answer_is_expected_again(state: State) -> None:
    weighed = "この講座は協働に当たりますか"
    assert draft_row(state, Said("right"), weighed)["verdicts"] == ["depends"]
    assert draft_row(state, Said("wrong", (Part("verdict"),)), weighed)["verdicts"] == []


def test_a_citation_that_was_called_wrong_is_not_expected(state: State) -> None:
    row = draft_row(state, Said("wrong", (Part("citation", 2),)))
    assert [place["document"] for place in row["supports"]] == ["table"]  # type: ignore


@pytest.mark.parametrize(
    ("parts", "refuse"),
    [(("refusal",), False), (("missing",), True), (("refusal", "missing"), False)],
)
def test_what_was_not_answered_is_refused_or_answered_as_the_feedback_says(
    parts: tuple[str, ...], refuse: bool, state: State
) -> None:
    said = Said("wrong", tuple(Part(kind) for kind in parts))  # type: ignore[arg-type]
    assert draft_row(state, said, OUTSIDE)["refuse"] is refuse


def test_a_question_is_kept_only_if_the_evaluation_accepts_it(tmp_path: Path) -> None:
    add_question(tmp_path, ROW)
    for wrong in (ROW, {**ROW, "id": "2", "kind": "odd"}, {**ROW, "id": "3", "answers": []}):
        with pytest.raises(EvalError):
            add_question(tmp_path, wrong)
    assert [q.question_id for q in load_questions(office_file(tmp_path))] == ["office-1"]


def test_a_file_that_a_person_broke_is_left_as_it_is(tmp_path: Path) -> None:
    office_file(tmp_path).parent.mkdir()
    office_file(tmp_path).write_text('{"id": "half', encoding="utf-8")
    with pytest.raises(EvalError, match="line 1"):
        add_question(tmp_path, ROW)
    assert office_file(tmp_path).read_text(encoding="utf-8") == '{"id": "half'


def test_a_line_that_a_person_wrote_without_its_end_stays_whole(tmp_path: Path) -> None:
    office_file(tmp_path).parent.mkdir()
    office_file(tmp_path).write_text(json.dumps({**ROW, "id": "mine"}), encoding="utf-8")
    add_question(tmp_path, ROW)
    assert [q.question_id for q in office_questions(tmp_path)] == ["mine", "office-1"]


def test_questions_added_at_once_are_all_kept(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: add_question(tmp_path, {**ROW, "id": f"q{n}"}), range(24)))
    assert sorted(q.question_id for q in office_questions(tmp_path)) == sorted(
        f"q{n}" for n in range(24)
    )
    assert sorted(path.name for path in office_file(tmp_path).parent.iterdir()) == [
        ".office.lock",
        "office.jsonl",
    ]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[httpx.Client, State, Path]]:
    with (
        pages_over(tmp_path) as (address, state),
        httpx.Client(
            base_url=address, headers={"accept-language": "ja"}, follow_redirects=True
        ) as web,
    ):
        yield web, state, tmp_path


def fields_of(page: str) -> dict[str, str]:
    """What the form holds as it stands: what a click on its button would send."""
    (form,) = html.fromstring(page).xpath('//form[contains(@class, "o-form")]')
    return {name: value for name, value in form.form_values() if name != "kyodo_token"}


def test_two_clicks_make_a_question_that_a_run_can_ask(served) -> None:
    web, state, home = served
    feedback_id = give(state, answered(state).to_dict(), HANAKO, Said("right"))
    one = html.fromstring(web.get("/feedback/one", params={"id": feedback_id}).text)
    (link,) = one.xpath('//a[contains(@href, "/evaluation/office/new")]/@href')
    added = web.post("/evaluation/office/add", data=fields_of(web.get(link).text))
    assert "質問を加えました" in added.text
    (question,) = load_questions(office_file(home))
    assert question.question == QUESTION
    assert [place.locator for place in question.answers] == ["第3条第4号"]
    assert "office" in {file.name for file in question_files(home)}
    assert "庁内で作った質問" in web.get("/evaluation").text
    again = web.post("/evaluation/office/add", data=fields_of(web.get(link).text))
    assert "もう質問を作ってあります" in again.text
    assert len(load_questions(office_file(home))) == 1


def test_what_the_owner_puts_right_is_kept(served) -> None:
    web, state, home = served
    said = Said("wrong", (Part("citation", 1), Part("citation", 2), Part("citation", 3)))
    feedback_id = give(state, answered(state).to_dict(), HANAKO, said)
    fields = fields_of(web.get("/evaluation/office/new", params={"feedback": feedback_id}).text)
    refused = web.post("/evaluation/office/add", data=fields)
    assert "答えになる箇所を一つ以上" in refused.text
    fields |= {
        "more": "jichi >> 第4条\r\n第9条",
        "key_points": "目的の共有|目的を共有\r\n対等",
        "must_not": "下請け",
        "question": "協働の定義は?",
    }
    web.post("/evaluation/office/add", data=fields)
    (question,) = office_questions(home)
    assert [(p.document, p.locator) for p in question.answers] == [
        ("jichi", "第4条"),
        ("", "第9条"),
    ]
    assert question.key_points == (("目的の共有", "目的を共有"), ("対等",))
    assert question.must_not == ("下請け",)


def test_a_kind_that_is_none_is_refused_in_a_sentence(served) -> None:
    web, state, home = served
    feedback_id = give(state, answered(state).to_dict(), HANAKO, Said("right"))
    fields = fields_of(web.get("/evaluation/office/new", params={"feedback": feedback_id}).text)
    told = web.post("/evaluation/office/add", data={**fields, "kind": "odd"})
    assert "できませんでした" in text_of(told.text)
    assert not office_file(home).exists()
    assert web.get("/evaluation/office/new", params={"feedback": "none"}).status_code == 404
