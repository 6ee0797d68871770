"""An evidence sheet as PDF for the file of a decision: A4, every quote in full."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, SimpleDocTemplate, Spacer

from assistant.records.sheet_fonts import sheet_font
from assistant.records.sheet_parts import Setter
from assistant.records.sheet_words import (
    dates_of,
    locator_of,
    moment_words,
    title_of,
    weight_of,
)
from assistant.render_sources import VIEWS, day
from assistant.words import Words, load_words

_MARGIN, _FOOT = 20 * mm, 12 * mm
_PADDING = 6.0
"""Points that a frame of ReportLab's keeps free on each side."""
_BUILDING = threading.Lock()
"""ReportLab notes in a typeface which of its characters a PDF uses: one PDF at a time."""


def to_pdf(sheet: Mapping[str, Any], asked_by: str, words: Words) -> bytes:
    """The PDF of a sheet.

    Args:
        sheet: as ``sheet_of`` makes it.
        asked_by: the name of the person who asked.
        words: of the records, in the language of the sheet.
    """
    with _BUILDING:
        setter = Setter(sheet_font(), words)
        story = list(_story(sheet, asked_by, setter))
        written = io.BytesIO()
        title = f"{words('sheet.title')} {sheet['content']['answer_id']}"
        named = words(_font_key(setter), name=setter.font.label)
        document = SimpleDocTemplate(
            written,
            pagesize=A4,
            leftMargin=_MARGIN - _PADDING,
            rightMargin=_MARGIN - _PADDING,
            topMargin=_MARGIN,
            bottomMargin=_MARGIN,
            title=title,
            author=sheet["made"]["by"],
            subject=words("sheet.subject"),
            keywords=[named, f"sha256={sheet['sha256']}"],
            creator="kyodo",
            lang=words.language,
        )
        document.build(story, canvasmaker=partial(_Numbered, sheet=sheet, setter=setter))
        return written.getvalue()


def _story(sheet: Mapping[str, Any], asked_by: str, setter: Setter) -> Iterator[Flowable]:
    content = sheet["content"]
    yield setter.text(setter.words("sheet.title"), "title", spaceAfter=6)
    yield setter.quiet(setter.words("sheet.lead"), spaceAfter=6)
    yield setter.facts(_facts(sheet, asked_by, setter.words))
    yield from _question(content, setter)
    yield from _answer(content, setter)
    yield from _handover(content, setter)
    yield from _quotes(content, setter)
    yield from _notes(content, setter)
    yield from _made_with(sheet, setter)


def _facts(sheet: Mapping[str, Any], asked_by: str, words: Words) -> list[tuple[str, str]]:
    content, chat = sheet["content"], load_words(words.language)
    as_of = day(content["as_of"], chat)
    return [
        (words("sheet.asked_at"), moment_words(content["asked_at"], words, "sheet.moment")),
        (words("sheet.asked_by"), asked_by),
        (words("sheet.as_of"), words("sheet.as_of_is", date=as_of)),
        (words("sheet.status"), words(f"sheet.{content['status']}")),
        (words("sheet.answer_id"), content["answer_id"]),
        (words("sheet.made_at"), moment_words(sheet["made"]["at"], words, "sheet.moment")),
        (words("sheet.made_by"), sheet["made"]["by"]),
    ]


def _question(content: Mapping[str, Any], setter: Setter) -> Iterator[Flowable]:
    yield setter.heading(setter.words("sheet.question"))
    yield setter.box(content["question"])
    if content["standalone_question"] != content["question"]:
        yield setter.quiet(setter.words("sheet.standalone"), keepWithNext=1)
        yield setter.text(content["standalone_question"])


