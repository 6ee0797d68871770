"""What can be saved of a result: files of its folder, and tables that a spreadsheet opens."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from starlette.responses import FileResponse, Response

from eval.agreement import says_right
from eval.marks import history_of
from eval.metrics import MEASURES
from eval.reasons import reasons
from eval.retrieval import NAMES
from eval.stored import ANSWERS, METRICS, REPORT, StoredRun
from eval.web.view import View, ViewError
from eval.wording import plain

FILES: Mapping[str, str] = {
    "report": REPORT,
    "figures": METRICS,
    "answers": ANSWERS,
    "trec": "run.trec",
}
EXPORTS = ("report", "table", "marks_csv", "figures", "answers", "trec")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export(view: View) -> Response:
    """The file that the address asks for, to be saved and not shown."""
    run, state = view.finished(), view.run()
    what = view.query.get("what", "")
    if what in FILES:
        name = f"kyodo-{state.run_id}-{FILES[what]}"
        return FileResponse(
            run.folder / FILES[what], filename=name, media_type="application/octet-stream"
        )
    tables = {"table": _questions, "marks_csv": _marks}
    if what not in tables:
        raise ViewError(view.words("error.no_file"))
    return Response(
        _csv(tables[what](view, run)),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="kyodo-{state.run_id}-{what}.csv"'},
    )


def _questions(view: View, run: StoredRun) -> list[list[object]]:
    language, values = view.words.language, run.metrics["questions"]
    names = (*NAMES, *MEASURES)
    rows: list[list[object]] = [["id", "set", "question", "status", "ok", "why", *names]]
    for outcome in run.outcomes:
        own = values.get(outcome.question.question_id, {})
        why = " ".join(
            plain(language, r.name, "reason", detail=r.detail) for r in reasons(outcome, own)
        )
        rows.append(
            [
                outcome.question.question_id,
                outcome.group,
                outcome.question.question,
                outcome.answer.get("status", ""),
                int(says_right(outcome, own)),
                why,
                *(own.get(name, "") for name in names),
            ]
        )
    return rows


def _marks(view: View, run: StoredRun) -> list[list[object]]:
    values, marks = run.metrics["questions"], view.marks()
    rows: list[list[object]] = [
        ["id", "question", "by_hand", "by_measures", "who", "at", "run", "note"]
    ]
    for outcome in run.outcomes:
        said = says_right(outcome, values.get(outcome.question.question_id, {}))
        for m in history_of(marks, outcome):
            metric = "right" if said else "wrong"
            asked = outcome.question.question
            rows.append([m.question, asked, m.verdict, metric, m.who, m.at, m.run, m.note])
    return rows


def _csv(rows: Sequence[Sequence[object]]) -> bytes:
    """CSV with a mark that tells spreadsheet programs that it is UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: object) -> object:
    """A cell that a spreadsheet program shows: a text that looks like a formula is quoted."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
