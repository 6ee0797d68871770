"""Tables whose columns mean something: every cell keeps its row's and its column's head."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from os.path import commonprefix
from pathlib import Path

from corpus.blocks import Block
from corpus.cells import split_rows
from corpus.datatypes import Standing
from corpus.errors import DocumentError
from corpus.numerals import NUMERAL, to_int
from corpus.ooxml import limits
from corpus.places import SEPARATOR

BULLETS = "■◆◇○●□△▲▽▼◎"
_BULLET = re.compile(rf"\s*(?:(?<!\S)|^)(?=[{BULLETS}])|(?:(?<=\s)|^)(?=・)")
_MEETING = re.compile(
    rf"[（(](?:第\s*({NUMERAL})\s*回|Meeting \d+|(?:\d+(?:st|nd|rd|th)|[a-z]+) meeting)[）)]"
)
_NAMED = re.compile(r"【(.+?)】|\[(.+?)\]")
_LONGEST_NAME = 30


@dataclass(frozen=True)
class _Cell:
    """A cell with what is needed to cite it; without row and column, a line beside the table."""

    row: tuple[str, ...]
    column: str
    text: str


def looks_like_table(text: str) -> bool:
    """Whether most lines with content are rows of three or more tab-separated cells."""
    lines = [line for line in text.split("\n") if line.strip()]
    rows = sum(line.count("\t") >= 2 for line in lines)
    return rows >= 2 and rows * 2 >= len(lines)


def read_table(
    text: str, rendering: str = "", name: str = "table", delimiter: str = "\t"
) -> tuple[str, list[Block]]:
    """The title above a table, and a block for every cell (for every opinion, one of its own).

    Args:
        text: lines of cells under one line of column heads, with a title above it or none.
            A later line equal to the column heads starts the next page. A line that is no
            row becomes a block of its own, where it stands.
        rendering: the same table in English, "" where there is none.
        name: the file's name, for the message.
        delimiter: what stands between two cells.

    Raises:
        DocumentError: if the rendering has not the same cells, bullet for bullet.
    """
    title, cells = _cells(split_rows(text, delimiter))
    if not rendering:
        return title, [block for cell in cells for block in _cell_blocks(cell, None, name)]
    _, others = _cells(split_rows(rendering, delimiter))
    if len(others) != len(cells):
        raise DocumentError(
            f"{name}: expected a rendering with the same cells ({len(cells)} are filled), "
            f"found {len(others)}; give both tables the same rows and columns."
        )
    blocks: list[Block] = []
    for cell, other in zip(cells, others, strict=True):
        blocks += _cell_blocks(cell, other, name)
    return title, blocks


def _cells(rows: list[list[str]]) -> tuple[str, list[_Cell]]:
    """The title, and every cell with its row and its column, and every line beside the table."""
    table = [[_plain(cell) for cell in row] for row in rows]
    head_at = _head_row(table)
    heads = table[head_at] if table else []
    above = [row[0] for row in table[:head_at] if row[0]]
    above += heads[:1] if len(heads) == 1 else []
    title = above[0] if above else ""
    cells = [_Cell((), "", line) for line in above[1:]]
    body: list[list[str]] = []
    for row in table[head_at + 1 :]:
        if row == heads or not any(row) or row == [title]:
            continue
        body.append(row)
    item = ""
    for i, row in enumerate(body):
        if len(row) == 1:
            cells.append(_Cell((), "", row[0]))
            continue
        row = _fit(row, len(heads))
        item = _head(row[0]) if row[0] else item
        following = body[i + 1][0] if i + 1 < len(body) else "-"
        cells += _row_cells(heads, row, item, merged=not row[0] or not following)
    return title, cells


def _head_row(table: list[list[str]]) -> int:
    """Where the column heads stand: the first row of three cells, or else of two."""
    for width in (3, 2):
        for i, row in enumerate(table):
            if len(row) >= width:
                return i
    return 0


def _row_cells(heads: list[str], row: list[str], item: str, merged: bool) -> list[_Cell]:
    name = _row_name(item, row[1]) if len(row) > 1 else ""
    if not name and merged and 0 < len(row[1]) <= _LONGEST_NAME and "\n" not in row[1]:
        name = row[1]
    cells = []
    for number, (column, content) in enumerate(zip(heads, row, strict=True)):
        if content:
            place = (item,) if number == 0 else (item, name)
            cells.append(_Cell(tuple(p for p in place if p), column, content))
    return cells


def _fit(row: list[str], width: int) -> list[str]:
    """A ragged row made as wide as the heads: nothing is lost, what is too much is joined."""
    if len(row) > width:
        row = [*row[: width - 1], "\n".join(c for c in row[width - 1 :] if c)]
    return row + [""] * (width - len(row))


def _plain(cell: str) -> str:
    """A cell's words: tags away, a line for every paragraph and every bullet."""
    text = re.sub(r"</p>|<br\s*/?>", "\n", cell[: limits()["longest_cell"]])
    text = re.sub(r"</?[a-zA-Z][^<>]*>", "", text).strip().replace("\t", " ")
    lines = []
    for line in text.split("\n"):
        lines += [piece.strip() for piece in _BULLET.split(line)]
    return "\n".join(line for line in lines if line)


