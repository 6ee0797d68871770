"""Passwords, waiting after failures, accounts, sessions: the rules, with a clock of our own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.people.accounts import (
    account_of,
    add_account,
    all_accounts,
    change_account,
    find_account,
    remove_account,
)
from assistant.people.attempts import (
    ADDRESS,
    LOGIN,
    Attempt,
    forget_failures,
    note_failure,
    wait_s,
    waiting,
)
from assistant.people.errors import PeopleError
from assistant.people.passwords import LONGEST, Hashing, check_password, make_password
from assistant.people.schema import SCHEMA
from assistant.people.sessions import (
    Lifetime,
    account_of_session,
    begin_session,
    end_session,
    end_sessions,
)
from assistant.people.signing import sign_in
from assistant.state import State, open_state
from tests.people_home import PASSWORD, QUICK, add_person

NOW = 1_800_000_000.0
HOUR = 3600.0
LIFE = Lifetime(HOUR, 12 * HOUR)


@pytest.fixture
def state(tmp_path: Path) -> State:
    return open_state(tmp_path / "state.sqlite3", [SCHEMA])


def problem(password: str, login: str = "sato", name: str = "佐藤 花子") -> str:
    try:
        check_password(password, login, name)
    except PeopleError as error:
        return error.problem
    return ""


@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("eleven-char", "short"),
        ("あいうえおかきくけこさ", "short"),
        ("a" * 257, "long"),
        ("aaaaaaaaaaaaaaa", "common"),
        ("abcabcabcabcabc", "common"),
        ("123456789012", "common"),
        ("Qwertyuiop[]12", "common"),
        ("password-2026", "common"),
        ("Kawasaki2026!!", "common"),
        ("correct horse battery staple", "common"),
        ("－－－－－－－－－－－－", "common"),
        ("sato-sato-sato-sato", "common"),
        ("otas-sato-2026a", "similar"),
        ("佐藤花子佐藤花子さくら1", "similar"),
        ("azuki-mizu-hiroba", ""),
        ("秋の夕暮れに鴫立つ沢へ", "short"),
        ("春の海ひねもすのたりのたりかな", ""),
        ("4rQ!x9#Lm2@v", ""),
    ],
)
def test_what_is_easily_guessed_is_refused_and_length_is_all_that_counts_else(
    password: str, found: str
) -> None:
    assert problem(password) == found


def test_a_password_is_the_same_whichever_way_it_was_typed() -> None:
    full = "ＡＺＵＫＩ－mizu－ｶﾞｰﾃﾞﾝ"
    kept = QUICK.hash(check_password(full, "sato"))
    assert QUICK.fits(kept, full)
    assert QUICK.fits(kept, "AZUKI-mizu-ガーデン")
    assert not QUICK.fits(kept, "azuki-mizu-ガーデン")


def test_passwords_that_we_make_are_good_enough_and_never_the_same() -> None:
    made = {make_password() for _ in range(50)}
    assert len(made) == 50
    assert all(problem(each) == "" for each in made)


def test_a_password_is_kept_as_argon2id_with_a_salt() -> None:
    first, second = QUICK.hash(PASSWORD), QUICK.hash(PASSWORD)
    assert first.startswith("$argon2id$")
    assert first != second


def test_one_that_is_too_long_fits_nothing() -> None:
    kept = QUICK.hash("x" * LONGEST)
    assert QUICK.fits(kept, "x" * LONGEST)
    assert not QUICK.fits(kept, "x" * (LONGEST + 1))


class Counted(Hashing):
    """Hashing that counts how often it works, and on what cost."""

    def fits(self, kept: str, password: str) -> bool:
        given = kept or self.stand_in
        WORK.append(given.rsplit("$", 2)[0])
        return super().fits(kept, password)


WORK: list[str] = []


def test_the_work_is_the_same_for_nobody_a_locked_account_and_a_wrong_password(
    state: State,
) -> None:
    counted = Counted(QUICK.hasher, QUICK.stand_in)
    add_person(state, "sato")
    add_person(state, "tomeru", locked=True)
    add_person(state, "nashi", password="")
    costs = []
    for login in ("sato", "tomeru", "nashi", "daremo", ""):
        WORK.clear()
        with pytest.raises(PeopleError) as found:
            sign_in(state, counted, Attempt(login, "192.0.2.1"), "wrong" * 4, NOW, LIFE)
        costs.append((found.value.problem, tuple(WORK)))
    assert len(set(costs)) == 1
    assert len(costs[0][1]) == 1


def test_a_locked_account_does_not_open_with_the_right_password(state: State) -> None:
    add_person(state, "tomeru", locked=True)
    with pytest.raises(PeopleError, match="could not be signed in"):
        sign_in(state, QUICK, Attempt("tomeru", ""), PASSWORD, NOW, LIFE)


def test_the_wait_grows_and_ends(state: State) -> None:
    attempt = Attempt("sato", "192.0.2.7")
    waits = []
    for _ in range(12):
        note_failure(state, attempt, NOW)
        waits.append(wait_s(state, attempt, NOW))
    assert waits == [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]
    assert wait_s(state, attempt, NOW + 899) == 1
    assert wait_s(state, attempt, NOW + 900) == 0
    note_failure(state, attempt, NOW + 25 * HOUR)
    assert wait_s(state, attempt, NOW + 25 * HOUR) == 0


def test_one_address_that_tries_many_names_has_to_wait(state: State) -> None:
    for number in range(ADDRESS.free):
        note_failure(state, Attempt(f"name{number}", "192.0.2.7"), NOW)
    assert wait_s(state, Attempt("another", "192.0.2.7"), NOW) > 0
    assert wait_s(state, Attempt("another", "192.0.2.8"), NOW) == 0
    assert wait_s(state, Attempt("another", ""), NOW) == 0


def test_many_addresses_that_try_one_name_have_to_wait(state: State) -> None:
    for number in range(LOGIN.free):
        note_failure(state, Attempt("sato", f"192.0.2.{number}"), NOW)
    assert wait_s(state, Attempt("sato", "198.51.100.1"), NOW) > 0
    assert waiting(state, ["sato", "suzuki"], NOW) == {"sato"}
    forget_failures(state, "sato")
    assert wait_s(state, Attempt("sato", "198.51.100.1"), NOW) == 0


def test_what_was_typed_as_a_name_is_not_kept(state: State) -> None:
    note_failure(state, Attempt("my-password-by-mistake", "192.0.2.7"), NOW)
    with state.reading() as rows:
        kept = [tuple(row) for row in rows.execute("SELECT * FROM people_failures")]
    assert "my-password" not in str(kept)
    assert "192.0.2.7" not in str(kept)


def test_a_session_ends_after_an_idle_hour_and_after_twelve_hours_in_all(state: State) -> None:
    account = add_person(state, "sato")
    token = begin_session(state, account.person_id, NOW, LIFE)
    assert account_of_session(state, token, NOW + HOUR - 1, LIFE) == account
    assert account_of_session(state, token, NOW + 2 * HOUR - 2, LIFE) == account
    assert account_of_session(state, token, NOW + 4 * HOUR, LIFE) is None
    token = begin_session(state, account.person_id, NOW, LIFE)
    for half_hours in range(1, 24):
        assert account_of_session(state, token, NOW + half_hours * HOUR / 2, LIFE) == account
    assert account_of_session(state, token, NOW + 12 * HOUR + 1, LIFE) is None
    assert account_of_session(state, "made-up", NOW, LIFE) is None


def test_sessions_end_when_a_role_a_password_or_the_lock_changes(state: State) -> None:
    add_person(state, "miru", "owner")
    for change in ({"role": "editor"}, {"password": "x"}, {"locked": True}):
        account = add_person(state, f"sato-{next(iter(change))}", "reader")
        token = begin_session(state, account.person_id, NOW, LIFE)
        change_account(state, replace(account, **change))
        assert account_of_session(state, token, NOW, LIFE) is None


def test_one_session_all_but_one_or_all_may_be_ended(state: State) -> None:
    account = add_person(state, "sato")
    tokens = [begin_session(state, account.person_id, NOW, LIFE) for _ in range(4)]

    def left() -> list[bool]:
        return [account_of_session(state, token, NOW, LIFE) is not None for token in tokens]

    end_session(state, tokens[0])
    assert left() == [False, True, True, True]
    end_sessions(state, account.person_id, but=tokens[2])
    assert left() == [False, False, True, False]
    end_sessions(state, account.person_id)
    assert not any(left())


def test_a_login_name_is_the_same_in_any_width_and_case(state: State) -> None:
    add_account(state, account_of("Ｓatō", "佐藤"))
    assert find_account(state, login=account_of("SATŌ", "x").login) is not None
    with pytest.raises(PeopleError, match="already in use"):
        add_account(state, account_of(" satō ", "別の佐藤"))


@pytest.mark.parametrize("login", ["", " ", "a b", "a/b", "a,b", "<b>", "a" * 101, "a\nb"])
def test_a_login_name_that_cannot_be_is_refused(login: str) -> None:
    with pytest.raises(PeopleError, match="login name"):
        account_of(login, "x")


def test_the_last_owner_stays(state: State) -> None:
    first, second = add_person(state, "miru", "owner"), add_person(state, "futari", "owner")
    change_account(state, replace(second, locked=True))
    for change in ({"role": "reader"}, {"locked": True}):
        with pytest.raises(PeopleError, match="no owner"):
            change_account(state, replace(first, **change))
    with pytest.raises(PeopleError, match="no owner"):
        remove_account(state, first.person_id)
    assert find_account(state, login="miru") == first
    change_account(state, second)
    remove_account(state, first.person_id)
    assert [a.login for a in all_accounts(state)] == ["futari"]


def test_collections_are_kept_as_they_were_given(state: State) -> None:
    for number, given in enumerate((None, (), ("財政", " 内部 ", ""))):
        add_account(state, account_of(f"p{number}", "x", collections=given))
    kept = [account.person.collections for account in all_accounts(state)]
    assert kept == [None, frozenset(), frozenset({"財政", "内部"})]
