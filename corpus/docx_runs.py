"""The words of a Word paragraph as a reader sees them: changes accepted, hidden text out."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from corpus.docx_styles import is_shaded, is_unseen
from corpus.ooxml import attribute, child, local

_DELETED = ("del", "moveFrom")
_INSERTED = ("ins", "moveTo")
_SKIPPED = frozenset(
    ["pPr", "rPr", "instrText", "delText", "delInstrText", "rt", "Fallback", "fldData", "sdtPr"]
)
_BREAKS = {"tab": "　", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "　"}


@dataclass
class Tally:
    """What was met beside plain text: hidden characters, and places changed under tracking."""

    hidden: int = 0
    changes: int = 0


@dataclass
class Words:
    """A paragraph's text, the text of boxes anchored in it, and the notes it refers to."""

    text: str = ""
    boxes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def text_of(
    paragraph: etree._Element, tally: Tally, hidden: bool = False, shaded: bool = False
) -> Words:
    """The words of a paragraph.

    Args:
        paragraph: a ``w:p``.
        tally: where hidden characters and changes are counted.
        hidden: whether its style hides it.
        shaded: whether a colour is behind it, so that white letters are seen.
    """
    words = Words()
    _walk(paragraph, words, tally, hidden, shaded)
    return words


def _walk(element: etree._Element, words: Words, tally: Tally, hidden: bool, shaded: bool) -> None:
    for part in element:
        name = local(part)
        if name in _DELETED:
            tally.changes += 1
        elif name == "txbxContent":
            paragraphs = [text_of(p, tally).text for p in part.iter() if local(p) == "p"]
            words.boxes.append("\n".join(t for t in paragraphs if t.strip()))
        elif name == "r":
            properties = child(part, "rPr")
            _walk(part, words, tally, hidden or is_unseen(properties, shaded), shaded)
        elif name in _SKIPPED or not name:
            continue
        elif not _take(part, name, words, tally, hidden):
            tally.changes += name in _INSERTED
            _walk(part, words, tally, hidden, shaded)


def _take(part: etree._Element, name: str, words: Words, tally: Tally, hidden: bool) -> bool:
    """Take what one part of a run says; False where it is only a wrapper."""
    if name == "t":
        text = part.text or ""
        if hidden:
            tally.hidden += len("".join(text.split()))
        else:
            words.text += text
    elif name in _BREAKS:
        words.text += "" if hidden else _BREAKS[name]
    elif name in ("footnoteReference", "endnoteReference"):
        words.notes.append(f"{name.removesuffix('Reference')}:{attribute(part, 'id')}")
    else:
        return False
    return True


def cell_shaded(cell: etree._Element) -> bool:
    """Whether a colour is behind a table's cell."""
    return is_shaded(child(cell, "tcPr"))