def _head(cell: str) -> str:
    """The name of a row's item: its first line, up to a space (in English, up to a colon)."""
    first = cell.split("\n")[0]
    latin = re.match(r"[①-⑳]?\s*[A-Za-z]", first)
    return first.split(": ")[0] if latin else first.split(" ")[0]


def _row_name(item: str, cell: str) -> str:
    """【協働・連携の取組の範囲】 → 取組の範囲 below ①協働・連携の捉え方: what is shared goes."""
    match = _NAMED.search(cell)
    if not match:
        return ""
    name = match.group(1) or match.group(2)
    bare = re.sub(r"^[①-⑳]\s*", "", item)
    shared = commonprefix([bare, name])
    cut = shared.rfind("の") + 1
    return name[cut:] if 0 < cut < len(name) else name


def _cell_blocks(cell: _Cell, other: _Cell | None, name: str) -> list[Block]:
    standing = standing_of_column(cell.column)
    if standing != "opinion":
        return [_block(cell, other, standing, cell.text, other.text if other else "")]
    texts = split_opinions(cell.text)
    others = split_opinions(other.text) if other else [""] * len(texts)
    if len(others) != len(texts):
        raise DocumentError(
            f"{name}: expected {len(texts)} bullets in the rendering of "
            f"{SEPARATOR.join((*cell.row, cell.column))}, found {len(others)}; "
            "give each bullet its rendering."
        )
    return [_block(cell, other, standing, t, o) for t, o in zip(texts, others, strict=True)]


def split_opinions(text: str) -> list[str]:
    """The opinions of a cell; a line without a bullet belongs to the bullet above it."""
    opinions: list[str] = []
    for line in text.split("\n"):
        if opinions and opinions[0][0] in BULLETS + "・" and line[0] not in BULLETS + "・":
            opinions[-1] += f"\n{line}"
        else:
            opinions.append(line)
    return opinions


def _block(cell: _Cell, other: _Cell | None, standing: Standing, text: str, en: str) -> Block:
    meeting = _MEETING.search(text) if standing == "opinion" else None
    meeting_en = _MEETING.search(en) if standing == "opinion" else None
    row = tuple(part for part in (*cell.row, cell.column) if part)
    row_en = tuple(part for part in (*other.row, other.column) if part) if other else ()
    place, place_en = SEPARATOR.join(row), SEPARATOR.join(row_en)
    return Block(
        text=text,
        rendering=en,
        locator=place + _meeting(meeting),
        locator_en=place_en + (f" {meeting_en.group()}" if meeting_en else ""),
        headings=row,
        headings_en=row_en,
        standing=standing,
    )


def _meeting(match: re.Match[str] | None) -> str:
    """(第１回), （第一回） → （第1回）: one meeting is cited in one way."""
    if not match:
        return ""
    return f"（第{to_int(match.group(1))}回）" if match.group(1) else f" {match.group()}"


@lru_cache(maxsize=1_000)
def standing_of_column(column: str) -> Standing:
    """What kind of words stand below a column's head (see ``column_standings``)."""
    for word, standing in column_standings().items():
        if word in column.lower():
            return standing
    return "provision"


@cache
def column_standings() -> dict[str, Standing]:
    """What kind of words stand under a column's head, from kinds.toml."""
    with Path(__file__).with_name("kinds.toml").open("rb") as file:
        table: dict[str, Standing] = tomllib.load(file)["columns"]
    return table
