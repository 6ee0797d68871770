"""Turn the bundled documents into pairs: Japanese with its rendering, heading with its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.ingest import read_folders
from corpus.sentences import split_sentences
from index.training.datatypes import Material, Pair

ITEM = re.compile(r"\s*(?:^|\n)\s*(?:\([^)]*\))?[■◆◇○●・]\s*")
HEADINGS_USED = 2
SHORTEST = 8


@dataclass(frozen=True)
class Provision:
    """One passage of a document in Japanese and English ('' where it has no rendering)."""

    headings: tuple[str, ...]
    headings_en: tuple[str, ...]
    japanese: str
    english: str


def read_documents(folder: Path) -> tuple[Provision, ...]:
    """Read the provisions of every Japanese document of a folder.

    Args:
        folder: A folder of documents in the form of ``corpus/FORMAT.md``.

    Returns:
        Every passage, in order, with its rendering where there is one.

    Raises:
        corpus.errors.CorpusError: The folder is missing or holds no document.
    """
    passages = read_folders([folder]).passages
    renderings = {p.counterpart: p for p in passages if p.rendering}
    provisions = []
    for passage in passages:
        if passage.rendering or passage.language != "ja":
            continue
        other = renderings.get(passage.passage_id)
        english, headings_en = (other.text, other.headings) if other else ("", ())
        provisions.append(Provision(passage.headings, headings_en, passage.text, english))
    return tuple(provisions)


def document_material(provisions: tuple[Provision, ...]) -> Material:
    """Make training pairs of provisions.

    Args:
        provisions: What ``read_documents`` gave.

    Returns:
        ``renderings`` (English, Japanese: whole texts, sentences, table items and headings) and
        ``headings`` (heading, its text, in both languages).
    """
    renderings: list[Pair] = []
    headings: list[Pair] = []
    for provision in provisions:
        japanese = " ".join(provision.headings[-HEADINGS_USED:])
        headings.append((japanese, provision.japanese))
        if provision.english:
            english = " ".join(provision.headings_en[-HEADINGS_USED:])
            headings += [(english, provision.japanese), (english, provision.english)]
            headings.append((japanese, provision.english))
        renderings.extend(_renderings(provision))
    pairs = {
        "renderings": tuple(dict.fromkeys(renderings)),
        "headings": tuple(dict.fromkeys(headings)),
    }
    return Material(pairs=pairs)


def _renderings(provision: Provision) -> Iterator[Pair]:
    if not provision.english:
        return
    yield provision.english, provision.japanese
    for parts in (_sentences, _items):
        english, japanese = parts(provision.english), parts(provision.japanese)
        if len(english) == len(japanese) > 1:
            yield from zip(english, japanese, strict=True)
    if len(provision.headings) == len(provision.headings_en):
        yield from zip(provision.headings_en, provision.headings, strict=True)


def _sentences(text: str) -> list[str]:
    return [text[start:end].strip() for start, end in split_sentences(text)]


def _items(text: str) -> list[str]:
    return [item.strip() for item in ITEM.split(text) if len(item.strip()) >= SHORTEST]
