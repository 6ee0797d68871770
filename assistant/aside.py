"""A short question that leaves the conversation's subject for what no document speaks of."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.datatypes import Query, Turn
from assistant.followup import points_back
from assistant.phrasebook import load_table
from assistant.understand import language_of, understand
from index.search import Index
from index.tokenization import words

_WORDS = 2
"""Words that a question of its own has at least: a single one ("How early?") may lean."""


def read_query(
    question: str, history: Sequence[Turn], language: str, as_of: str, index: Index
) -> Query:
    """The question as understood: without the conversation, where it turns aside from it.

    Arguments and errors are those of ``understand``.
    """
    query = understand(question, history, language, as_of, index.terms)
    if query.standalone != query.question and turns_aside(query.question, index):
        return understand(question, (), language, as_of, index.terms)
    return query


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
