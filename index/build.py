"""Building an index from folders."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import corpus
from corpus import Document, Passage, Reading, read_folders
from corpus.copies import mark_copies
from corpus.errors import CorpusError
from corpus.folder import BUNDLED
from corpus.ocr import can_read_scans
from corpus.outcomes import FileOutcome, outcome_from_dict, outcome_to_dict
from index import store
from index.asked import build_asked, build_crowded, read_asked, save_asked
from index.calibration import carry_calibration
from index.cuts import cutter_version, load_cuts
from index.dense import build_dense, save_rows, vectors_by_digest
from index.encoder import BUNDLED_NAME, Encoder, Vectors, load_encoder
from index.errors import SearchIndexError
from index.generations import Generation
from index.guides import save_guides
from index.keywords import build_keywords, save_keywords
from index.opening import assemble
from index.search import Index
from index.selftest import self_test
from index.tokenization import dictionary_version
from index.withheld import keep_collections


@dataclass(frozen=True)
class _Known:
    """What an earlier index spares: documents already read, vectors already made.

    ``files`` and ``outcomes`` by document id and SHA-256 of the file; ``vectors`` and ``cuts``
    (tokens) by digest of their text; ``folder`` holds the index.
    """

    files: dict[tuple[str, str], tuple[Document, list[Passage]]] = field(default_factory=dict)
    outcomes: dict[tuple[str, str], FileOutcome] = field(default_factory=dict)
    vectors: dict[bytes, Vectors] = field(default_factory=dict)
    asked: dict[bytes, Vectors] = field(default_factory=dict)
    cuts: dict[bytes, list[str]] = field(default_factory=dict)
    folder: Path | None = None


def build_index(
    root: Path,
    folders: Sequence[Path] = (BUNDLED,),
    model: str = BUNDLED_NAME,
    progress: Callable[[Path], None] = lambda path: None,
    replaced: Collection[str] = (),
    read: Sequence[Reading] = (),
    collections: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """Read folders and make them the current generation of an index folder.

    Args:
        root: the index folder; made where there is none.
        folders: the document folders.
        model: "bundled", a folder, or a hub name.
        progress: called with each file before it is read.
        replaced: ids of bundled documents that documents of other folders take the place of.
            Guides that then cite what is no longer there are left out and reported.
        read: what was read just now; it is not read again.
        collections: the collection of documents by their id (see ``corpus.collection``).

    Returns:
        The manifest written.

    Raises:
        CorpusError: if a folder is missing or nothing in it can be read.
        SearchIndexError: if the model cannot be loaded or another process is writing.
    """
    with store.writer(root) as work:
        # Inside: a second writer is told at once, not after the model has been loaded.
        encoder = load_encoder(model)
        known = _known(root, encoder)
        for fresh in read:
            known.files.update(_files_of(fresh))
            known.outcomes.update(_outcomes_by_key(fresh.outcomes))
        reading = read_folders(
            folders, progress, known.files, known.outcomes, replaced, collections
        )
        if not reading.passages:
            raise CorpusError(
                f"{', '.join(map(str, folders))}: expected at least one readable document, found "
                f"none; {'; '.join(s.reason for s in reading.skipped)}"
            )
        keep_collections(root, reading.documents)
        passages, alerts = mark_copies(reading.passages)
        reading = replace(reading, passages=passages)
        _write_parts(work, reading, encoder, known)
        left_out = save_guides(work, folders, reading.passages, lenient=bool(replaced))
        asked, unplaced = read_asked(folders, reading.passages)
        how = encoder.encode_queries, encoder.dimension, known.asked
        save_asked(build_asked(asked, *how), work, build_crowded(asked, *how))
        reading = replace(reading, skipped=reading.skipped + left_out + unplaced)
        if known.folder is not None:
            carry_calibration(known.folder, work)
        description = {**_description(reading, encoder), "alerts": list(alerts)}
        self_test(assemble(Generation(work, {**description, "fingerprint": "(new)"}), encoder))
        return store.publish(root, work, description).manifest


def _known(root: Path, encoder: Encoder) -> _Known:
    """What the index that stands spares; nothing where there is none of the same model.

    Where the reader of documents has changed since, its vectors are kept, its documents not.
    A document with scanned pages is read again where OCR can now read them.
    """
    try:
        generation = store.current(root)
        if generation.manifest["model"]["fingerprint"] != encoder.fingerprint:
            return _Known()
        before = assemble(generation, encoder)
    except SearchIndexError:
        return _Known()
    vectors, asked = vectors_by_digest(before.dense), vectors_by_digest(before.asked)
    if generation.manifest["reader"] != _reader_version():
        return _Known(vectors=vectors, asked=asked, folder=generation.folder)
    files = _files_of(before)
    report = map(outcome_from_dict, generation.manifest.get("report", []))
    outcomes = _outcomes_by_key(report)
    scans = {key for key, outcome in outcomes.items() if outcome.pages_needing_ocr}
    if scans and can_read_scans():
        files = {key: value for key, value in files.items() if key not in scans}
    cuts = _known_cuts(generation, before)
    return _Known(files, outcomes, vectors, asked, cuts, generation.folder)


def _known_cuts(generation: Generation, before: Index) -> dict[bytes, list[str]]:
    """The tokens of an index's texts, where they would be cut the same today."""
    manifest = generation.manifest
    if (manifest["tokenizer"], manifest.get("cutter")) != (dictionary_version(), cutter_version()):
        return {}
    return load_cuts(generation.folder).by_digest(before.keywords.bm25.vocab_dict)


