"""What stands around the conversation: the head, the question box, examples, documents."""

from __future__ import annotations

from markupsafe import Markup

from assistant.conversation import QUESTION_LIMIT, Conversation
from assistant.markup import html, join
from assistant.pages import Link
from assistant.person import Visit
from assistant.render import ask_buttons
from assistant.render_engine import render_consent
from assistant.render_nav import render_nav, render_visit
from assistant.render_sources import title_of
from assistant.words import Words
from corpus.datatypes import AUTHORITIES, Document

_NOTHING = Markup("")
NOBODY = Visit()


def render_head(
    conversation: Conversation,
    words: Words,
    links: tuple[Link, ...] = (),
    visit: Visit = NOBODY,
) -> Markup:
    """The name of the page, the ways to others, and what can be done with the conversation.

    Once it has begun the other pages open apart: it would be lost.
    """
    tools = (
        html(
            '<button type="button" class="k-button" data-download="{file}" '
            'data-heading="{heading}" data-made="{made}" aria-label="{label}">{save}</button>'
            '<button type="button" class="k-button" data-new>{new}</button>',
            file=words("page.file_name"),
            heading=words("export.heading"),
            made=words("export.made", date="{date}"),
            label=words("page.download_label"),
            save=words("page.download"),
            new=words("page.new"),
        )
        if conversation.exchanges
        else _NOTHING
    )
    other = "ja" if words.language == "en" else "en"
    return html(
        '<a class="k-skip" href="#k-input">{skip}</a><div class="k-head">'
        '<h1><span class="k-name">{name}</span> <span class="k-tagline">{tagline}</span></h1>{nav}'
        '<div class="k-tools">{tools}<button type="button" class="k-button" data-language="{other}"'
        ' lang="{other}">{switch}</button>{who}</div></div>',
        skip=words("page.skip"),
        name=words("page.name"),
        tagline=words("page.tagline"),
        nav=render_nav(links, links[0], words, visit, apart=bool(conversation.exchanges))
        if links
        else _NOTHING,
        tools=tools,
        other=other,
        switch=words("page.switch"),
        who=render_visit(visit, links[0].path.rstrip("/"), words) if links else _NOTHING,
    )


def render_welcome(words: Words) -> Markup:
    """What a first-time reader needs to know, in two sentences."""
    return html(
        '<div class="k-welcome"><p class="k-welcome-lead">{lead}</p><p>{note}</p></div>',
        lead=words("page.lead"),
        note=words("page.lead_note"),
    )


def render_form(words: Words, status: str = "", notice: str = "", consent: bool = False) -> Markup:
    """The question box.

    Args:
        words: the words of the page.
        status: read out by a screen reader when it changes, not shown.
        notice: why the last question was not sent, shown above the box.
        consent: whether to ask if a question with personal data may be sent.
    """
    return html(
        '<form class="k-form" role="search" aria-label="{label}" novalidate '
        'data-lang="{language}" data-title="{title}" data-limit="{limit}" data-empty="{empty}" '
        'data-too-long="{too_long}" data-copied="{copied}" '
        'data-copy-failed="{copy_failed}" data-expired="{expired}" '
        'data-sign-in="{sign_in}" data-signed-in="{signed_in}" '
        'data-waiting="{waiting}" data-waiting-place="{waiting_place}" data-full="{full}" '
        'data-lost="{lost}">'
        '<p class="k-notice k-warning" id="k-refused" role="alert">{notice}</p>{consent}'
        '<p class="k-notice" id="k-waiting" role="status"></p>'
        '<div class="k-form-top"><label for="k-input">{label}</label><details class="k-options">'
        '<summary>{details}</summary><p><label for="k-as-of">{as_of}</label> <input type="date" '
        'id="k-as-of" aria-describedby="k-as-of-hint"> <span id="k-as-of-hint">{as_of_hint}</span>'
        '</p></details></div><div class="k-box">'
        '<textarea id="k-input" rows="1" aria-describedby="k-refused k-hint"></textarea>'
        '<div class="k-buttons"><button type="submit" class="k-button k-primary">{send}</button>'
        '<button type="button" class="k-button k-stop" data-stop>{stop}</button></div></div>'
        '<p class="k-hint" id="k-hint">{hint}</p>'
        '<p class="k-hidden" id="k-status" role="status">{status}</p></form>',
        language=words.language,
        title=words("page.title"),
        limit=QUESTION_LIMIT,
        too_long=words("ask.too_long", limit=f"{QUESTION_LIMIT:,}", length="{length}"),
        copied=words("turn.copied"),
        copy_failed=words("turn.copy_failed"),
        expired=words("visit.expired"),
        sign_in=words("visit.sign_in"),
        signed_in=words("visit.signed_in"),
        full=words("turn.full"),
        lost=words("turn.lost"),
        waiting=words("turn.waiting"),
        waiting_place=words("turn.waiting_place", place="{place}"),
        notice=notice,
        consent=render_consent(consent, words),
        status=status,
        **{
            name: words(f"ask.{name}")
            for name in (
                "label",
                "empty",
                "send",
                "stop",
                "hint",
                "details",
                "as_of",
                "as_of_hint",
            )
        },
    )


def render_foot(
    conversation: Conversation,
    examples: tuple[str, ...],
    documents: tuple[Document, ...],
    words: Words,
) -> Markup:
    """Example questions before the first question, and the documents read here."""
    started = bool(conversation.exchanges)
    shown = (
        html(
            '<section class="k-examples" aria-labelledby="k-examples"><h2 id="k-examples">'
            '{heading}</h2><ul class="k-questions">{items}</ul></section>',
            heading=words("ask.examples"),
            items=ask_buttons(examples),
        )
        if examples and not started
        else _NOTHING
    )
    if not documents:
        return shown + html(
            '<p class="k-notice k-warning">{text}</p>', text=words("documents.empty")
        )
    return shown + html(
        '<details class="k-documents"><summary>{heading}</summary><table><thead><tr>'
        '<th scope="col">{title}</th><th scope="col">{weight}</th><th scope="col">{edition}</th>'
        '<th scope="col">{section}</th></tr></thead><tbody>{rows}</tbody></table></details>',
        heading=words("documents.heading", count=len(documents)),
        title=words("documents.title"),
        weight=words("documents.weight"),
        edition=words("documents.edition"),
        section=words("documents.section"),
        rows=join(_document(d, words) for d in sorted(documents, key=_rank)),
    )


def _rank(document: Document) -> tuple[int, str]:
    """What weighs most comes first."""
    return AUTHORITIES.index(document.authority), document.title


def _document(document: Document, words: Words) -> Markup:
    title, language = title_of(document, words)
    section = (document.section_en if words.language == "en" else "") or document.section
    binding = words("source.binding" if document.binding else "source.not_binding")
    return html(
        '<tr><th scope="row" lang="{language}">{title}</th><td>{authority} / {binding}</td>'
        "<td>{edition}</td><td>{section}</td></tr>",
        language=language,
        title=title,
        authority=words(f"authority.{document.authority}"),
        binding=binding,
        edition=words(f"source.{document.edition}"),
        section=section,
    )
