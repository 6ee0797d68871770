"""An office with two collections, a hundred questions aimed at one of them, and who may ask."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.documents import DocumentStore
from assistant.person import Person
from corpus.folder import read_file

DATA = Path(__file__).parent / "data" / "hidden"
HIDDEN, OTHER = "人事", "契約"
SECRET, OTHER_SECRET = DATA / "kasumigafuchi-bunshitsu.md", DATA / "tokurei-mitsumori.md"
OWNER = Person("p-owner", "持ち主", "owner", None)
STAFF = Person("p-staff", "人事の人", "reader", frozenset({HIDDEN}))
CLERK = Person("p-clerk", "契約の人", "reader", frozenset({OTHER}))
ANYBODY = Person("p-any", "窓口の人", "reader", frozenset())
EDITOR = Person("p-editor", "契約の編集者", "editor", frozenset({OTHER}))
_WORD = re.compile(r"[一-鿿ァ-ヴー々]{3,}|\d[\d,.]*(?:円|万円|人|年|日|時間)|[A-Z][a-z]{4,}")


@dataclass(frozen=True)
class Aimed:
    """A question, and something that only the hidden document says in answer to it."""

    language: str
    question: str
    secret: str


def questions() -> tuple[Aimed, ...]:
    """The hundred questions."""
    lines = (DATA / "questions.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return tuple(Aimed(*row) for row in rows)


def build_office(home: Path, bundled: Path) -> DocumentStore:
    """A data folder with the bundled documents and one of the office's own in each collection."""
    shutil.copytree(bundled, home / "index")
    store = DocumentStore(home / "documents", home / "index")
    for path, collection in ((SECRET, HIDDEN), (OTHER_SECRET, OTHER)):
        report = store.add([path], collection=collection)
        assert report.index, report
    return store


def telling(path: Path, elsewhere: str) -> tuple[str, ...]:
    """What gives a document away: its words, names and figures that stand nowhere else."""
    document, passages = read_file(path)
    texts = [document.title, document.title_en, document.section, document.section_en]
    marks = [document.document_id, document.contact, document.sha256]
    for passage in passages:
        texts += [passage.text, passage.locator, *passage.headings]
        marks.append(passage.passage_id)
    words = {word for text in texts for word in _WORD.findall(text)}
    return tuple(sorted(w for w in words.union(texts, marks) if w not in elsewhere))


def given_away(text: str, telling_words: tuple[str, ...], asked: str = "") -> list[str]:
    """Which of the telling words stand in a text, but for those of the question itself."""
    plain = text.replace(json.dumps(asked, ensure_ascii=False)[1:-1], "") if asked else text
    return [w for w in telling_words if w in plain and w not in asked]


@contextmanager
def acting_as(person: Person) -> Iterator[None]:
    """Whoever reaches the page, for as long as the block runs, is this person."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assistant.identify.AT_THIS_MACHINE", person)
        yield