def _outcomes_by_key(ends: Iterable[FileOutcome]) -> dict[tuple[str, str], FileOutcome]:
    """How the reading of documents ended, by id and SHA-256."""
    return {(end.document_id, end.sha256): end for end in ends if end.document_id}


def _files_of(
    source: Index | Reading,
) -> dict[tuple[str, str], tuple[Document, list[Passage]]]:
    """The documents of an index or a reading, with their passages, by id and SHA-256."""
    files: dict[tuple[str, str], tuple[Document, list[Passage]]] = {
        (d.document_id, d.sha256): (d, []) for d in source.documents
    }
    for passage in source.passages:
        files[passage.document.document_id, passage.document.sha256][1].append(passage)
    return files


def _reader_version() -> str:
    """A digest of the code and tables that read documents: with others they are read anew."""
    digest = hashlib.sha256()
    folder = Path(corpus.__file__).parent
    for path in sorted((*folder.glob("*.py"), *folder.glob("*.toml"))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _write_parts(work: Path, reading: Reading, encoder: Encoder, known: _Known) -> None:
    save_rows(build_dense(reading.passages, encoder, known.vectors), work)
    save_keywords(build_keywords(reading.passages, known.cuts), work)
    _write_lines(work / "documents.jsonl", [asdict(d) for d in reading.documents])
    _write_lines(work / "passages.jsonl", [_passage_row(p) for p in reading.passages])


def _description(reading: Reading, encoder: Encoder) -> dict[str, Any]:
    return {
        "model": {
            "name": encoder.name,
            "fingerprint": encoder.fingerprint,
            "dimension": encoder.dimension,
            "prompts": encoder.prompts,
        },
        "tokenizer": dictionary_version(),
        "cutter": cutter_version(),
        "reader": _reader_version(),
        "documents": len(reading.documents),
        "passages": len(reading.passages),
        "skipped": [asdict(s) for s in reading.skipped],
        "report": [outcome_to_dict(o) for o in reading.outcomes],
    }


def _passage_row(passage: Passage) -> dict[str, Any]:
    row = {k: v for k, v in vars(passage).items() if k != "document"}
    return {**row, "document_id": passage.document.document_id}


def _write_lines(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
