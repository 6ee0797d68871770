"""Documents with known text, and the programs that print them: what a PDF should be read as."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Layout = Literal["prose", "articles", "tables", "columns", "vertical", "furniture"]
LAYOUTS: tuple[Layout, ...] = ("prose", "articles", "tables", "columns", "vertical", "furniture")
_WORDS = tomllib.loads(
    Path(__file__).with_name("data").joinpath("pdf_words.toml").read_text(encoding="utf-8")
)
_NUMERALS = "〇一二三四五六七八九十"


@dataclass(frozen=True)
class Table:
    """A table with one row of heads."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Article:
    """An article as an ordinance prints it."""

    number: int
    caption: str
    paragraphs: tuple[str, ...]
    items: tuple[str, ...] = ()


Part = str | Table | Article
"""A paragraph, a table or an article; a paragraph that begins with # is a heading."""


@dataclass(frozen=True)
class Sample:
    """A document: what is printed, and how."""

    name: str
    layout: Layout
    title: str
    parts: tuple[Part, ...]
    header: str = ""
    footer: bool = False
    fonts: int = field(default=0)

    @property
    def text(self) -> str:
        """Everything a reader should get outside of tables, in order."""
        lines = [self.title]
        for part in self.parts:
            if isinstance(part, str):
                lines.append(part.removeprefix("#"))
            elif isinstance(part, Article):
                lines += article_lines(part)
        return "\n".join(lines)

    @property
    def tables(self) -> list[Table]:
        """Its tables."""
        return [part for part in self.parts if isinstance(part, Table)]

    @property
    def provisions(self) -> dict[str, str]:
        """What each provision says, by its locator."""
        found: dict[str, str] = {}
        for part in self.parts:
            if not isinstance(part, Article):
                continue
            several = len(part.paragraphs) > 1
            for n, text in enumerate(part.paragraphs, 1):
                found[f"第{part.number}条" + (f"第{n}項" if several else "")] = text
            last = f"第{part.number}条" + (f"第{len(part.paragraphs)}項" if several else "")
            for n, item in enumerate(part.items, 1):
                found[f"{last}第{n}号"] = item
        return found


def article_lines(article: Article) -> list[str]:
    """An article's lines as they are printed."""
    lines = [f"（{article.caption}）"]
    for n, text in enumerate(article.paragraphs, 1):
        mark = f"第{article.number}条" if n == 1 else str(n).translate(_WIDE)
        lines.append(f"{mark}　{text}")
    lines += [f"（{n}）　{item}" for n, item in enumerate(article.items, 1)]
    return lines


_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def samples(layout: Layout, count: int) -> Iterator[Sample]:
    """So many documents of a layout, the same ones every time."""
    for number in range(count):
        chance = random.Random(f"{layout} {number}")
        title = chance.choice(_WORDS["titles"]) + chance.choice(_WORDS["kinds"])
        yield Sample(
            name=f"{layout}-{number}",
            layout=layout,
            title=title,
            parts=tuple(_parts(layout, chance)),
            header=f"{title}（案）" if layout in ("furniture", "columns") else "",
            footer=layout in ("furniture", "articles", "columns"),
            fonts=number,
        )


def _parts(layout: Layout, chance: random.Random) -> Iterator[Part]:
    if layout == "articles":
        yield from _articles(chance)
        return
    size = {"prose": 4, "tables": 3, "columns": 6, "vertical": 3, "furniture": 6}[layout]
    for n, heading in enumerate(chance.sample(_WORDS["headings"], min(size, 6)), 1):
        number = _NUMERALS[n] if layout == "vertical" else n
        yield f"#{number}　{heading}"
        for _ in range(chance.choice((2, 3)) * (2 if layout == "furniture" else 1)):
            yield _paragraph(chance)
        if layout == "tables":
            table = _WORDS["tables"][n - 1]
            yield Table(tuple(table["heads"]), tuple(map(tuple, table["rows"])))
            yield _paragraph(chance)


def _paragraph(chance: random.Random) -> str:
    return "".join(chance.sample(_WORDS["sentences"], chance.choice((2, 3, 4))))


def _articles(chance: random.Random) -> Iterator[Article]:
    for n, caption in enumerate(chance.sample(_WORDS["captions"], 8), 1):
        sentences = chance.sample(_WORDS["sentences"], chance.choice((1, 1, 2, 3)))
        items = chance.sample(_WORDS["items"], 3) if n in (3, 6) else []
        yield Article(n, caption, tuple(sentences), tuple(items))
