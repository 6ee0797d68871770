"""Questions that people ask, each with the passage that answers it: a new one near them finds it.

The bundled ones are those that the model learnt from. An office adds its own as files named
``*.asked`` beside its documents: a line holds a question, a tab, and the last heading, the text
or a line of the passage that answers it. No training is needed for them to help.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus import FileProblem, Passage
from corpus.folder import BUNDLED
from index.dense import (
    DenseIndex,
    build_rows,
    join_rows,
    load_rows,
    pick_rows,
    restrict_rows,
    save_rows,
)
from index.encoder import Vectors
from index.errors import IndexDamaged

BUNDLED_ASKED = Path(__file__).with_name("training") / "pairs"
ASKED_SHARE = 0.95
"""What a likeness to a known question counts beside one to a passage itself, where one figure has
to tell how near a passage is."""
COUNTED = 3
"""Known questions of a passage that count towards its rank, the nearest ones: one alone may be near
by chance. On development questions (129, 120 and 240, none of them known) success@1 is 0.80, 0.90
and 0.85 with one, which took the place of the passage's own cosine where it was nearer, and 0.85,
0.93 and 0.90 with three added to it; 1,721 questions of other authors: 0.76 and 0.87."""
MOST_PLACES = 4
"""Passages that a heading may name; one that names more names none."""
_BULLETS = "■◆◇○●□・-* "
_FOLDER, _CROWDED, _LINES = "asked", "crowded", "lines.npy"


@dataclass(frozen=True)
class Asked:
    """Known questions, and the number of the passage that answers each.

    ``crowded`` are questions with all the passages that they name: too many, but few enough for
    somebody who may not see all of them.
    """

    questions: tuple[str, ...]
    owners: tuple[int, ...]
    crowded: tuple[tuple[str, tuple[int, ...]], ...] = ()


@dataclass(frozen=True)
class Crowded:
    """The rows of crowded questions, and for each row the number of its question, shape (rows,)."""

    rows: DenseIndex
    lines: npt.NDArray[np.int32]


def read_asked(
    folders: Sequence[Path], passages: Sequence[Passage]
) -> tuple[Asked, tuple[FileProblem, ...]]:
    """The known questions of document folders, and the lines that name no passage.

    The bundled ones hold other pairs for training too; of these nothing is said.
    """
    places = _places(passages)
    questions: list[str] = []
    owners: list[int] = []
    problems: list[FileProblem] = []
    crowded: list[tuple[str, tuple[int, ...]]] = []
    for path, own in _files(folders):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            question, _, target = line.partition("\t")
            found = places.get(target.strip(), [])
            if own and not found:
                problems.append(_problem(path, number))
            if len(found) <= MOST_PLACES:
                questions += [question.strip()] * len(found)
                owners += found
            elif sum(not passages[n].document.collection for n in found) <= MOST_PLACES:
                crowded.append((question.strip(), tuple(found)))
    return Asked(tuple(questions), tuple(owners), tuple(crowded)), tuple(problems)


def build_asked(
    asked: Asked,
    encode: Callable[[list[str]], Vectors],
    dimension: int,
    known: dict[bytes, Vectors],
) -> DenseIndex:
    """Vectors of known questions, made as those of questions are.

    Args:
        asked: the questions.
        encode: makes unit vectors of questions, shape (n, dimension).
        dimension: numbers in a vector.
        known: vectors of an earlier index by digest.
    """
    return build_rows(asked.questions, asked.owners, encode, dimension, known)


def build_crowded(
    asked: Asked,
    encode: Callable[[list[str]], Vectors],
    dimension: int,
    known: dict[bytes, Vectors],
) -> Crowded | None:
    """The same of crowded questions; None where there are none. See ``build_asked``."""
    if not asked.crowded:
        return None
    texts = [question for question, found in asked.crowded for _ in found]
    owners = [number for _, found in asked.crowded for number in found]
    lines = [line for line, (_, found) in enumerate(asked.crowded) for _ in found]
    rows = build_rows(texts, owners, encode, dimension, known)
    return Crowded(rows, np.array(lines, dtype=np.int32))


def restrict_asked(
    rows: DenseIndex, crowded: Crowded | None, numbers: npt.NDArray[np.int32]
) -> tuple[DenseIndex, Crowded | None]:
    """The known questions that some of the passages answer.

    Args:
        rows: those of all passages.
        crowded: questions that may name few enough of the passages that are left.
        numbers: as in ``restrict_rows``.
    """
    left = restrict_rows(rows, numbers)
    if crowded is None:
        return left, None
    lines = crowded.lines[numbers[crowded.rows.owners] >= 0]
    held = restrict_rows(crowded.rows, numbers)
    few = np.bincount(lines)[lines] <= MOST_PLACES
    every = np.arange(len(lines))
    still = Crowded(pick_rows(held, every[~few]), lines[~few])
    return join_rows(left, pick_rows(held, every[few])), still


def save_asked(rows: DenseIndex, folder: Path, crowded: Crowded | None = None) -> None:
    """Write them into ``asked/`` of a folder, crowded ones into ``crowded/``."""
    (folder / _FOLDER).mkdir()
    save_rows(rows, folder / _FOLDER)
    if crowded is not None:
        (folder / _CROWDED).mkdir()
        save_rows(crowded.rows, folder / _CROWDED)
        np.save(folder / _CROWDED / _LINES, crowded.lines, allow_pickle=False)


def load_crowded(folder: Path, dimension: int) -> Crowded | None:
    """Read the crowded questions that ``save_asked`` wrote, None where it wrote none.

    Raises:
        IndexDamaged: if the parts do not belong together.
    """
    if not (folder / _CROWDED).is_dir():
        return None
    rows = load_rows(folder / _CROWDED, dimension)
    lines = np.load(folder / _CROWDED / _LINES, allow_pickle=False)
    if len(lines) != len(rows.owners):
        raise IndexDamaged(
            f"{folder / _CROWDED}: expected {len(rows.owners)} rows, found the questions of "
            f"{len(lines)}; build the index again."
        )
    return Crowded(rows, lines)


def load_asked(folder: Path, passages: int, dimension: int) -> DenseIndex:
    """Read what ``save_asked`` wrote.

    Raises:
        IndexDamaged: if the parts do not belong together.
    """
    rows = load_rows(folder / _FOLDER, dimension)
    if int(rows.owners.max(initial=0)) >= max(passages, 1):
        raise IndexDamaged(
            f"{folder / _FOLDER}: expected questions on {passages} passages, found one on number "
            f"{int(rows.owners.max())}; build the index again."
        )
    return rows


def _files(folders: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
    """Every file of known questions, and whether it is the office's own."""
    for folder in folders:
        if folder.resolve() == BUNDLED.resolve():
            yield from ((path, False) for path in sorted(BUNDLED_ASKED.glob("*.tsv")))
        else:
            yield from ((path, True) for path in sorted(folder.rglob("*.asked")))


def _places(passages: Sequence[Passage]) -> dict[str, list[int]]:
    """The passages that a text, a last heading, or a line of a cell with several stands for."""
    places: dict[str, list[int]] = {}
    for number, passage in enumerate(passages):
        lines = passage.text.strip().splitlines()
        names = (passage.text.strip(), *passage.headings[-1:], *(lines if len(lines) > 1 else ()))
        for name in dict.fromkeys(n for full in names for n in (full, full.lstrip(_BULLETS))):
            places.setdefault(name, []).append(number)
    return places


def _problem(path: Path, number: int) -> FileProblem:
    return FileProblem(
        path.name,
        f"{path.name} line {number}: expected a question, a tab, and the heading or text of a "
        "passage, found none of that name; correct the line. The other lines are used.",
    )
