"""Documents as FORMAT.md describes them: headings, provisions, renderings, item lines."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import cast

from corpus.blocks import Block
from corpus.datatypes import Standing
from corpus.errors import DocumentError
from corpus.frontmatter import authority_of, date_of
from corpus.places import locator

_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_ITEMS = ("出典", "事実", "位置付け", "性格", "施行日", "失効日")
_ITEM = re.compile(rf"^({'|'.join(_ITEMS)})[:：]\s*(.*)$")
_ITEM_LIKE = re.compile(r"^([^\W\d_a-zA-Z]{1,8})[:：]\s*(\S.*)$")
_FENCE = re.compile(r"^(?:```|~~~)")
_RULE = re.compile(r"^\|?\s*:?-{3,}")


@dataclass(frozen=True)
class _Section:
    """A heading with what stands under it, before the next heading.

    ``items_below`` stand before the text: they hold for all that stands below the heading.
    """

    level: int
    heading: str
    heading_en: str
    lines: tuple[str, ...]
    items: dict[str, str]
    items_below: dict[str, str]


def read_markdown(text: str, name: str) -> list[Block]:
    """The provisions of a Markdown document, in order.

    Raises:
        DocumentError: on an item line with a key or a value that is none of the known ones.
    """
    blocks: list[Block] = []
    chain: list[_Section] = []
    sections = _sections(text, name)
    for i, section in enumerate(sections):
        while chain and chain[-1].level >= section.level:
            chain.pop()
        chain.append(section)
        deeper = i + 1 < len(sections) and sections[i + 1].level > section.level
        blocks += _provisions(chain, name, deeper)
    return blocks


def _sections(text: str, name: str) -> list[_Section]:
    sections: list[_Section] = []
    level, heading, lines = 0, "", list[str]()
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if mark and (not fence or mark.group() == fence):
            fence = "" if fence else mark.group()
            lines.append("")
            continue
        match = None if fence else _HEADING.match(line)
        if match:
            sections.append(_section(level, heading, lines, name))
            level, heading, lines = len(match.group(1)), match.group(2), []
        else:
            lines.append(line)
    sections.append(_section(level, heading, lines, name))
    return [s for s in sections if s.heading or s.lines or s.items_below]


def _section(level: int, heading: str, lines: list[str], name: str) -> _Section:
    japanese, _, english = heading.partition(" | ")
    items: dict[str, str] = {}
    items_below: dict[str, str] = {}
    body: list[str] = []
    after_item = False
    for line in lines:
        match = _ITEM.match(line)
        if match:
            target = items if any(b.strip() for b in body) else items_below
            target[match.group(1)] = match.group(2).strip()
        else:
            _refuse_unknown_item(line, after_item, name)
            body.append(line)
        after_item = bool(match)
    if not any(line.strip() for line in body):
        body = []
    return _Section(level, japanese.strip(), english.strip(), tuple(body), items, items_below)


def _refuse_unknown_item(line: str, after_item: bool, name: str) -> None:
    """A line like an item line, with a key that is none: 出展: https://… or below 出典."""
    match = _ITEM_LIKE.match(line)
    if match and (after_item or match.group(2).startswith(("http://", "https://"))):
        raise DocumentError(
            f"{name}: unknown item line {match.group(1)!r}; known are {', '.join(_ITEMS)}."
        )


def _provisions(chain: list[_Section], name: str, deeper: bool) -> list[Block]:
    """The provision under the last heading; a heading with nothing below it is itself text."""
    section = chain[-1]
    if not section.lines:
        above = chain[:-1]
        if deeper or not section.heading:
            return []
        return [_block(above, [section.heading], [], [*above, section], name)]
    originals, renderings = _paragraphs(section.lines)
    block = _block(chain, originals, renderings, chain, name)
    return [block] if block.text else []


def _block(
    chain: list[_Section],
    originals: list[str],
    renderings: list[str],
    covered_by: list[_Section],
    name: str,
) -> Block:
    headings = tuple(s.heading for s in chain if s.heading)
    headings_en = tuple(s.heading_en for s in chain if s.heading_en)
    block = Block(
        text="\n".join(originals),
        rendering="\n".join(renderings),
        locator=locator(headings),
        locator_en=locator(headings_en),
        headings=headings,
        headings_en=headings_en,
        mergeable=not (renderings or covered_by[-1].items or covered_by[-1].items_below),
    )
    for outer in covered_by:
        block = _with_items(block, outer.items_below, name)
    return _with_items(block, covered_by[-1].items, name)


def _paragraphs(lines: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Paragraphs of the text, and those of its rendering (``> `` lines in English, after it).

    A quotation that is no rendering is text like any other.
    """
    originals: list[str] = []
    renderings: list[str] = []
    joinable: list[str] | None = None
    was_quoted = False
    for line in lines:
        quoted = line.startswith(">")
        content = line.lstrip("> ").strip() if quoted else line.strip()
        english = originals and (_is_english(content) or joinable is renderings)
        target = renderings if quoted and english else originals
        if not content or _RULE.match(content):
            joinable = None
        elif (
            joinable is target
            and quoted == was_quoted
            and not re.match(r"[-*・|]|\d+[.)]\s", content)
        ):
            target[-1] = _join(target[-1], content)
        else:
            target.append(content)
            joinable = target
        was_quoted = quoted
    return originals, renderings


def _is_english(text: str) -> bool:
    """Whether a line has more Latin letters than kana and kanji."""
    return len(re.findall(r"[A-Za-z]", text)) > len(re.findall(r"[ぁ-ヿ㐀-鿿]", text))


def _join(first: str, second: str) -> str:
    """One paragraph of two lines: a space between Latin words, none in Japanese."""
    latin = first[-1:].isascii() and second[:1].isascii()
    return f"{first} {second}" if latin else first + second


def _with_items(block: Block, items: dict[str, str], name: str) -> Block:
    changes: dict[str, object] = {}
    if items.get("出典"):
        changes["source"] = items["出典"]
    if items.get("事実"):
        changes["facts"] = tuple(f.strip() for f in re.split(r"[,、]", items["事実"]) if f.strip())
    if items.get("位置付け"):
        changes["authority"] = authority_of(items["位置付け"], name)
    if items.get("性格"):
        changes["standing"] = _standing(items["性格"], name)
    if items.get("施行日"):
        changes["effective_from"] = date_of(items["施行日"], name)
    if items.get("失効日"):
        changes["effective_until"] = date_of(items["失効日"], name)
    return replace(block, **changes)  # type: ignore[arg-type]


def _standing(word: str, name: str) -> Standing:
    known = standings()
    if word not in known:
        raise DocumentError(f"{name}: 性格 is {word!r}; expected one of {', '.join(known)}.")
    return known[word]


@cache
def standings() -> dict[str, Standing]:
    """What each word of the line 性格 means, from kinds.toml."""
    with Path(__file__).with_name("kinds.toml").open("rb") as file:
        return cast(dict[str, Standing], tomllib.load(file)["standings"])
