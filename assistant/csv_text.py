"""Tables as CSV that a spreadsheet program opens: UTF-8 with a mark, and no formula in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

MARK = "\ufeff"
"""Tells spreadsheet programs that the file is UTF-8."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV. A text that a spreadsheet would run gets an apostrophe before it."""
    written = io.StringIO()
    written.write(MARK)
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerows([_cell(value) for value in row] for row in rows)
    return written.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, int | float):
        return value
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" \u3000").startswith(_FORMULA) else text
