"""Write the held-out passages as a BEIR folder: ``python -m index.training.beir --help``.

``kyodo eval run --format beir FOLDER --output DIR`` then searches them by keywords, by vectors
and by both. What is written is the data sets' own text: keep it out of the repository.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from index.training.datatypes import Passage
from index.training.readers import read_folder, read_sources
from index.training.sources import HELD_OUT_PAIRS, SPLIT_SEED
from index.training.split import Sizes, split


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the public sets, cut the held-out articles off, and write them.

    Args:
        arguments: The command line; None takes the process's own.

    Returns:
        0.
    """
    parser = argparse.ArgumentParser(prog="python -m index.training.beir", description=__doc__)
    parser.add_argument("--texts", type=Path, required=True, help="folder of the public sets")
    parser.add_argument("--output", type=Path, required=True, help="folder to write")
    options = parser.parse_args(arguments)
    material = read_folder(options.texts, read_sources())
    _, development = split(material, HELD_OUT_PAIRS, Sizes(), SPLIT_SEED)
    write_beir(development.passages, options.output)
    return 0


def write_beir(passages: Sequence[Passage], folder: Path) -> None:
    """Write passages and their questions as corpus.jsonl, queries.jsonl and qrels/test.tsv.

    Args:
        passages: What is to be searched; each answers its own questions.
        folder: Where to write; made where it is not there.
    """
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    texts = [{"_id": f"p{n}", "title": p.title, "text": p.text} for n, p in enumerate(passages)]
    asked = [
        (f"p{n}-q{m}", f"p{n}", question)
        for n, passage in enumerate(passages)
        for m, question in enumerate(passage.questions)
    ]
    _write_lines(folder / "corpus.jsonl", texts)
    _write_lines(folder / "queries.jsonl", [{"_id": i, "text": q} for i, _, q in asked])
    judged = ["query-id\tcorpus-id\tscore", *(f"{query}\t{text}\t1" for query, text, _ in asked)]
    (folder / "qrels" / "test.tsv").write_text("\n".join(judged) + "\n", encoding="utf-8")


def _write_lines(path: Path, rows: Iterable[dict[str, str]]) -> None:
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
