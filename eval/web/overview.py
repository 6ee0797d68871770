"""The first view: what is being measured, the newest result, measuring again, all results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup
from starlette.responses import JSONResponse, Response

from assistant.markup import html, join
from eval.floors import judge, load_floors
from eval.office.file import office_file
from eval.questions import FOLDER
from eval.report import verdict_part
from eval.report_figures import amount
from eval.running import RunState, list_runs
from eval.sets import DEFAULT
from eval.stored import INFO, METRICS, read_json
from eval.web.questions_view import order_for
from eval.web.view import View, measure_name, select, shown, table, when
from eval.wording import plain

_SHOWN = ("success@5", "citation_precision", "citation_recall", "key_points", "refusal_f1")
_CASES = FOLDER.parent / "cases"
_NOTHING = Markup("")


@dataclass(frozen=True)
class QuestionFile:
    """A file of questions that can be asked, by its name without suffix."""

    name: str
    path: Path
    count: int


def question_files(home: Path) -> tuple[QuestionFile, ...]:
    """The bundled sets and cases, and those that lie in the data folder; the usual ones first."""
    own = [home / "eval" / "questions", office_file(home).parent]
    found = [*sorted(FOLDER.glob("*.jsonl")), *sorted(_CASES.glob("cases-*.jsonl"))]
    found += [
        p
        for folder in own
        for p in sorted(folder.glob("[!.]*"))
        if p.suffix.lower() in (".jsonl", ".csv")
    ]
    named = {path.stem: path for path in reversed(found)}
    listed = [path for path in found if named[path.stem] == path]
    listed.sort(key=lambda path: DEFAULT.index(path.stem) if path.stem in DEFAULT else len(DEFAULT))
    return tuple(QuestionFile(path.stem, path, _count(path)) for path in listed)


def overview(view: View, error: str = "") -> Response:
    """The page as it is opened."""
    words = view.words
    runs = list_runs(view.home)
    running = next((run for run in runs if run.stage == "running"), None)
    newest = next((run for run in runs if run.stage == "done"), None)
    parts = [html("<h1>{t}</h1><p>{l}</p>", t=words("page.title"), l=words("page.lead"))]
    if error:
        parts.append(html('<p class="k-notice k-warning" role="alert">{e}</p>', e=error))
    if running is not None:
        parts.append(_progress(view, running))
    parts.append(_latest(view, newest))
    if running is None:
        parts.append(_start(view))
    parts.append(_list(view, runs))
    return shown(view, words("page.title"), parts, 409 if error else 200)


def progress_state(view: View) -> Response:
    """How far a run is, for the script of the page."""
    run = view.run()
    return JSONResponse(
        {"stage": run.stage, "asked": run.asked, "total": run.total, "text": _told(view, run)}
    )


def _told(view: View, run: RunState) -> str:
    if not run.total:
        return view.words("run.starting")
    return view.words("run.progress", asked=run.asked, total=run.total)


def _progress(view: View, run: RunState) -> Markup:
    words = view.words
    return html(
        '<section class="e-card" aria-labelledby="e-running" data-progress="{state}">'
        '<h2 id="e-running">{heading}</h2><p>{sets}</p>'
        '<p><progress max="{total}" value="{asked}" aria-labelledby="e-running">{told}</progress>'
        ' <span data-told>{told}</span></p><p class="k-hidden" role="status" data-status '
        'data-finished="{finished}"></p><div class="k-tools">'
        '<form method="post" action="{stop}"><button class="k-button">{stop_word}</button></form>'
        '<noscript><a class="k-button" href="{here}">{refresh}</a></noscript></div></section>',
        state=view.link("state", run=run.run_id),
        heading=words("run.running_heading"),
        sets=sets_of(view, run),
        total=max(run.total, 1),
        asked=run.asked,
        told=_told(view, run),
        finished=words("run.finished"),
        stop=view.link("stop", run=run.run_id),
        stop_word=words("run.stop"),
        here=view.link(),
        refresh=words("run.refresh"),
    )


def _latest(view: View, run: RunState | None) -> Markup:
    words = view.words
    if run is None:
        return html('<p class="k-notice">{text}</p>', text=words("latest.none"))
    metrics, info = read_json(run.folder / METRICS), read_json(run.folder / INFO)
    figures = metrics["all"]
    cells = join(
        html(
            '<div><dt><a href="{link}">{name}</a></dt><dd>{value}</dd></div>',
            link=view.link("questions", run=run.run_id, measure=order_for(name)),
            name=measure_name(view, name),
            value=amount(name, figures[name]["value"]) if figures[name]["count"] else "—",
        )
        for name in _SHOWN
    )
    return html(
        '<section class="e-card" aria-labelledby="e-latest"><h2 id="e-latest">{heading}</h2>'
        '<p>{when}</p>{floors}<dl class="e-figures">{cells}</dl>'
        '<p><a class="k-button k-primary" href="{link}">{more}</a></p></section>',
        heading=words("latest.heading"),
        when=words("latest.when", started=when(run.started), sets=sets_of(view, run)),
        floors=_floors(view, info, metrics),
        cells=cells,
        link=view.link("run", run=run.run_id),
        more=words("latest.more"),
    )


def _floors(view: View, info: Mapping[str, Any], metrics: Mapping[str, Any]) -> Markup:
    files = [Path(path) for path in info.get("floors", [])]
    floors = [floor for file in files if file.is_file() for floor in load_floors(file)]
    return Markup(verdict_part(judge(floors, metrics)))


def _start(view: View) -> Markup:
    words = view.words
    boxes = join(
        html(
            '<li><label><input type="checkbox" name="set" value="{name}"{on}> {text}</label></li>',
            name=file.name,
            on=Markup(" checked") if file.name in DEFAULT else _NOTHING,
            text=words("run.set", name=plain(words.language, file.name, "sets"), count=file.count),
        )
        for file in question_files(view.home)
    )
    return html(
        '<section aria-labelledby="e-start"><h2 id="e-start">{heading}</h2><p>{note}</p>'
        '<form method="post" action="{start}"><fieldset><legend>{sets}</legend>'
        '<ul class="e-sets">{boxes}</ul></fieldset><p class="e-quiet">{own}</p>'
        '<button class="k-button k-primary">{go}</button></form></section>',
        heading=words("run.start_heading"),
        note=words("run.start_note"),
        start=view.link("start"),
        sets=words("run.sets"),
        boxes=boxes,
        own=words("run.own_sets", folder="eval/questions"),
        go=words("run.start"),
    )


def _list(view: View, runs: Sequence[RunState]) -> Markup:
    if not runs:
        return _NOTHING
    words = view.words
    heads = ["started", "sets", "state", "problems"]
    rows = [_row(view, run) for run in runs]
    listed = table([words(f"list.{head}") for head in heads], rows, "e-runs")
    finished = [run for run in runs if run.stage == "done"]
    return html(
        '<section aria-labelledby="e-list"><h2 id="e-list">{heading}</h2>{listed}{compare}'
        "</section>",
        heading=words("list.heading"),
        listed=listed,
        compare=compare_form(view, finished) if len(finished) > 1 else _NOTHING,
    )


def compare_form(view: View, runs: Sequence[RunState], before: str = "", after: str = "") -> Markup:
    """Two runs to choose, the newest two where none is chosen."""
    words = view.words
    options = [(run.run_id, f"{when(run.started)}  {sets_of(view, run)}") for run in runs]
    chosen = before or runs[min(1, len(runs) - 1)].run_id, after or runs[0].run_id
    selects = join(
        select(name, words(f"list.{name}"), options, picked)
        for name, picked in zip(("before", "after"), chosen, strict=True)
    )
    return html(
        '<form class="filters" method="get" action="{action}"><p class="e-wide">{note}</p>{selects}'
        '<button class="k-button">{go}</button></form>',
        action=view.link("compare"),
        note=words("list.note"),
        selects=selects,
        go=words("list.compare"),
    )


def _row(view: View, run: RunState) -> list[object]:
    words = view.words
    started: object = when(run.started) or run.run_id
    state: object = words(f"list.{run.stage}")
    problems: object = ""
    if run.stage == "done":
        started = html(
            '<a href="{a}">{t}</a>', a=view.link("run", run=run.run_id), t=when(run.started)
        )
        problems = _problems(view, run)
    elif run.stage in ("stopped", "failed"):
        told = (
            words("run.failed", message=run.message)
            if run.message
            else words("run.stopped_note", asked=run.asked)
        )
        state = html(
            '{state}<p class="e-quiet">{told}</p><form method="post" action="{resume}">'
            '<button class="k-button">{go}</button></form>',
            state=state,
            told=told,
            resume=view.link("resume", run=run.run_id),
            go=words("run.resume"),
        )
    return [started, sets_of(view, run), state, problems]


def _problems(view: View, run: RunState) -> str:
    if run.need_a_look is None:
        return "—"
    return view.words("list.of_questions", failed=run.need_a_look, count=run.total)


def sets_of(view: View, run: RunState) -> str:
    """The sets of a run in words, and how it searched where that was not by both rankings."""
    language = view.words.language
    comma = "、" if language == "ja" else ", "
    names = comma.join(plain(language, name, "sets") for name in run.sets)
    if run.search in ("", "both"):
        return names
    searched = plain(language, run.search, "searches")
    return view.words("list.searched", sets=names, search=searched)


def _count(path: Path) -> int:
    """How many questions a file seems to hold; a heading row is none."""
    try:
        lines = path.read_bytes().count(b"\n")
    except OSError:
        return 0
    return max(lines - (path.suffix.lower() == ".csv"), 0)
