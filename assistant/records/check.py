"""Whether the quotes of an answer still stand in the documents of today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from assistant.records.fold import fold
from assistant.service import Service
from corpus.datatypes import Passage

Kind = Literal[
    "stands", "edited", "moved", "older", "superseded", "ended", "not_yet", "gone", "no_document"
]
UNCHANGED: frozenset[str] = frozenset({"stands", "edited"})


@dataclass(frozen=True)
class Outcome:
    """What became of one quote.

    Attributes:
        number: of its citation in the answer.
        kind: "stands" where it was; "edited": so it does, in a file that is another; "moved" to
            ``locator`` of the same document; "older": a newer document has taken its place;
            "superseded": in an earlier version only; "ended" or "not_yet": not in force on the
            day, until or from ``date``; "gone" from its document; "no_document" that the person
            may see.
        locator: where it is now, as staff cite it.
        date: an ISO date.
    """

    number: int
    kind: Kind
    locator: str = ""
    date: str = ""

    @property
    def changed(self) -> bool:
        """Whether somebody should look."""
        return self.kind not in UNCHANGED


def check(whole: Mapping[str, Any], service: Service, today: str) -> tuple[Outcome, ...]:
    """What became of each quote of an answer.

    Args:
        whole: the answer, as ``kept`` gives it.
        service: with the documents that the person may see, of one index.
        today: an ISO date.
    """
    hashes = {d["document_id"]: d["sha256"] for d in whole["documents"]}
    return tuple(
        _outcome(citation, hashes.get(citation["document_id"], ""), service, today)
        for citation in whole["answer"]["citations"]
    )


def _outcome(citation: Mapping[str, Any], sha256: str, service: Service, today: str) -> Outcome:
    number, quote = citation["number"], citation["quote"]
    passage = service.passage(citation["passage_id"])
    was_older = bool(citation["superseded"])
    if passage is not None and quote in passage.text:
        same = not sha256 or passage.document.sha256 == sha256
        found = Outcome(number, "stands" if same else "edited")
        return _standing(found, passage, was_older, today)
    document_id = citation["document_id"]
    here = service.passages_of(document_id)
    elsewhere = _find(quote, here)
    if elsewhere is not None:
        same = elsewhere.locator == citation["locator"]
        moved = Outcome(number, "moved", locator=elsewhere.locator)
        found = Outcome(number, "edited") if same else moved
        return _standing(found, elsewhere, was_older, today)
    if _find(quote, _earlier(document_id, service)) is not None:
        return Outcome(number, "superseded")
    return Outcome(number, "gone" if here else "no_document")


def _standing(found: Outcome, passage: Passage, was_older: bool, today: str) -> Outcome:
    """A quote that was found, unless its passage is no longer what counts on the day."""
    if passage.superseded and not was_older:
        return Outcome(found.number, "older")
    until, since = passage.effective_until, passage.effective_from
    if until and until < today:
        return Outcome(found.number, "ended", date=until)
    if since and since > today:
        return Outcome(found.number, "not_yet", date=since)
    return found


def _find(quote: str, passages: Sequence[Passage] | Iterator[Passage]) -> Passage | None:
    """The passage that holds the words, whatever their white space and width."""
    wanted = fold(quote)
    return next((p for p in passages if quote in p.text or wanted in fold(p.text)), None)


def _earlier(document_id: str, service: Service) -> Iterator[Passage]:
    """The passages of the versions before (``id@v1``) that are still cited for their days."""
    for document in service.documents():
        if document.document_id.startswith(f"{document_id}@v"):
            yield from service.passages_of(document.document_id)
