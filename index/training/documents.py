"""Turn the bundled documents into pairs: Japanese with its rendering, heading with its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.training.datatypes import Material, Pair

FIELD_MARK = ": "


@dataclass(frozen=True)
class Provision:
    """One heading of a document with its body in Japanese and English ('' where none)."""

    headings: tuple[str, ...]
    headings_en: tuple[str, ...]
    japanese: str
    english: str


def read_documents(folder: Path) -> tuple[Provision, ...]:
    """Read the provisions of every ``*.md`` document of a folder.

    Args:
        folder: A folder of documents in the form of ``corpus/FORMAT.md``.

    Returns:
        Every heading that has a body, in order.
    """
    return tuple(p for path in sorted(folder.glob("*.md")) for p in _provisions(path))


def document_material(provisions: tuple[Provision, ...]) -> Material:
    """Make training pairs of provisions.

    Args:
        provisions: What ``read_documents`` gave.

    Returns:
        ``renderings`` (English, Japanese) and ``headings`` (heading, its text), both languages.
    """
    renderings: list[Pair] = []
    headings: list[Pair] = []
    for provision in provisions:
        if provision.english:
            renderings.append((provision.english, provision.japanese))
            headings.append((" ".join(provision.headings_en[-2:]), provision.japanese))
            headings.append((" ".join(provision.headings_en[-2:]), provision.english))
        headings.append((" ".join(provision.headings[-2:]), provision.japanese))
        renderings.extend(_heading_pairs(provision))
    pairs = {
        "renderings": tuple(dict.fromkeys(renderings)),
        "headings": tuple(headings),
    }
    return Material(pairs=pairs, texts=tuple(p.japanese for p in provisions))


def _heading_pairs(provision: Provision) -> Iterator[Pair]:
    for english, japanese in zip(provision.headings_en, provision.headings, strict=True):
        if english and japanese and english != japanese:
            yield english, japanese


def _provisions(path: Path) -> Iterator[Provision]:
    headings: dict[int, tuple[str, str]] = {}
    japanese: list[str] = []
    english: list[str] = []
    for line in [*_body(path), "# "]:
        mark, _, heading = line.partition(" ")
        if mark and set(mark) == {"#"}:
            if japanese:
                yield _provision(headings, japanese, english)
            japanese, english = [], []
            left, _, right = heading.partition("|")
            kept = {level: text for level, text in headings.items() if level < len(mark)}
            headings = {**kept, len(mark): (left.strip(), right.strip())}
        elif line.startswith(">"):
            english.append(line[1:].strip())
        elif line.strip() and not _is_field(line):
            japanese.append(line.strip())


def _provision(
    headings: dict[int, tuple[str, str]], japanese: list[str], english: list[str]
) -> Provision:
    levels = [headings[level] for level in sorted(headings)]
    return Provision(
        tuple(left for left, _ in levels),
        tuple(right for _, right in levels),
        "\n".join(japanese),
        "\n".join(english),
    )


def _body(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    if lines and lines[0] == "---" and "---" in lines[1:]:
        return lines[lines.index("---", 1) + 1 :]
    return lines


def _is_field(line: str) -> bool:
    name, mark, _ = line.partition(FIELD_MARK)
    return bool(mark) and len(name) <= 4
