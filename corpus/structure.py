"""Plain lines to blocks: chapters, articles, paragraphs, items, headings, paragraphs of text.

The levels of a Japanese law are 編 章 節 款 目 (headings), 条 (article, with branches such as
第12条の2), 項 (paragraph, numbered from 2), 号 (item, in kanji or bracketed figures), then
附則 (supplementary provisions) and 別表 (annexed tables).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from corpus import marks
from corpus.blocks import Block, lowest
from corpus.datatypes import Standing
from corpus.places import SEPARATOR
from corpus.single import with_single_paragraphs

_ARTICLE_LEVEL = 50
_SIGN_LEVEL, _DEEP_SIGN_LEVEL = 7, 20


@dataclass(frozen=True)
class Line:
    """A line of a document; ``level`` is that of a marked heading (h1 = 1), 0 for text.

    ``row`` are the heads of a table's row or cell (caption, row, column): such a line is a
    block of its own, whatever it begins with. ``speaker`` is who says a line of minutes.
    ``ocr_confidence`` is as in a Block.
    """

    text: str
    page: int | None = None
    level: int = 0
    row: tuple[str, ...] = ()
    speaker: str = ""
    standing: Standing = "provision"
    ocr_confidence: float | None = None


@dataclass
class _State:
    """Where the reading stands.

    ``unused`` is the heading opened last, as text, with its level, until something stands
    below it: a heading with nothing below it is text, or its words would be lost.
    """

    statute: bool
    blocks: list[Block] = field(default_factory=list)
    parts: dict[int, str] = field(default_factory=dict)
    caption: str = ""
    supplement: str = ""
    article: str = ""
    article_title: str = ""
    paragraph: int = 0
    paragraph_title: str = ""
    item: int = 0
    item_style: str = ""
    item_mark: str = ""
    lead: str = ""
    unused: Block | None = None
    unused_level: int = 0


def structure(lines: list[Line]) -> list[Block]:
    """The blocks of a document, in order; no line of text is lost but tables of contents."""
    lines = _without_contents([_stripped(line) for line in lines if line.text.strip()])
    state = _State(statute=sum(bool(marks.article(line.text)) for line in lines) >= 2)
    for i, line in enumerate(lines):
        following = lines[i + 1].text if i + 1 < len(lines) else ""
        if not _take_caption(state, line, following):
            _take(state, line)
    _use_heading(state, 0)
    return with_single_paragraphs(state.blocks)


def _stripped(line: Line) -> Line:
    text = line.text.strip()
    return line if text == line.text else replace(line, text=text)


def _without_contents(lines: list[Line]) -> list[Line]:
    """A table of contents repeats headings that come again: it is passed over.

    It ends where its first entry comes again, at a marked heading, or at a line that is none
    of its entries.
    """
    kept: list[Line] = []
    inside, first = False, ""
    for line in lines:
        if marks.is_contents_title(line.text):
            inside, first = True, ""
            continue
        entry = marks.contents_entry(line.text, first == "") if inside and not line.level else ""
        inside = entry not in ("", first)
        if inside:
            first = first or entry
        else:
            kept.append(line)
    return kept


def _take(state: _State, line: Line) -> None:
    if line.row or line.speaker:
        _take_apart(state, line)
        return
    for reader in (_take_heading, _take_article, _take_paragraph, _take_item):
        if reader(state, line):
            return
    _take_text(state, line)


def _take_apart(state: _State, line: Line) -> None:
    """A row of a table, or a speech: a block of its own below the headings that are open."""
    state.unused = None
    block = _block(state, line, line.text)
    below = line.row or (line.speaker,)
    place = SEPARATOR.join(part for part in (block.locator, *below) if part)
    state.blocks.append(
        replace(
            block,
            locator=place,
            headings=(*block.headings, *below),
            standing=line.standing,
            mergeable=False,
        )
    )


def _take_caption(state: _State, line: Line, following: str) -> bool:
    """（目的） above an article without a title, or a paragraph of the supplementary provisions."""
    caption = marks.caption(line.text)
    if not (caption and state.statute and not line.level):
        return False
    article = marks.article(following)
    if article is not None:
        opens = not article.title
    else:
        below = state.supplement.startswith("附則") and not state.article
        opens = below and marks.paragraph(following) is not None
    if opens:
        state.caption = caption
    return opens


def _take_heading(state: _State, line: Line) -> bool:
    supplement, annex = marks.supplement(line.text), marks.annex(line.text)
    level = marks.part_level(line.text)
    if not level and line.level and not (state.statute and marks.article(line.text)):
        level = line.level
    elif not level and (supplement or annex):
        level = 1
    elif not level and not state.article:
        level = marks.numbered_level(line.text) or _sign_level(state, line.text)
    if not level or _is_paragraph_below_supplement(state, line):
        return False
    _use_heading(state, level)
    state.parts = {k: v for k, v in state.parts.items() if k < level}
    above = tuple(state.parts[k] for k in sorted(state.parts))
    state.unused_level = level
    unused = Block(line.text, SEPARATOR.join(above), above, page=line.page, mergeable=True)
    state.unused = replace(unused, ocr_confidence=line.ocr_confidence)
    state.parts[level] = marks.part_name(line.text)
    state.supplement = supplement or annex
    state.article = state.article_title = state.lead = ""
    state.paragraph_title = state.item_style = ""
    state.paragraph = state.item = 0
    return True


def _sign_level(state: _State, line: str) -> int:
    """The level of a heading by its sign (■, 【…】): the outermost one, unless numbers are open.

    Where a sign stood above the numbers, it stands above them again.
    """
    sign = marks.sign(line)
    if not sign:
        return 0
    for level in (_SIGN_LEVEL, _SIGN_LEVEL + 1):
        if state.parts.get(level, "").startswith(sign):
            return level
    open_now = [level for level in state.parts if level > _SIGN_LEVEL]
    return _DEEP_SIGN_LEVEL + (sign in "【〔") if open_now else _SIGN_LEVEL + (sign in "【〔")


def _is_paragraph_below_supplement(state: _State, line: Line) -> bool:
    if not state.supplement.startswith("附則") or line.level:
        return False
    found = marks.paragraph(line.text)
    return bool(found and found[0] == state.paragraph + 1)


def _use_heading(state: _State, level: int) -> None:
    """Make text of the heading opened last, if what comes now does not stand below it."""
    if state.unused and level <= state.unused_level:
        state.blocks.append(state.unused)
        state.unused = None


def _take_article(state: _State, line: Line) -> bool:
    found = marks.article(line.text) if state.statute else None
    if not found:
        return False
    _use_heading(state, _ARTICLE_LEVEL)
    supplement = state.supplement if state.supplement.startswith("附則") else ""
    state.article = supplement + found.number
    state.article_title = found.title or state.caption
    state.caption, state.paragraph, state.lead = "", 1, ""
    state.item, state.item_style = 0, ""
    if found.text:
        _emit(state, line, found.text)
    else:
        state.unused, state.unused_level = _block(state, line, line.text), _ARTICLE_LEVEL
    return True


def _take_paragraph(state: _State, line: Line) -> bool:
    found = marks.paragraph(line.text)
    if not found or not (state.article or state.supplement.startswith("附則")):
        return False
    number, text = found
    begins_again = number == 1 and not _stands_here(state)
    if _next_item(state, line) or not (number == state.paragraph + 1 or begins_again):
        return False
    state.paragraph, state.lead = number, ""
    state.item, state.item_style = 0, ""
    state.paragraph_title, state.caption = state.caption, ""
    _emit(state, line, text)
    return True


def _next_item(state: _State, line: Line) -> marks.Item | None:
    """The item that a line opens, if it is the one that may come here."""
    found = marks.item(line.text, state.item_style) if state.article else None
    if not found or found.number != state.item + 1:
        return None
    if state.item == 0:
        return found if found.style in ("kanji", "bracket") or _stands_here(state) else None
    return found if found.style == state.item_style else None


def _take_item(state: _State, line: Line) -> bool:
    found = _next_item(state, line)
    if not found:
        return False
    if found.number == 1:
        state.lead = state.blocks[-1].text if _stands_here(state) else ""
    state.item, state.item_style, state.item_mark = found.number, found.style, found.mark
    _emit(state, line, found.text)
    return True


def _stands_here(state: _State) -> bool:
    """Whether the last block stands at the place where the reading is."""
    return bool(state.blocks and not state.unused and state.blocks[-1].locator == _place(state))


def _take_text(state: _State, line: Line) -> None:
    """A line that opens nothing: the rest of what stands before it, or a paragraph."""
    if state.article and _stands_here(state):
        last = state.blocks[-1]
        sure = lowest(last.ocr_confidence, line.ocr_confidence)
        state.blocks[-1] = replace(last, text=f"{last.text}\n{line.text}", ocr_confidence=sure)
    else:
        _emit(state, line, line.text)


def _emit(state: _State, line: Line, text: str) -> None:
    state.unused = None
    state.blocks.append(_block(state, line, text))


def _block(state: _State, line: Line, text: str) -> Block:
    headings = tuple(state.parts[k] for k in sorted(state.parts))
    place = _place(state)
    if state.article:
        headings += (f"{state.article} {state.article_title}".strip(),)
        headings += (state.lead,) if state.item and state.lead else ()
    elif state.paragraph_title:
        headings += (f"{place} {state.paragraph_title}",)
    return Block(
        text=text,
        locator=place or SEPARATOR.join(headings),
        headings=headings,
        page=line.page,
        mergeable=not state.article,
        ocr_confidence=line.ocr_confidence,
    )


def _place(state: _State) -> str:
    place = state.article or state.supplement
    if state.paragraph:
        place += f"第{state.paragraph}項"
    if state.item:
        place += state.item_mark
    return place
