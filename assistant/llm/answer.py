"""A model's judged statements in the place of our own, where enough of them are carried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.compose import answer_text, in_order, lead_of, role_of
from assistant.datatypes import Answer, Citation, Language, Statement
from assistant.llm.verify import Judged
from assistant.select import Piece

_WEIGHTY = ("ground", "conclusion", "condition")


@dataclass(frozen=True)
class _Cited:
    """Citations in the making; a span that is cited again keeps its number."""

    citations: tuple[Citation, ...]

    def add(self, piece: Piece) -> tuple[_Cited, int]:
        """The citations with a piece among them, and its number."""
        for known in self.citations:
            same = known.passage.passage_id == piece.passage.passage_id
            if same and (known.start, known.end) == (piece.start, piece.end):
                return self, known.number
        number = max((c.number for c in self.citations), default=0) + 1
        new = Citation(number, piece.passage, piece.start, piece.end, piece.score)
        return _Cited((*self.citations, new)), number


def enough(own: Answer, judged: Sequence[Judged]) -> bool:
    """Whether a model's statements can stand in the place of our own.

    At least as many must be carried as not, and one of them by more than a view or an
    example, where our own answer has that.
    """
    carried = [j for j in judged if j.verified]
    if not carried or 2 * len(carried) < len(judged):
        return False
    weighty = any(s.role in _WEIGHTY for s in own.statements)
    return not weighty or any(j.passage and role_of(j.passage) == "ground" for j in carried)


def with_statements(own: Answer, judged: Sequence[Judged]) -> Answer:
    """Our answer, worded by the model.

    What the model's statements do not cover of what is not known stays. Statements that are
    not carried are kept, struck out, after the others. A verdict keeps its citations.
    """
    language = own.query.language
    cited = _Cited(own.citations if own.verdict else ())
    statements: list[Statement] = []
    for one in judged:
        if one.verified:
            cited, statement = _carried(one, cited, own, language)
            statements.append(statement)
    cited, kept = _kept(own, judged, cited)
    ordered = in_order(_with_conclusion([*statements, *kept]))
    cited, struck = _struck(judged, cited, own)
    return replace(
        own,
        engine="llm",
        statements=(*ordered, *struck),
        citations=cited.citations,
        text=_text(own, ordered),
    )


def _text(own: Answer, statements: Sequence[Statement]) -> str:
    opening = [str(own.verdict["words"])] if own.verdict else []
    return "\n".join([*opening, answer_text(statements)])


def _piece(judged: Judged, own: Answer) -> Piece | None:
    if judged.passage is None or judged.end <= judged.start:
        return None
    unit = judged.passage.unit
    score = max((c.score for c in own.citations if c.passage.unit == unit), default=0.0)
    return Piece(judged.passage, judged.start, judged.end, score, 0)


def _carried(
    judged: Judged, cited: _Cited, own: Answer, language: Language
) -> tuple[_Cited, Statement]:
    piece = _piece(judged, own)
    if piece is None:
        raise ValueError("a carried statement has a passage")
    cited, number = cited.add(piece)
    lead = lead_of(piece, language)
    role = role_of(piece.passage)
    return cited, Statement(lead + judged.text, (number,), True, role, lead)


def _with_conclusion(statements: Sequence[Statement]) -> list[Statement]:
    """The first ground concludes."""
    first = next((s for s in statements if s.role == "ground"), None)
    return [replace(s, role="conclusion") if s is first else s for s in statements]


def _kept(own: Answer, judged: Sequence[Judged], cited: _Cited) -> tuple[_Cited, list[Statement]]:
    """Our statements on what is not known, where the model has none on that passage."""
    covered = {j.passage.unit for j in judged if j.verified and j.passage}
    known = {c.number: c for c in own.citations}
    kept: list[Statement] = []
    for statement in own.statements:
        sources = [known[n] for n in statement.citations if n in known]
        if statement.role != "gap" or any(c.passage.unit in covered for c in sources):
            continue
        numbers = []
        for source in sources:
            piece = Piece(source.passage, source.start, source.end, source.score, 0)
            cited, number = cited.add(piece)
            numbers.append(number)
        kept.append(replace(statement, citations=tuple(numbers)))
    return cited, kept


def _struck(judged: Sequence[Judged], cited: _Cited, own: Answer) -> tuple[_Cited, list[Statement]]:
    """The statements that are not carried, with the reason and what they were held against."""
    struck: list[Statement] = []
    for one in judged:
        if one.verified:
            continue
        numbers: tuple[int, ...] = ()
        piece = _piece(one, own)
        if piece is not None:
            cited, number = cited.add(piece)
            numbers = (number,)
        struck.append(Statement(one.text, numbers, False, "unsupported", "", one.reason))
    return cited, struck
