"""HTML pages as cities publish them, without what a reader of the page does not see."""

from __future__ import annotations

import re

from lxml import etree
from lxml import html as lxml_html

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
        "form",
        "button",
    ]
)
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "li",
        "dt",
        "dd",
        "tr",
        "table",
        "ul",
        "ol",
        "dl",
        "blockquote",
        "pre",
        "br",
        "hr",
        "header",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "caption",
        "figure",
        "figcaption",
        "address",
        "body",
    ]
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def looks_like_html(text: str) -> bool:
    """Whether a text is an HTML page by its first lines."""
    return bool(re.match(r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|body)", text, re.I))


def read_html(text: str, name: str) -> tuple[str, list[Line]]:
    """The title of a page and its visible lines; headings carry their level.

    Raises:
        UnreadableFile: if there is no element in it.
    """
    parser = lxml_html.HTMLParser(no_network=True, remove_comments=True, huge_tree=False)
    try:
        root = lxml_html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*>", "", text), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise UnreadableFile(f"{name}: expected an HTML page, found none: {error}") from error
    title = (root.findtext(".//title") or "").strip()
    return title, _lines(root)


def _lines(root: etree._Element) -> list[Line]:
    lines: list[Line] = []
    pending: list[str] = []
    level = 0

    def flush() -> None:
        text = re.sub(r"[ \t\r\n\xa0]+", " ", "".join(pending)).strip()
        pending.clear()
        if text:
            lines.append(Line(text, level=level))

    skipped: etree._Element | None = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start" and skipped is None:
            if tag in _SKIP or _is_hidden(element):
                skipped = element
                continue
            if tag in _BLOCKS:
                flush()
                level = int(tag[1]) if re.fullmatch(r"h[1-6]", tag) else 0
            elif tag in ("td", "th") and pending:
                pending.append("\t")
            pending.append(element.text or "")
        elif event == "end":
            if skipped is element:
                skipped = None
            elif skipped is None and tag in _BLOCKS:
                flush()
                level = 0
            if skipped is None:
                pending.append(element.tail or "")
    flush()
    return lines


def _is_hidden(element: etree._Element) -> bool:
    style = element.get("style") or ""
    return element.get("hidden") is not None or bool(_HIDDEN.search(style))
