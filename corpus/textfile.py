"""Files of text: HTML, tables in TSV and CSV, Markdown, and plain text."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePath

from corpus.blocks import FileContent
from corpus.cells import split_rows
from corpus.content import content_of
from corpus.decode import Text, decode_text
from corpus.frontmatter import split_front_matter
from corpus.html import looks_like_html, read_page
from corpus.invisible import strip_invisible
from corpus.markdown import read_markdown
from corpus.ooxml import limits
from corpus.structure import Line
from corpus.table import looks_like_table, read_table
from corpus.warnings import warning

_CHARSET = re.compile(r"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{2,20})", re.IGNORECASE)
_FAMILIES = {
    "utf-8": ("utf-8", "utf8"),
    "utf-16": ("utf-16", "utf-16le", "utf-16be"),
    "iso-2022-jp": ("iso-2022-jp",),
    "cp932": ("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "cp932", "ms932"),
    "euc_jp": ("euc-jp", "euc_jp", "x-euc-jp"),
}


def read_text_file(data: bytes, name: str, rendering: str = "") -> FileContent:
    """The content of a file of text; its kind is told by its name and by its first lines.

    Args:
        data: its bytes.
        name: its name, with its ending.
        rendering: the English rendering of a table, "" where there is none.

    Raises:
        CorpusError: where the bytes are no text, or say what cannot be right.
    """
    suffix = PurePath(name).suffix.lower()
    decoded = decode_text(data, name, drop_nul=suffix in (".tsv", ".csv"))
    plain, unseen = strip_invisible(decoded.text)
    metadata, text = split_front_matter(plain, name)
    found = (*decoded.warnings, *warning("invisible_characters", unseen))
    if suffix in (".html", ".htm") or looks_like_html(text):
        content = read_page(text, name)
        found += _charset_warning(plain, decoded)
    elif suffix == ".csv" and not looks_like_table(text):
        content = _table(text, "", name, ",")
    elif suffix in (".tsv", ".csv") or looks_like_table(text):
        content = _table(text, rendering, name, "\t")
    elif suffix in (".md", ".markdown"):
        content = FileContent({}, tuple(read_markdown(text, name)))
    else:
        lines = [Line(line) for line in text.split("\n") if line.strip()]
        content = content_of(lines)
        if metadata.get("title") and content.title:
            content = content_of(lines, metadata["title"])
    return replace(content, metadata=metadata, warnings=(*found, *content.warnings))


def _table(text: str, rendering: str, name: str, delimiter: str) -> FileContent:
    """A table of separated cells; too long ones are cut, ragged rows and cuts are counted."""
    longest = limits()["longest_cell"]
    rows = split_rows(text, delimiter)
    long_cells = sum(len(cell) > longest for row in rows for cell in row)
    widths = [len(row) for row in rows if len(row) > 1]
    width = max(set(widths), key=widths.count) if widths else 0
    ragged = sum(found != width for found in widths)
    tabular = any(len(row) > 1 for row in rows)
    title, blocks = read_table(text, rendering, name, delimiter) if tabular else ("", [])
    if not blocks:
        return content_of([Line(line) for line in text.split("\n") if line.strip()])
    warnings = (
        *warning("long_cells", long_cells, str(longest)),
        *warning("ragged_rows", ragged),
    )
    return FileContent({}, tuple(blocks), title=title, warnings=warnings)


def _charset_warning(text: str, decoded: Text) -> tuple[str, ...]:
    """A warning where a page names another encoding than its bytes have."""
    said = _CHARSET.search(text[:4_000])
    if not said:
        return ()
    family = next((f for f in _FAMILIES if decoded.encoding.startswith(f)), decoded.encoding)
    right = said.group(1).lower() in _FAMILIES.get(family, (family,))
    return () if right else warning("charset", 1, said.group(1))
