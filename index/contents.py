"""What an index holds, told from its files without making it ready to be searched."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.datatypes import Document, Passage
from index import generations as disk
from index.errors import SearchIndexError
from index.opening import passage_of, read_documents


@dataclass(frozen=True)
class Contents:
    """The documents of an index, how many passages each has, and its manifest."""

    documents: Mapping[str, Document]
    passages: Mapping[str, int]
    manifest: Mapping[str, Any]


@dataclass(frozen=True)
class GenerationInfo:
    """An index on disk. ``created`` is an ISO time in UTC; the figures are 0 where it is damaged.

    ``problem`` says in a sentence what is wrong with it, "" where it is whole.
    """

    name: str
    current: bool
    created: str = ""
    fingerprint: str = ""
    documents: int = 0
    passages: int = 0
    problem: str = ""


def read_contents(root: Path) -> Contents:
    """What the current index holds; raises SearchIndexError where there is no whole one."""
    generation = disk.current(root)
    counts: Counter[str] = Counter()
    with (generation.folder / "passages.jsonl").open(encoding="utf-8") as file:
        counts.update(json.loads(line)["document_id"] for line in file)
    return Contents(read_documents(generation.folder), counts, generation.manifest)


def read_document(root: Path, document_id: str) -> tuple[Document, tuple[Passage, ...]] | None:
    """A document of the current index with its passages in order, None where it holds none of
    this id; raises SearchIndexError where there is no whole index."""
    folder = disk.current(root).folder
    documents = read_documents(folder)
    if document_id not in documents:
        return None
    with (folder / "passages.jsonl").open(encoding="utf-8") as file:
        rows = (json.loads(line) for line in file)
        own = [passage_of(row, documents) for row in rows if row["document_id"] == document_id]
    return documents[document_id], tuple(own)


def list_generations(root: Path) -> tuple[GenerationInfo, ...]:
    """The indexes of a folder, newest first; none where there is no folder."""
    current = disk.named(root)
    return tuple(_info(g, g == current) for g in reversed(disk.generations(root)))


def _info(folder: Path, current: bool) -> GenerationInfo:
    try:
        manifest = disk.open_generation(folder).manifest
    except SearchIndexError as error:
        changed = datetime.datetime.fromtimestamp(folder.stat().st_mtime, datetime.UTC)
        created = changed.isoformat(timespec="seconds")
        return GenerationInfo(folder.name, current, created, problem=str(error))
    return GenerationInfo(
        folder.name,
        current,
        manifest["created"],
        manifest["fingerprint"],
        manifest["documents"],
        manifest["passages"],
    )
