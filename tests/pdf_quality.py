"""How well printed documents are read: characters, provisions, cells of tables.

``python -m tests.pdf_quality [COUNT]`` prints COUNT documents of every layout (3) through every
program that is installed, reads them and prints the figures.
"""

from __future__ import annotations

import sys
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from corpus import Passage
from corpus.child import Children
from corpus.folder import read_content
from corpus.pdf import read_lines
from tests.pdf_samples import LAYOUTS, Sample, samples


@dataclass(frozen=True)
class Quality:
    """What became of one printed document.

    ``characters`` is the share of characters outside of tables that are right and in order;
    ``articles`` and ``cells`` count what was found right, what was found, and what there is.
    """

    sample: Sample
    producer: str
    characters: float
    articles: tuple[int, int, int] = (0, 0, 0)
    cells: tuple[int, int, int] = (0, 0, 0)


def bare(text: str) -> str:
    """A text for comparing: NFKC, without white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def measure(sample: Sample, producer: str, path: Path, children: Children) -> Quality:
    """Read one printed document and compare it with its text."""
    reading = read_lines(path, children)
    lines = [reading.title, *(line.text for line in reading.lines if not line.row)]
    found, truth = bare("".join(lines)), bare(sample.text)
    wrong = Levenshtein.distance(found, truth)
    passages = read_content(path, children)[1]
    return Quality(
        sample,
        producer,
        1 - wrong / max(len(truth), 1),
        _articles(sample, passages),
        _cells(sample, passages),
    )


def _articles(sample: Sample, passages: Sequence[Passage]) -> tuple[int, int, int]:
    truth = {place: bare(text) for place, text in sample.provisions.items()}
    if not truth:
        return 0, 0, 0
    found = [(p.locator, bare(p.text)) for p in passages if p.locator.startswith("第")]
    right = sum(truth.get(place) == text for place, text in found)
    return right, len(found), len(truth)


def _cells(sample: Sample, passages: Sequence[Passage]) -> tuple[int, int, int]:
    """A cell is right where its passage names its row, and its column beside its text."""
    rows = [p for p in passages if "：" in p.text or len(p.headings) > 1]
    right = total = 0
    for table in sample.tables:
        for row in table.rows:
            for head, cell in zip(table.heads[1:], row[1:], strict=True):
                total += 1
                right += any(_holds(p, row[0], head, cell) for p in rows)
    found = sum(len(p.text.split("／")) - 1 for p in rows if "：" in p.text)
    return right, max(found, right), total


def _holds(passage: Passage, row: str, head: str, cell: str) -> bool:
    place = bare("".join((passage.locator, *passage.headings)))
    text = bare(passage.text)
    named = bare(row) in place or bare(row) in text
    return named and (
        bare(f"{head}：{cell}") in text or (bare(head) in place and bare(cell) == text)
    )


def print_all(count: int, folder: Path, producers: Iterable[str]) -> list[Quality]:
    """Print and read so many documents of every layout through these programs."""
    from tests.pdf_producers import PRODUCERS

    made = [sample for layout in LAYOUTS for sample in samples(layout, count)]
    found = []
    with Children() as children:
        for producer in producers:
            printed = PRODUCERS[producer](made, folder)
            found += [measure(s, producer, printed[s.name], children) for s in made]
    return found


def report(found: Sequence[Quality]) -> str:
    """The figures by program and layout, and of all together."""
    lines = [f"{'program':12} {'layout':10} {'files':>5} {'characters':>10}  articles P/R  cells"]
    groups = sorted({(q.producer, q.sample.layout) for q in found})
    for producer, layout in groups:
        group = [q for q in found if (q.producer, q.sample.layout) == (producer, layout)]
        lines.append(f"{producer:12} {layout:10} {_figures(group)}")
    return "\n".join([*lines, f"{'all':12} {'':10} {_figures(found)}"])


def _figures(group: Sequence[Quality]) -> str:
    right, found, there = (sum(q.articles[i] for q in group) for i in range(3))
    cells, _, all_cells = (sum(q.cells[i] for q in group) for i in range(3))
    articles = f"{right / max(found, 1):.3f}/{right / there:.3f}" if there else "-"
    share = f"{cells / all_cells:.3f}" if all_cells else "-"
    characters = sum(q.characters for q in group) / len(group)
    return f"{len(group):5} {characters:10.4f}  {articles:12}  {share}"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made_in:
        qualities = print_all(
            int(sys.argv[1]) if len(sys.argv) > 1 else 3,
            Path(made_in),
            sys.argv[2:] or ("chromium", "libreoffice", "reportlab"),
        )
        sys.stdout.write(f"{report(qualities)}\n")
