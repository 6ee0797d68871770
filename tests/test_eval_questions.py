"""Question sets: what is wrong is said with file and line or row; the bundled ones hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.errors import EvalError
from eval.questions import FOLDER, Place, load_questions
from eval.retrieval import relevant_of, unplaced
from eval.sets import load_sets
from eval.spreadsheet import TEMPLATE, load_csv
from index import Index

GOOD: dict[str, Any] = {
    "id": "a-1",
    "question": "花壇は?",
    "language": "ja",
    "kind": "fact",
    "answers": [{"document": "d", "locator": "第6条"}],
    "refuse": False,
}
BUNDLED = sorted(FOLDER.glob("*.jsonl"))
CASES = sorted((FOLDER.parent / "cases").glob("cases-*.jsonl"))
HEADS = "番号,質問,言語,種類,答えの場所,要点,あってはならない語,判定,断るべきか,時点\n"


def write(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), "utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"verdicts": ["maybe"]}, "expected verdicts to be one of depends, likely, unlikely"),
        ({"verdicts": "likely"}, "expected verdicts as a list"),
        ({"as_of": "2005/4/1"}, "expected as_of as YYYY-MM-DD, found '2005/4/1'"),
        ({"language": "fr"}, "expected language to be one of en, ja, found 'fr'"),
        ({"kind": "riddle"}, "expected kind to be one of"),
        ({"refuse": "no"}, "expected refuse as true or false, found 'no'"),
        ({"question": " "}, "expected question as text"),
        ({"colour": 1}, "unknown keys colour"),
        ({"answers": []}, "needs its answers"),
        ({"refuse": True}, "a question to be refused has no answers"),
        ({"key_points": ["9月"]}, "a list of lists"),
        ({"must_not": [""]}, "hold an empty"),
        ({"history": [{"role": "mayor", "content": "x"}]}, "role in history"),
        ({"id": None}, "expected id as text"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    path = write(tmp_path / "mine.jsonl", GOOD, {**GOOD, "id": "a-2", **change})
    with pytest.raises(EvalError, match=f"mine.jsonl line 2: .*{said}"):
        load_questions(path)


def test_a_missing_key_and_a_broken_line_are_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    write(path, {k: v for k, v in GOOD.items() if k != "kind"})
    with pytest.raises(EvalError, match="line 1: expected the key 'kind'"):
        load_questions(path)
    path.write_text("\n{", "utf-8")
    with pytest.raises(EvalError, match="line 2: expected JSON"):
        load_questions(path)


def test_ids_are_unique_in_a_file_and_over_files(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match="these are not: a-1"):
        load_questions(write(tmp_path / "x.jsonl", GOOD, GOOD))
    files = [write(tmp_path / name, GOOD) for name in ("y.jsonl", "z.jsonl")]
    with pytest.raises(EvalError, match="the id a-1 stands in .*y.jsonl too"):
        load_sets(files)


def test_a_question_comes_back_from_its_row(tmp_path: Path) -> None:
    row = {**GOOD, "verdicts": ["likely"], "as_of": "2005-04-01", "key_points": [["a", "b"]]}
    (first,) = load_questions(write(tmp_path / "x.jsonl", row))
    (again,) = load_questions(write(tmp_path / "y.jsonl", first.to_row()))
    assert again == first


def test_there_are_400_questions_and_100_to_refuse() -> None:
    sets = load_sets(BUNDLED)
    questions = [q for held in sets.values() for q in held]
    assert len(questions) >= 400
    assert sum(q.refuse for q in questions) >= 100


def test_every_place_of_a_bundled_question_is_in_the_bundled_documents(
    bundled_index: Index,
) -> None:
    sets = load_sets(BUNDLED)
    questions = [q for held in sets.values() for q in held]
    assert unplaced(relevant_of(questions, bundled_index.passages)) == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_sheet_loads_as_spreadsheets_save_it(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "sheet.csv"
    text = HEADS + (
        '1,花壇は?,日本語,当たるか,"machi-jorei >> 第6条; 第7条",9月|9/30；町内会,,'
        "場合による,いいえ,2010/03/01\r\n,,,,,,,,,\r\n2,駅は？,英語,,,,,,はい,\r\n"
    )
    path.write_bytes(text.encode(encoding))
    first, second = load_csv(path)
    assert first.kind == "counts"
    assert [(p.document, p.locator) for p in first.answers] == [
        ("machi-jorei", "第6条"),
        ("", "第7条"),
    ]
    assert first.key_points == (("9月", "9/30"), ("町内会",))
    assert (first.verdicts, first.as_of, first.refuse) == (("depends",), "2010-03-01"[:10], False)
    assert (second.language, second.refuse) == ("en", True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADS + "1,花壇は?,日本語,謎,d >> 第6条\n", "sheet.csv row 2: expected one of .*'謎'"),
        (HEADS + "1,あ,,,第6条\n2,,,,第6条\n", "sheet.csv row 3: expected question as text"),
        (HEADS + "1,あ,,,\n", "sheet.csv row 2: .*needs its answers"),
        (HEADS + "1,あ,,,第6条,,,,,2010年\n", "sheet.csv row 2: expected as_of"),
        (HEADS + "1,あ,,,第6条,,,,,,余り\n", "sheet.csv row 2: expected 10 cells, found 11"),
        ("番号,ことば\n", "row 1: column 2 is called 'ことば'"),
        ("番号\n1\n", "row 1: expected a column 質問"),
        (HEADS + '1,"あ,,\n', "expected CSV"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes(text.encode("cp932"))
    with pytest.raises(EvalError, match=said):
        load_csv(path)


def test_places_that_say_the_same_and_places_beside_load_from_a_sheet(tmp_path: Path) -> None:
    sheet = tmp_path / "q.csv"
    sheet.write_text(
        "番号,質問,答えの場所,添えてよい場所\nq,何ですか。,d >> 第1条 | e >> 第2条; f,g >> 附則\n",
        encoding="utf-8",
    )
    (asked,) = load_csv(sheet)
    assert asked.answers == (Place("第1条", "d", "1"), Place("第2条", "e", "1"), Place("f"))
    assert asked.supports == (Place("附則", "g"),)


def test_a_support_without_an_answer_is_named(tmp_path: Path) -> None:
    row = {**GOOD, "answers": [], "supports": [{"locator": "附則"}], "refuse": True}
    with pytest.raises(EvalError, match=r"line 1: supports stand beside answers"):
        load_questions(write(tmp_path / "x.jsonl", row))


def test_what_shift_jis_loses_of_a_place_is_put_back_or_named(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    lost = (HEADS + "1,花壇は?,,,d >> 申請 › 締切\n").encode("cp932", "replace")
    assert b" ? " in lost
    path.write_bytes(lost)
    assert load_csv(path)[0].answers[0].locator == "申請 › 締切"
    path.write_bytes(lost.replace("締切".encode("cp932"), b"?"))
    with pytest.raises(EvalError, match='row 2: found a question mark in a place .*"CSV UTF-8"'):
        load_csv(path)
    path.write_text(HEADS + "1,花壇は?,,,d >> 締切とは?\n", "utf-8")
    assert load_csv(path)[0].answers[0].locator == "締切とは?"


def test_bytes_of_no_known_encoding_are_named_by_row(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes(HEADS.encode("cp932") + b"1,\x81\x20\n")
    with pytest.raises(EvalError, match="row 2: expected UTF-8 or Shift_JIS"):
        load_csv(path)


def test_the_template_loads_and_opens_in_a_spreadsheet() -> None:
    assert TEMPLATE.read_bytes().startswith(b"\xef\xbb\xbf")
    assert [q.refuse for q in load_csv(TEMPLATE)] == [False, True]


def test_a_case_is_a_question_that_counts_by_its_verdict(tmp_path: Path) -> None:
    case = {"id": "c", "language": "ja", "guide": "g", "question": "当たる?", "accept": ["likely"]}
    (question,) = load_questions(write(tmp_path / "cases.jsonl", case))
    assert (question.kind, question.verdicts, question.answers) == ("counts", ("likely",), ())
    with pytest.raises(EvalError, match="line 1: unknown keys colour"):
        load_questions(write(tmp_path / "cases.jsonl", {**case, "colour": 1}))


def test_the_bundled_cases_are_fifty_questions_with_verdicts() -> None:
    cases = [q for held in load_sets(CASES).values() for q in held]
    assert len(cases) == 50
    assert all(q.verdicts for q in cases)
