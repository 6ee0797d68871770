"""``kyodo people``, and what ``kyodo chat`` asks for before it lets other machines in."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.errors import AssistantError, SettingsError
from assistant.people.passwords import open_hashing
from assistant.people.settings import Reached, SignIn
from assistant.people.start import check_entry, is_this_machine, sends_in_the_clear
from assistant.settings import load_settings
from assistant.state import State, open_state
from tests.people_home import PASSWORD, add_person

Run = Callable[..., int]
ADD = ("people", "add", "Miru", "--name", "見る", "--role", "owner", "--password-stdin")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("KYODO_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str, typed: str = "") -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        return main(arguments)

    return command


@pytest.fixture
def state(tmp_path: Path) -> State:
    return open_state(tmp_path / "state.sqlite3")


def listed(run: Run, capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    capsys.readouterr()
    assert run("people", "list", "--json") == 0
    return list(json.loads(capsys.readouterr().out))


def test_from_the_first_owner_to_their_removal(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*ADD, "--section", "総務課", "--collections", "all", typed=f"{PASSWORD}\n") == 0
    assert run(*ADD[:2], "yomu", "--password-stdin", typed=f"{PASSWORD}\n") == 0
    assert [row["login"] for row in listed(run, capsys)] == ["miru", "yomu"]
    first = listed(run, capsys)[0]
    assert (first["role"], first["section"], first["collections"]) == ("owner", "総務課", None)
    assert "password" not in first
    assert run("people", "set", "yomu", "--role", "editor", "--collections", "財政,内部") == 0
    assert listed(run, capsys)[1]["collections"] == ["内部", "財政"]
    assert run("people", "lock", "YOMU") == 0
    assert listed(run, capsys)[1]["locked"] is True
    assert run("people", "unlock", "yomu") == 0
    assert run("people", "password", "yomu", "--password-stdin", typed="umi-to-yama-no\n") == 0
    assert run("people", "remove", "yomu") == 0
    assert len(listed(run, capsys)) == 1
    assert run("audit", "show", "--json") == 0
    log = capsys.readouterr().out
    actions = [row["action"] for row in json.loads(log)]
    assert actions == [
        *["people.add"] * 2,
        *("people.change", "people.lock", "people.unlock", "people.password", "people.remove"),
        "audit.show",
    ]
    assert PASSWORD not in log


@pytest.mark.parametrize(
    ("role", "collections"), [("reader", []), ("editor", None), ("owner", None)]
)
def test_who_changes_documents_or_answers_for_them_sees_all_unless_told_otherwise(
    run: Run, capsys: pytest.CaptureFixture[str], role: str, collections: list[str] | None
) -> None:
    added = (*ADD[:2], "sato", "--role", role, "--password-stdin")
    assert run(*added, typed=f"{PASSWORD}\n") == 0
    assert listed(run, capsys)[0]["collections"] == collections
    assert run("people", "set", "sato", "--collections", "財政") == 0
    assert listed(run, capsys)[0]["collections"] == ["財政"]


@pytest.mark.parametrize(
    ("arguments", "typed", "told"),
    [
        (ADD, "short\n", "12 characters or more"),
        (ADD, "miru-miru-2026\n", "too much like"),
        (ADD[:-1], "", "--password-stdin"),
        (("people", "set", "daremo", "--role", "reader"), "", "'daremo'"),
        (("people", "remove", "daremo"), "", "'daremo'"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    run: Run, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], typed: str, told: str
) -> None:
    assert run(*arguments, typed=typed) == 1
    written = capsys.readouterr().err
    assert told in written
    assert len(written.strip().splitlines()) == 1


def test_a_password_asked_for_on_a_terminal_is_asked_for_twice(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def typed(*given: str) -> int:
        answers = iter(given)
        monkeypatch.setattr("getpass.getpass", lambda prompt: next(answers))
        monkeypatch.setattr("sys.stdin", Terminal())
        return main(ADD[:-1])

    assert typed(PASSWORD, PASSWORD + "x") == 1
    assert "found two" in capsys.readouterr().err
    assert typed(PASSWORD, PASSWORD) == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("--host", "0.0.0.0"),
        ("--host", "192.0.2.1"),
        ("--host", "::"),
        ("--host", "kyodo.city.example"),
        ("--public", "https://kyodo.city.example"),
        ("--host-name", "kyodo.city.example"),
    ],
)
def test_without_sign_in_no_other_machine_is_let_in(
    run: Run, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    assert run("chat", *arguments) == 1
    told = capsys.readouterr().err
    assert '[sign_in] mode = "accounts"' in told
    assert "kyodo people add" in told
    assert len(told.strip().splitlines()) == 1


def test_with_accounts_it_starts_only_once_an_owner_can_sign_in(state: State) -> None:
    accounts, header = SignIn("accounts"), SignIn("header")
    for given in (accounts, header):
        with pytest.raises(AssistantError, match="kyodo people add"):
            check_entry("0.0.0.0", Reached(), given, state)
    add_person(state, "yomu", "reader")
    add_person(state, "tomeru", "owner", locked=True)
    owner = add_person(state, "nashi", "owner", password="")
    check_entry("0.0.0.0", Reached(), header, state)
    with pytest.raises(AssistantError, match="with a password"):
        check_entry("0.0.0.0", Reached(), accounts, state)
    add_person(state, "miru", "owner")
    check_entry("0.0.0.0", Reached(), accounts, state)
    assert replace(owner, locked=True) != owner


@pytest.mark.parametrize(
    ("host", "here"),
    [("127.0.0.1", True), ("127.8.9.1", True), ("::1", True), ("LOCALHOST", True)]
    + [("0.0.0.0", False), ("::", False), ("10.0.0.1", False), ("localhost.evil.example", False)],
)
def test_which_addresses_are_this_machine(host: str, here: bool) -> None:
    assert is_this_machine(host) is here


def test_passwords_in_the_clear_are_warned_of() -> None:
    accounts = SignIn("accounts")
    assert sends_in_the_clear("0.0.0.0", Reached(), accounts)
    assert sends_in_the_clear("127.0.0.1", Reached("http://kyodo.example"), accounts)
    assert not sends_in_the_clear("127.0.0.1", Reached(), accounts)
    assert not sends_in_the_clear("0.0.0.0", Reached("https://kyodo.example"), accounts)
    assert not sends_in_the_clear("0.0.0.0", Reached(), SignIn("header"))


def test_settings_come_as_lists_from_the_file_and_with_commas_from_the_environment(
    tmp_path: Path,
) -> None:
    file = tmp_path / "kyodo.toml"
    file.write_text(
        '[sign_in]\nmode = "header"\nheader = "X-User"\ntrusted = ["10.0.0.0/8", "::1"]\n'
        "admit = true\nidle_minutes = 30\nabsolute_hours = 8\n"
        '[server]\nnames = ["a", "b.example"]\n'
        'public = "https://kyodo.example/soudan/"\n',
        encoding="utf-8",
    )
    settings = load_settings({}, file)
    assert settings.sign_in.mode == "header"
    assert settings.sign_in.trusts("10.1.2.3")
    assert not settings.sign_in.trusts("127.0.0.1")
    assert (settings.sign_in.admit, settings.sign_in.idle_minutes) == (True, 30)
    assert settings.reached == Reached("https://kyodo.example/soudan", ("a", "b.example"))
    given = {"KYODO_SIGN_IN_TRUSTED": "192.0.2.1, 192.0.2.2", "KYODO_SERVER_NAMES": "c"}
    settings = load_settings(given, file)
    assert settings.sign_in.trusts("192.0.2.2")
    assert settings.reached.names == ("c",)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[sign_in]\nmode = "open"', "sign_in.mode"),
        ('[sign_in]\ntrusted = ["proxy"]', "sign_in.trusted"),
        ("[sign_in]\ntrusted = [1]", "sign_in.trusted"),
        ('[sign_in]\nheader = "X User"', "sign_in.header"),
        ("[sign_in]\nidle_minutes = 0", "sign_in.idle_minutes"),
        ("[sign_in]\nabsolute_hours = 1.5", "sign_in.absolute_hours"),
        ('[sign_in]\nadmit = "maybe"', "sign_in.admit"),
        ('[server]\npublic = "kyodo.example"', "server.public"),
        ('[server]\npublic = "https://u@kyodo.example"', "server.public"),
        ('[server]\nnames = ["a b"]', "server.names"),
        ('[sign_in]\nmode = ["off"]', "sign_in.mode"),
    ],
)
def test_a_setting_that_cannot_be_is_named(tmp_path: Path, text: str, key: str) -> None:
    file = tmp_path / "kyodo.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=key.replace(".", r"\.")):
        load_settings({}, file)


def test_the_work_of_a_hash_is_what_its_library_holds_enough() -> None:
    assert "m=65536,t=3,p=4" in open_hashing().stand_in
