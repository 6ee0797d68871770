"""``kyodo eval``: added to the command line through the entry-point group ``kyodo.commands``.

Imported by every command of ``kyodo``, so what measures is imported only when it is used.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.pipeline import Assistant
    from eval.questions import Question
    from eval.run import Result

_DEFAULT_SETS = ("policy-dev", "outside-dev", "followups")
_FEWEST = 10
"""Questions of each kind that cross-validation in ten folds needs."""
_TEST_SET = "-test"


class _Commands(Protocol):
    def add_parser(self, name: str, **kwargs: Any) -> argparse.ArgumentParser: ...


def register(commands: _Commands) -> None:
    """Add ``kyodo eval run`` and ``kyodo eval calibrate``."""
    evaluate = commands.add_parser("eval", help="measure answers on sets of questions")
    actions = evaluate.add_subparsers(dest="action", required=True, metavar="ACTION")
    run = actions.add_parser("run", help="ask sets of questions and measure the answers")
    _with_sets(run)
    run.add_argument(
        "--output",
        type=Path,
        required=True,
        metavar="DIR",
        help="folder for answers.jsonl, metrics.json, run.trec and qrels.trec",
    )
    run.set_defaults(handler=_run)
    calibrate = actions.add_parser("calibrate", help="fit when to refuse, on development questions")
    _with_sets(calibrate)
    calibrate.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="file for the weights (the one that the assistant reads)",
    )
    calibrate.set_defaults(handler=_calibrate)


def _with_sets(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--questions",
        type=Path,
        action="append",
        metavar="FILE",
        help=f"questions as JSON Lines, may be given several times ({', '.join(_DEFAULT_SETS)})",
    )
    parser.add_argument("--index", type=Path, metavar="DIR", help="index folder (the default one)")


def _run(options: argparse.Namespace, settings: Settings) -> int:
    from tqdm import tqdm

    from eval.run import run

    sets = _load_sets(options.questions)
    assistant = _open(options, settings)
    output = options.output
    _make_folder(output)
    questions = [question for group in sets.values() for question in group]
    with tqdm(total=len(questions), file=sys.stderr, unit="question") as bar:
        results = run(assistant, questions, progress=lambda done: bar.update(done - bar.n))
    unplaced = _write(results, assistant, output)
    metrics = _metrics(results, sets) | {"unplaced": len(unplaced)}
    text = json.dumps(metrics, ensure_ascii=False, indent=1)
    _save(output / "metrics.json", text + "\n")
    print(text)
    if unplaced:
        _say(f"no passage of the index stands where these ask for it: {', '.join(unplaced)}")
    _say(f"{len(results)} answers measured in {output}")
    return 0


def _calibrate(options: argparse.Namespace, settings: Settings) -> int:
    from dataclasses import asdict

    from assistant import answerable
    from eval.calibrate import calibrate, write

    questions = [q for group in _load_sets(options.questions).values() for q in group]
    _check_fitting(options.questions or (), questions)
    assistant = _open(options, settings)
    file = Path(answerable.__file__).with_name("language") / "answerable.toml"
    path = options.output or file
    found = calibrate(assistant, questions)
    write(found, path)
    print(json.dumps(asdict(found), indent=1))
    _say(f"weights fitted on {len(questions)} questions, written to {path}")
    return 0


def _load_sets(paths: Sequence[Path] | None) -> dict[str, tuple[Question, ...]]:
    """The questions of each file by its name, their ids unique over all of them."""
    from eval.errors import EvalError
    from eval.questions import FOLDER, load_questions

    files = paths or [FOLDER / f"{name}.jsonl" for name in _DEFAULT_SETS]
    sets: dict[str, tuple[Question, ...]] = {}
    taken: dict[str, Path] = {}
    for path in files:
        if path.stem in sets:
            raise EvalError(f"{path}: another file of questions has this name; rename one.")
        sets[path.stem] = load_questions(path)
        for question in sets[path.stem]:
            other = taken.setdefault(question.question_id, path)
            if other != path:
                raise EvalError(
                    f"{path}: the id {question.question_id} stands in {other} too; ids must be "
                    "unique over all files, change one."
                )
    if not taken:
        raise EvalError(f"{', '.join(map(str, files))}: expected questions, found none.")
    return sets


def _check_fitting(paths: Sequence[Path], questions: Sequence[Question]) -> None:
    from eval.errors import EvalError

    for path in paths:
        if path.stem.endswith(_TEST_SET):
            raise EvalError(f"{path}: nothing is fitted on a test set; name a development set.")
    refused = sum(q.refuse for q in questions)
    if min(refused, len(questions) - refused) < _FEWEST:
        raise EvalError(
            f"expected {_FEWEST} questions to refuse and {_FEWEST} to answer at least, found "
            f"{refused} and {len(questions) - refused}; add files with --questions."
        )


def _open(options: argparse.Namespace, settings: Settings) -> Assistant:
    from assistant.pipeline import Assistant

    return Assistant.open(options.index or settings.index, settings.model)


def _write(results: Sequence[Result], assistant: Assistant, output: Path) -> tuple[str, ...]:
    """Write the answers and the TREC files; ids of the questions that have no place."""
    from eval.retrieval import qrels_text, run_text

    rows = [{"id": r.question.question_id, **r.answer.to_dict()} for r in results]
    answers = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    _save(output / "answers.jsonl", answers)
    _save(output / "run.trec", run_text(results, f"kyodo-{assistant.fingerprint}"))
    questions = [result.question for result in results]
    qrels, unplaced = qrels_text(questions, assistant.index.passages)
    _save(output / "qrels.trec", qrels)
    return unplaced


def _make_folder(path: Path) -> None:
    from eval.errors import EvalError

    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EvalError(
            f"{path}: expected a folder for the results, found: {error.strerror}; name another."
        ) from error


def _save(path: Path, text: str) -> None:
    from eval.errors import EvalError

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise EvalError(
            f"{path}: expected a file that can be written, found: {error.strerror}; "
            "name another folder with --output."
        ) from error


def _metrics(
    results: Sequence[Result], sets: dict[str, tuple[Question, ...]]
) -> dict[str, dict[str, Any]]:
    """The figures of all questions, of each language, and of each file."""
    from eval.run import summarise

    by_set = {}
    for name, questions in sets.items():
        ids = {q.question_id for q in questions}
        by_set[name] = summarise([r for r in results if r.question.question_id in ids])["all"]
    return {**summarise(results), "sets": by_set}


def _say(message: str) -> None:
    print(f"kyodo: {message}", file=sys.stderr)
