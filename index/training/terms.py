"""Read the term list of the search as pairs: everyday word or English, and the official term."""

from __future__ import annotations

import csv
from pathlib import Path

from index.training.datatypes import Pair

COLUMNS = ("ja", "reading", "en", "ja_plain", "en_plain")
SEPARATOR = "|"


def read_terms(path: Path) -> tuple[Pair, ...]:
    """Pair every other name of a term with the term.

    Args:
        path: A term list in the form that ``index/terms/README.md`` describes.

    Returns:
        (other name, term), and (English plain name, first English name), without doubles.

    Raises:
        ValueError: The heading lacks a column; names it.
    """
    pairs: list[Pair] = []
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, dialect="excel-tab", quoting=csv.QUOTE_NONE)
        missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise ValueError(f"{path}: expected columns {COLUMNS}, found none named {missing}")
        for row in rows:
            names = {name: _values(row[name] or "") for name in COLUMNS}
            term = row["ja"].strip()
            others = [other for name in COLUMNS for other in names[name] if other != term]
            pairs.extend((other, term) for other in others)
            pairs.extend((plain, best) for best in names["en"][:1] for plain in names["en_plain"])
    return tuple(dict.fromkeys(pairs))


def _values(cell: str) -> list[str]:
    return [value.strip() for value in cell.split(SEPARATOR) if value.strip()]
