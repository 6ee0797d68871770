"""Plain lines to blocks: chapters, articles, paragraphs, items, headings, paragraphs of text.

The levels of a Japanese law are 編 章 節 款 目 (headings), 条 (article, with branches such as
第12条の2), 項 (paragraph, numbered from 2), 号 (item, in kanji or bracketed figures), then
附則 (supplementary provisions) and 別表 (annexed tables).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from corpus.blocks import Block
from corpus.numerals import NUMERAL, normalise_numbers, to_int
from corpus.places import SEPARATOR

_PART = re.compile(rf"^第({NUMERAL})([編章節款目])((?:の{NUMERAL})*)(?:[\s　]+(.+))?$")
_CONTENTS = re.compile(r"^目[\s　]*次$")
_ARTICLE = re.compile(
    rf"^(?:[（(](?P<before>[^（）()]+)[）)][\s　]*)?"
    rf"第(?P<n>{NUMERAL})条(?P<branch>(?:の{NUMERAL})*)(?:[\s　]*[（(](?P<after>[^（）()]+)[）)][\s　]*|[\s　]+|$)(?P<text>.*)$"
)
_CAPTION = re.compile(r"^[（(]([^（）()]{1,40})[）)]$")
_PARAGRAPH = re.compile(r"^([0-9０-９]{1,2})[\s　]+(\S.*)$")
_ITEM = re.compile(rf"^(?:({NUMERAL})[\s　]+|[（(]({NUMERAL})[）)][\s　]*)(\S.*)$")
_SUPPLEMENT = re.compile(r"^附[\s　]*則(?:[\s　]*[（(](.+)[）)])?$")
_ANNEX = re.compile(
    rf"^(別[\s　]*表(?:第?{NUMERAL})?|様式第?{NUMERAL}号?|第{NUMERAL}号様式)(?:[\s　(（].*)?$"
)
_NUMBERED = re.compile(
    r"^(?:(第?[0-9０-９]+(?:[-‐.．・][0-9０-９]+)*[.．]?[\s　]+)"
    r"|([(（][0-9０-９]+[)）])|([①-⑳])|([ア-ン][\s　]))\S"
)
_PART_LEVEL = {"編": 1, "章": 2, "節": 3, "款": 4, "目": 5}
_LONGEST_HEADING = 40


@dataclass(frozen=True)
class Line:
    """A line of a document; ``level`` is that of a marked heading (h1 = 1), 0 for text."""

    text: str
    page: int | None = None
    level: int = 0


@dataclass
class _State:
    """Where the reading stands."""

    blocks: list[Block] = field(default_factory=list)
    parts: dict[int, str] = field(default_factory=dict)
    caption: str = ""
    supplement: str = ""
    article: str = ""
    article_title: str = ""
    paragraph: int = 0
    item: int = 0
    lead: str = ""
    in_contents: bool = False
    statute: bool = False


def structure(lines: list[Line]) -> list[Block]:
    """The blocks of a document, in order; no line of text is lost but tables of contents."""
    state = _State(statute=sum(bool(_article(line.text)) for line in lines) >= 2)
    for line in lines:
        text = line.text.strip()
        if text:
            _take(state, replace(line, text=text))
    return _with_single_paragraphs(state.blocks)


def _article(text: str) -> re.Match[str] | None:
    return _ARTICLE.match(text.strip())


def _take(state: _State, line: Line) -> None:
    if _skip_contents(state, line):
        return
    for reader in (_take_heading, _take_article, _take_paragraph, _take_item):
        if reader(state, line):
            return
    _take_text(state, line)


def _skip_contents(state: _State, line: Line) -> bool:
    """A table of contents repeats headings that come again: it is passed over."""
    if _CONTENTS.match(line.text):
        state.in_contents = True
        return True
    if not state.in_contents:
        return False
    entry = re.search(rf"[（(]第?{NUMERAL}条?.*[）)]$|[.…・‥]{{2,}}|[\s　]\d+$", line.text)
    if entry or line.text.replace("　", " ").strip() in ("附 則", "附則", "前文"):
        return True
    state.in_contents = False
    return False


def _take_heading(state: _State, line: Line) -> bool:
    part = _PART.match(line.text)
    supplement = _SUPPLEMENT.match(line.text)
    annex = _ANNEX.match(line.text)
    level = 0
    if part and len(line.text) <= _LONGEST_HEADING + 20:
        level = _PART_LEVEL[part.group(2)]
    elif line.level:
        level = line.level
    elif supplement or annex:
        level = 1
    elif not state.article and _is_numbered_heading(line.text):
        level = 6 + _numbering_level(line.text)
    if not level or (line.level and _article(line.text)):
        return False
    state.parts = {k: v for k, v in state.parts.items() if k < level}
    state.parts[level] = normalise_numbers(line.text) if part else line.text
    state.supplement = ""
    if supplement or annex:
        state.supplement = re.sub(r"[\s　]", "", (annex.group(1) if annex else "附則"))
        state.supplement = normalise_numbers(state.supplement)
    state.article, state.article_title, state.caption, state.lead = "", "", "", ""
    state.paragraph = state.item = 0
    return True


def _is_numbered_heading(text: str) -> bool:
    return (
        len(text) <= _LONGEST_HEADING
        and bool(_NUMBERED.match(text))
        and not text.endswith(("。", "、", "：", ":"))
    )


def _numbering_level(text: str) -> int:
    match = _NUMBERED.match(text)
    groups = match.groups() if match else ()
    return next((i for i, g in enumerate(groups) if g), 0)


def _take_article(state: _State, line: Line) -> bool:
    caption = _CAPTION.match(line.text)
    if caption and state.statute:
        state.caption = caption.group(1)
        return True
    match = _article(line.text)
    if not match or not state.statute:
        return False
    number = normalise_numbers(f"第{match['n']}条{match['branch']}")
    state.article = state.supplement + number
    state.article_title = match["before"] or match["after"] or state.caption
    state.caption, state.paragraph, state.item, state.lead = "", 1, 0, ""
    if match["text"].strip():
        _emit(state, line, match["text"].strip())
    return True


def _take_paragraph(state: _State, line: Line) -> bool:
    match = _PARAGRAPH.match(line.text)
    if not match or not (state.article or state.supplement.startswith("附則")):
        return False
    if to_int(match.group(1)) != state.paragraph + 1 and to_int(match.group(1)) != 1:
        return False
    state.paragraph, state.item, state.lead = to_int(match.group(1)), 0, ""
    _emit(state, line, match.group(2))
    return True


def _take_item(state: _State, line: Line) -> bool:
    match = _ITEM.match(line.text)
    if not match or not state.article:
        return False
    number = to_int(match.group(1) or match.group(2))
    if number != state.item + 1:
        return False
    if number == 1:
        state.lead = state.blocks[-1].text if state.blocks else ""
    state.item = number
    _emit(state, line, match.group(3))
    return True


def _take_text(state: _State, line: Line) -> None:
    """A line that opens nothing: the rest of what stands before it, or a paragraph."""
    last = state.blocks[-1] if state.blocks else None
    place = _place(state)
    if last and state.article and last.locator == place:
        state.blocks[-1] = replace(last, text=f"{last.text}\n{line.text}")
    else:
        _emit(state, line, line.text)


def _emit(state: _State, line: Line, text: str) -> None:
    headings = tuple(state.parts[k] for k in sorted(state.parts))
    if state.article:
        headings += (f"{state.article} {state.article_title}".strip(),)
        if state.item and state.lead:
            headings += (state.lead,)
    place = _place(state) or SEPARATOR.join(headings)
    state.blocks.append(
        Block(
            text=text,
            locator=place,
            headings=headings,
            page=line.page,
            mergeable=not state.article,
        )
    )


def _place(state: _State) -> str:
    base = state.article or (state.supplement if state.paragraph or state.supplement else "")
    if not base:
        return ""
    place = base
    if state.paragraph and (state.article or state.supplement.startswith("附則")):
        place += f"第{state.paragraph}項"
    if state.item:
        place += f"第{state.item}号"
    return place


def _with_single_paragraphs(blocks: list[Block]) -> list[Block]:
    """An article of one paragraph is cited without it: 第3条第4号, not 第3条第1項第4号."""
    several = {
        match.group(1)
        for block in blocks
        if (match := re.match(r"(.*?)第(?:[2-9]|\d\d)項", block.locator))
    }
    result = []
    for block in blocks:
        match = re.match(r"(.*?)第1項(.*)", block.locator)
        if match and match.group(1) and match.group(1) not in several:
            block = replace(block, locator=match.group(1) + match.group(2))
        result.append(block)
    return result
