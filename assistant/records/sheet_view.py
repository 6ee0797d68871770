"""An evidence sheet as a file to keep: of an answer in the history, or of a saved one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from assistant.asked import now
from assistant.records.answer_view import hidden_from
from assistant.records.saved import saved_answer
from assistant.records.sheet import content_of, sheet_of
from assistant.records.sheet_words import in_japan, name_of
from assistant.records.store import kept
from assistant.records.view import View, ViewError


def pdf_view(view: View) -> Response:
    """The sheet as PDF."""
    from assistant.records.sheet_pdf import to_pdf  # ReportLab: only where a sheet is made

    sheet = _sheet(view)
    data = to_pdf(sheet, sheet["made"]["by"], view.words)
    return _file(view, sheet, "pdf", "application/pdf", data)


def json_view(view: View) -> Response:
    """The sheet as JSON."""
    sheet = _sheet(view)
    text = json.dumps(sheet, ensure_ascii=False, indent=2) + "\n"
    return _file(view, sheet, "json", "application/json", text.encode("utf-8", "replace"))


def _sheet(view: View) -> dict[str, Any]:
    """The sheet that the address names; only who asked may have one made."""
    whole = _named(view)
    if hidden_from(view, whole):
        raise ViewError(view.words("answer.withheld"), 403)
    return sheet_of(content_of(whole), now(), name_of(view.person, view.words))


def _named(view: View) -> Mapping[str, Any]:
    state, place = view.around.state, view.place
    if "saved" in place:
        found = saved_answer(state, str(place["saved"]), view.person)
        if found is None:
            raise ViewError(view.words("error.no_saved"))
        return found.whole
    whole = kept(state, str(place["answer"]), view.person)
    if whole is None:
        raise ViewError(view.words("error.no_answer"))
    return whole


def _file(view: View, sheet: Mapping[str, Any], ending: str, kind: str, data: bytes) -> Response:
    content = sheet["content"]
    asked = in_japan(content["asked_at"]).strftime("%Y%m%d-%H%M")
    name = f"{view.words('sheet.file')}_{asked}_{content['answer_id'][:8]}.{ending}"
    plain = f"evidence-sheet_{asked}_{content['answer_id'][:8]}.{ending}"
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return Response(data, media_type=kind, headers={"content-disposition": disposition})
