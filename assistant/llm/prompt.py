"""What a model is given: the question, the case, the guide and the passages, all as data.

Everything that comes from a person or a document stands between delimiters with a word that
is drawn anew each time. Characters that delimiters, roles and mark-up are made of are put in
full width there: NFKC folds them back, so that a quote is still found in its passage.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from assistant.datatypes import Answer, Language, Query
from assistant.llm.client import Message
from assistant.markup import visible
from assistant.phrasebook import load_table, phrase
from corpus.datatypes import Passage
from corpus.suspicious import is_suspicious

PASSAGES = 8
"""Passages that a model is given at most."""
PER_DOCUMENT = 4
"""Passages of one document among them: no document may fill the context."""
LONGEST = 1_500
"""Characters of one passage."""
_ID_BYTES = 3
_VARIATION = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u00ad\u180e\ufff9-\ufffb]")
_WIDE = {ord(c): chr(ord(c) + 0xFEE0) for c in "<>|[]{}`#"}
_ROLE = re.compile(r"(?im)\b(system|assistant|user|developer|human|tool)(\s*):")


@dataclass(frozen=True)
class Prompt:
    """The messages for a model, and the passages by the ids that it may cite."""

    messages: tuple[Message, ...]
    passages: Mapping[str, Passage]


def write_prompt(
    query: Query,
    answer: Answer,
    passages: Sequence[Passage],
    draw: Callable[[], str] = lambda: secrets.token_hex(_ID_BYTES),
) -> Prompt:
    """The prompt for one question.

    Args:
        query: the question as understood.
        answer: our own answer; a guide's verdict and its case are told to the model.
        passages: what may be cited, best first; see ``choose``.
        draw: gives a new random word.
    """
    texts = [query.question, query.standalone, *(p.text for p in passages)]
    asked, case, *own = fresh_ids(len(passages) + 2, "\n".join(texts), draw)
    language = query.language
    blocks = [
        _block(asked, "question", query.standalone),
        *_case(case, answer, language),
        *(_passage(p, i, language) for p, i in zip(passages, own, strict=True)),
    ]
    closing = told(language, "closing").format(ids=", ".join(own))
    return Prompt(
        messages=(
            {"role": "system", "content": told(language, "system")},
            {"role": "user", "content": "\n\n".join([*blocks, closing])},
        ),
        passages=MappingProxyType(dict(zip(own, passages, strict=True))),
    )


def choose(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The passages that a model is given: each once, few of one document."""
    chosen: dict[str, Passage] = {}
    counts: dict[str, int] = {}
    for passage in passages:
        document = passage.document.document_id
        if passage.unit in chosen or counts.get(document, 0) >= PER_DOCUMENT:
            continue
        chosen[passage.unit] = passage
        counts[document] = counts.get(document, 0) + 1
        if len(chosen) == PASSAGES:
            break
    return tuple(chosen.values())


def as_data(text: str) -> str:
    """A text in which nothing can be taken for a delimiter, a role or mark-up.

    Characters that cannot be seen are dropped; the others stay in number and, after NFKC, in
    kind.
    """
    plain = _VARIATION.sub("", visible(text)).translate(_WIDE)
    return _ROLE.sub(lambda match: f"{match[1]}{match[2]}\uff1a", plain)


def fresh_ids(
    count: int, texts: str, draw: Callable[[], str] = lambda: secrets.token_hex(_ID_BYTES)
) -> list[str]:
    """Random words that stand in none of the texts (in lower case), each different."""
    texts = texts.lower()
    ids: list[str] = []
    while len(ids) < count:
        drawn = draw()
        if drawn not in texts and drawn not in ids:
            ids.append(drawn)
    return ids


def _block(word: str, name: str, text: str, about: str = "") -> str:
    head = " ".join(part for part in (name, word, about) if part)
    return f"<<<{head}>>>\n{as_data(text)}\n<<<end {word}>>>"


def _passage(passage: Passage, own: str, language: Language) -> str:
    document = passage.document
    title = document.title_en if language == "en" and document.title_en else document.title
    place = passage.locator_en if language == "en" and passage.locator_en else passage.locator
    names = [passage.authority, "binding" if passage.binding else "not_binding"]
    weight = [phrase(language, "authority", name) for name in names]
    standing = phrase(language, "lead", passage.standing).rstrip(": ")
    doubt = told(language, "suspicious") if doubtful(passage) else ""
    about = " / ".join(part for part in (f"{title} {place}", *weight, standing, doubt) if part)
    return _block(own, "passage", passage.text[:LONGEST], f"| {as_data(about)}")


def doubtful(passage: Passage) -> bool:
    """Whether a passage speaks to an assistant instead of its reader."""
    return passage.suspicious or is_suspicious(passage.text)


def told(language: Language, name: str) -> str:
    """What a model is told in a language, from ``language/model.toml``."""
    return str(load_table("model")["prompt"][language][name])


def _case(word: str, answer: Answer, language: Language) -> list[str]:
    """The guide's verdict and criteria with what is known of the case, where a guide serves."""
    verdict = answer.verdict
    if not verdict:
        return []
    rows = [str(verdict["heading"]), str(verdict["words"])]
    for criterion in verdict["criteria"]:
        state = phrase(language, "verdict", criterion["state"])
        said = f" ({criterion['words']})" if criterion["words"] else ""
        rows.append(f"- {state}: {criterion['name']}{said}")
    return [_block(word, "case", "\n".join(rows))]
