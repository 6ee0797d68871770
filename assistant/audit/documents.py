"""Changes to the documents and to the index, for the audit log."""

from __future__ import annotations

from typing import Any

from assistant.audit.log import record
from assistant.documents_report import Report
from assistant.person import Person
from assistant.state import State


def record_documents(state: State, who: Person, verb: str, report: Report) -> None:
    """Write down what became of each document.

    Args:
        state: the office's records.
        who: who changed them.
        verb: ``add``, ``remove``, ``restore``, ``correct`` or ``fetch``.
        report: what came of it.

    Raises:
        AuditError: the entry could not be written; the change stands.
    """
    done = [
        {"document_id": d.document_id, "file": d.name, "result": d.result, "status": d.status}
        for d in report.done
    ]
    record(state, who, f"documents.{verb}", {"documents": done, "index": report.index})


def record_index(state: State, who: Person, verb: str, **details: Any) -> None:
    """Write down that an index was built (``build``), or an earlier one taken back (``back``).

    Raises:
        AuditError: the entry could not be written; the change stands.
    """
    record(state, who, f"index.{verb}", details)
