"""What the server has acknowledged is there after kill -9."""

from __future__ import annotations

from pathlib import Path

from tests.feedback_kills import kill_while_writing


def test_no_acknowledged_feedback_is_lost_when_the_server_is_killed(tmp_path: Path) -> None:
    acknowledged, lost = kill_while_writing(tmp_path, kills=2)
    assert acknowledged >= 2
    assert lost == 0
