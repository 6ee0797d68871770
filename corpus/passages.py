"""Blocks to passages: neither fragments nor pages, each with a stable id."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

from corpus.blocks import Block, lowest
from corpus.datatypes import Document, Passage
from corpus.places import slug
from corpus.sentences import split_sentences
from corpus.suspicious import is_suspicious

SHORTEST = 120
"""Characters under which a paragraph is joined with the next one under the same heading."""
LONGEST = 700
"""Characters over which a block is cut at a sentence's end."""


def make_passages(document: Document, blocks: tuple[Block, ...]) -> list[Passage]:
    """The passages of a document, in order; a rendering follows its original."""
    taken: dict[str, int] = {}
    passages: list[Passage] = []
    for block in _cut(_merge(blocks)):
        original = _passage(document, block, taken)
        if not block.rendering:
            passages.append(original)
            continue
        rendering = replace(
            original,
            passage_id=f"{original.passage_id}.en",
            text=block.rendering,
            language="en",
            headings=block.headings_en or block.headings,
            rendering=True,
            counterpart=original.passage_id,
        )
        passages += [replace(original, counterpart=rendering.passage_id), rendering]
    return passages


def _passage(document: Document, block: Block, taken: dict[str, int]) -> Passage:
    authority = block.authority or document.authority
    sources = re.split(r"\s+(?=https?://)", (block.source or document.source).strip())
    return Passage(
        passage_id=_identify(document, block, taken),
        document=document,
        locator=block.locator or (f"{block.page}ページ" if block.page else "本文"),
        text=block.text,
        language=document.language,
        headings=block.headings,
        locator_en=block.locator_en,
        page=block.page,
        standing=block.standing,
        authority=authority,
        source=sources[0],
        more_sources=tuple(sources[1:]),
        effective_from=block.effective_from or document.effective_from,
        effective_until=block.effective_until or document.effective_until,
        facts=block.facts,
        ocr_confidence=block.ocr_confidence,
        suspicious=any(map(is_suspicious, (block.text, block.rendering, *block.headings))),
    )


def _identify(document: Document, block: Block, taken: dict[str, int]) -> str:
    """Document, place and a digest of place and text: same text and place, same id."""
    digest = hashlib.sha256(f"{block.locator}\n{block.text}".encode()).hexdigest()[:8]
    name = f"{document.document_id}:{slug(block.locator)}:{digest}"
    taken[name] = taken.get(name, 0) + 1
    return name if taken[name] == 1 else f"{name}-{taken[name]}"


def _merge(blocks: tuple[Block, ...]) -> list[Block]:
    merged: list[Block] = []
    for block in blocks:
        last = merged[-1] if merged else None
        if last and _belongs(last, block):
            sure = lowest(last.ocr_confidence, block.ocr_confidence)
            merged[-1] = replace(last, text=f"{last.text}\n{block.text}", ocr_confidence=sure)
        else:
            merged.append(block)
    return merged


def _belongs(last: Block, block: Block) -> bool:
    return (
        last.mergeable
        and block.mergeable
        and last.locator == block.locator
        and last.standing == block.standing
        and last.page == block.page
        and min(len(last.text), len(block.text)) < SHORTEST
        and len(last.text) + len(block.text) < LONGEST
    )


def _cut(blocks: list[Block]) -> list[Block]:
    pieces: list[Block] = []
    for block in blocks:
        if len(block.text) <= LONGEST or block.rendering:
            pieces.append(block)
        else:
            pieces += [replace(block, text=text) for text in _cut_text(block.text)]
    return pieces


def _cut_text(text: str) -> list[str]:
    """Stretches of whole sentences, each up to LONGEST where a sentence allows it."""
    pieces: list[str] = []
    start = end = None
    for begin, stop in split_sentences(text):
        if start is not None and end is not None and stop - start > LONGEST:
            pieces.append(text[start:end])
            start = None
        if start is None:
            start = begin
        end = stop
    if start is not None:
        pieces.append(text[start:end])
    return [cut for piece in pieces for cut in _hard_cut(piece)]


def _hard_cut(piece: str) -> list[str]:
    """A single sentence of unreasonable length, cut by size."""
    size = LONGEST * 2
    return [piece[i : i + size] for i in range(0, len(piece), size)]
