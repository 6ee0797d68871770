"""What one person says of one answer: the question, the form, and the thanks.

The same piece stands on a page of its own and, fetched by the script, under the answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from assistant.datatypes import Language
from assistant.feedback.datatypes import LONGEST, Feedback, Part, Said
from assistant.feedback.view import PLACE, part_words
from assistant.markup import html, join
from assistant.plain_page import View, button, form, link_button
from assistant.words import load_words

_NOTHING = Markup("")


@dataclass(frozen=True)
class Draft:
    """A form as it is filled in so far.

    ``problem`` says why it was not kept; ``personal`` names what looks like personal data in it.
    """

    said: Said
    problem: str = ""
    personal: Sequence[str] = field(default=())


def beside(answer_id: str, language: Language, base: str) -> Markup:
    """The question under an answer. Links, which the script opens in place."""
    words = load_words(language, PLACE.folder)
    address = f"{base}{PLACE.path}/new?answer={answer_id}&language={language}&said="
    links = join(
        html(
            '<a class="k-button f-{said}" href="{a}" target="_blank" rel="noopener" '
            'data-feedback-open="{said}">{text}</a>',
            said=said,
            a=address + said,
            text=words(f"ask.{said}"),
        )
        for said in ("right", "wrong")
    )
    return html(
        '<div class="f-beside" data-feedback="{id}-{language}" data-failed="{failed}">'
        '<p class="f-question" id="f-{id}">{question}</p>'
        '<div class="f-choices" role="group" aria-labelledby="f-{id}">{links}</div></div>',
        id=answer_id,
        language=language,
        failed=words("ask.failed"),
        question=words("ask.question"),
        links=links,
    )


def panel(view: View, whole: Mapping[str, Any], given: Feedback | None) -> Markup:
    """What the address asks for: the choice, the form, or what was said with its thanks."""
    asked = view.query.get("said", "")
    if asked == "wrong":
        return form_panel(view, whole, Draft(given.said if given else Said("wrong")), given)
    if given is not None:
        return _given_panel(view, given)
    return _choice_panel(view, whole, asked == "right")


def form_panel(
    view: View, whole: Mapping[str, Any], draft: Draft, given: Feedback | None
) -> Markup:
    """The form for what is wrong."""
    words, answer_id = view.words, str(whole["answer_id"])
    back = view.link("new", answer=answer_id)
    body = html(
        "{problem}{parts}{comment}{better}{personal}"
        '<div class="k-tools">{send}<a class="k-button" href="{back}" {close}>{cancel}</a></div>',
        problem=_problem(draft),
        parts=_parts(view, whole["answer"], draft.said.parts),
        comment=_text(view, "comment", draft.said.comment, answer_id),
        better=_text(view, "better", draft.said.better, answer_id),
        personal=_personal(view, draft),
        send=button(words("form.send_anyway" if draft.personal else "form.send"), "k-primary"),
        back=back,
        close=Markup("data-feedback-open" if given else "data-feedback-close"),
        cancel=words("form.cancel"),
    )
    return _panel(
        words("form.heading"),
        html('<p class="f-quiet">{t}</p>', t=words("form.lead"))
        + form(view.link("give"), body, "f-form", answer=answer_id, verdict="wrong"),
    )


def _choice_panel(view: View, whole: Mapping[str, Any], at_once: bool) -> Markup:
    words, answer_id = view.words, str(whole["answer_id"])
    right = form(
        view.link("give"),
        button(words("ask.right"), "k-primary" if at_once else ""),
        "f-inline",
        answer=answer_id,
        verdict="right",
    )
    wrong = html(
        '<a class="k-button" href="{a}" data-feedback-open="wrong">{t}</a>',
        a=view.link("new", answer=answer_id, said="wrong"),
        t=words("ask.wrong"),
    )
    return _panel(words("ask.question"), html('<div class="k-tools">{a}</div>', a=right + wrong))


def _given_panel(view: View, given: Feedback) -> Markup:
    """Thanks, what was said, and how to change it or take it back."""
    words, said = view.words, given.said
    change = html(
        '<a class="k-button" href="{a}" data-feedback-open="wrong">{t}</a>',
        a=view.link("new", answer=given.answer_id, said="wrong"),
        t=words("given.change" if said.verdict == "wrong" else "given.change_to_wrong"),
    )
    back = form(
        view.link("withdraw"),
        button(words("given.undo" if said.verdict == "right" else "given.withdraw")),
        "f-inline",
        answer=given.answer_id,
    )
    mine = html(
        '<a class="f-mine" href="{a}" target="_blank" rel="noopener">{t}</a>',
        a=view.link("mine"),
        t=words("given.mine"),
    )
    return _panel(
        words(f"given.{said.verdict}"),
        said_list(view, given)
        + html('<div class="k-tools">{c}{b}{m}</div>', c=change, b=back, m=mine),
        "✓ ",
    )


def said_list(view: View, given: Feedback) -> Markup:
    """What was said of what is wrong; nothing where the answer is right."""
    words, said = view.words, given.said
    rows = [(words("said.part"), part_words(part, given.answer, words)) for part in said.parts]
    rows += [(words("said.comment"), said.comment)] if said.comment else []
    rows += [(words("said.better"), said.better)] if said.better else []
    if not rows:
        return _NOTHING
    listed = join(html("<div><dt>{n}</dt><dd>{v}</dd></div>", n=name, v=v) for name, v in rows)
    return html('<dl class="f-said">{rows}</dl>', rows=listed)


def withdrawn_panel(view: View, answer_id: str) -> Markup:
    """That what was said is gone, and the way to say something again."""
    words = view.words
    again = html(
        '<a class="k-button" href="{a}" data-feedback-close>{t}</a>',
        a=view.link("new", answer=answer_id),
        t=words("withdrawn.again"),
    )
    return _panel(words("withdrawn.heading"), html('<div class="k-tools">{a}</div>', a=again))


def _panel(heading: str, body: Markup, sign: str = "") -> Markup:
    return html(
        '<section class="f-panel" data-feedback-panel><h2 tabindex="-1">{sign}{heading}</h2>'
        "{body}</section>",
        sign=sign,
        heading=heading,
        body=body,
    )


def _problem(draft: Draft) -> Markup:
    if not draft.problem:
        return _NOTHING
    return html('<p class="k-notice k-warning" role="alert">{p}</p>', p=draft.problem)


def _personal(view: View, draft: Draft) -> Markup:
    """What looks like personal data, said before anything is kept."""
    if not draft.personal:
        return _NOTHING
    words = view.words
    return html(
        '<div class="k-notice k-warning" role="alert"><p>{found}</p><p>{ask}</p></div>'
        '<input type="hidden" name="personal" value="keep">',
        found=words("form.personal", found=words("form.joint").join(draft.personal)),
        ask=words("form.personal_ask"),
    )


def _parts(view: View, answer: Mapping[str, Any], chosen: Sequence[Part]) -> Markup:
    """The parts of the answer, to be ticked."""
    words = view.words
    statements = [Part("statement", n) for n, _ in enumerate(answer["statements"], 1)]
    citations = [Part("citation", c["number"]) for c in answer["citations"]]
    rest = [Part("verdict")] if answer.get("verdict") else []
    rest += [Part("refusal")] if answer["status"] in ("no_answer", "partial") else []
    rest += [Part("missing"), Part("other")]
    groups = [("statements", statements), ("citations", citations), ("rest", rest)]
    found = [(name, parts) for name, parts in groups if parts]
    boxes = join(
        html(
            '<div class="f-parts"><p class="f-quiet">{h}</p>{boxes}</div>',
            h=words(f"form.{name}"),
            boxes=join(_box(part, part in chosen, answer, view) for part in parts),
        )
        for name, parts in found
    )
    return html(
        "<fieldset><legend>{legend}</legend>{boxes}</fieldset>",
        legend=words("form.parts"),
        boxes=boxes,
    )


def _box(part: Part, ticked: bool, answer: Mapping[str, Any], view: View) -> Markup:
    return html(
        '<label class="f-box"><input type="checkbox" name="part" value="{v}"{on}> '
        "<span>{t}</span></label>",
        v=str(part),
        on=Markup(" checked") if ticked else _NOTHING,
        t=part_words(part, answer, view.words),
    )


def _text(view: View, name: str, text: str, answer_id: str) -> Markup:
    return html(
        '<label class="f-text" for="f-{name}-{id}">{label}</label>'
        '<textarea id="f-{name}-{id}" name="{name}" rows="3" maxlength="{most}" '
        'aria-describedby="f-{name}-hint-{id}">{text}</textarea>'
        '<p class="f-quiet" id="f-{name}-hint-{id}">{hint}</p>',
        name=name,
        id=answer_id,
        label=view.words(f"form.{name}"),
        most=LONGEST,
        text=text,
        hint=view.words(f"form.{name}_hint", most=f"{LONGEST:,}"),
    )


def chat_link(view: View) -> Markup:
    """The way back to the conversation, where the page stands by itself."""
    return html(
        "<p>{link}</p>",
        link=link_button(f"{view.around.base}/", view.words("page.chat")),
    )
