"""Text to HTML that is safe to show: every value is escaped, every link is checked.

Nothing from a document, a question or a model reaches the page but through ``html``,
``mark_span`` or ``safe_url``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from markupsafe import Markup, escape

# Control characters, zero-width and bidirectional marks, tag characters, half characters:
# they are invisible, and only ever hide something. Ideographic variation selectors stay,
# for they belong to the names of people and places.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_BLANK = re.compile(r"\{(\w+)\}")


def visible(text: str) -> str:
    """The text without characters that cannot be seen."""
    return _INVISIBLE.sub("", text)


def html(template: str, **values: object) -> Markup:
    """Fill ``{name}`` in a template of ours; every value that is not ``Markup`` is escaped."""

    def fill(blank: re.Match[str]) -> str:
        value = values[blank.group(1)]
        return value if isinstance(value, Markup) else escape(visible(str(value)))

    return Markup(_BLANK.sub(fill, template))


def join(parts: Iterable[Markup], between: str = "") -> Markup:
    """Pieces of safe HTML as one."""
    return Markup(between).join(parts)


def safe_url(address: str) -> str | None:
    """The address if a browser may open it from the page, else None.

    Only ``http`` and ``https`` with a host and without a user name pass; an address with
    white space or invisible characters does not.
    """
    if not address or visible(address) != address or re.search(r"[\s\\<>\"']", address):
        return None
    try:
        parts = urlsplit(address)
        host, user = parts.hostname, parts.username
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or user is not None:
        return None
    return address


def mark_span(text: str, start: int, end: int, opening: str, closing: str) -> Markup:
    """The text with the characters ``start`` to ``end`` marked.

    Args:
        text: a passage's text.
        start: offset of the first character quoted, from 0.
        end: offset after the last.
        opening: words read out before the quote, not shown.
        closing: words read out after it, not shown.

    Raises:
        ValueError: the offsets do not lie in the text.
    """
    if not 0 <= start <= end <= len(text):
        raise ValueError(
            f"Expected offsets within 0 to {len(text)}, found {start} to {end}; "
            "build the citation from the passage it names."
        )
    return html(
        '{before}<mark><span class="k-hidden"> {opening} </span>{quote}'
        '<span class="k-hidden"> {closing} </span></mark>{after}',
        before=text[:start],
        quote=text[start:end],
        after=text[end:],
        opening=opening,
        closing=closing,
    )
