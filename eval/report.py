"""A run as one page that opens offline."""

from __future__ import annotations

from eval.stored import StoredRun


def write_report(run: StoredRun) -> None:
    """Write ``report.html`` into the run's folder."""
