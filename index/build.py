"""Building an index from folders, and loading it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import corpus
from corpus import Document, Passage, Reading, read_folders
from corpus.copies import mark_copies
from corpus.errors import CorpusError
from corpus.folder import BUNDLED
from corpus.ocr import can_read_scans
from corpus.outcomes import FileOutcome, outcome_from_dict, outcome_to_dict
from index import store
from index.calibration import carry_calibration, load_calibration
from index.dense import build_dense, load_dense, save_dense, vectors_by_digest
from index.encoder import BUNDLED_NAME, Encoder, Vectors, load_encoder
from index.errors import IndexDamaged, IndexMismatch, SearchIndexError
from index.guides import load_guides, save_guides
from index.keywords import build_keywords, load_keywords, save_keywords
from index.search import Index
from index.store import Generation
from index.terms import load_terms
from index.tokenization import dictionary_version

_TUPLES = ("headings", "facts", "more_sources", "copies")
"""Fields of a passage that JSON keeps as lists."""


@dataclass(frozen=True)
class _Known:
    """What an earlier index spares: documents already read, vectors already made.

    ``files`` and ``outcomes`` by document id and SHA-256 of the file; ``vectors`` by digest of
    their text; ``folder`` holds the index.
    """

    files: dict[tuple[str, str], tuple[Document, list[Passage]]] = field(default_factory=dict)
    outcomes: dict[tuple[str, str], FileOutcome] = field(default_factory=dict)
    vectors: dict[bytes, Vectors] = field(default_factory=dict)
    folder: Path | None = None


def build_index(
    root: Path,
    folders: Sequence[Path] = (BUNDLED,),
    model: str = BUNDLED_NAME,
    progress: Callable[[Path], None] = lambda path: None,
) -> dict[str, Any]:
    """Read folders and make them the current generation of an index folder.

    Args:
        root: the index folder; made where there is none.
        folders: the document folders.
        model: "bundled", a folder, or a hub name.
        progress: called with each file before it is read.

    Returns:
        The manifest written.

    Raises:
        CorpusError: if a folder is missing or nothing in it can be read.
        SearchIndexError: if the model cannot be loaded or another process is writing.
    """
    encoder = load_encoder(model)
    with store.writer(root) as work:
        known = _known(root, encoder)
        reading = read_folders(folders, progress, known.files, known.outcomes)
        if not reading.passages:
            raise CorpusError(
                f"{', '.join(map(str, folders))}: expected at least one readable document, found "
                f"none; {'; '.join(s.reason for s in reading.skipped)}"
            )
        passages, alerts = mark_copies(reading.passages)
        reading = replace(reading, passages=passages)
        _write_parts(work, reading, encoder, known.vectors)
        save_guides(work, folders, reading.passages)
        if known.folder is not None:
            carry_calibration(known.folder, work)
        description = {**_description(reading, encoder), "alerts": list(alerts)}
        return store.publish(root, work, description).manifest


def load_index(root: Path, model: str | None = None) -> Index:
    """The current index of a folder, checked.

    Args:
        root: the index folder.
        model: the model that questions are to be asked with; None: the one it was built with.

    Raises:
        SearchIndexError: if it is missing, damaged, or was built with another model or dictionary.
    """
    generation = store.current(root)
    manifest = generation.manifest
    encoder = _encoder_of(manifest, model, root)
    if manifest["tokenizer"] != dictionary_version():
        raise IndexMismatch(
            f"{root}: expected an index built with {dictionary_version()}, found one built with "
            f"{manifest['tokenizer']}; build it again with `kyodo index build --index {root}`."
        )
    return _assemble(generation, encoder)


def describe_index(root: Path) -> dict[str, Any]:
    """What ``kyodo index info`` prints; raises SearchIndexError where there is no whole index."""
    generation = store.current(root)
    manifest, fitted = generation.manifest, load_calibration(generation.folder)
    return {
        "fingerprint": manifest["fingerprint"],
        "model": manifest["model"]["name"],
        "model_fingerprint": manifest["model"]["fingerprint"],
        "dimension": manifest["model"]["dimension"],
        "prompts": manifest["model"]["prompts"],
        "documents": manifest["documents"],
        "passages": manifest["passages"],
        "skipped": manifest["skipped"],
        "alerts": manifest.get("alerts", []),
        "report": manifest.get("report", []),
        "format_version": manifest["format_version"],
        "calibration": {k: fitted[k] for k in ("fitted", "index") if k in fitted}
        if fitted
        else "bundled",
    }


def _encoder_of(manifest: dict[str, Any], model: str | None, root: Path) -> Encoder:
    built = manifest["model"]
    encoder = load_encoder(model or built["name"])
    if encoder.fingerprint != built["fingerprint"]:
        raise IndexMismatch(
            f"{root}: the index was built with model {built['name']} ({built['fingerprint']}), the "
            f"question would be asked with {encoder.name} ({encoder.fingerprint}); build it again "
            f"with `kyodo index build --index {root} --model {encoder.name}`."
        )
    return encoder


def _assemble(generation: Generation, encoder: Encoder) -> Index:
    """The index of a generation's files."""
    manifest, folder = generation.manifest, generation.folder
    try:
        passages, documents = _read_passages(folder)
        return Index(
            passages=passages,
            documents=documents,
            dense=load_dense(folder, len(passages), encoder.dimension),
            keywords=load_keywords(folder, len(passages)),
            encoder=encoder,
            terms=load_terms(),
            fingerprint=manifest["fingerprint"],
            skipped=tuple((s["file"], s["reason"]) for s in manifest["skipped"]),
            guides=load_guides(folder),
            calibration=load_calibration(folder),
        )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise IndexDamaged(
            f"{folder}: expected the files of an index, found what cannot be read ({error}); "
            f"build it again with `kyodo index build --index {folder.parent}`."
        ) from error


