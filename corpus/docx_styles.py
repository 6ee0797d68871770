"""Styles of a Word document: what a paragraph is by its style, and what is not to be seen."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from corpus.ooxml import Package, attribute, child

_HEADING = re.compile(r"^(?:heading|見出し)\s*([1-9])$", re.IGNORECASE)
_OFF = ("0", "false", "off", "none")
_SMALLEST = 4
"""Half-points of the smallest letters that a reader is taken to see (2 points)."""
_DEEPEST = 10


@dataclass(frozen=True)
class Style:
    """A style: heading ``level`` from 1 (0: none), its list and depth, whether it hides."""

    name: str = ""
    based_on: str = ""
    level: int = 0
    list_id: str = ""
    depth: int | None = None
    hidden: bool = False


@dataclass
class Styles:
    """The styles of a document by their ids."""

    known: dict[str, Style] = field(default_factory=dict)

    def chain(self, style_id: str) -> list[Style]:
        """A style and those that it is based on, nearest first."""
        found: list[Style] = []
        while style_id in self.known and len(found) < _DEEPEST:
            found.append(self.known[style_id])
            style_id = found[-1].based_on
        return found

    def level(self, style_id: str) -> int:
        """The heading level of paragraphs of a style, 0 for text."""
        return next((s.level for s in self.chain(style_id) if s.level), 0)

    def name(self, style_id: str) -> str:
        """The name of a style in lower case, "" where it is not known."""
        return self.known[style_id].name.lower() if style_id in self.known else ""

    def numbering(self, style_id: str) -> tuple[str, int | None]:
        """The list and the depth that a style gives its paragraphs; ("", None): none."""
        for style in self.chain(style_id):
            if style.list_id:
                return style.list_id, style.depth
        return "", None

    def hides(self, style_id: str) -> bool:
        """Whether text of a style is hidden."""
        return any(style.hidden for style in self.chain(style_id))


def read_styles(package: Package, path: str) -> Styles:
    """The styles of a styles part; none where there is no such part."""
    styles = Styles()
    if path and package.has(path):
        for element in package.elements(path, ("style",)):
            styles.known[attribute(element, "styleId")] = _style(element)
            element.clear()
    return styles


def _style(element: etree._Element) -> Style:
    name = attribute(child(element, "name"), "val")
    outline = attribute(child(element, "pPr", "outlineLvl"), "val")
    named = _HEADING.match(name)
    level = int(outline) + 1 if re.fullmatch("[0-8]", outline) else 0
    depth = attribute(child(element, "pPr", "numPr", "ilvl"), "val")
    return Style(
        name=name,
        based_on=attribute(child(element, "basedOn"), "val"),
        level=level or (int(named.group(1)) if named else 0),
        list_id=attribute(child(element, "pPr", "numPr", "numId"), "val"),
        depth=int(depth) if re.fullmatch("[0-8]", depth) else None,
        hidden=is_on(child(element, "rPr", "vanish")),
    )


def is_on(element: etree._Element | None) -> bool:
    """Whether a switch such as ``<w:vanish/>`` is there and on."""
    return element is not None and attribute(element, "val", "1").lower() not in _OFF


def is_unseen(properties: etree._Element | None, shaded: bool) -> bool:
    """Whether a run is not to be seen: hidden, tiny, or white where nothing is behind it.

    Args:
        properties: the run's ``rPr``.
        shaded: whether a colour is behind the paragraph or its cell.
    """
    if properties is None:
        return False
    if is_on(child(properties, "vanish")) or is_on(child(properties, "webHidden")):
        return True
    size = attribute(child(properties, "sz"), "val")
    if re.fullmatch(r"\d{1,4}", size) and int(size) < _SMALLEST:
        return True
    white = attribute(child(properties, "color"), "val").upper() == "FFFFFF"
    return white and not shaded and not is_shaded(properties)


def is_shaded(properties: etree._Element | None) -> bool:
    """Whether properties put a colour other than white behind what they are of."""
    fill = attribute(child(properties, "shd"), "fill", "auto").upper()
    lit = attribute(child(properties, "highlight"), "val", "none")
    return fill not in ("AUTO", "FFFFFF", "") or lit not in ("none", "white")
