"""A short question that leaves the conversation's subject, for its own or for none."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.datatypes import Query, Turn
from assistant.followup import points_back
from assistant.phrasebook import load_table
from assistant.understand import LONGEST, clean_text, language_of, understand
from index.concepts import find_concepts
from index.search import Index
from index.tokenization import words

_LOOKED_BACK = 3
"""Earlier questions that are looked at."""
_WORDS = 2
"""Words that a question of its own has at least: a single one ("How early?") may lean."""


def read_query(
    question: str, history: Sequence[Turn], language: str, as_of: str, index: Index
) -> Query:
    """The question as understood: without the conversation, where it turns aside from it.

    Arguments and errors are those of ``understand``.
    """
    history = _since_its_own(history, as_of, index)
    query = understand(question, history, language, as_of, index.terms)
    if query.standalone == query.question:
        return query
    if turns_aside(query.question, index) or has_its_own(query, index):
        return understand(question, (), language, as_of, index.terms)
    return query


def _since_its_own(history: Sequence[Turn], as_of: str, index: Index) -> Sequence[Turn]:
    """The conversation from its last question on that left the topic before for its own."""
    said = {
        place: clean_text(turn.content[:LONGEST])
        for place, turn in enumerate(history)
        if turn.role == "user"
    }
    asked = [(place, text) for place, text in said.items() if text]
    for place, text in reversed(asked[-_LOOKED_BACK:]):
        query = understand(text, history[:place], "auto", as_of, index.terms)
        if query.standalone != query.question and has_its_own(query, index):
            return history[place:]
    return history


def has_its_own(query: Query, index: Index) -> bool:
    """Whether a question that a topic was put in front of names its own, and is known without.

    It is nearer to a question that the documents answer when it stands alone than under the
    topic before (``own`` in ``language/followups.toml``). Fragments (締切は?) are known as well,
    but name nothing.
    """
    asked = query.question
    if asked not in query.standalone or points_back(asked, language_of(asked)):
        return False
    table = load_table("followups")
    kinds = {kind for group in table["replaceable"] for kind in group}
    if not any(c.category in kinds for c in find_concepts(asked, index.terms)):
        return False
    needed = table["own"]
    alone = index.known(asked)
    return bool(
        alone >= needed["known"] and alone >= index.known(query.standalone) + needed["nearer"]
    )


def turns_aside(question: str, index: Index) -> bool:
    """Whether none of a question's words stands in any document, and it is like no question that
    they answer (``aside`` in ``language/followups.toml``); one that points back never does."""
    said = words(question)
    if len(said) < _WORDS or any(word in index.keywords.frequencies for word in said):
        return False
    if points_back(question, language_of(question)) or not index.asked.faiss_index.ntotal:
        return False
    vectors = index.encoder.encode_queries([question])
    nearest, _ = index.asked.faiss_index.search(vectors, 1)
    return float(nearest[0, 0]) < float(load_table("followups")["aside"])
