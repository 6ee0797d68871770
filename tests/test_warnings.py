"""Every warning that a reader can give has its sentence in both languages."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import corpus
from corpus.warnings import sentence, warning

FOLDER = Path(corpus.__file__).parent


def codes_given() -> set[str]:
    """The first argument of every call of ``warning`` in the readers."""
    calls = (
        node
        for path in FOLDER.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "warning"
    )
    return {c.args[0].value for c in calls if c.args and isinstance(c.args[0], ast.Constant)}


def test_every_code_has_a_sentence_in_both_languages_and_every_sentence_is_used() -> None:
    with (FOLDER / "warnings.toml").open("rb") as file:
        sentences = tomllib.load(file)
    assert len(codes_given()) > 10
    assert codes_given() == set(sentences)
    assert all(set(words) == {"ja", "en"} for words in sentences.values())


def test_a_warning_is_kept_and_said_with_its_count_and_its_names() -> None:
    (kept,) = warning("hidden_sheets", 2, "一覧:控え、案")
    assert sentence(kept) == (
        "表示されていないシートが2枚ありました(一覧:控え、案)。読んでいません。"
    )
    assert sentence(kept, "en") == "2 hidden sheets were not read (一覧:控え、案)."
    assert warning("hidden_sheets", 0) == ()
    assert sentence("of_a_later_version:1:") == "of_a_later_version:1:"
