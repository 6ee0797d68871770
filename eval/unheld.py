"""Learn what a question's missing words tell: ``python -m eval.unheld --help``.

From the questions that are known to be answered by the bundled documents, and from those that
are known not to be. No evaluation question is read.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from assistant.answerable import read_for
from assistant.aside import read_query
from assistant.near_misses import read_lines
from assistant.retrieve import retrieve
from assistant.settings import load_settings
from assistant.unheld import FILE, unheld_words
from corpus.folder import BUNDLED
from index import Hit, Index, load_index
from index.asked import read_asked
from index.dense import pick_rows

FEWEST = 3
"""Questions in which a word must be missing for its weight to be kept. On the development questions
words missing once or twice too give no better refusal."""
PENALTY = 3.0
"""scikit-learn's C. Cross-validated refusal F1 of the development questions, weights of the other
evidence fitted anew: 0.900 for 1, 0.910 for 3; 0.883 without these words."""
Missing = frozenset[str]


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask all known questions, fit, and write the weights.

    Args:
        arguments: The command line; None takes the process's own.

    Returns:
        0 when the file was written.
    """
    parser = argparse.ArgumentParser(prog="python -m eval.unheld", description=__doc__)
    parser.add_argument("--index", type=Path, help="an index of the bundled documents")
    parser.add_argument("--output", type=Path, default=FILE, help=f"default {FILE.name}")
    options = parser.parse_args(arguments)
    settings = load_settings()
    index = load_index(options.index or settings.index, settings.model)
    answered, unanswered = list(answered_without(index)), list(unanswered_without(index))
    write(fit(answered, unanswered), options.output, len(answered), len(unanswered))
    return 0


def answered_without(index: Index) -> Iterator[Missing]:
    """For each known question with an answer, its words that the answer lacks.

    What is looked at is the passage that answers it and the best two others that are found
    where nothing is known of what people ask: the question itself would lead straight to it.
    """
    asked, _ = read_asked([BUNDLED], index.passages)
    places: dict[str, int] = {}
    for question, owner in zip(asked.questions, asked.owners, strict=True):
        # What leads to "not known here" is neither answered nor unanswered.
        if index.passages[owner].standing != "gap":
            places.setdefault(question, owner)
    nothing = np.zeros(0, dtype=np.intp)
    unasked = replace(index, asked=pick_rows(index.asked, nothing), crowded=None)
    for question, owner in places.items():
        own = {owner, int(index.partners[owner])}
        others = [
            h for h in _found(unasked, question) if index.numbers[h.passage.passage_id] not in own
        ]
        first = Hit(index.passages[owner], 1, 1.0, 1.0, 1.0)
        yield unheld_words(question, read_for(index, [first, *others[:2]]))


def unanswered_without(index: Index) -> Iterator[Missing]:
    """For each known question without an answer, its words that what is found lacks."""
    for question in read_lines():
        yield unheld_words(question, read_for(index, _found(index, question)))


def _found(index: Index, question: str) -> tuple[Hit, ...]:
    day = datetime.date.today().isoformat()
    return retrieve(index, read_query(question, (), "auto", day, index)).hits


def fit(answered: Sequence[Missing], unanswered: Sequence[Missing]) -> dict[str, float]:
    """The weight of each word in a logistic model of which questions are answered.

    Args:
        answered: the missing words of each question that is answered.
        unanswered: those of each that is not.

    Returns:
        The words that are missing in ``FEWEST`` questions or more, in order.
    """
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = CountVectorizer(analyzer=list, min_df=FEWEST)
    missing = vectorizer.fit_transform([*answered, *unanswered])
    truth = np.arange(missing.shape[0]) < len(answered)
    model = LogisticRegression(C=PENALTY, max_iter=500, solver="liblinear", random_state=0)
    model.fit(missing, truth)
    words = vectorizer.get_feature_names_out()
    return dict(zip(map(str, words), map(float, model.coef_[0]), strict=True))


def write(weights: Mapping[str, float], path: Path, answered: int, unanswered: int) -> None:
    """Write the weights as the table that the assistant reads."""
    lines = [
        "# 質問にあって見つかった箇所にない言葉が、答えの有無をどれだけ語るか。手では直しません。",
        "# What a question's words tell that stand in nothing found: above 0 for an answer, below",
        f"# against. Fitted by `python -m eval.unheld` on {datetime.date.today().isoformat()} over",
        f"# {answered} known questions with an answer and {unanswered} without.",
        *(f"{word}\t{weight:.2f}" for word, weight in weights.items()),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
