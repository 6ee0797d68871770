"""Tables whose columns mean something: every cell keeps its row's and its column's head."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from os.path import commonprefix
from pathlib import Path

from corpus.blocks import Block
from corpus.datatypes import Standing
from corpus.places import SEPARATOR

BULLETS = "■◆◇○●□△▲▽▼◎"
_BULLET = re.compile(rf"\s*(?:(?<!\S)|^)(?=[{BULLETS}])|(?:(?<=\s)|^)(?=・)")
_MEETING = re.compile(r"[（(](第\s*[0-9０-９一二三四五六七八九十]+\s*回|Meeting \d+)[）)]")
_NAMED = re.compile(r"【(.+?)】|\[(.+?)\]")
_MAX_CELL = 20_000


@dataclass(frozen=True)
class _Cell:
    """A cell with what is needed to cite it."""

    row: tuple[str, ...]
    column: str
    text: str


def looks_like_table(text: str) -> bool:
    """Whether most lines with content are rows of three or more tab-separated cells."""
    lines = [line for line in text.split("\n") if line.strip()]
    rows = sum(line.count("\t") >= 2 for line in lines)
    return rows >= 2 and rows * 2 >= len(lines)


def read_table(text: str, rendering: str = "") -> tuple[str, list[Block]]:
    """The title above a table, and a block for every cell (for every opinion, one of its own).

    Args:
        text: lines of tab-separated cells under one line of column heads, with a title above
            it or none. A later line equal to the column heads starts the next page.
        rendering: the same table in English, "" where there is none.
    """
    title, cells = _cells(text)
    _, cells_en = _cells(rendering) if rendering else ("", [])
    blocks: list[Block] = []
    for i, cell in enumerate(cells):
        other = cells_en[i] if len(cells_en) == len(cells) else None
        blocks += _cell_blocks(cell, other)
    return title, blocks


def _cells(text: str) -> tuple[str, list[_Cell]]:
    title, heads = "", list[str]()
    carried: list[str] = []
    cells: list[_Cell] = []
    for line in text.split("\n"):
        row = [_plain(c) for c in line.split("\t")]
        if len(row) < 3:
            title = title or row[0].strip()
            continue
        if not heads:
            heads = row
            continue
        if row == heads:
            continue
        row = _fit(row, len(heads))
        if row[0]:
            carried = [_head(row[0])]
        name = _row_name(carried[0] if carried else "", row[1])
        for column, content in zip(heads, row, strict=True):
            if content:
                item = column == heads[0] or name == ""
                place = (carried[0],) if item and carried else (*carried, name)
                cells.append(_Cell(tuple(p for p in place if p), column, content))
    return title, cells


def _fit(row: list[str], width: int) -> list[str]:
    """A ragged row made as wide as the heads: nothing is lost, what is too much is joined."""
    if len(row) > width:
        row = [*row[: width - 1], "\n".join(row[width - 1 :])]
    return row + [""] * (width - len(row))


def _plain(cell: str) -> str:
    """A cell's words: tags away, a line for every paragraph and every bullet."""
    text = re.sub(r"</p>|<br\s*/?>", "\n", cell[:_MAX_CELL])
    text = re.sub(r"</?[a-zA-Z][^<>]*>", "", text).strip().strip('"')
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


def _cell_blocks(cell: _Cell, other: _Cell | None) -> list[Block]:
    standing = _standing(cell.column)
    texts = cell.text.split("\n") if standing == "opinion" else [cell.text]
    others = (other.text.split("\n") if standing == "opinion" else [other.text]) if other else []
    if len(others) != len(texts):
        others = [""] * len(texts)
    return [_block(cell, other, standing, t, o) for t, o in zip(texts, others, strict=True)]


def _block(cell: _Cell, other: _Cell | None, standing: Standing, text: str, en: str) -> Block:
    meeting = _MEETING.search(text) if standing == "opinion" else None
    meeting_en = _MEETING.search(en) if standing == "opinion" else None
    place = SEPARATOR.join((*cell.row, cell.column))
    place_en = SEPARATOR.join((*other.row, other.column)) if other else ""
    return Block(
        text=text,
        rendering=en,
        locator=place + (meeting.group() if meeting else ""),
        locator_en=place_en + (f" {meeting_en.group()}" if meeting_en else ""),
        headings=(*cell.row, cell.column),
        headings_en=(*other.row, other.column) if other else (),
        standing=standing,
    )


def _standing(column: str) -> Standing:
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
