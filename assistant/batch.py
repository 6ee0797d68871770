"""Files of questions in, files of answers out; and conversations from a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.datatypes import Turn
from assistant.errors import AssistantError
from assistant.pipeline import Assistant

if TYPE_CHECKING:
    from assistant.llm.writer import Sending

_LANGUAGES = ("auto", "ja", "en")


def answer_batch(
    assistant: Assistant,
    questions: Path,
    output: Path,
    as_of: str | None,
    sending: Sending | None = None,
) -> int:
    """Answer every line of a JSON Lines file, in order.

    A line is ``{"id"?, "question", "language"?, "history"?}``; the answer's line repeats the
    id. A question that cannot be taken gives ``{"id", "question", "error"}`` in its place.

    Returns:
        How many answers were written.

    Raises:
        AssistantError: if the questions cannot be read or the answers not written.
    """
    rows = _rows(questions)
    if output.exists() and output.samefile(questions):
        raise AssistantError(f"{output}: expected another file than the questions; name one.")
    try:
        with output.open("w", encoding="utf-8", errors="backslashreplace") as file:
            for number, row in rows:
                answer = _answer(assistant, row, f"{questions} line {number}", as_of, sending)
                file.write(json.dumps(answer, ensure_ascii=False) + "\n")
                file.flush()
    except OSError as error:
        raise AssistantError(f"{output}: answers cannot be written here: {error}") from error
    return len(rows)


def _answer(
    assistant: Assistant,
    row: dict[str, Any],
    where: str,
    as_of: str | None,
    sending: Sending | None,
) -> dict[str, Any]:
    """The answer to one line, or why there is none, with the line's id."""
    try:
        turns = _turns(row.get("history") or [], where)
        question, language = _text(row, where), _language(row, where)
        answer = assistant.ask(question, turns, language, as_of, sending).to_dict()
    except AssistantError as error:
        answer = {"question": row.get("question"), "error": str(error)}
    return {"id": row["id"], **answer} if "id" in row else answer


def read_history(path: Path) -> tuple[Turn, ...]:
    """The turns of a JSON list of ``{"role", "content"}``.

    Raises:
        AssistantError: if the file is no such list.
    """
    try:
        rows = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise AssistantError(f"{path}: expected a JSON list of turns, found: {error}") from error
    return _turns(rows, str(path))


def _rows(path: Path) -> list[tuple[int, dict[str, Any]]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
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


def _language(row: dict[str, Any], where: str) -> str:
    language = row.get("language") or "auto"
    if language not in _LANGUAGES:
        raise AssistantError(
            f'{where}: expected "language" to be one of {", ".join(_LANGUAGES)}, '
            f"found {language!r}."
        )
    return str(language)


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
