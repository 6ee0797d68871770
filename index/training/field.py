"""Join the hand-written pairs of the field with the provisions that their headings name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from index.training.datatypes import Pair
from index.training.documents import Provision


def resolve(pairs: Iterable[Pair], provisions: Iterable[Provision]) -> tuple[Pair, ...]:
    """Replace headings by what stands under them.

    Args:
        pairs: (question or phrase, heading or text), as written in ``pairs/*.tsv``.
        provisions: The provisions of the documents.

    Returns:
        Where the second text is the last heading of a provision, its text or its rendering:
        the question with its Japanese text and with its English rendering, each alone and under
        its headings, as the index embeds it. Any other pair as it is.
    """
    bodies: dict[str, list[str]] = {}
    for provision in provisions:
        texts = []
        sides = (provision.headings, provision.japanese), (provision.headings_en, provision.english)
        for headings, body in sides:
            texts.extend([body, " ".join((*headings[-2:], body))] if body else [])
        for key in filter(None, (provision.headings[-1], provision.japanese, provision.english)):
            bodies.setdefault(key, []).extend(texts)
    return tuple(dict.fromkeys(_resolved(pairs, bodies)))


def _resolved(pairs: Iterable[Pair], bodies: dict[str, list[str]]) -> Iterator[Pair]:
    for left, right in pairs:
        for text in bodies.get(right, [right]):
            yield left, text
