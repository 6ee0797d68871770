"""Questions that people ask, each with the passage that answers it: a new one near them finds it.

The bundled ones are those that the model learnt from. An office adds its own as files named
``*.asked`` beside its documents: a line holds a question, a tab, and the last heading or the text
of the passage that answers it. No training is needed for them to help.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus import FileProblem, Passage
from corpus.folder import BUNDLED
from index.dense import DenseIndex, build_rows, load_rows, save_rows
from index.encoder import Vectors
from index.errors import IndexDamaged

BUNDLED_ASKED = Path(__file__).with_name("training") / "pairs"
ASKED_SHARE = 0.85
"""What a likeness to a known question counts beside one to a passage itself, chosen on
development questions (success@1, Japanese and English: 0.795 and 0.706 without known questions;
with them at a share of 0.8: 0.819 and 0.706, of 0.9: 0.795 and 0.735)."""
MOST_PLACES = 4
"""Passages that a heading may name; one that names more names none."""
_FOLDER = "asked"


@dataclass(frozen=True)
class Asked:
    """Known questions, and the number of the passage that answers each."""

    questions: tuple[str, ...]
    owners: tuple[int, ...]


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
    return Asked(tuple(questions), tuple(owners)), tuple(problems)


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


def save_asked(rows: DenseIndex, folder: Path) -> None:
    """Write them into ``asked/`` of a folder."""
    (folder / _FOLDER).mkdir()
    save_rows(rows, folder / _FOLDER)


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
    """The passages that a text, or a last heading, stands for."""
    places: dict[str, list[int]] = {}
    for number, passage in enumerate(passages):
        for name in dict.fromkeys((passage.text.strip(), *passage.headings[-1:])):
            places.setdefault(name, []).append(number)
    return places


def _problem(path: Path, number: int) -> FileProblem:
    return FileProblem(
        path.name,
        f"{path.name} line {number}: expected a question, a tab, and the heading or text of a "
        "passage, found none of that name; correct the line. The other lines are used.",
    )
