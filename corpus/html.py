"""HTML pages as cities publish them, without what a reader of the page does not see."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

from corpus.errors import UnreadableFile
from corpus.structure import Line

_SKIP = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "nav",
        "footer",
        "iframe",
        "svg",
        "math",
        "object",
        "canvas",
        "audio",
        "video",
        "button",
        "select",
        "textarea",
        "option",
        "datalist",
        "dialog",
    ]
)
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "aside",
        "header",
        "body",
        "form",
        "fieldset",
        "legend",
        "details",
        "summary",
        "li",
        "dt",
        "dd",
        "tr",
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "ul",
        "ol",
        "dl",
        "blockquote",
        "pre",
        "br",
        "hr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "figure",
        "figcaption",
        "address",
        "center",
    ]
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\xa0]+")


def looks_like_html(text: str) -> bool:
    """Whether a text is an HTML page by its first lines."""
    return bool(re.match(r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|body)", text, re.I))


def read_html(text: str, name: str) -> tuple[str, list[Line]]:
    """The title of a page and its visible lines; headings carry their level.

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
    return page.title, page.lines


class _Page:
    """What a parser tells about a page, element by element, without a tree to get lost in.

    A page of 100,000 nested elements is read like any other: only the depth is counted.
    """

    def __init__(self) -> None:
        self.title = ""
        self.lines: list[Line] = []
        self._pending: list[str] = []
        self._level = 0
        self._depth = 0
        self._skipped_at = 0
        self._in_title = False
        self._preformatted = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self._depth += 1
        self._in_title = tag == "title" and not self.title
        if self._skipped_at:
            return
        if tag in _SKIP or _is_hidden(attributes):
            self._skipped_at = self._depth
        elif tag in _BLOCKS:
            self._flush()
            self._level = int(tag[1]) if re.fullmatch(r"h[1-6]", tag) else 0
            self._preformatted += tag == "pre"
        elif tag in ("td", "th") and self._pending:
            self._pending.append("\t")

    def end(self, tag: str) -> None:
        """An element ends."""
        self._in_title = False
        if not self._skipped_at and tag in _BLOCKS:
            self._flush()
            self._level = 0
            self._preformatted -= tag == "pre"
        if self._skipped_at == self._depth:
            self._skipped_at = 0
        self._depth -= 1

    def data(self, text: str) -> None:
        """Text inside an element."""
        if self._in_title:
            self.title = _SPACES.sub(" ", self.title + text).strip()
        if self._skipped_at:
            return
        first, *others = text.split("\n") if self._preformatted else [text]
        self._pending.append(first)
        for line in others:
            self._flush()
            self._pending.append(line)

    def close(self) -> None:
        """The page ends."""
        self._flush()

    def _flush(self) -> None:
        text = _SPACES.sub(" ", "".join(self._pending)).strip()
        self._pending.clear()
        if text:
            self.lines.append(Line(text, level=self._level))


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    style = attributes.get("style") or ""
    return "hidden" in attributes or bool(_HIDDEN.search(style))
