"""A short question that leans on the one before it, worded so that it stands alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from assistant.address import find_addresses
from assistant.datatypes import Turn
from assistant.phrasebook import load_table
from corpus.numerals import NUMERAL
from index.concepts import find_concepts
from index.terms import Match, TermList
from index.tokenization import english_stems, normalise, words

_JAPANESE = re.compile(r"[぀-ヿ一-鿿]")
_WORD = re.compile(r"[A-Za-zÀ-ž]['’A-Za-zÀ-ž-]*")
_ARTICLE = re.compile(r"\b(an?|the)\s+$", re.IGNORECASE)
_LOOKED_BACK = 6
_TOPICS = 4
_READ = 2_000
"""Characters of an earlier message that are read."""


def stand_alone(question: str, history: Sequence[Turn], language: str, terms: TermList) -> str:
    """The question worded to stand alone: itself where it already does.

    A word of the same kind (another partner, another document, another year) takes the place
    of the one in the question before; otherwise that question's topic is put in front.
    """
    if not history or not leans(question, language, terms):
        return question
    before = _last_question(history, terms)
    if not before:
        return question
    if bool(_JAPANESE.search(before)) == (language == "ja"):
        swapped = _swap(before, question, language, terms)
        if swapped:
            return swapped
    topic = _topic(before, question, language, terms)
    if not topic or _asks_for_itself(question, language, terms):
        return question
    template = str(load_table("followups")[f"join_{language}"])
    return template.format(topic=topic, question=question)


def leans(question: str, language: str, terms: TermList) -> bool:
    """Whether a question may need the one before it to be understood."""
    table = load_table("followups")
    plain = normalise(question)
    if plain.strip("。.!?、 ") in table["apart"]:
        return False
    said = len(find_concepts(question, terms))
    if points_back(question, language):
        return said <= int(table["stands"])
    size = len(plain) if language == "ja" else len(plain.split())
    return size <= int(table[f"short_{language}"]) and said <= int(table["few"])


def points_back(question: str, language: str) -> bool:
    """Whether a question says that it belongs to what came before (では, それも, and …)."""
    table, plain = load_table("followups"), normalise(question)
    opens = any(plain.startswith(opening) for opening in table[f"opens_{language}"])
    return opens or any(part in f" {plain} " for part in table[f"holds_{language}"])


def _asks_for_itself(question: str, language: str, terms: TermList) -> bool:
    """Whether a question that does not point back has a subject of its own."""
    if points_back(question, language):
        return False
    if find_addresses(question):
        return True
    named = [c for c in find_concepts(question, terms) if c.category]
    plain = normalise(question)
    defines = any(form in plain for form in load_table("followups")[f"defines_{language}"])
    return len(named) >= (1 if defines else 2)


def _last_question(history: Sequence[Turn], terms: TermList) -> str:
    """The user's last question, itself made stand-alone by what came before it."""
    asked = [i for i, turn in enumerate(history) if turn.role == "user" and turn.content.strip()]
    if not asked:
        return ""
    last = asked[-1]
    readable = history[last].content[:_READ].encode("utf-8", "ignore").decode("utf-8")
    said = " ".join(readable.split())
    language = "ja" if _JAPANESE.search(said) else "en"
    return stand_alone(said, history[:last][-_LOOKED_BACK:], language, terms)


def _swap(before: str, question: str, language: str, terms: TermList) -> str:
    """The question before, with its partner (document ...) replaced by this question's."""
    numbered = _swap_numbered(before, question, language)
    if numbered:
        return numbered
    new = [m for m in terms.find(question) if _group(m)]
    old = [m for m in terms.find(before) if _group(m)]
    tail = re.compile(str(load_table("followups")[f"tail_{language}"]))
    for match in new:
        for candidate in old:
            same = _group(match) == _group(candidate) and match.term.ja != candidate.term.ja
            start, end = _span(match, question)
            alone = not any(m.term.category for m in terms.find(question[:start]))
            if same and end and alone and tail.fullmatch(question[end:]):
                return _replace(before, candidate, match, question)
    return ""


def _swap_numbered(before: str, question: str, language: str) -> str:
    """第4期 for 第1期, 2019年度 for 2018年度, where that is all that the question says."""
    for ending in load_table("followups")[f"numbered_{language}"]:
        form = rf"(?:第|令和|平成)?{NUMERAL}{ending}" if language == "ja" else rf"\b{ending}\s?\d+"
        pattern = re.compile(form, re.IGNORECASE)
        new, old = pattern.search(question), pattern.search(before)
        if new and old and new.group() != old.group():
            rest = [w for w in words(question.replace(new.group(), " ")) if w not in words(before)]
            return before[: old.start()] + new.group() + before[old.end() :] if not rest else ""
    return ""


def _group(match: Match) -> int:
    """Which group of words that may take each other's place a term is in, from 1; 0: none."""
    groups = load_table("followups")["replaceable"]
    return next((i for i, g in enumerate(groups, 1) if match.term.category in g), 0)


def _replace(before: str, old: Match, new: Match, question: str) -> str:
    start, end = _span(old, before)
    if start == end:
        return ""
    first, last = _span(new, question)
    word = question[first:last] or new.term.ja
    head = before[:start]
    own, theirs = _ARTICLE.search(question[:first]), _ARTICLE.search(head)
    if own and theirs:
        head = head[: theirs.start(1)] + own.group()
    return head + word + before[end:]


def _span(match: Match, text: str) -> tuple[int, int]:
    """Where a term stands in a text as it was typed; (0, 0) where that cannot be told."""
    found = re.search(re.escape(match.surface), text, re.IGNORECASE)
    if found and not match.surface.isascii():
        return found.span()
    tokens = list(_WORD.finditer(text))
    for i, first in enumerate(tokens):
        for last in tokens[i : i + 6]:
            stretch = text[first.start() : last.end()]
            if english_stems(stretch) == match.surface.split() and english_stems(first.group()):
                return first.start(), last.end()
    plain = unicodedata.normalize("NFKC", text)
    at = plain.lower().find(match.surface)
    return (at, at + len(match.surface)) if at >= 0 and len(plain) == len(text) else (0, 0)


def _topic(before: str, question: str, language: str, terms: TermList) -> str:
    """What the question before was about, in the language of this one."""
    own = {m.term.category for m in terms.find(question) if _group(m)}
    matches = [m for m in terms.find(before) if m.term.category not in own]
    if bool(_JAPANESE.search(before)) == (language == "ja"):
        spans = dict.fromkeys(_span(m, before) for m in matches)
        named = [before[start:end] for start, end in spans if start < end]
    else:
        named = [m.term.ja if language == "ja" else m.term.en[0] for m in matches]
    joiner = "・" if language == "ja" else ", "
    return joiner.join(list(dict.fromkeys(named))[:_TOPICS]) or before.rstrip("?？。. ")
