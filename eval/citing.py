"""Fit which units are cited beside the best one: ``python -m eval.citing --index DIR``.

On the judged passages of development questions: a unit that answers or rightly stands beside an
answer belongs, any other does not.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.beside import Signs, all_signs
from assistant.pipeline import Assistant
from assistant.select import candidates
from corpus.datatypes import Passage
from eval.questions import FOLDER, Question, load_questions

SETS = ("policy-dev", "followups")
"""The development sets whose passages were judged."""
FOLDS = 10
_NAMES = tuple(f.name for f in fields(Signs))


@dataclass(frozen=True)
class Examples:
    """Units beside the best one.

    Attributes:
        features: shape (units, signs).
        belongs: shape (units,).
        questions: the number of each unit's question, shape (units,).
        first: for each question whether its best unit belongs.
    """

    features: npt.NDArray[np.float64]
    belongs: npt.NDArray[np.bool_]
    questions: npt.NDArray[np.int64]
    first: npt.NDArray[np.bool_]


def gather(assistant: Assistant, questions: Sequence[Question]) -> Examples:
    """The examples of questions that the ordinary search answers; the guides' are left out."""
    rows: list[tuple[Signs, bool, int]] = []
    first: list[bool] = []
    for question in questions:
        given = assistant.ask(question.question, question.history, as_of=question.as_of or None)
        if not question.answers or given.verdict is not None:
            continue
        found, rule = assistant.found(question.question, question.history)
        hits = candidates(found, rule)
        if not hits:
            continue
        seen = all_signs(hits, found, assistant.index, question.language == "en")
        for beside, other in zip(seen, hits[1:], strict=True):
            rows.append((beside, _right(question, other.passage), len(first)))
        first.append(_right(question, hits[0].passage))
    return Examples(
        np.array([list(asdict(seen).values()) for seen, _, _ in rows], dtype=np.float64),
        np.array([right for _, right, _ in rows]),
        np.array([number for _, _, number in rows]),
        np.array(first),
    )


def held_out(examples: Examples) -> npt.NDArray[np.float64]:
    """Each unit's probability by weights fitted without its question, shape (units,)."""
    from sklearn.model_selection import GroupKFold, cross_val_predict

    folds = GroupKFold(FOLDS)
    groups, wanted = examples.questions, examples.belongs
    found = cross_val_predict(
        _model(), examples.features, wanted, groups=groups, cv=folds, method="predict_proba"
    )
    return np.asarray(found[:, 1], dtype=np.float64)


def table(examples: Examples, chances: npt.NDArray[np.float64]) -> list[str]:
    """What each threshold gives: precision of citations, citations a question, right ones."""
    lines = []
    for threshold in (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7):
        cited = chances >= threshold
        count = 1 + np.bincount(examples.questions, cited, minlength=len(examples.first))
        good = examples.first + np.bincount(
            examples.questions, cited & examples.belongs, minlength=len(examples.first)
        )
        lines.append(
            f"{threshold:.2f}  precision {np.mean(good / count):.3f}  citations "
            f"{np.mean(count):.2f}  right beside {int((cited & examples.belongs).sum())} of "
            f"{int(examples.belongs.sum())}"
        )
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the weights for ``assistant/language/beside.toml`` and what they give."""
    parser = argparse.ArgumentParser(prog="python -m eval.citing", description=__doc__)
    parser.add_argument("--index", type=Path, required=True, help="index of the bundled documents")
    options = parser.parse_args(arguments)
    assistant = Assistant.open(options.index)
    questions = [q for name in SETS for q in load_questions(FOLDER / f"{name}.jsonl")]
    examples = gather(assistant, questions)
    fitted = _model().fit(examples.features, examples.belongs)
    sys.stderr.write("\n".join(table(examples, held_out(examples))) + "\n")
    lines = [f"bias = {float(fitted.intercept_[0]):.4f}"]
    lines += [f"{name} = {w:.4f}" for name, w in zip(_NAMES, fitted.coef_[0], strict=True)]
    sys.stdout.write("[weights]\n" + "\n".join(lines) + "\n")
    return 0


def _model() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=3.0, max_iter=5_000)


def _right(question: Question, passage: Passage) -> bool:
    return any(place.holds(passage) for place in (*question.answers, *question.supports))


if __name__ == "__main__":
    sys.exit(main())
