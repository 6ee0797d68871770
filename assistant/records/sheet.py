"""The content of an evidence sheet: an answer, and all that it rests on, as data.

The JSON of a sheet::

    {"format": "kyodo-evidence-sheet", "version": 1,
     "content": {...},                  # below; the same whenever and by whomever it is made
     "sha256": "64 hexadecimal digits", # of the content, see ``canonical``
     "made": {"at": "ISO time in UTC", "by": "name"}}

``content`` holds ``answer_id``, ``asked_at`` (ISO time in UTC), ``question``,
``standalone_question``, ``language``, ``as_of``, ``kind``, ``status``, ``text`` (where there is
no statement), ``clarifying_question``, ``statements`` (``number``, ``text``, ``citations``,
``verified``, ``reason``, ``role``), ``verdict`` (``value``, ``heading``, ``words``, ``criteria``,
``precedents``, ``steps``) or null, ``quotes`` and ``nearest`` (see ``_place``), ``handover``,
``notes``, ``made_with`` (``engine``, ``language_model``, ``embedding_model``,
``embedding_model_fingerprint``, ``kyodo``, ``index``) and ``documents`` (``document_id``,
``title``, ``sha256``). Later versions may add keys. It holds no fraction, so that every
program writes its numbers alike.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.verdict import shown

FORMAT, VERSION = "kyodo-evidence-sheet", 1
_PLACE = (
    *("passage_id", "document_id", "title", "title_en", "authority", "binding", "edition"),
    *("standing", "locator", "locator_en", "page", "language", "effective_from"),
    *("effective_until", "superseded"),
)
_PATH = re.compile(r"/|[A-Za-z]:[\\/]|\\\\|file:")
_STATEMENT = ("text", "citations", "verified", "reason", "role", "translation")
_STEP = ("what", "who", "when", "paper", "citations")


def content_of(kept: Mapping[str, Any]) -> dict[str, Any]:
    """What a sheet says of an answer.

    Args:
        kept: ``Asked.to_dict()``, as the store keeps it.
    """
    answer = kept["answer"]
    hashes = {d["document_id"]: d["sha256"] for d in kept["documents"]}
    statements = [
        {"number": number, **{key: statement.get(key, "") for key in _STATEMENT}}
        for number, statement in enumerate(answer["statements"], 1)
    ]
    return {
        "answer_id": kept["answer_id"],
        "asked_at": kept["at"],
        "question": answer["question"],
        "standalone_question": answer["standalone_question"],
        "language": answer["language"],
        "as_of": answer["as_of"],
        "kind": answer["kind"],
        "status": answer["status"],
        "text": "" if statements else answer["answer"],
        "clarifying_question": answer["clarifying_question"],
        "statements": statements,
        "verdict": _verdict(answer["verdict"]),
        "quotes": [
            {
                "number": c["number"],
                "quote": c["quote"],
                "start": c["start"],
                "end": c["end"],
                **_place(c, hashes),
            }
            for c in answer["citations"]
        ],
        "nearest": [{"text": n["text"], **_place(n, hashes)} for n in answer["nearest"]],
        "handover": answer["handover"],
        "notes": answer["notes"],
        "made_with": _made_with(kept),
        "documents": [
            {key: d[key] for key in ("document_id", "title", "sha256")} for d in kept["documents"]
        ],
    }


def sheet_of(content: Mapping[str, Any], at: str, by: str) -> dict[str, Any]:
    """The whole sheet as JSON.

    Args:
        content: as ``content_of`` makes it.
        at: when the sheet is made, an ISO time in UTC.
        by: the name of the person who makes it.
    """
    return {
        "format": FORMAT,
        "version": VERSION,
        "content": dict(content),
        "sha256": fingerprint_of(content),
        "made": {"at": at, "by": by},
    }


def canonical(content: Mapping[str, Any]) -> bytes:
    """The content in the one way that is hashed: JSON in UTF-8, keys sorted, without blanks."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def fingerprint_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical content, by which a printed sheet is compared with this JSON."""
    return hashlib.sha256(canonical(content)).hexdigest()


def _place(place: Mapping[str, Any], hashes: Mapping[str, str]) -> dict[str, Any]:
    """Where a passage stands, what it weighs, and the SHA-256 of its document's file."""
    sure = place.get("ocr_confidence")
    return {
        **{key: place[key] for key in _PLACE},
        "source": _told(place["source"]),
        "more_sources": [_told(source) for source in place["more_sources"]],
        "ocr_percent": None if sure is None else round(100 * sure),
        "document_sha256": hashes.get(place["document_id"], ""),
    }


def _told(source: str) -> str:
    """A source as it is told outside: of a file the name, not where it lies on the machine."""
    return re.split(r"[\\/]", source)[-1] if _PATH.match(source) else source


def _verdict(verdict: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A verdict with the points that the page shows of it."""
    if not verdict:
        return None
    return {
        "value": verdict["value"],
        "heading": verdict.get("heading", ""),
        "words": verdict.get("words", ""),
        "criteria": _rows(
            shown(verdict.get("criteria", ())), ("name", "state", "words", "citations")
        ),
        "precedents": _rows(verdict.get("precedents", ()), ("passage_id", "citation")),
        "steps": _rows(verdict.get("steps", ()), _STEP),
    }


def _rows(rows: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> list[dict[str, Any]]:
    return [{key: row.get(key, "") for key in keys} for row in rows]


def _made_with(kept: Mapping[str, Any]) -> dict[str, str]:
    answer, told = kept["answer"], kept.get("made_with", {})
    writing = answer["writing"] or {}
    return {
        "engine": answer["engine"],
        "language_model": writing.get("model", "") if answer["engine"] == "llm" else "",
        "embedding_model": told.get("embedding_model", ""),
        "embedding_model_fingerprint": told.get("embedding_model_fingerprint", ""),
        "kyodo": told.get("kyodo", ""),
        "index": answer["index"],
    }
