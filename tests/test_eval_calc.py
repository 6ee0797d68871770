"""A sheet of questions edited by hand in LibreOffice Calc and saved as Shift_JIS loads."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from eval.errors import EvalError
from eval.spreadsheet import TEMPLATE, load_csv

PYTHON = "/usr/bin/python3"
"""Debian's own Python, which has LibreOffice's UNO (package: python3-uno)."""
EDITOR = Path(__file__).with_name("calc_edit.py")


def _has_calc() -> bool:
    if shutil.which("soffice") is None or not Path(PYTHON).is_file():
        return False
    return subprocess.run([PYTHON, "-c", "import uno"], capture_output=True).returncode == 0


pytestmark = pytest.mark.skipif(
    not _has_calc(), reason="LibreOffice Calc is not installed (libreoffice-calc, python3-uno)"
)


ADDED = {
    "A4": "町-3",
    "B4": "花壇の手入れは、いつまで？\n（ﾁﾗｼ用、①と㈱を含む）",
    "C4": "日本語",
    "D4": "手続",
    "E4": "machi-jorei >> 第6条; tebiki >> 申請 › 締切",
    "F4": '9月30日|"9/30"；町内会',
    "I4": "いいえ",
    "J4": "'2010-03-01",
}
WRONG = {
    "kind": ({"D2": "なぞなぞ"}, "row 2: expected one of .*'なぞなぞ'"),
    "place": ({"E2": ""}, "row 2: .*needs its answers"),
    "date": ({"J2": "2010-03-01"}, "row 2: expected as_of as YYYY-MM-DD, found"),
    "letter": ({"E2": "tebiki >> 申請 › ♨の日"}, "row 2: found a question mark in a place"),
    "twice": ({"A3": "例-1"}, "ids must be unique; these are not: 例-1"),
    "heading": ({"B1": "ことば"}, "row 1: column 2 is called 'ことば'"),
}
"""What somebody types into the template, and what is said of it. Calc makes of a date that is
typed as such one of its own language."""


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the template as Calc saved it after each edit."""
    folder = tmp_path_factory.mktemp("calc")
    edits = {"added": ADDED, **{name: cells for name, (cells, _) in WRONG.items()}}
    given = json.dumps({str(folder / f"{name}.csv"): cells for name, cells in edits.items()})
    command = [PYTHON, str(EDITOR), str(TEMPLATE), given]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return folder


def test_a_sheet_saved_by_calc_as_shift_jis_loads(saved: Path) -> None:
    path = saved / "added.csv"
    data = path.read_bytes()
    assert "自治運営".encode("cp932") in data
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")
    *_, added = load_csv(path)
    assert len(load_csv(path)) == 3
    assert added.question == "花壇の手入れは、いつまで？\n（ﾁﾗｼ用、①と㈱を含む）"
    assert [(p.document, p.locator) for p in added.answers] == [
        ("machi-jorei", "第6条"),
        ("tebiki", "申請 › 締切"),
    ]
    assert added.key_points == (("9月30日", '"9/30"'), ("町内会",))
    assert (added.kind, added.as_of, added.refuse) == ("procedure", "2010-03-01", False)


@pytest.mark.parametrize("name", WRONG)
def test_what_was_typed_wrong_in_calc_is_named_by_its_row(saved: Path, name: str) -> None:
    with pytest.raises(EvalError, match=rf"{name}\.csv:? {WRONG[name][1]}"):
        load_csv(saved / f"{name}.csv")
