"""Lines of separated cells, as spreadsheets write them: TSV and CSV."""

from __future__ import annotations

import re

_QUOTED = re.compile(r'"((?:[^"]|"")*+)"')


def split_rows(text: str, delimiter: str = "\t") -> list[list[str]]:
    """The cells of every line.

    A cell in quotation marks may hold the delimiter, doubled marks and line breaks; a mark
    that no mark before a delimiter or a line's end answers is an ordinary character.
    """
    if '"' not in text:
        return [line.split(delimiter) for line in text.split("\n")]
    plain = re.compile(rf"[^{re.escape(delimiter)}\n]*")
    rows: list[list[str]] = [[]]
    position = 0
    while position <= len(text):
        quoted = _QUOTED.match(text, position)
        if quoted and text[quoted.end() : quoted.end() + 1] in ("", "\n", delimiter):
            cell, position = quoted.group(1).replace('""', '"'), quoted.end()
        else:
            found = plain.match(text, position)
            end = found.end() if found else position
            cell, position = text[position:end], end
        rows[-1].append(cell)
        if text[position : position + 1] == "\n":
            rows.append([])
        position += 1
    return rows
