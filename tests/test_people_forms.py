"""Forms carry a token that only whoever holds the cookie can make."""

from __future__ import annotations

from markupsafe import Markup

from assistant.people.forms import FIELD, token_field, token_for, with_tokens

TOKEN = "t" * 64


def test_every_form_that_posts_gets_the_token_and_no_other_does() -> None:
    page = Markup(
        '<form class="a" method="get" action="/x"></form><form method="post" action="/y">'
        '<button>1</button></form><form id="z" method="post" action="/z?a=1&amp;b=&gt;">2</form>'
    )
    made = with_tokens(page, TOKEN)
    assert made.count(f'name="{FIELD}"') == 2
    assert f'action="/y">{token_field(TOKEN)}<button>' in made
    assert f'b=&gt;">{token_field(TOKEN)}2' in made


def test_a_form_that_has_the_token_gets_no_second_one() -> None:
    page = Markup('<form method="post" action="/y">') + token_field(TOKEN) + Markup("</form>")
    assert with_tokens(page, TOKEN) == page


def test_without_a_token_nothing_is_put_in() -> None:
    page = Markup('<form method="post" action="/y"></form>')
    assert with_tokens(page, "") == page


def test_a_form_that_a_document_only_speaks_of_stays_text() -> None:
    page = Markup("<p>{}</p>").format('<form method="post">')
    assert with_tokens(page, TOKEN) == page


def test_the_token_tells_nothing_of_the_secret_and_differs_by_it_and_by_the_login() -> None:
    tokens = {token_for("a" * 43), token_for("b" * 43), token_for("a" * 43, "sato")}
    assert len(tokens) == 3
    assert not any("aaa" in token for token in tokens)
