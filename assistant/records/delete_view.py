"""Deleting from the history: first it is said what goes and what stays, then it is gone."""

from __future__ import annotations

from markupsafe import Markup
from starlette.responses import Response

from assistant.markup import html
from assistant.records.history import conversation, count, forget
from assistant.records.saved import saved_ids
from assistant.records.view import View, ViewError, link_button, moved, shown


def delete_one_view(view: View) -> Response:
    """Whether to delete the conversation that the address names."""
    identity = str(view.place["conversation"])
    answers = conversation(view.around.state, identity, view.person)
    if not answers:
        raise ViewError(view.words("error.no_conversation"))
    return confirm(
        view,
        view.words("delete.one"),
        html(
            '<p class="r-name">{q}</p><p>{c}</p>{stays}',
            q=answers[0]["answer"]["question"],
            c=view.words("delete.one_count", count=len(answers)),
            stays=_stays(view),
        ),
        view.link("c", identity, "delete"),
        view.link("c", identity),
    )


def delete_all_view(view: View) -> Response:
    """Whether to delete the whole history."""
    found, answers = count(view.around.state, view.person)
    told = view.words("delete.all_count", conversations=found, count=answers)
    text = html("<p>{c}</p>{stays}", c=told, stays=_stays(view))
    return confirm(view, view.words("delete.all"), text, view.link("delete"), view.link())


def delete_one(view: View) -> Response:
    """Delete the conversation that the address names."""
    if not forget(view.around.state, view.person, str(view.place["conversation"])):
        raise ViewError(view.words("error.no_conversation"))
    return moved(view.link(did="deleted_one"))


def delete_all(view: View) -> Response:
    """Delete the whole history of the person."""
    forget(view.around.state, view.person)
    return moved(view.link(did="deleted_all"))


def confirm(view: View, title: str, text: Markup, action: str, stop: str) -> Response:
    """Ask before something is deleted.

    Args:
        view: the request.
        title: the question.
        text: what goes, and what stays.
        action: the address that deletes it.
        stop: where to go if it shall stay.
    """
    body = [
        html("<h1>{t}</h1>{text}", t=title, text=text),
        html(
            '<form method="post" action="{action}"><p class="r-ways">'
            '<button class="k-button r-danger">{go}</button>{stop}</p></form>',
            action=action,
            go=view.words("delete.go"),
            stop=link_button(stop, view.words("delete.stop")),
        ),
    ]
    return shown(view, title, body)


def _stays(view: View) -> Markup:
    saved = len(saved_ids(view.around.state, view.person))
    told = view.words("delete.saved_stay", count=saved) if saved else ""
    return html(
        '{saved}<p class="r-quiet">{elsewhere}</p>',
        saved=html("<p>{t}</p>", t=told) if told else Markup(""),
        elsewhere=view.words("delete.elsewhere"),
    )
