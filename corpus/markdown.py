"""Documents as FORMAT.md describes them: headings, provisions, renderings, item lines."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import cast

from corpus.blocks import Block
from corpus.datatypes import Standing
from corpus.errors import DocumentError
from corpus.frontmatter import authority_of, date_of
from corpus.places import locator

_HEADING = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_ITEM = re.compile(r"^(出典|事実|位置付け|性格|施行日|失効日)[::]\s*(.*)$")
_RULE = re.compile(r"^\|?\s*:?-{3,}")


@dataclass(frozen=True)
class _Section:
    """A heading with what stands under it, before the next heading."""

    level: int
    heading: str
    heading_en: str
    lines: tuple[str, ...]
    items: dict[str, str] = field(default_factory=dict)
    covers_below: bool = False


def read_markdown(text: str, name: str) -> list[Block]:
    """The provisions of a Markdown document, in order.

    Raises:
        DocumentError: on an item line with a value that is none of the known ones.
    """
    blocks: list[Block] = []
    chain: list[_Section] = []
    for section in _sections(text):
        while chain and chain[-1].level >= section.level:
            chain.pop()
        chain.append(section)
        blocks += _provisions(chain, name)
    return blocks


def _sections(text: str) -> list[_Section]:
    sections: list[_Section] = []
    level, heading, lines = 0, "", list[str]()
    for line in text.split("\n"):
        match = _HEADING.match(line)
        if match:
            sections.append(_section(level, heading, lines))
            level, heading, lines = len(match.group(1)), match.group(2), []
        else:
            lines.append(line)
    sections.append(_section(level, heading, lines))
    return [s for s in sections if s.heading or s.lines]


def _section(level: int, heading: str, lines: list[str]) -> _Section:
    japanese, _, english = heading.partition(" | ")
    items: dict[str, str] = {}
    body: list[str] = []
    covers_below = False
    for line in lines:
        match = _ITEM.match(line)
        if match:
            covers_below = covers_below or not any(b.strip() for b in body)
            items[match.group(1)] = match.group(2).strip()
        else:
            body.append(line)
    while body and not body[-1].strip():
        body.pop()
    if not any(line.strip() for line in body):
        body = []
    return _Section(level, japanese.strip(), english.strip(), tuple(body), items, covers_below)


def _provisions(chain: list[_Section], name: str) -> list[Block]:
    section = chain[-1]
    if not section.lines:
        return []
    originals, renderings = _paragraphs(section.lines)
    headings = tuple(s.heading for s in chain if s.heading)
    headings_en = tuple(s.heading_en for s in chain if s.heading_en)
    block = Block(
        text="\n".join(originals),
        rendering="\n".join(renderings),
        locator=locator(headings),
        locator_en=locator(headings_en),
        headings=headings,
        headings_en=headings_en,
        mergeable=not section.items and not renderings,
    )
    for outer in chain[:-1]:
        if outer.covers_below:
            block = _with_items(block, outer.items, name)
    return [_with_items(block, section.items, name)] if block.text else []


def _paragraphs(lines: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Paragraphs of the text, and those of its rendering (the ``> `` lines)."""
    originals: list[str] = []
    renderings: list[str] = []
    joinable: list[str] | None = None
    for line in lines:
        quoted = line.startswith(">")
        content = line[1:].strip() if quoted else line.strip()
        target = renderings if quoted else originals
        if not content or _RULE.match(content):
            joinable = None
        elif joinable is target and not re.match(r"[-*・|]|\d+[.)]\s", content):
            target[-1] = _join(target[-1], content)
        else:
            target.append(content)
            joinable = target
    return originals, renderings


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
