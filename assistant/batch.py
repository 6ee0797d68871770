"""Files of questions in, files of answers out; and conversations from a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from assistant.datatypes import Turn
from assistant.errors import AssistantError
from assistant.pipeline import Assistant


def answer_batch(assistant: Assistant, questions: Path, output: Path, as_of: str | None) -> int:
    """Answer every line of a JSON Lines file, in order.

    A line is ``{"id"?, "question", "language"?, "history"?}``; the answer's line repeats the
    id. A question that cannot be taken gives ``{"id", "question", "error"}`` in its place.

    Returns:
        How many answers were written.

    Raises:
        AssistantError: if the file cannot be read, or a line is no such question.
    """
    rows = list(_rows(questions))
    with output.open("w", encoding="utf-8") as file:
        for number, row in rows:
            where = f"{questions} line {number}"
            turns = _turns(row.get("history") or [], where)
            try:
                answer = assistant.ask(
                    _text(row, where), turns, row.get("language") or "auto", as_of
                ).to_dict()
            except AssistantError as error:
                answer = {"question": row.get("question"), "error": str(error)}
            if "id" in row:
                answer = {"id": row["id"], **answer}
            file.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return len(rows)


def read_history(path: Path) -> tuple[Turn, ...]:
    """The turns of a JSON list of ``{"role", "content"}``.

    Raises:
        AssistantError: if the file is no such list.
    """
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AssistantError(f"{path}: expected a JSON list of turns, found: {error}") from error
    return _turns(rows, str(path))


def _rows(path: Path) -> list[tuple[int, dict[str, Any]]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise AssistantError(f"{path}: expected questions as JSON Lines, found: {error}") from error
    rows = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise AssistantError(f"{path} line {number}: expected JSON, found: {error}") from error
        if not isinstance(row, dict):
            raise AssistantError(f"{path} line {number}: expected an object with a question.")
        rows.append((number, row))
    return rows


def _text(row: dict[str, Any], where: str) -> str:
    question = row.get("question")
    if not isinstance(question, str):
        raise AssistantError(f'{where}: expected "question" as text, found {question!r}.')
    return question


def _turns(rows: Any, where: str) -> tuple[Turn, ...]:
    if not isinstance(rows, list):
        raise AssistantError(f"{where}: expected the history as a list of turns.")
    turns = []
    for row in rows:
        good = isinstance(row, dict) and row.get("role") in ("user", "assistant")
        if not good or not isinstance(row.get("content"), str):
            raise AssistantError(
                f"{where}: expected a turn with role (user, assistant) and content, found {row!r}."
            )
        turns.append(Turn(row["role"], row["content"]))
    return tuple(turns)
