"""How an article of one paragraph is cited: without the paragraph's number."""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.blocks import Block

_SINGLE = re.compile(
    r"^((?:附則(?:（[^）]*）)?)?(?:第\d+条(?:の\d+)*)?)第(\d+)項((?:第\d+号|[①-⑳ア-ン])?)$"
)


def with_single_paragraphs(blocks: list[Block]) -> list[Block]:
    """An article of one paragraph is cited without it: 第3条第4号, not 第3条第1項第4号."""
    places = [_SINGLE.match(block.locator) for block in blocks]
    several = {match.group(1) for match in places if match and match.group(2) != "1"}
    result = []
    for block, match in zip(blocks, places, strict=True):
        if match and match.group(1) and match.group(1) not in several:
            block = replace(block, locator=match.group(1) + match.group(3))
        result.append(block)
    return result
