"""Marks by hand: kept for good, counted by answer, and held against the metrics."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.agreement import WHOLE, agreement, agreements
from eval.errors import EvalError
from eval.marks import Mark, add_mark, all_marks, digest_of, history_of, newest_marks
from eval.metrics import measure
from tests.eval_outcomes import answer, outcome, question, refusal


def test_a_mark_is_kept_with_who_when_run_and_question(tmp_path: Path) -> None:
    path = tmp_path / "eval" / "marks.sqlite3"
    assert all_marks(path) == ()
    kept = add_mark(path, "run-1", outcome(), "wrong", " 高橋 ", "締切が古い")
    (mark,) = all_marks(path)
    assert mark == kept
    assert (mark.who, mark.verdict, mark.run, mark.question) == ("高橋", "wrong", "run-1", "q-1")
    assert (mark.note, len(mark.at)) == ("締切が古い", 19)


def test_the_newest_mark_of_an_answer_counts_and_the_earlier_stay(tmp_path: Path) -> None:
    path = tmp_path / "marks.sqlite3"
    add_mark(path, "run-1", outcome(), "wrong", "高橋")
    add_mark(path, "run-2", outcome(), "right", "佐藤")
    marks = all_marks(path)
    assert [m.who for m in history_of(marks, outcome())] == ["高橋", "佐藤"]
    assert newest_marks(marks, (outcome(),))["q-1"].verdict == "right"


def test_a_mark_holds_for_the_same_answer_in_a_later_run_and_not_for_another(
    tmp_path: Path,
) -> None:
    path = tmp_path / "marks.sqlite3"
    add_mark(path, "run-1", outcome(), "right", "高橋")
    marks = all_marks(path)
    slower = outcome(given=answer(timings_ms={"total": 99.0}), confidence=0.1)
    assert "q-1" in newest_marks(marks, (slower,))
    for changed in (
        outcome(given=answer("別の答え")),
        outcome(given=refusal()),
        outcome(question("q-2")),
    ):
        assert newest_marks(marks, (changed,)) == {}
    assert digest_of(outcome()) != digest_of(outcome(given=answer(verdict={"value": "likely"})))


@pytest.mark.parametrize(
    ("verdict", "who", "note", "said"),
    [
        ("perhaps", "高橋", "", "expected a mark of right or wrong, found 'perhaps'"),
        ("right", "  ", "", "a name of 1 to 60 characters"),
        ("right", "あ" * 61, "", "found 61"),
        ("right", "高橋", "あ" * 1_001, "found 2 and 1,001"),
    ],
)
def test_what_is_no_mark_is_not_kept(
    tmp_path: Path, verdict: str, who: str, note: str, said: str
) -> None:
    path = tmp_path / "marks.sqlite3"
    with pytest.raises(EvalError, match=said):
        add_mark(path, "run", outcome(), verdict, who, note)
    assert all_marks(path) == ()


def test_a_kept_mark_outlives_a_killed_process(tmp_path: Path) -> None:
    path = tmp_path / "marks.sqlite3"
    code = (
        "import sys; from pathlib import Path; from eval.marks import add_mark\n"
        "from tests.eval_outcomes import outcome\n"
        "for n in range(10_000):\n"
        f"    add_mark(Path({str(path)!r}), 'run', outcome(), 'right', f'n{{n}}')\n"
        "    print(n, flush=True)\n"
    )
    root = Path(__file__).parents[1]
    writing = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=root
    )
    assert writing.stdout is not None
    told = [int(next(writing.stdout)) for _ in range(20)]
    os.kill(writing.pid, signal.SIGKILL)
    writing.wait()
    told += [int(line) for line in writing.stdout.read().split()]
    writing.stdout.close()
    kept = [m.who for m in all_marks(path)]
    assert kept[: len(told)] == [f"n{n}" for n in told]
    assert len(kept) - len(told) in (0, 1)
    with sqlite3.connect(path) as marks:
        assert marks.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert marks.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_two_people_mark_at_once(tmp_path: Path) -> None:
    path = tmp_path / "marks.sqlite3"

    def mark(name: str) -> None:
        for _ in range(10):
            add_mark(path, "run", outcome(), "right", name)

    threads = [threading.Thread(target=mark, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(all_marks(path)) == 40


@pytest.mark.parametrize("content", [b"not a database at all, but long enough to be read " * 9])
def test_a_damaged_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "marks.sqlite3"
    path.write_bytes(content)
    with pytest.raises(EvalError, match=r"marks\.sqlite3: expected to keep marks there, found"):
        all_marks(path)
    assert path.read_bytes() == content


def test_marks_of_a_later_version_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "marks.sqlite3"
    with sqlite3.connect(path) as marks:
        marks.execute("PRAGMA user_version = 9")
    with pytest.raises(EvalError, match="expected marks of version 1, found 9"):
        add_mark(path, "run", outcome(), "right", "高橋")


def test_kappa_by_hand() -> None:
    # Cohen's own kind of table: 20 both right, 15 both wrong, 10 right by hand only, 5 by metric.
    hand = [True] * 20 + [False] * 15 + [True] * 10 + [False] * 5
    metric = [True] * 20 + [False] * 15 + [False] * 10 + [True] * 5
    found = agreement("made", hand, metric)
    assert (found.both_right, found.both_wrong, found.only_hand, found.only_metric) == (
        20,
        15,
        10,
        5,
    )
    assert found.accuracy.value == pytest.approx(0.7)
    # p_e = 0.6 * 0.5 + 0.4 * 0.5 = 0.5; kappa = (0.7 - 0.5) / 0.5 = 0.4
    assert found.kappa is not None
    assert found.kappa.value == pytest.approx(0.4)
    assert found.kappa.low < 0.4 < found.kappa.high


def test_kappa_is_full_for_the_same_word_and_undefined_where_only_one_was_used() -> None:
    same = agreement("made", [True, False, True], [True, False, True])
    assert same.kappa is not None
    assert same.kappa.value == 1.0
    opposite = agreement("made", [True, False], [False, True])
    assert opposite.kappa is not None
    assert opposite.kappa.value == -1.0
    assert agreement("made", [True, True], [True, True]).kappa is None


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_kappa_never_exceeds_the_share_agreed_and_lies_within_one(
    pairs: list[tuple[bool, bool]],
) -> None:
    found = agreement("made", [a for a, _ in pairs], [b for _, b in pairs])
    assert found.count == len(pairs)
    assert found.accuracy.value == pytest.approx(np.mean([a == b for a, b in pairs]))
    if found.kappa is not None:
        assert -1 - 1e-9 <= found.kappa.value <= found.accuracy.value + 1e-9


def test_metrics_and_marks_are_held_against_each_other_on_the_answers_marked() -> None:
    outcomes = (
        outcome(question("good")),
        outcome(question("missed"), answer("9月30日です。")),
        outcome(question("refused"), refusal()),
        outcome(question("unmarked"), refusal()),
    )
    values = {o.question.question_id: measure(o) for o in outcomes}
    made = Mark("run", "good", "", "right", "高橋", "2026-11-26T10:00:00")
    marks = {
        "good": made,
        "missed": replace(made, question="missed"),
        "refused": replace(made, question="refused", verdict="wrong"),
    }
    found = {a.name: a for a in agreements(outcomes, values, marks)}
    assert found[WHOLE].count == 3
    assert (found[WHOLE].both_right, found[WHOLE].both_wrong, found[WHOLE].only_hand) == (1, 1, 1)
    assert found["refusal_right"].accuracy.value == 1.0
    assert found["key_points"].only_hand == 1
    assert "verdict" not in found
