"""The passages of chosen documents, read from an index's files without making it searchable."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

from corpus.datatypes import Passage
from index import generations as disk
from index.opening import passage_of, read_documents


def read_chosen(root: Path, document_ids: Collection[str]) -> tuple[Passage, ...]:
    """The passages of documents in the current index, in order; none of those it lacks.

    Raises:
        SearchIndexError: where there is no whole index.
    """
    folder = disk.current(root).folder
    documents = read_documents(folder)
    wanted = set(document_ids) & documents.keys()
    found = []
    with (folder / "passages.jsonl").open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if row["document_id"] in wanted:
                found.append(passage_of(row, documents))
    return tuple(found)
