"""The command line's inputs, shared by every training command, and their split."""

from __future__ import annotations

import argparse
from pathlib import Path

from index.training.datatypes import Material, Pair
from index.training.documents import Provision, document_material, read_documents
from index.training.field import resolve
from index.training.readers import merge, read_folder, read_pairs, read_sources
from index.training.split import Development, Sizes, split
from index.training.terms import read_terms

HELD_OUT_PAIRS = "tanaka"
SPLIT_SEED = 20261123


def add_inputs(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where the training data lie."""
    add = parser.add_argument
    add("--texts", type=Path, action="append", required=True, help="folder of public data sets")
    add("--pairs", type=Path, action="append", default=[], help="folder of pair files (*.tsv)")
    add("--sentences", type=Path, action="append", default=[], help="folder of sentence pairs")
    add("--terms", type=Path, action="append", default=[], help="term list (terms.tsv)")
    add("--questions", type=Path, action="append", default=[], help="folder of dev questions")
    add("--documents", type=Path, action="append", default=[], help="folder of documents (*.md)")


def read_field(options: argparse.Namespace) -> tuple[tuple[Pair, ...], tuple[Provision, ...]]:
    """Read the development questions of the field and the provisions they ask about.

    Args:
        options: What ``add_inputs`` parsed.

    Returns:
        (question, heading) pairs, and every provision of the documents.
    """
    questions = tuple(pair for folder in options.questions for pair in read_pairs(folder))
    return questions, tuple(p for folder in options.documents for p in read_documents(folder))


def read_split(options: argparse.Namespace) -> tuple[Material, Development]:
    """Read everything the options name, and hold the development part out.

    Args:
        options: What ``add_inputs`` parsed.

    Returns:
        The training part and the development part, always the same for the same files.
    """
    sources = read_sources()
    parts = [read_folder(folder, sources) for folder in options.texts]
    provisions = tuple(p for folder in options.documents for p in read_documents(folder))
    field = [pair for folder in options.pairs for pair in read_pairs(folder)]
    parts.append(Material(pairs={"field": resolve(field, provisions)}))
    written = tuple(pair for folder in options.sentences for pair in read_pairs(folder))
    parts.append(Material(pairs={"written": written}))
    parts.append(Material(pairs={"terms": tuple(t for f in options.terms for t in read_terms(f))}))
    parts.append(document_material(provisions))
    return split(merge(parts), HELD_OUT_PAIRS, Sizes(), SPLIT_SEED)
