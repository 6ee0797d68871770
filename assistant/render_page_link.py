"""The way from a source to the page of its file, where the quote is marked on the picture."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from markupsafe import Markup

from assistant.datatypes import Citation
from assistant.markup import html
from assistant.words import Words
from corpus.datatypes import Passage


def page_link(passage: Passage, citation: Citation | None, words: Words, root: str = "") -> Markup:
    """A link to the page that a passage stands on; nothing where its document has no pages.

    It opens apart, since the conversation would be lost; its address is relative, since a proxy
    may serve all of this under a folder. A page that lies deeper says what leads to the ``root``.
    """
    if passage.page is None:
        return Markup("")
    asked: dict[str, str | int] = {"passage": passage.passage_id}
    if citation is not None:
        asked |= {"start": citation.start, "end": citation.end}
    name = quote(passage.document.document_id, safe="")
    return html(
        '<p><a class="k-official" href="{address}" target="_blank" rel="noopener">{label}'
        '<span class="k-hidden">{note}</span></a></p>',
        address=f"{root}documents/{name}/page/{passage.page}?{urlencode(asked)}#quote",
        label=words("source.show_page", page=passage.page),
        note=words("nav.new_tab"),
    )
