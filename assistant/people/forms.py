"""The token that keeps another site from sending a form in somebody's name.

What a page has to do: nothing but write its forms as ``<form method="post" action="...">`` (in
double quotes) and answer through ``assistant.frame.respond``, or put them under an answer with
``Page.beside``. The hidden field is put in when the page is sent, and a request without the
right one is refused before it reaches the page (``assistant/people/entry.py``). A script that
sends by itself sends the form's own fields (``new FormData(form)``), or the field's value in the
header ``X-Kyodo-Token``.
"""

from __future__ import annotations

import hmac
import re
from hashlib import sha256

from markupsafe import Markup

from assistant.markup import html

FIELD = "kyodo_token"
HEADER = "x-kyodo-token"
_FORM = re.compile(
    r'(<form\b[^>]*\bmethod="post"[^>]*>)(?!<input type="hidden" name="kyodo_token")'
)
_NOTHING = Markup("")


def token_for(secret: str, login: str = "") -> str:
    """The token of whoever holds a secret in a cookie: nobody else can work it out.

    Args:
        secret: the cookie's value, at least 128 random bits.
        login: the name that a proxy vouches for, where it does.
    """
    return hmac.new(secret.encode(), f"form\0{login}".encode(), sha256).hexdigest()


def token_field(token: str) -> Markup:
    """The hidden field for a form; nothing where no token is asked for."""
    if not token:
        return _NOTHING
    return html('<input type="hidden" name="{name}" value="{token}">', name=FIELD, token=token)


def with_tokens(page: Markup, token: str) -> Markup:
    """The HTML with a token in every form that posts.

    Args:
        page: HTML of ours, in which every value is escaped.
        token: the token, "" where none is asked for.
    """
    if not token:
        return page
    field = str(token_field(token))
    return Markup(_FORM.sub(lambda form: form.group(1) + field, page))
