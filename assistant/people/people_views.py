"""What owners see of people: the list, one person, a new password, the question before removing."""

from __future__ import annotations

import time
from collections.abc import Mapping

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from assistant.markup import html, join
from assistant.pages import Surroundings
from assistant.people.account_page import collections_text
from assistant.people.accounts import Account, all_accounts
from assistant.people.attempts import waiting
from assistant.people.sign_in_page import with_accounts
from assistant.people.view import (
    PEOPLE,
    SIGN_IN,
    button_form,
    choice,
    shown,
    text_field,
    told,
    words_for,
)
from assistant.person import ROLES
from assistant.words import Words

_NOTHING = Markup("")


def list_view(
    request: Request,
    around: Surroundings,
    fields: Mapping[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> Response:
    """Everybody, and the form for one more; ``problem`` says why that failed."""
    words = words_for(request)
    accounts = all_accounts(around.state)
    waits = waiting(around.state, [a.login for a in accounts], time.time())
    title = words("people.title")
    body = [
        html("<h1>{t}</h1>", t=title),
        told(words(f"problem.{problem}")) if problem else _NOTHING,
        _table(words, around, accounts, waits),
        _add_form(words, around, fields or {}),
    ]
    return shown(request, around, PEOPLE, title, body, status)


def person_view(
    request: Request, around: Surroundings, account: Account, problem: str = "", status: int = 200
) -> Response:
    """One person, and what may be changed."""
    words = words_for(request)
    here = f"{around.base}{PEOPLE}/{account.person_id}"
    waits = bool(waiting(around.state, [account.login], time.time()))
    done = not problem and request.query_params.get("done") == "1"
    body = [
        _back(words, around),
        html("<h1>{n} <span>{l}</span></h1>", n=account.name, l=account.login),
        told(words(f"problem.{problem}")) if problem else _NOTHING,
        told(words("people.saved"), "") if done else _NOTHING,
        html(
            '<form method="post" action="{a}" class="p-card p-narrow">{f}'
            '<button class="k-button k-primary">{go}</button></form>',
            a=f"{here}/save",
            f=_fields(words, around, _as_fields(account)),
            go=words("people.save"),
        ),
        _access(words, around, account, waits),
    ]
    return shown(request, around, PEOPLE, account.name, body, status)


def password_view(
    request: Request, around: Surroundings, account: Account, password: str
) -> Response:
    """What to hand on to somebody who was let in: shown this once, kept nowhere."""
    words = words_for(request)
    title = words("people.let_in", name=account.name)
    address = f"{around.settings.reached.public or str(request.base_url).rstrip('/')}{SIGN_IN}"
    rows = [(words("people.login"), account.login)]
    if password:
        rows = [(words("people.address"), address), *rows, (words("people.one_time"), password)]
    items = join(
        html('<div><dt>{n}</dt><dd class="p-typed">{v}</dd></div>', n=n, v=v) for n, v in rows
    )
    note = told(words("people.one_time_note"), "") if password else _NOTHING
    body = [
        _back(words, around),
        html("<h1>{t}</h1>", t=title),
        note,
        html('<dl class="p-facts">{i}</dl>', i=items),
    ]
    return shown(request, around, PEOPLE, title, body)


def removing_view(request: Request, around: Surroundings, account: Account) -> Response:
    """Whether somebody is really to be removed."""
    words = words_for(request)
    here = f"{around.base}{PEOPLE}/{account.person_id}"
    title = words("people.remove_title", name=account.name)
    body = [
        _back(words, around),
        html("<h1>{t}</h1><p>{n}</p>", t=title, n=words("people.remove_note")),
        html(
            '<p class="p-buttons">{yes}<a class="k-button" href="{no}">{keep}</a></p>',
            yes=button_form(f"{here}/remove", words("people.remove_go"), "p-danger"),
            no=here,
            keep=words("people.keep"),
        ),
    ]
    return shown(request, around, PEOPLE, title, body)


def _table(
    words: Words, around: Surroundings, accounts: tuple[Account, ...], waits: frozenset[str]
) -> Markup:
    if not accounts:
        return told(words("people.nobody"), "")
    names = ("name", "login", "role", "section", "collections", "state")
    heads = join(html('<th scope="col">{h}</th>', h=words(f"people.{n}")) for n in names)
    rows = join(
        html(
            '<tr><th scope="row"><a href="{a}">{name}</a></th><td data-name="{l}">{login}</td>'
            '<td data-name="{r}">{role}</td><td data-name="{s}">{section}</td>'
            '<td data-name="{c}">{collections}</td><td data-name="{t}">{state}</td></tr>',
            a=f"{around.base}{PEOPLE}/{account.person_id}",
            name=account.name,
            login=account.login,
            role=words(f"role.{account.role}"),
            section=account.section or words("people.none"),
            collections=collections_text(words, account),
            state=_state(words, account, account.login in waits, with_accounts(around.settings)),
            l=words("people.login"),
            r=words("people.role"),
            s=words("people.section"),
            c=words("people.collections"),
            t=words("people.state"),
        )
        for account in accounts
    )
    return html(
        '<table class="p-people"><thead><tr>{h}</tr></thead><tbody>{r}</tbody></table>',
        h=heads,
        r=rows,
    )


def _state(words: Words, account: Account, waits: bool, passwords: bool) -> str:
    if account.locked:
        return words("people.is_locked")
    if passwords and not account.password:
        return words("people.no_password")
    if waits:
        return words("people.waits")
    if passwords and account.must_change:
        return words("people.not_yet")
    return words("people.is_open")


def _add_form(words: Words, around: Surroundings, fields: Mapping[str, str]) -> Markup:
    login = text_field(
        "login",
        words("people.login"),
        fields.get("login", ""),
        words("people.login_hint"),
        autocomplete="off",
        autocapitalize="none",
        spellcheck="false",
        required="",
    )
    return html(
        '<section aria-labelledby="p-add"><h2 id="p-add">{h}</h2>'
        '<form method="post" action="{a}" class="p-card p-narrow">{login}{f}'
        '<button class="k-button k-primary">{go}</button></form></section>',
        h=words("people.add"),
        a=f"{around.base}{PEOPLE}/add",
        login=login,
        f=_fields(words, around, fields),
        go=words("people.add_go"),
    )


def _fields(words: Words, around: Surroundings, fields: Mapping[str, str]) -> Markup:
    """The fields that a new person and one who is there have in common."""
    roles = [(role, words(f"role.{role}_long")) for role in ROLES]
    every = Markup(" checked") if fields.get("all_collections") == "1" else _NOTHING
    return join(
        [
            text_field("name", words("people.name"), fields.get("name", ""), autocomplete="off"),
            choice("role", words("people.role"), roles, fields.get("role", "reader")),
            text_field(
                "section", words("people.section"), fields.get("section", ""), autocomplete="off"
            ),
            text_field(
                "collections",
                words("people.collections"),
                fields.get("collections", ""),
                words("people.collections_hint", names=_collections_there(words, around)),
                autocomplete="off",
            ),
            html(
                '<p class="p-check"><label><input type="checkbox" name="all_collections" value="1"'
                "{c}> {t}</label></p>",
                c=every,
                t=words("people.all_collections_label"),
            ),
        ]
    )


def _collections_there(words: Words, around: Surroundings) -> str:
    """The collections that documents belong to now, as a line."""
    found = {document.collection for document in around.service.snapshot().documents()}
    names = sorted(name for name in found if name)
    return words("people.comma").join(names) or words("people.no_collections_yet")


def _as_fields(account: Account) -> dict[str, str]:
    return {
        "name": account.name,
        "role": account.role,
        "section": account.section,
        "collections": ", ".join(sorted(account.collections or ())),
        "all_collections": "1" if account.collections is None else "",
    }


def _access(words: Words, around: Surroundings, account: Account, waits: bool) -> Markup:
    """Keeping out, letting in, a new password, removing."""
    here = f"{around.base}{PEOPLE}/{account.person_id}"
    names = []
    if with_accounts(around.settings):
        names.append("password")
    if account.locked or waits:
        names.append("unlock")
    if not account.locked:
        names.append("lock")
    ways = [
        (words(f"people.{name}_note"), button_form(f"{here}/{name}", words(f"people.{name}")))
        for name in names
    ]
    link = html(
        '<a class="k-button p-danger" href="{a}">{t}</a>',
        a=f"{here}/remove",
        t=words("people.remove"),
    )
    ways.append((words("people.remove_short"), link))
    items = join(html("<li><p>{n}</p>{b}</li>", n=note, b=way) for note, way in ways)
    return html(
        '<section aria-labelledby="p-access"><h2 id="p-access">{h}</h2>'
        '<ul class="p-ways">{i}</ul></section>',
        h=words("people.access"),
        i=items,
    )


def _back(words: Words, around: Surroundings) -> Markup:
    return html(
        '<p><a class="p-back" href="{a}">{t}</a></p>',
        a=f"{around.base}{PEOPLE}",
        t=words("people.back"),
    )
