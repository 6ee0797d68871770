"""Reports of audits: which words are findings, and which are the auditors' opinions."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import cast

from corpus.blocks import Block
from corpus.datatypes import Standing

_NUMBER = r"[\s　]*[0-9０-９①-⑳一二三四五六七八九十.．\-－ー]*[\s　]*"


def with_standings(blocks: Iterable[Block]) -> list[Block]:
    """The blocks of an audit report, each with the standing that its marks give it.

    A block is marked by its own first words (【指摘】, （意見2）, 指摘事項：), by the nearest
    heading that is such a mark, or by the block before it under the same headings.
    """
    marked: list[Block] = []
    carried: Standing | None = None
    above: tuple[str, ...] | None = None
    for block in blocks:
        own = _of(block.text, _opening())
        if block.headings != above:
            above, carried = block.headings, None
        carried = own or carried
        heading = next((s for h in reversed(block.headings) if (s := _of(h, _heading()))), None)
        found = carried or heading
        plain = block.standing == "provision"
        marked.append(replace(block, standing=found) if found and plain else block)
    return marked


def _of(text: str, pattern: re.Pattern[str]) -> Standing | None:
    match = pattern.search(text)
    return _words()[match.group("word")] if match else None


@cache
def _opening() -> re.Pattern[str]:
    """【指摘1】, （意見）, 指摘事項：, 意見　at the very beginning."""
    bracketed = rf"[【［\[（(〔＜<《]{_NUMBER}(?:{_either()}){_NUMBER}[】］\])）〕＞>》]"
    plain = rf"(?:{_either()}){_NUMBER}[：:]"
    return re.compile(rf"^(?={bracketed}|{plain})[^\w]*{_NUMBER}(?P<word>{_either()})")


@cache
def _heading() -> re.Pattern[str]:
    """(3) 指摘事項, 【意見】…, 第2　監査の結果（指摘）: a heading that is or holds a mark."""
    return re.compile(
        rf"(?:^|[【［（(〔\s　．.)）])(?P<word>{_either()})(?:[】］）)〕\s　：:0-9０-９①-⑳]|$)"
    )


def _either() -> str:
    return "|".join(map(re.escape, sorted(_words(), key=len, reverse=True)))


@cache
def _words() -> dict[str, Standing]:
    with Path(__file__).with_name("kinds.toml").open("rb") as file:
        return cast(dict[str, Standing], tomllib.load(file)["audit_marks"])
