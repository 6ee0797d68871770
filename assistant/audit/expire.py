"""Removing entries at the end of their term, so that the log says so itself."""

from __future__ import annotations

import datetime
import sqlite3
from contextlib import closing
from pathlib import Path

from assistant.audit.log import EXPIRED, REFUSALS, append, open_log
from assistant.person import Person


def expire(path: Path, days: int, who: Person) -> int:
    """Remove the entries older than some days, and write an entry that says so.

    That entry, the checkpoint, holds how many were removed, and the number and the hash of the
    last of them: the first entry that stays follows it.

    Args:
        path: the log.
        days: 0 or more, back from now.
        who: who removes them.

    Returns:
        How many were removed; where none was, nothing is written.

    Raises:
        OSError, sqlite3.Error, StateError: the log cannot be read or written.
    """
    limit = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=days)
    since = limit.isoformat(timespec="microseconds")
    with open_log(path).writing() as rows:
        # Only from the beginning: a clock that was wrong for a day leaves no gap.
        asked = "SELECT coalesce(min(sequence), 0) FROM entries WHERE at >= ?"
        stays = rows.execute(asked, (since,)).fetchone()[0]
        ends = f"sequence < {stays}" if stays else "1"
        count = rows.execute(f"SELECT count(*) FROM entries WHERE {ends}").fetchone()[0]
        if not count:
            return 0
        last = rows.execute(
            f"SELECT sequence, sha256 FROM entries WHERE {ends} ORDER BY sequence DESC LIMIT 1"
        ).fetchone()
        details = {
            "removed": count,
            "removed_in_all": last["sequence"],
            "last_sequence": last["sequence"],
            "last_hash": last["sha256"],
            "older_than_days": days,
        }
        append(rows, who.person_id, who.name, EXPIRED, details)
        rows.execute("DROP TRIGGER refuse_delete")
        rows.execute("DELETE FROM entries WHERE sequence <= ?", (last["sequence"],))
        rows.execute(REFUSALS[1])
    _overwrite(path)
    return int(count)


def _overwrite(path: Path) -> None:
    """Leave nothing of what was removed in the file: the text of questions is personal."""
    with closing(sqlite3.connect(path, timeout=10, isolation_level=None)) as rows:
        rows.execute("VACUUM")
        rows.execute("PRAGMA wal_checkpoint(TRUNCATE)")
