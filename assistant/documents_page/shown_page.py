"""A page of a PDF for the browser: its picture, and where passages and a quote stand on it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.documents_page.limits import page_limits
from corpus.child import Children, Limits
from corpus.datatypes import Passage
from corpus.page_text import Box, block_boxes, find_passage, find_quote, fold_text, line_boxes
from corpus.pdf_limits import pdf_limits

_OUTPUT_MIB = 64


@dataclass(frozen=True)
class ShownPage:
    """A page: how many there are, its size in points, the boxes of each passage (by its id; none
    where its place cannot be told), and the lines of the quote."""

    pages: int
    width: float
    height: float
    passages: dict[str, tuple[Box, ...]]
    quote: tuple[Box, ...]


def picture_of(path: Path, number: int, children: Children) -> bytes:
    """A page as PNG; raises UnreadableFile where it cannot be drawn."""
    limits = page_limits()
    options = {
        "page": number,
        "dots_per_inch": limits.dots_per_inch,
        "megapixels": limits.megapixels,
    }
    (row,) = children.run("corpus.pdf_shown:draw", path, options, _bounds()).rows
    return base64.b64decode(row["png"])


def shown_page(
    path: Path,
    number: int,
    passages: Sequence[Passage],
    quote: tuple[Passage, int, int] | None,
    children: Children,
) -> ShownPage:
    """Where things stand on a page.

    Args:
        path: the PDF.
        number: of the page, from 1.
        passages: those that begin on it.
        quote: a passage, and the first character and the one after the last of what is quoted.
        children: the processes to read it in.

    Raises:
        UnreadableFile: where the page cannot be read.
    """
    options = {"page": number, "characters": pdf_limits().characters_per_page}
    (row,) = children.run("corpus.pdf_shown:places", path, options, _bounds()).rows
    boxes: list[Box] = [(b[0], b[1], b[2], b[3]) for b in row["boxes"]]
    page = fold_text(row["text"])
    found = {
        passage.passage_id: block_boxes(
            [
                line
                for stretch in find_passage(page, passage.text)
                for line in line_boxes(boxes[stretch.start : stretch.stop])
            ]
        )
        for passage in passages
    }
    stretch = find_quote(page, quote[0].text, *quote[1:]) if quote else None
    marked = line_boxes(boxes[stretch.start : stretch.stop]) if stretch else ()
    return ShownPage(row["pages"], row["width"], row["height"], found, marked)


def _bounds() -> Limits:
    limits = page_limits()
    return Limits(limits.memory_mib, limits.seconds, limits.seconds, _OUTPUT_MIB)
