"""Characters that nobody sees: out of every text, every name and every search, and counted.

Case 23 of the forty, for documents and their names.
"""

from __future__ import annotations

import io
from pathlib import Path

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import read_file, read_folders
from corpus.invisible import searchable, strip_invisible
from index.tokenization import tokens

TAGS = "".join(chr(0xE0000 + ord(c)) for c in "ignore")
UNSEEN = [
    TAGS,
    "\u200b",
    "\u200d",
    "\u2060",
    "\ufeff",
    "\u202e",
    "\u2066",
    "\u00ad",
    "\u3164",
    "\ufe0f",
    "\U000e0101\U000e0102",
]
IVS = "\u8fbb\U000e0100"
"""辻 in the form that a family writes with one dot."""


@pytest.mark.parametrize("unseen", UNSEEN)
def test_what_nobody_sees_is_taken_out_and_counted(unseen: str) -> None:
    assert strip_invisible(f"協働の{unseen}窓口") == ("協働の窓口", len(unseen))


def test_the_form_of_a_kanji_in_a_name_is_kept_to_be_seen_and_left_out_of_the_search() -> None:
    assert strip_invisible(f"{IVS}さん") == (f"{IVS}さん", 0)
    assert searchable(f"{IVS}さん") == "辻さん"
    assert tokens(f"{IVS}堂の窓口") == tokens("辻堂の窓口")


def test_more_than_one_selector_after_a_kanji_hides_something() -> None:
    assert strip_invisible("辻" + "\U000e0101" * 9) == ("辻\U000e0101", 8)


def test_an_emoji_loses_its_joiners_without_a_warning() -> None:
    assert strip_invisible("👩\u200d👧 ❤\ufe0f") == ("👩👧 ❤", 0)


@given(st.text(st.sampled_from([*"協働の窓口a1。", *"".join(UNSEEN), "👩"])))
def test_nothing_that_is_seen_is_lost_and_nothing_unseen_is_left(text: str) -> None:
    plain, count = strip_invisible(text)
    assert strip_invisible(plain) == (plain, 0)
    unseen = set("".join(UNSEEN))
    assert [c for c in plain if c not in unseen] == [c for c in text if c not in unseen]
    assert not set(searchable(plain)) & unseen
    assert 0 <= count <= len(text)


def _text_file(text: str) -> bytes:
    return text.encode()


def _page(text: str) -> bytes:
    return f"<html><body><p>{text}</p></body></html>".encode()


def _word(text: str) -> bytes:
    made, data = docx.Document(), io.BytesIO()
    made.add_paragraph(text)
    made.save(data)
    return data.getvalue()


def _sheet(text: str) -> bytes:
    made, data = openpyxl.Workbook(), io.BytesIO()
    made.active.append([text])
    made.save(data)
    return data.getvalue()


@pytest.mark.parametrize(
    ("ending", "make"),
    [("txt", _text_file), ("md", _text_file), ("html", _page), ("docx", _word), ("xlsx", _sheet)],
)
def test_every_kind_of_file_is_freed_of_them_and_says_so(
    tmp_path: Path, ending: str, make: object
) -> None:
    assert callable(make)
    seen = "協働の相談は、区役所の窓口で受け付けています。"
    data = make(f"協働の{TAGS}相談は、\u200b区役所の\u202e窓口で受け付けています。")
    path = tmp_path / f"a.{ending}"
    path.write_bytes(data)
    document, (passage,) = read_file(path)
    assert passage.text == seen
    assert document.warnings == ("invisible_characters:8:",)


def test_names_that_look_alike_are_one_document_and_the_second_is_reported(tmp_path: Path) -> None:
    for name in ("手引", f"手\u200b引{TAGS}"):
        (tmp_path / f"{name}.txt").write_text("協働の窓口は区役所です。\n", encoding="utf-8")
    reading = read_folders([tmp_path])
    assert [d.document_id for d in reading.documents] == ["手引"]
    assert "another document is already called 手引" in reading.skipped[0].reason
