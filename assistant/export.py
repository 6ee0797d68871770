"""A turn of the conversation as text to paste, and as Markdown to keep."""

from __future__ import annotations

import re

from assistant.conversation import Exchange
from assistant.datatypes import Answer, Statement
from assistant.evidence import Source
from assistant.markup import safe_url, visible
from assistant.render_sources import dates_of, locator_of, ocr_mark, title_of, weight_word
from assistant.words import Words

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!])")
_LINE_START = re.compile(r"^(\s*)([-+=]|\d+[.)])", re.MULTILINE)


def escape_markdown(text: str) -> str:
    """Text that Markdown shows as it is: no mark-up, link, image or HTML comes to life."""
    escaped = _SPECIAL.sub(r"\\\1", visible(text)).replace("://", ":\\//")
    return _LINE_START.sub(lambda m: f"{m[1]}{m[2][:-1]}\\{m[2][-1]}", escaped)


def to_plain(exchange: Exchange, words: Words) -> str:
    """Question, answer and sources as plain text, for a mail or a memo."""
    return _write(exchange, words, plain=True)


def to_markdown(exchange: Exchange, words: Words) -> str:
    """Question, answer and sources as Markdown."""
    return _write(exchange, words, plain=False)


def _write(exchange: Exchange, words: Words, *, plain: bool) -> str:
    lines = [
        _title(words("export.question"), plain),
        _say(exchange.question, plain),
        "",
    ]
    answer = exchange.answer
    if answer is None:
        return "\n".join(lines)
    lines += [
        _title(words("export.answer"), plain),
        *_answer(answer, exchange, words, plain),
        "",
    ]
    if exchange.state == "stopped":
        lines += [words("export.stopped"), ""]
    if exchange.evidence.sources:
        lines.append(_title(words("export.sources"), plain))
        lines += [_source(s, words, plain) for s in exchange.evidence.sources]
        lines.append("")
    elif exchange.evidence.nearest:
        lines.append(_title(words("export.nearest"), plain))
        lines += [_source(s, words, plain) for s in exchange.evidence.nearest]
        lines.append("")
    lines.append(words("export.as_of", date=answer.query.as_of))
    if answer.index:
        lines.append(words("export.index", fingerprint=_say(answer.index, plain)))
    return "\n".join(lines)


def _answer(answer: Answer, exchange: Exchange, words: Words, plain: bool) -> list[str]:
    lines: list[str] = []
    if answer.status == "no_answer":
        lines.append(_say(answer.text, plain))
    elif answer.status == "partial":
        lines.append(words("status.partial"))
    if answer.clarifying_question:
        lines.append(_say(answer.clarifying_question, plain))
    if answer.verdict and f"verdict.{answer.verdict.get('value')}" in words.table:
        value = words(f"verdict.{answer.verdict['value']}")
        lines.append(f"{words('verdict.heading')}: {value} ({words('verdict.caution')})")
    lines += [_statement(s, words, plain) for s in answer.statements[: exchange.shown]]
    if answer.handover:
        handover = answer.handover
        place = " ".join(part for part in (handover.section, handover.contact) if part)
        lines.append(f"{words('handover.heading')}: {_say(place, plain)}")
        lines.append(f"{words('handover.draft')}:\n{_say(handover.draft, plain)}")
    separator = "\n" if plain else "\n\n"
    return [separator.join(lines)]


def _statement(statement: Statement, words: Words, plain: bool) -> str:
    text = _say(re.sub(r"(?:\s*\[\d+\])+\s*$", "", statement.text), plain)
    marks = "".join(f"[{n}]" if plain else f"\\[{n}\\]" for n in statement.citations)
    if statement.verified:
        return f"{text} {marks}".rstrip()
    reason = _say(statement.reason or words("gate.no_reason"), plain)
    return words("export.struck", text=text if plain else f"~~{text}~~", reason=reason)


def _source(source: Source, words: Words, plain: bool) -> str:
    """A source on one line, and the words quoted below it."""
    passage, citation = source.passage, source.citation
    binding = words("source.binding" if passage.binding else "source.not_binding")
    edition = words(f"source.{passage.document.edition}")
    name = " ".join((title_of(passage.document, words)[0], locator_of(passage, words)[0]))
    worth = [weight_word(passage, words), binding, edition, dates_of(passage, words)]
    worth += [ocr_mark(passage, words)] if passage.ocr_confidence is not None else []
    number = "" if citation is None else f"[{citation.number}] "
    head = f"{_say(number + name, plain)} ({_say(' / '.join(worth), plain)})"
    quote = _say(citation.quote if citation else passage.text, plain)
    address = safe_url(passage.source) or safe_url(passage.document.source)
    if plain:
        return "\n".join([head, f"  「{quote}」", *([f"  {address}"] if address else [])])
    quoted = "\n".join(f"  > {line}" for line in quote.splitlines())
    link = f"\n\n  <{address}>" if address else ""
    return f"- {head}\n\n{quoted}{link}\n"


def _title(text: str, plain: bool) -> str:
    return f"【{text}】" if plain else f"## {text}\n"


def _say(text: str, plain: bool) -> str:
    return visible(text) if plain else escape_markdown(text)
