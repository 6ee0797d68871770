"""What ``kyodo eval`` does. With ``cli.py`` the only files here that print."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tqdm import tqdm

from assistant.pipeline import Assistant
from assistant.settings import Settings
from eval import retrieval, stored
from eval.agreement import says_right
from eval.calibrate import calibrate, gather, write
from eval.cli import Handler
from eval.compare import compare, comparison_text
from eval.errors import EvalError
from eval.floors import falls, floors_beside, judge, load_floors
from eval.known import measure_known
from eval.metrics import measure
from eval.outcome import Outcome
from eval.provenance import describe_run
from eval.questions import FOLDER, Question
from eval.reliability import reliability_table
from eval.report import write_report
from eval.run import ask_all, one_sided
from eval.running import held, new_folder
from eval.sets import FITTED, QuestionSets, files_of, load_sets
from eval.summary import PerQuestion, summarise
from eval.tables import figures_table
from index import load_index
from index.calibration import store_calibration

_FEWEST = 10
"""Questions of each kind that cross-validation in ten folds needs."""
_TEST_SET = "-test"


def _run(options: argparse.Namespace, settings: Settings) -> int:
    output = options.output or new_folder(settings.home)
    if options.format:
        return _run_public(options, settings, output)
    with held(output):
        return _run_sets(options, settings, output)


def _run_sets(options: argparse.Namespace, settings: Settings, output: Path) -> int:
    files = files_of(options.questions)
    sets = load_sets(files)
    door = _open(options, settings)
    if options.search != "both":
        door = Assistant(one_sided(door.index, options.search), door.writer)
    if door.calibration.source == "bundled":
        _say("this index has no calibration of its own; the bundled weights decide on refusing.")
    info = describe_run(door, sets, files, settings, options.search)
    info["started"] = time.strftime("%Y-%m-%dT%H:%M:%S")
    info["floors"] = [str(path) for path in floors_beside(files)]
    outcomes = _ask(door, sets, info, output)
    values, unplaced = _measure(outcomes, door, output)
    info["seconds"] = round(sum(o.seconds for o in outcomes), 2)
    info["finished"] = time.strftime("%Y-%m-%dT%H:%M:%S%z")
    info["need_a_look"] = sum(not says_right(o, values[o.question.question_id]) for o in outcomes)
    stored.write_json(output / stored.INFO, info)
    known = measure_known(door.index)
    summary = summarise(outcomes, values, info["settings"]["threshold"], known)
    metrics = {**summary, "unplaced": len(unplaced)}
    stored.write_json(output / stored.METRICS, metrics)
    write_report(stored.load_run(output))
    told = {
        name: value for name, value in metrics.items() if name not in ("questions", "known_items")
    }
    print(json.dumps(told, ensure_ascii=False, indent=1) if options.json else figures_table(told))
    if unplaced:
        _say(f"no passage of the index stands where these ask for it: {', '.join(unplaced)}")
    failed = [o.question.question_id for o in outcomes if o.error]
    if failed:
        _say(f"no answer at all, counted as 0: {', '.join(failed)}")
    _say(f"{len(outcomes)} answers measured in {output} ({info['seconds']} s of asking)")
    return 0


def _ask(
    door: Assistant, sets: QuestionSets, info: dict[str, Any], output: Path
) -> tuple[Outcome, ...]:
    """Ask what an earlier, interrupted run has not; all outcomes, in the questions' order."""
    known = stored.begin(output, info, sets, _say)
    total = sum(map(len, sets.values()))
    with tqdm(total=total, initial=len(known), file=sys.stderr, unit="question") as bar:
        for outcome in ask_all(door, sets, info["as_of"], frozenset(known)):
            stored.append(output, outcome)
            known[outcome.question.question_id] = outcome
            bar.update()
    outcomes = tuple(known[q.question_id] for held in sets.values() for q in held)
    stored.write_answers(output, outcomes)
    return outcomes


def _measure(
    outcomes: Sequence[Outcome], door: Assistant, output: Path
) -> tuple[PerQuestion, tuple[str, ...]]:
    """Every question's measures, the TREC files, and the questions without a place."""
    relevant = retrieval.relevant_of((o.question for o in outcomes), door.index.passages)
    rankings = retrieval.rankings_of(outcomes)
    run = retrieval.run_text(rankings, f"kyodo-{door.fingerprint}")
    stored.write(output / "run.trec", run)
    stored.write(output / "qrels.trec", retrieval.qrels_text(relevant))
    ranked = retrieval.measure_rankings(rankings, relevant)
    values = {
        o.question.question_id: {**ranked.get(o.question.question_id, {}), **measure(o)}
        for o in outcomes
    }
    return values, retrieval.unplaced(relevant)


