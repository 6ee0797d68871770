"""What kind of words a passage holds, in the words of the page."""

from __future__ import annotations

from assistant.words import Words
from corpus.datatypes import Passage


def standing_word(passage: Passage, words: Words) -> str:
    """The standing of a passage; in a report of an audit, opinions are the auditors'."""
    audited = passage.standing == "opinion" and passage.authority == "audit"
    return words("standing.audit_opinion" if audited else f"standing.{passage.standing}")
