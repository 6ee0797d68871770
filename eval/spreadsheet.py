"""Question sets as CSV, as a spreadsheet program saves them: UTF-8 with or without BOM, Shift_JIS.

The columns are those of ``questions/template.csv``, under their Japanese or English headings.
In a cell, `;` or a line break parts entries, `|` parts wordings of one key point or places that
say the same, and `>>` parts a document from a place in it.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.errors import EvalError
from eval.questions import FOLDER, Question, check_unique, question_from_row

TEMPLATE = FOLDER / "template.csv"
_WORDS = Path(__file__).with_name("spreadsheet.toml")
_ENCODINGS = ("utf-8-sig", "cp932")
_LOST = re.compile(r"(?<=\S) \? (?=\S)")
"""What is left of the mark between the parts of a place."""
_NEEDED = ("id", "question")


def load_csv(path: Path) -> tuple[Question, ...]:
    """The questions of a CSV file.

    Raises:
        EvalError: where it cannot be read, or on the first row that is no question, naming the
            file and the row as the spreadsheet numbers it.
    """
    words = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    text, encoding = _text(path)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise EvalError(
            f"{path.name} row {reader.line_num}: expected CSV, found: {error}; close the quotation "
            "mark or save the sheet as CSV again."
        ) from error
    columns = _columns(rows[0] if rows else [], words["columns"], path)
    lossy = encoding == "cp932"
    questions = [
        _question(
            _restored(dict(zip(columns, row, strict=False)), lossy, f"{path.name} row {number}"),
            words,
            f"{path.name} row {number}",
        )
        for number, row in enumerate(rows[1:], 2)
        if any(cell.strip() for cell in row) and _fits(row, columns, f"{path.name} row {number}")
    ]
    check_unique(questions, path)
    return tuple(questions)


def _text(path: Path) -> tuple[str, str]:
    """The text of a file, and its encoding."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise EvalError(f"{path}: expected a CSV file, found: {error.strerror}.") from error
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError as error:
            row = data[: error.start].count(b"\n") + 1
    raise EvalError(
        f"{path.name} row {row}: expected UTF-8 or Shift_JIS, found bytes that are neither; save "
        'the sheet again as "CSV UTF-8".'
    )


def _restored(cells: dict[str, str], lossy: bool, where: str) -> dict[str, str]:
    """The cells, with what parts a place put back where Shift_JIS has no letter for it.

    Spreadsheet programs save a question mark for each letter that Shift_JIS lacks, and say
    nothing; in a place that would only show as an answer that is never found.
    """
    if not lossy:
        return cells
    places = _LOST.sub(" › ", cells.get("answers", ""))
    if "?" in places:
        raise EvalError(
            f"{where}: found a question mark in a place ({places!r}), where Shift_JIS had no "
            'letter for what was typed; save the sheet as "CSV UTF-8".'
        )
    return {**cells, "answers": places}


def _columns(heads: list[str], known: Mapping[str, list[str]], path: Path) -> list[str]:
    """The keys that the first row's headings stand for."""
    by_heading = {name.lower(): key for key, names in known.items() for name in [key, *names]}
    columns = []
    for place, head in enumerate(heads, 1):
        key = by_heading.get(head.strip().lower())
        if key is None and head.strip():
            raise EvalError(
                f"{path.name} row 1: column {place} is called {head!r}; expected one of "
                f"{', '.join(names[0] for names in known.values())} (see {TEMPLATE.name})."
            )
        columns.append(key or "")
    for key in _NEEDED:
        if key not in columns:
            raise EvalError(
                f"{path.name} row 1: expected a column {known[key][0]} ({key}), found none; take "
                f"the headings from {TEMPLATE.name}."
            )
    return columns


def _fits(row: list[str], columns: list[str], where: str) -> bool:
    if any(cell.strip() for cell in row[len(columns) :]):
        raise EvalError(
            f"{where}: expected {len(columns)} cells, found {len(row)}; put quotation marks around "
            "cells that hold a comma."
        )
    return True


def _question(cells: dict[str, str], words: dict[str, Any], where: str) -> Question:
    values = {key: cells.get(key, "").strip() for key in words["columns"]}
    refuse = _word(values["refuse"] or words["defaults"]["refuse"], words["refuse"], where)
    row = {
        "id": values["id"],
        "question": values["question"],
        "language": _word(values["language"] or "ja", words["language"], where),
        "kind": _word(values["kind"] or "fact", words["kind"], where),
        "style": values["style"] or "plain",
        "answers": _places(values["answers"]),
        "supports": _places(values["supports"]),
        "key_points": [_wordings(entry) for entry in _entries(values["key_points"])],
        "must_not": _entries(values["must_not"]),
        "refuse": refuse == "true",
        "verdicts": [_word(v, words["verdicts"], where) for v in _entries(values["verdicts"])],
        "as_of": values["as_of"].replace("/", "-"),
    }
    return question_from_row(row, where)


def _word(cell: str, known: Mapping[str, list[str]], where: str) -> str:
    """The value that a cell's word stands for."""
    for value, words in known.items():
        if cell.lower() in (value, *words):
            return value
    expected = ", ".join(word for value, words in known.items() for word in words or [value])
    raise EvalError(f"{where}: expected one of {expected}, found {cell!r}; correct the cell.")


def _entries(cell: str) -> list[str]:
    parts = cell.replace("；", ";").replace("\n", ";").split(";")
    return [part.strip() for part in parts if part.strip()]


def _wordings(entry: str) -> list[str]:
    return [part.strip() for part in entry.replace("｜", "|").split("|") if part.strip()]


def _places(cell: str) -> list[dict[str, str]]:
    """The places of a cell; those parted by `|` make a group."""
    places = []
    for number, entry in enumerate(_entries(cell), 1):
        same = _wordings(entry)
        group = str(number) if len(same) > 1 else ""
        places += [{**_place(text), "group": group} for text in same]
    return places


def _place(entry: str) -> dict[str, str]:
    document, mark, locator = entry.partition(">>")
    if not mark:
        return {"document": "", "locator": entry}
    return {"document": document.strip(), "locator": locator.strip()}
