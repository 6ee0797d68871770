"""HTML pages as cities publish them, without what a reader of the page does not see."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from corpus import marks
from corpus.blocks import FileContent
from corpus.content import content_of
from corpus.errors import UnreadableFile
from corpus.html_hidden import Paint, StyleSheet, is_hidden, repaint
from corpus.html_tables import Table
from corpus.html_tags import BLOCKS, CODE, CONTENT, IN_TABLE, SKIPPED, STRUCK
from corpus.structure import Line
from corpus.warnings import warning

_WRAPPED = re.compile(r"(?<=[　-ヿ一-鿿！-～])[ \t]*\r?\n\s*(?=[　-ヿ一-鿿！-～])")
"""A line break in the source between Japanese characters: it parts no words."""
_SITE = re.compile(r"\s*[|｜:：／]\s*|\s+[-–—]\s+")
"""What stands between the title of a page and the name of its site."""
_SPACES = re.compile(r"[ \t\r\n\xa0]+")


def looks_like_html(text: str) -> bool:
    """Whether a text is an HTML page by its first lines."""
    return bool(re.match(r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|body)", text, re.I))


def read_page(text: str, name: str) -> FileContent:
    """The content of a page; what is hidden is left out and counted in a warning.

    Raises:
        UnreadableFile: if there is no element in it.
    """
    title, lines, hidden = read_html(text, name)
    return content_of(lines, title, warning("hidden_text", hidden), guess_title=False)


def read_html(text: str, name: str) -> tuple[str, list[Line], int]:
    """The title of a page, its visible lines, and how many characters were hidden.

    Headings carry their level, rows of tables and definition lists their heads. Nothing is
    fetched.

    Raises:
        UnreadableFile: if there is no element in it.
    """
    page = _Page()
    target: Any = page  # the stubs ask for bytes and comments, which this parser never sends
    parser = etree.HTMLParser(
        target=target, no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        etree.fromstring(re.sub(r"^\s*<\?xml[^>]*>", "", text) or " ", parser)
    except etree.LxmlError as error:
        raise UnreadableFile(f"{name}: expected an HTML page, found none: {error}") from error
    return _title(page.title, page.lines), _with_marks_joined(page.lines), page.hidden


def _title(title: str, lines: list[Line]) -> str:
    """The title without the name of the site, where the first heading shows where it ends."""
    heading = next((line.text for line in lines if line.level == 1), "")
    return heading if heading and _SITE.split(title)[0] in (heading, "") else title


def _with_marks_joined(lines: list[Line]) -> list[Line]:
    """A number that stands in an element of its own (第1条, ２, (1)) put before its text."""
    joined: list[Line] = []
    for line in lines:
        last = joined[-1] if joined else None
        apart = line.row or line.level or marks.is_bare_mark(line.text)
        if last and not last.row and not last.level and marks.is_bare_mark(last.text) and not apart:
            joined[-1] = Line(f"{last.text}　{line.text}")
        else:
            joined.append(line)
    return joined


class _Page:
    """What a parser tells about a page, element by element, without a tree to get lost in.

    A page of 100,000 nested elements is read like any other: only the depth is counted, and
    the colours and open tables are kept.
    """

    def __init__(self) -> None:
        self.title = ""
        self.lines: list[Line] = []
        self.hidden = 0
        self._styles = StyleSheet()
        self._paints = [Paint()]
        self._tables: list[Table] = []
        self._pending: list[str] = []
        self._level = 0
        self._depth = 0
        self._skipped_at = 0
        self._counted = False
        self._content = 0
        self._in: str = ""
        self._preformatted = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self._depth += 1
        if tag == "style" or (tag == "title" and not self.title):
            self._in = tag
        if self._skipped_at:
            return
        style = self._styles.of(tag, attributes)
        paint = repaint(self._paints[-1], attributes, style)
        unseen = is_hidden(attributes, style) or tag in STRUCK
        if tag in SKIPPED or unseen or self._is_boilerplate(tag, attributes):
            self._skipped_at = self._depth
            self._counted = unseen and tag not in CODE
            return
        self._paints.append(paint)
        self._content += tag in CONTENT
        self._open(tag, attributes)

    def _open(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag not in BLOCKS:
            return
        self._flush()
        self._level = int(tag[1]) if re.fullmatch(r"h[1-6]", tag) else 0
        self._preformatted += tag == "pre"
        if tag in ("table", "dl"):
            self._tables.append(Table(plain=attributes.get("role") == "presentation"))
        elif tag in IN_TABLE and self._tables:
            self._tables[-1].open(tag, attributes)

    def end(self, tag: str) -> None:
        """An element ends."""
        self._in = ""
        if self._skipped_at:
            if self._skipped_at == self._depth:
                self._skipped_at = 0
            self._depth -= 1
            return
        self._depth -= 1
        self._paints.pop()
        self._content -= tag in CONTENT
        if tag in BLOCKS:
            self._flush()
            self._level = 0
            self._preformatted -= tag == "pre"
            self._close(tag)

    def _close(self, tag: str) -> None:
        if not self._tables:
            return
        if tag == "caption":
            self._tables[-1].in_caption = False
        elif tag in ("table", "dl"):
            lines = self._tables.pop().lines()
            self._target().extend(lines)

    def data(self, text: str) -> None:
        """Text inside an element."""
        if self._in == "title":
            self.title = _SPACES.sub(" ", self.title + text).strip()
        elif self._in == "style":
            self._styles.add(text)
        if self._skipped_at or self._paints[-1].unseen:
            counted = self._counted or not self._skipped_at
            self.hidden += len("".join(text.split())) if counted else 0
            return
        wrapped = [_WRAPPED.sub("", text)]
        first, *others = text.split("\n") if self._preformatted else wrapped
        self._pending.append(first)
        for line in others:
            self._flush()
            self._pending.append(line)

    def close(self) -> None:
        """The page ends."""
        self._flush()
        while self._tables:
            self._close("table")

    def _is_boilerplate(self, tag: str, attributes: Mapping[str, str]) -> bool:
        """The head of the page, its menus and the like; not the head of an article."""
        if tag == "header" and not self._content:
            return True
        if not attributes:
            return False
        classes = (attributes.get("class") or "").lower().split()
        words = _words()
        return (
            (attributes.get("id") or "").lower() in words["ids"]
            or (attributes.get("role") or "").lower() in words["roles"]
            or not words["classes"].isdisjoint(classes)
        )

    def _target(self) -> list[Line]:
        return self._tables[-1].target() if self._tables else self.lines

    def _flush(self) -> None:
        text = _SPACES.sub(" ", "".join(self._pending)).strip()
        self._pending.clear()
        if text:
            self._target().append(Line(text, level=self._level))


@cache
def _words() -> dict[str, frozenset[str]]:
    with Path(__file__).with_name("html.toml").open("rb") as file:
        table = tomllib.load(file)
    return {key: frozenset(word.lower() for word in words) for key, words in table.items()}