def _answer(content: Mapping[str, Any], setter: Setter) -> Iterator[Flowable]:
    words = setter.words
    refused = content["status"] == "no_answer"
    yield setter.heading(words("sheet.refusal" if refused else "sheet.answer"))
    if content["clarifying_question"]:
        yield setter.text(content["clarifying_question"], spaceAfter=6)
    if content["verdict"]:
        yield from _verdict(content["verdict"], setter)
    if content["text"] and content["text"] != content["clarifying_question"]:
        yield setter.text(content["text"])
    if any(not s["verified"] for s in content["statements"]):
        yield setter.quiet(words("sheet.struck_note"), spaceAfter=4)
    for role, statements in groupby(content["statements"], lambda s: str(s["role"])):
        label = load_words(words.language)(f"role.{role}")
        yield setter.quiet(label, spaceBefore=4, keepWithNext=1)
        for statement in statements:
            yield from _statement(statement, setter)


def _statement(statement: Mapping[str, Any], setter: Setter) -> Iterator[Flowable]:
    words = setter.words
    number = words("sheet.statement", number=statement["number"])
    marks = "".join(f" [{n}]" for n in statement["citations"])
    text, struck = setter.mark_up(statement["text"]), not statement["verified"]
    drawn = f"<strike>{text}</strike>" if struck else text
    label = setter.mark_up(f"【{words('sheet.struck')}】") if struck else ""
    yield setter.paragraph(
        f"{number} {label}{drawn}{marks}", statement["text"], leftIndent=20, firstLineIndent=-20
    )
    if struck:
        reason = statement["reason"] or words("sheet.struck_no_reason")
        yield setter.quiet(words("sheet.struck_reason", reason=reason), leftIndent=20)
    if statement["translation"]:
        text = words("sheet.translation", text=statement["translation"])
        yield setter.quiet(text, leftIndent=20)
    yield Spacer(1, 4)


def _verdict(verdict: Mapping[str, Any], setter: Setter) -> Iterator[Flowable]:
    chat = load_words(setter.words.language)
    heading = verdict["heading"] or chat("verdict.heading")
    yield setter.text(
        setter.words("sheet.verdict", heading=heading, value=chat(f"verdict.{verdict['value']}")),
        spaceAfter=2,
    )
    if verdict["words"]:
        yield setter.text(verdict["words"])
    yield setter.quiet(chat("verdict.caution"))
    if verdict["criteria"]:
        heads = [
            chat("verdict.criterion"),
            chat("verdict.state"),
            setter.words("sheet.said"),
            chat("verdict.sources"),
        ]
        rows = [
            (c["name"], chat(f"verdict.{c['state']}"), c["words"], _marks(c["citations"]))
            for c in verdict["criteria"]
        ]
        yield setter.table(heads, rows, (0.42, 0.14, 0.31, 0.13))
    if verdict["steps"]:
        yield setter.quiet(chat("verdict.steps"), keepWithNext=1)
        keys = ("what", "who", "when", "paper")
        heads = [*(chat(f"verdict.{k}") for k in keys), chat("verdict.sources")]
        rows = [(*(s[k] for k in keys), _marks(s["citations"])) for s in verdict["steps"]]
        yield setter.table(heads, rows, (0.34, 0.18, 0.18, 0.19, 0.11))


def _marks(numbers: Sequence[int]) -> str:
    return " ".join(f"[{n}]" for n in numbers)


def _handover(content: Mapping[str, Any], setter: Setter) -> Iterator[Flowable]:
    handover, chat = content["handover"], load_words(setter.words.language)
    if not handover:
        return
    yield setter.heading(chat("handover.heading"))
    yield setter.text(handover["section"])
    if handover["contact"]:
        yield setter.text(f"{chat('handover.contact')}: {handover['contact']}")
    yield setter.quiet(chat("handover.draft"), spaceBefore=4, keepWithNext=1)
    yield setter.box(handover["draft"])


def _quotes(content: Mapping[str, Any], setter: Setter) -> Iterator[Flowable]:
    yield setter.heading(setter.words("sheet.quotes"))
    if not content["quotes"]:
        yield setter.text(setter.words("sheet.no_quotes"))
    for quote in content["quotes"]:
        yield from _passage(quote, f"[{quote['number']}] ", quote["quote"], setter)
    if content["nearest"]:
        yield setter.heading(setter.words("sheet.nearest"))
        for near in content["nearest"]:
            yield from _passage(near, "", near["text"], setter)