def _run_public(options: argparse.Namespace, settings: Settings, output: Path) -> int:
    from eval.public import load_public, measure_public, public_table

    kind, place = options.format
    if kind not in ("squad", "beir"):
        options.parser.error("--format takes squad or beir, then a file or folder")
    public = load_public(kind, Path(place))
    stored.make_folder(output)
    with tqdm(total=3 * len(public.queries), file=sys.stderr, unit="query") as bar:
        model = settings.model or "bundled"
        metrics = measure_public(public, model, output, lambda: bar.update() and None)
    stored.write_json(output / stored.METRICS, metrics)
    print(json.dumps(metrics, indent=1) if options.json else public_table(metrics))
    _say(f"{len(public.queries)} queries, {len(public.texts)} texts measured in {output}")
    return 0


def _compare(options: argparse.Namespace, settings: Settings) -> int:
    del settings
    before, after = stored.load_run(options.before), stored.load_run(options.after)
    found = compare(before.metrics, after.metrics)
    if options.json:
        print(json.dumps(found.to_dict(), ensure_ascii=False, indent=1))
        return 0
    questions = {o.question.question_id: o.question.question for o in after.outcomes}
    print(comparison_text(found, str(options.before), str(options.after), questions))
    return 0


def _gate(options: argparse.Namespace, settings: Settings) -> int:
    del settings
    metrics = stored.read_json(options.run / stored.METRICS)
    files = [options.floors] if options.floors else _floors_of(options.run)
    if not files and options.baseline is None:
        raise EvalError(
            f"{options.run}: expected floors beside its questions or a baseline, found neither; "
            "give --floors FILE or --baseline FILE."
        )
    judged = judge([floor for file in files for floor in load_floors(file)], metrics)
    for one in judged:
        print(one.text())
    lost = falls(metrics, stored.read_json(options.baseline)) if options.baseline else ()
    for sentence in lost:
        print(f"FALLEN      {sentence}")
    broken = [one.floor.name for one in judged if one.held is False]
    if broken or lost:
        said = [f"floors broken: {', '.join(broken)}"] if broken else []
        said += [f"significant falls from the baseline: {len(lost)}"] if lost else []
        _say(f"{options.run}: {'; '.join(said)}; see `kyodo eval compare` for the questions.")
        return 1
    return 0


def _floors_of(run: Path) -> list[Path]:
    return [Path(path) for path in stored.read_json(run / stored.INFO).get("floors", [])]


def _calibrate(options: argparse.Namespace, settings: Settings) -> int:
    root = options.index or settings.index
    sets = [(root, options.questions or [FOLDER / f"{name}.jsonl" for name in FITTED])]
    for folder, *files in options.also:
        if not files:
            options.parser.error("--also takes an index folder, then files of questions")
        sets.append((Path(folder), [Path(file) for file in files]))
    asked = [_fitting(files) for _, files in sets]
    _check_fitting([question for questions in asked for question in questions])
    parts = []
    for (folder, _), questions in zip(sets, asked, strict=True):
        door = Assistant.open(folder, settings.model)
        parts.append(gather(f"{folder.name} {door.fingerprint}", door, questions))
    fit = calibrate(parts)
    fitted = {**fit.to_dict(), "index": load_index(root, settings.model).fingerprint}
    print(json.dumps(fitted, ensure_ascii=False, indent=1))
    _say(
        f"reliability, each question judged by weights fitted without it:\n"
        f"{reliability_table(fit.reliability)}"
    )
    if options.output:
        write(fit, options.output)
        place = str(options.output)
    else:
        place = f"{root}, index {store_calibration(root, fitted)}"
    _say(f"weights fitted on {fit.whole.questions} questions, kept in {place}")
    return 0


def _fitting(files: Sequence[Path]) -> list[Question]:
    for path in files:
        if path.stem.endswith(_TEST_SET):
            raise EvalError(f"{path}: nothing is fitted on a test set; name a development set.")
    return [q for held in load_sets(files).values() for q in held]


def _check_fitting(questions: Sequence[Question]) -> None:
    refused = sum(q.refuse for q in questions)
    if min(refused, len(questions) - refused) < _FEWEST:
        raise EvalError(
            f"expected {_FEWEST} questions to refuse and {_FEWEST} to answer at least, found "
            f"{refused} and {len(questions) - refused}; add files with --questions."
        )


def _open(options: argparse.Namespace, settings: Settings) -> Assistant:
    return Assistant.open(options.index or settings.index, settings.model, settings.llm)


def _say(message: str) -> None:
    print(f"kyodo: {message}", file=sys.stderr)


HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {"run": _run, "compare": _compare, "gate": _gate, "calibrate": _calibrate}
)
