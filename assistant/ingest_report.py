"""What ``kyodo index build`` says while it reads, and the report at its end."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tqdm import tqdm

from corpus.folder import list_files
from corpus.frontmatter import printable
from corpus.outcomes import count_statuses, outcome_from_dict
from corpus.warnings import sentence

WITH_PROBLEMS = 3
"""Exit status of a build that made an index but could not read every file whole."""


@contextmanager
def ingest_progress(
    folders: Sequence[Path], say: Callable[[str], None]
) -> Iterator[Callable[[Path], None]]:
    """What to call with each file before it is read.

    On a terminal it moves a progress bar; elsewhere it says a line for each file.

    Raises:
        CorpusError: if a folder is missing or holds no document file.
    """
    if not sys.stderr.isatty():
        yield lambda path: say(f"kyodo: reading {printable(path.name)}")
        return
    total = sum(len(list_files(folder)) for folder in folders)
    with tqdm(total=total, unit="file", file=sys.stderr, leave=False) as bar:

        def move(path: Path) -> None:
            bar.set_postfix_str(printable(path.name)[-40:], refresh=False)
            bar.update()

        yield move


def report_lines(report: Sequence[dict[str, Any]], alerts: Sequence[str] = ()) -> list[str]:
    """A line for every file that was not read whole, every warning, and a summary.

    Args:
        report: the manifest's report, one entry for every file.
        alerts: the manifest's alerts, which concern several files (see ``corpus.warnings``).
    """
    outcomes = [outcome_from_dict(row) for row in report]
    lines = []
    for outcome in outcomes:
        if outcome.is_problem:
            lines.append(f"{outcome.status}: {_named(outcome.file, outcome.detail)}")
        notes = (sentence(warning, "en") for warning in outcome.warnings)
        lines += [f"note: {_named(outcome.file, note)}" for note in notes]
    if any(outcome.is_problem for outcome in outcomes):
        counted = ", ".join(f"{n} {status}" for status, n in count_statuses(outcomes).items())
        lines.append(f"{len(outcomes)} files read: {counted}")
    return [*lines, *(f"alert: {sentence(alert, 'en')}" for alert in alerts)]


def _named(file: str, sentence: str) -> str:
    """The sentence, with the file's name before it unless it opens with it."""
    name = Path(file).name
    return sentence if sentence.startswith(name) else f"{name}: {sentence}"