def _passage(
    place: Mapping[str, Any], number: str, text: str, setter: Setter
) -> Iterator[Flowable]:
    words = setter.words
    title = f"{number}{title_of(place, words)}　{locator_of(place, words)}"
    yield setter.text(title, spaceBefore=4, keepWithNext=1)
    weight = weight_of(place, words)
    if place["standing"] in VIEWS:
        weight = f"{weight}　{words('sheet.views')}"
    yield setter.box(text)
    page = [(words("sheet.page_number"), str(place["page"]))] if place["page"] else []
    yield setter.facts(
        [
            (words("sheet.weight"), weight),
            *page,
            (words("sheet.dates"), dates_of(place, words)),
            (words("sheet.source"), "\n".join([place["source"], *place["more_sources"]])),
            (words("sheet.document_id"), place["document_id"]),
            (words("sheet.sha256"), place["document_sha256"] or words("sheet.no_sha256")),
        ]
    )
    yield Spacer(1, 6)


def _notes(content: Mapping[str, Any], setter: Setter) -> Iterator[Flowable]:
    if content["notes"]:
        yield setter.heading(load_words(setter.words.language)("turn.notes"))
        for note in content["notes"]:
            yield setter.text(note, spaceAfter=3)


def _made_with(sheet: Mapping[str, Any], setter: Setter) -> Iterator[Flowable]:
    words, made = setter.words, sheet["content"]["made_with"]
    yield setter.heading(words("sheet.made_with"))
    written = made["engine"] == "llm"
    rows = [
        (
            words("sheet.engine"),
            words(
                "sheet.engine_llm" if written else "sheet.engine_extractive",
                model=made["language_model"],
            ),
        ),
        (
            words("sheet.embedding_model"),
            " ".join(
                v for v in (made["embedding_model"], made["embedding_model_fingerprint"]) if v
            ),
        ),
        (words("sheet.index"), made["index"]),
        (words("sheet.program"), words("sheet.program_is", version=made["kyodo"])),
        (words("sheet.content_sha256"), sheet["sha256"]),
    ]
    yield setter.facts([(name, value or words("sheet.no_sha256")) for name, value in rows])
    yield setter.quiet(words("sheet.content_note"))
    yield setter.quiet(words(_font_key(setter), name=setter.font.label))
    if setter.lacking:
        told = "、".join(f"U+{ord(c):04X}" for c in sorted(setter.lacking))
        yield setter.quiet(words("sheet.geta", characters=told))


def _font_key(setter: Setter) -> str:
    return "sheet.font_embedded" if setter.font.embedded else "sheet.font_named"


class _Numbered(Canvas):
    """A canvas that writes the foot of every page once it knows how many there are."""

    def __init__(self, *given: Any, sheet: Mapping[str, Any], setter: Setter, **more: Any) -> None:
        super().__init__(*given, **more)
        self._sheet, self._setter = sheet, setter
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 (ReportLab's name)
        """Keep the page for its foot."""
        self._kept.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]  # as ReportLab's own showPage

    def save(self) -> None:
        """Write every page with its foot."""
        for number, page in enumerate(self._kept, 1):
            self.__dict__.update(page)
            self._write_foot(number, len(self._kept))
            super().showPage()
        super().save()

    def _write_foot(self, number: int, pages: int) -> None:
        words, name = self._setter.words, self._setter.font.name
        content, hashed = self._sheet["content"], self._sheet["sha256"]
        self.setFont(name, 8)
        self.drawString(_MARGIN, _FOOT, words("sheet.footer", answer_id=content["answer_id"]))
        self.drawRightString(A4[0] - _MARGIN, _FOOT, words("sheet.page", page=number, pages=pages))
        self.setFont(name, 7)
        self.drawString(_MARGIN, _FOOT - 10, f"{words('sheet.content_sha256')} {hashed}")
