"""Words of a question that nothing found holds, and what each such word tells.

A question after a fee is hardly answered by passages without the word; that they lack the word
"tell" says nothing. How much a word that is missing speaks for or against an answer was learnt
from known questions with and without one (``eval.unheld``) and stands in
``language/unheld.tsv``; a word that does not stand there tells nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

from corpus.datatypes import Passage
from index.tokenization import every_word

FILE = Path(__file__).with_name("language") / "unheld.tsv"


def unheld_words(question: str, passages: Sequence[Passage]) -> frozenset[str]:
    """The words of a question that stand in none of the passages, their headings and titles.

    Args:
        question: the question, on its own.
        passages: what was found, with the same passages in the other language.
    """
    held: set[str] = set()
    for passage in passages:
        document = passage.document
        held |= every_word(passage.text)
        held |= every_word("\n".join((document.title, document.title_en, *passage.headings)))
    return every_word(question) - held


def told_by(missing: Iterable[str]) -> float:
    """What the words that are missing tell together: above 0 for an answer, below against."""
    weights = load_weights()
    return sum(weights.get(word, 0.0) for word in missing)


@cache
def load_weights() -> Mapping[str, float]:
    """The weight of each word in ``language/unheld.tsv``."""
    return MappingProxyType(read_weights(FILE))


def read_weights(path: Path) -> dict[str, float]:
    """The weight of each word in a file.

    Raises:
        ValueError: a line is no word, tab and number; names file and line.
    """
    weights = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        word, _, weight = line.partition("\t")
        try:
            weights[word] = float(weight)
        except ValueError as error:
            raise ValueError(
                f"{path} line {number}: expected a word, a tab and a number, found {line!r}; "
                "correct the line or fit the file again with python -m eval.unheld."
            ) from error
    return weights
