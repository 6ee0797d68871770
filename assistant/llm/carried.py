"""Whether the sentences quoted from a passage carry a model's statement, and why not.

Each sentence of the statement must be one of the quoted sentences with nothing but allowed
changes (``derive``). Whatever is worded more freely is not carried, true or not: whether it
says the same cannot be told without understanding it.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.llm.derive import derives
from assistant.llm.marks import marks_disagree
from assistant.llm.names import surroundings
from assistant.llm.wordings import folded
from assistant.wording import unsupported_words
from corpus.datatypes import Passage
from corpus.sentences import split_sentences


def disagreement(text: str, passage: Passage, start: int, end: int) -> str:
    """Why the sentences quoted do not carry a statement in their language; "" where they do.

    Args:
        text: the statement.
        passage: what is quoted from.
        start: where the whole sentences quoted begin in its text.
        end: where they end.

    Returns:
        "", "numbers", "limits", "modality", "negation", "unsupported" or "roles".
    """
    before, quoted = _sentences(passage.text[:start]), _sentences(passage.text[start:end])
    title, headings = _above(passage)
    sources = [
        (source, surroundings(title, headings, [*before, *quoted[:place]]))
        for place, source in enumerate(quoted)
    ]
    for said in _sentences(text):
        if not any(derives(said, source, around) for source, around in sources):
            return _reason(said, "\n".join(quoted), [title, *headings])
    return ""


def _reason(said: str, carried: str, names: Sequence[str]) -> str:
    """What seems wrong with a sentence that is not carried; "roles" where only its order is."""
    reason = marks_disagree(said, carried)
    if reason:
        return reason
    return "unsupported" if unsupported_words(said, "\n".join([carried, *names])) else "roles"


def _above(passage: Passage) -> tuple[str, list[str]]:
    """The title and the headings above a passage, in its language."""
    japanese = passage.language == "ja"
    title = passage.document.title if japanese else passage.document.title_en
    locator = passage.locator if japanese else passage.locator_en
    headings = [folded(part) for part in (*locator.split("›"), *passage.headings)]
    return folded(title), [heading for heading in headings if heading]


def _sentences(text: str) -> list[str]:
    return [folded(text[s:e]) for s, e in split_sentences(text)]
