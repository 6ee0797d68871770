"""A page that says in a sentence why somebody is not let in."""

from __future__ import annotations

from starlette.responses import Response

from assistant.frame import Framed, render_failure, render_frame
from assistant.markup import html
from assistant.pages import Link, Surroundings
from assistant.people.view import SIGN_IN
from assistant.person import Visit
from assistant.words import Words

_NOWHERE = Link("", {}, listed=False)


def refusal(around: Surroundings, words: Words, sentence: str, status: int) -> Response:
    """The page, in the frame of all others.

    Args:
        around: the server.
        words: of the pages about people.
        sentence: the reason.
        status: the HTTP status.
    """
    failure = render_failure(words, sentence, f"{around.base}/")
    body = html('<div class="p-page">{f}</div>', f=failure)
    style = f"{SIGN_IN}/page.css"
    other = "ja" if words.language == "en" else "en"

    def draw(visit: Visit) -> str:
        title = words("error.heading")
        switch = f"?language={other}"
        return render_frame(
            title, body, words.language, around, _NOWHERE, visit, switch=switch, styles=(style,)
        )

    return Framed(draw, status)
