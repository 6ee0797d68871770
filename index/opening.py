"""Opening an index: its files checked, read, put together and tried out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from corpus import Document, Passage
from index import store
from index.asked import load_asked, load_crowded
from index.calibration import load_calibration
from index.dense import load_dense
from index.encoder import Encoder, load_encoder
from index.errors import IndexDamaged, IndexMismatch, IndexMissing
from index.generations import Generation, how_to_rebuild, named, newest, open_generation
from index.guides import load_guides
from index.keywords import load_keywords
from index.search import Index
from index.selftest import self_test
from index.terms import load_terms
from index.tokenization import dictionary_version
from index.withheld import kept_collections, withheld

_TUPLES = ("headings", "facts", "more_sources", "copies")
"""Fields of a passage that JSON keeps as lists."""


def load_index(root: Path, model: str | None = None) -> Index:
    """The current index of a folder, checked.

    Args:
        root: the index folder.
        model: the model that questions are to be asked with; None: the one it was built with.

    Raises:
        SearchIndexError: if it is missing, damaged, or was built with another model or dictionary.
    """
    return newest(root, lambda generation: _opened(generation, model))


def load_named(root: Path, model: str | None = None) -> Index:
    """The index that CURRENT names, checked, and no other in its place.

    Args:
        root: the index folder.
        model: as in ``load_index``.

    Raises:
        SearchIndexError: if it is missing, damaged, or was built with another model or dictionary.
    """
    folder = named(root)
    if folder is None:
        raise IndexMissing(f"{root}: expected an index, found none; {how_to_rebuild(root)}")
    return _opened(open_generation(folder), model)


def _opened(generation: Generation, model: str | None) -> Index:
    """The index of a generation, once it has passed its self-test."""
    manifest, root = generation.manifest, generation.folder.parent
    encoder = _encoder_of(manifest, model, root)
    if manifest["tokenizer"] != dictionary_version():
        raise IndexMismatch(
            f"{root}: expected an index built with {dictionary_version()}, found one built with "
            f"{manifest['tokenizer']}; build it again with `kyodo index build --index {root}`."
        )
    index = assemble(generation, encoder)
    self_test(index)
    return index


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
    if (encoder.fingerprint, encoder.dimension) != (built["fingerprint"], built["dimension"]):
        raise IndexMismatch(
            f"{root}: the index was built with model {built['name']} ({built['fingerprint']}), the "
            f"question would be asked with {encoder.name} ({encoder.fingerprint}); build it again "
            f"with `kyodo index build --index {root} --model {encoder.name}`."
        )
    return encoder


def assemble(generation: Generation, encoder: Encoder) -> Index:
    """The index of a generation's files.

    Raises:
        IndexDamaged: if they cannot be read, or do not belong together.
    """
    manifest, folder = generation.manifest, generation.folder
    try:
        passages, documents = _read_passages(folder)
        _check_rows(manifest, documents, passages)
        return Index(
            passages=passages,
            documents=documents,
            dense=load_dense(folder, len(passages), encoder.dimension),
            asked=load_asked(folder, len(passages), encoder.dimension),
            keywords=load_keywords(folder, len(passages), any(d.collection for d in documents)),
            encoder=encoder,
            terms=load_terms(),
            fingerprint=manifest["fingerprint"],
            skipped=tuple((s["file"], s["reason"]) for s in manifest["skipped"]),
            guides=load_guides(folder),
            calibration=load_calibration(folder),
            crowded=load_crowded(folder, encoder.dimension),
        )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise IndexDamaged(
            f"{folder}: expected the files of an index, found what cannot be read ({error}); "
            f"build it again with `kyodo index build --index {folder.parent}`."
        ) from error


def _check_rows(
    manifest: dict[str, Any], documents: tuple[Document, ...], passages: tuple[Passage, ...]
) -> None:
    """See that the parts hold as many rows as the manifest says.

    Raises:
        ValueError: where they do not.
    """
    known = (manifest["documents"], manifest["passages"])
    if known != (len(documents), len(passages)):
        raise ValueError(
            f"expected {known[0]} documents and {known[1]} passages, found {len(documents)} and "
            f"{len(passages)}"
        )


def _read_passages(folder: Path) -> tuple[tuple[Passage, ...], tuple[Document, ...]]:
    documents = read_documents(folder)
    with (folder / "passages.jsonl").open(encoding="utf-8") as file:
        passages = tuple(passage_of(row, documents) for row in map(json.loads, file))
    return passages, tuple(documents.values())


def passage_of(row: dict[str, Any], documents: Mapping[str, Document]) -> Passage:
    """The passage that a line of a generation's passages holds."""
    fields = {name: value for name, value in row.items() if name != "document_id"}
    for name in _TUPLES:
        fields[name] = tuple(row[name])
    return Passage(document=documents[row["document_id"]], **fields)


def read_documents(folder: Path) -> dict[str, Document]:
    """The documents of a generation's folder, by id, in the collections they are in by now."""
    kept = kept_collections(folder.parent)
    with (folder / "documents.jsonl").open(encoding="utf-8") as file:
        documents = (withheld(_document(row), kept) for row in map(json.loads, file))
        return {document.document_id: document for document in documents}


def _document(row: dict[str, Any]) -> Document:
    lists = {name: tuple(row[name]) for name in ("examples", "examples_en", "warnings")}
    return Document(**{**row, **lists})