def _known(root: Path, encoder: Encoder) -> _Known:
    """What the index that stands spares; nothing where there is none of the same model.

    Where the reader of documents has changed since, its vectors are kept, its documents not.
    A document with scanned pages is read again where OCR can now read them.
    """
    try:
        generation = store.current(root)
        if generation.manifest["model"]["fingerprint"] != encoder.fingerprint:
            return _Known()
        before = _assemble(generation, encoder)
    except SearchIndexError:
        return _Known()
    vectors = vectors_by_digest(before.dense)
    if generation.manifest["reader"] != _reader_version():
        return _Known(vectors=vectors, folder=generation.folder)
    files: dict[tuple[str, str], tuple[Document, list[Passage]]] = {
        (d.document_id, d.sha256): (d, []) for d in before.documents
    }
    for passage in before.passages:
        files[passage.document.document_id, passage.document.sha256][1].append(passage)
    report = map(outcome_from_dict, generation.manifest.get("report", []))
    outcomes = {(o.document_id, o.sha256): o for o in report if o.document_id}
    scans = {key for key, outcome in outcomes.items() if outcome.pages_needing_ocr}
    if scans and can_read_scans():
        files = {key: value for key, value in files.items() if key not in scans}
    return _Known(files, outcomes, vectors, generation.folder)


def _reader_version() -> str:
    """A digest of the code and tables that read documents: with others they are read anew."""
    digest = hashlib.sha256()
    folder = Path(corpus.__file__).parent
    for path in sorted((*folder.glob("*.py"), *folder.glob("*.toml"))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _write_parts(
    work: Path, reading: Reading, encoder: Encoder, known: dict[bytes, Vectors]
) -> None:
    save_dense(build_dense(reading.passages, encoder, known), work)
    save_keywords(build_keywords(reading.passages), work)
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


def _read_passages(folder: Path) -> tuple[tuple[Passage, ...], tuple[Document, ...]]:
    with (folder / "documents.jsonl").open(encoding="utf-8") as file:
        documents = {row["document_id"]: _document(row) for row in map(json.loads, file)}
    passages = []
    with (folder / "passages.jsonl").open(encoding="utf-8") as file:
        for row in map(json.loads, file):
            document = documents[row.pop("document_id")]
            lists = {
                name: tuple(row[name]) for name in ("headings", "facts", "more_sources", "copies")
            }
            passages.append(Passage(document=document, **{**row, **lists}))
    return tuple(passages), tuple(documents.values())


def _document(row: dict[str, Any]) -> Document:
    lists = {name: tuple(row[name]) for name in ("examples", "examples_en", "warnings")}
    return Document(**{**row, **lists})
