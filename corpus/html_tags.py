"""The elements of a page by what they do to its text."""

from __future__ import annotations

CODE = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "iframe",
        "svg",
        "math",
        "object",
        "canvas",
    ]
)
"""What holds no words for a reader."""
SKIPPED = CODE | frozenset(
    [
        "nav",
        "footer",
        "audio",
        "video",
        "button",
        "select",
        "textarea",
        "option",
        "datalist",
        "dialog",
        "rt",
        "rp",
    ]
)
"""What is not read: code, menus, form fields, and the reading aids above kanji."""
STRUCK = frozenset(
    [
        "del",
        "s",
        "strike",
    ]
)
"""Words that are struck out: seen, but no longer meant."""
BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "aside",
        "header",
        "body",
        "form",
        "fieldset",
        "legend",
        "details",
        "summary",
        "li",
        "dt",
        "dd",
        "td",
        "th",
        "tr",
        "table",
        "caption",
        "thead",
        "tbody",
        "tfoot",
        "ul",
        "ol",
        "dl",
        "blockquote",
        "pre",
        "br",
        "hr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "figure",
        "figcaption",
        "address",
        "center",
    ]
)
"""What begins on a line of its own."""
IN_TABLE = frozenset(
    [
        "caption",
        "tr",
        "td",
        "th",
        "dt",
        "dd",
    ]
)
"""The parts of tables and of definition lists."""
CONTENT = frozenset(
    [
        "main",
        "article",
        "section",
    ]
)
"""What holds the text of a page: a header inside it belongs to it."""
