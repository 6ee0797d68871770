"""Stretches of passages to statements, in an order that reads as an answer."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.agreement import modalities
from assistant.datatypes import Citation, Language, Statement
from assistant.gate import check
from assistant.phrasebook import phrase
from assistant.select import Piece
from corpus.datatypes import AUTHORITIES, Passage
from index.terms import TermList

_VIEWS = frozenset({"opinion", "remark", "hypothesis"})
_ORDER = {
    "conclusion": 0,
    "ground": 1,
    "condition": 2,
    "example": 3,
    "view": 4,
    "gap": 5,
}
_GLOSSED = 5
LEADS = 0.7
"""Share of the best score from which a weightier stretch may conclude in its place."""


def compose(
    pieces: Sequence[Piece], language: Language, terms: TermList, weightiest_first: bool = False
) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    """Statements in the order of an answer, each with its citation, numbered from 1.

    The conclusion comes first (the best stretch that is not merely a view, an example or a
    gap, where there is one), then grounds by authority, then examples, views and gaps.

    Args:
        pieces: the stretches chosen.
        language: the answer's language.
        terms: the field's term list, for glosses.
        weightiest_first: of stretches nearly as good the one of highest authority concludes,
            as for a definition.
    """
    ordered = _ordered(pieces, weightiest_first)
    statements: list[Statement] = []
    citations: list[Citation] = []
    for role, piece in ordered:
        number = len(citations) + 1
        citations.append(Citation(number, piece.passage, piece.start, piece.end, piece.score))
        statements.append(statement_of(role, piece, number, language, terms))
    return tuple(statements), tuple(citations)


def answer_text(statements: Sequence[Statement]) -> str:
    """The statements as one text, each with the marks of its citations."""
    return "\n".join(s.text + "".join(f"[{number}]" for number in s.citations) for s in statements)


def _ordered(pieces: Sequence[Piece], weightiest_first: bool) -> list[tuple[str, Piece]]:
    roles = [(_role(piece.passage), piece) for piece in pieces]
    grounds = [piece for role, piece in roles if role == "ground"]
    best = max((p.score for _, p in roles), default=0.0)
    lead = max(grounds, key=lambda p: p.score, default=None)
    if weightiest_first:
        close = [p for p in grounds if p.score >= LEADS * best]
        lead = min(close, key=lambda p: AUTHORITIES.index(p.passage.authority), default=lead)
    if lead is not None and lead.score >= 0.6 * best:
        roles = [("conclusion" if p is lead else role, p) for role, p in roles]
    return sorted(
        roles,
        key=lambda rp: (
            _ORDER[rp[0]],
            AUTHORITIES.index(rp[1].passage.authority),
            -rp[1].score,
        ),
    )


def _role(passage: Passage) -> str:
    if passage.standing == "gap":
        return "gap"
    if passage.standing in _VIEWS:
        return "view"
    return "example" if passage.standing in ("example", "issue") else "ground"


def _lead_name(passage: Passage) -> str:
    """What a statement is introduced as: by its standing; a finding only where it is audited."""
    audited = passage.authority == "audit"
    if passage.standing == "opinion" and audited:
        return "audit_opinion"
    unaudited = passage.standing == "finding" and not audited
    return "" if unaudited else passage.standing


def statement_of(
    role: str, piece: Piece, number: int, language: Language, terms: TermList, before: str = ""
) -> Statement:
    """A piece as a statement with one citation.

    A demand that no binding source makes says so. ``before`` is said first of all, as framing.
    """
    lead = (
        before + _weight_lead(piece, language) + phrase(language, "lead", _lead_name(piece.passage))
    )
    foreign = piece.passage.language != language
    body = piece.text.replace("\n", " ")
    if foreign:
        lead, text = _foreign(lead, piece, language, terms)
    elif piece.passage.document.edition == "original":
        text = phrase(language, "quote", "verbatim", lead=lead, quote=body)
    else:
        text = lead + body
    reason = check(text[len(lead) :], [piece.text], [piece.passage.text]) if not foreign else ""
    if foreign:
        reason = check(body, [piece.text], [piece.passage.text])
    return Statement(text, (number,), not reason, role, lead, reason)


def lead_of(piece: Piece, language: Language) -> str:
    """What a statement on a piece is introduced by: its weight and its standing."""
    return _weight_lead(piece, language) + phrase(language, "lead", _lead_name(piece.passage))


def role_of(passage: Passage) -> str:
    """The part that a statement on a passage plays: ground, example, view or gap."""
    return _role(passage)


def in_order(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Statements in the order of an answer: the conclusion first, what is not known last."""
    return tuple(sorted(statements, key=lambda s: _ORDER.get(s.role, 1)))


def _weight_lead(piece: Piece, language: Language) -> str:
    """What introduces a demand of a passage that does not bind."""
    demands = not piece.passage.binding and "must" in modalities(piece.text.lower())
    return phrase(language, "lead", "not_binding") if demands else ""


def _foreign(lead: str, piece: Piece, language: Language, terms: TermList) -> tuple[str, str]:
    """A quote in another language than the answer's, framed, its key terms glossed."""
    document = piece.passage.document
    title = document.title_en if language == "en" and document.title_en else document.title
    gloss = ""
    if language == "en":
        pairs = [f"{m.term.ja} = {m.term.en[0]}" for m in terms.find(piece.text)][:_GLOSSED]
        gloss = phrase("en", "quote", "gloss", terms="; ".join(pairs)) if pairs else ""
    text = phrase(
        language,
        "quote",
        "foreign",
        lead=lead,
        title=title,
        quote=piece.text.replace("\n", " "),
        gloss=gloss,
    )
    return lead, text
