"""A hundred questions aimed at a hidden collection reveal nothing, by any way in.

What gives a document away is looked for by one function in what everybody gets; that it finds
something in what the members of the collection get, for every question, shows that it can.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from assistant.asked import Asked, now
from assistant.cli import main
from assistant.datatypes import passage_to_dict
from assistant.evidence import gather
from assistant.live import LiveAssistant
from assistant.pages import Surroundings, find_pages
from assistant.person import Person
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.state import open_state
from index import Index, load_index
from tests.hidden_office import (
    ANYBODY,
    CLERK,
    EDITOR,
    HIDDEN,
    OTHER,
    OTHER_SECRET,
    OWNER,
    SECRET,
    STAFF,
    Aimed,
    acting_as,
    build_office,
    given_away,
    questions,
    telling,
)
from tests.page_server import serving
from tests.people_home import Home, add_person, office
from tests.test_server import event_number

HUNDRED = questions()
AT_ONCE = 4


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, bundled_index_folder: Path) -> Path:
    home = tmp_path_factory.mktemp("office") / "home"
    build_office(home, bundled_index_folder)
    return home


@pytest.fixture(scope="module")
def whole(home: Path) -> Assistant:
    return Assistant(load_index(home / "index"))


@pytest.fixture(scope="module")
def words(bundled_index: Index) -> tuple[str, ...]:
    """What gives the hidden document away: nothing of it stands in any other document."""
    rows = [passage_to_dict(p) for p in bundled_index.passages]
    others = json.dumps(rows, ensure_ascii=False) + OTHER_SECRET.read_text(encoding="utf-8")
    return telling(SECRET, others)


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assistant.handlers.PAUSE_S", 0.0)
        door = LiveAssistant(home / "index")
        state = open_state(home / "state.sqlite3")
        around = Surroundings(Settings(home), home / "index", door, state)
        with serving(door, find_pages(), around) as found:
            yield found


@pytest.fixture(scope="module")
def people(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """The same office behind its sign-in, with somebody for each collection."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assistant.handlers.PAUSE_S", 0.0)
        door = LiveAssistant(home / "index")
        records = tmp_path_factory.mktemp("people")
        with office(records, pages=find_pages(), service=door, index=home / "index") as found:
            for login, collection in (("jinji", HIDDEN), ("keiyaku", OTHER)):
                add_person(found.state, login, collections=frozenset({collection}))
            yield found


def everything(assistant: Assistant, aimed: Aimed, person: Person) -> str:
    """All that comes of a question: the answer, what is kept of it, what is shown beside it, and
    what the search finds."""
    answer = assistant.ask(aimed.question)
    asked = Asked("a" * 32, "c" * 32, person, now(), answer)
    beside = gather(answer, assistant)
    hits = assistant.index.search(aimed.question, 30).hits
    rows = [asked.to_dict(), [passage_to_dict(h.passage) for h in hits]]
    return json.dumps(rows, ensure_ascii=False) + repr(beside)


def test_there_are_a_hundred_questions_half_of_them_in_each_language() -> None:
    assert len({a.question for a in HUNDRED}) == 100
    assert [a.language for a in HUNDRED].count("ja") == 50
    assert all(a.secret not in a.question for a in HUNDRED)


def test_whoever_may_see_the_collection_finds_the_answer(
    whole: Assistant, words: tuple[str, ...]
) -> None:
    seen = whole.seen_by(frozenset({HIDDEN}))
    for aimed in HUNDRED:
        text = everything(seen, aimed, STAFF)
        assert aimed.secret in text, aimed.question
        assert given_away(text, words, aimed.question), aimed.question


@pytest.mark.parametrize("person", [ANYBODY, CLERK])
def test_answers_and_search_give_nothing_away(
    whole: Assistant, words: tuple[str, ...], person: Person
) -> None:
    seen = whole.seen_by(person.collections)
    for aimed in HUNDRED:
        text = everything(seen, aimed, person)
        assert not given_away(text, words, aimed.question), aimed.question


def test_answers_are_word_for_word_those_of_an_index_that_never_held_it(
    whole: Assistant, bundled_index: Index
) -> None:
    seen, never = whole.seen_by(frozenset()), Assistant(bundled_index)
    for aimed in HUNDRED:
        one, other = (
            {k: v for k, v in a.ask(aimed.question).to_dict().items() if k not in _OWN}
            for a in (seen, never)
        )
        assert one == other, aimed.question


_OWN = ("index", "timings_ms")


def test_examples_and_counts_are_those_of_an_index_that_never_held_it(
    whole: Assistant, bundled_index: Index, words: tuple[str, ...]
) -> None:
    seen, never = whole.seen_by(frozenset()), Assistant(bundled_index)
    for language in ("ja", "en"):
        assert seen.examples(language) == never.examples(language)
    assert len(seen.documents()) == len(never.documents())
    assert given_away(repr(whole.documents()), words)
    assert not given_away(repr(seen.documents()), words)


def ask_page(web: httpx.Client, number: int, question: str, session: str) -> str:
    """The whole event stream of a question that is sent as the page does."""
    body = {
        "data": [None],
        "fn_index": number,
        "session_hash": session,
        "event_data": {"question": question},
        "trigger_id": None,
    }
    web.post("/gradio_api/queue/join", json=body).raise_for_status()
    stream = web.get("/gradio_api/queue/data", params={"session_hash": session})
    lines = (line[6:] for line in stream.text.splitlines() if line.startswith("data: "))
    return "".join(json.dumps(json.loads(line), ensure_ascii=False) for line in lines)


def ask_all(people: Home, login: str) -> list[str]:
    """What the page sends for each of the hundred questions to somebody who has signed in."""
    with people.web(login) as web:
        web.timeout = httpx.Timeout(60)
        number = event_number(web, "submit")

        def one(place: int) -> str:
            return ask_page(web, number, HUNDRED[place].question, f"{login}{place}")

        with ThreadPoolExecutor(AT_ONCE) as threads:
            return list(threads.map(one, range(len(HUNDRED))))


def test_the_page_gives_nothing_away_over_http(people: Home, words: tuple[str, ...]) -> None:
    for aimed, text in zip(HUNDRED, ask_all(people, "keiyaku"), strict=True):
        assert "process_completed" in text
        assert not given_away(text, words, aimed.question), aimed.question


def test_the_page_answers_whoever_may_see_it_over_http(
    people: Home, words: tuple[str, ...]
) -> None:
    for aimed, text in zip(HUNDRED, ask_all(people, "jinji"), strict=True):
        assert aimed.secret in text, aimed.question
        assert given_away(text, words, aimed.question), aimed.question


def count_at(web: httpx.Client) -> int:
    return int(web.get("/healthz").json()["documents"])


def test_the_page_counts_what_each_may_see(
    address: str, bundled_index: Index, words: tuple[str, ...]
) -> None:
    common = len(bundled_index.documents)
    expected = ((ANYBODY, common), (CLERK, common + 1), (STAFF, common + 1), (OWNER, common + 2))
    with httpx.Client(base_url=address, timeout=60) as web:
        number = event_number(web, "load")
        for person, count in expected:
            with acting_as(person):
                assert count_at(web) == count
                text = ask_page(web, number, "", f"load-{person.person_id}")
                assert f"{count}" in text
                assert bool(given_away(text, words)) == (person in (STAFF, OWNER))


def test_who_comes_to_a_tab_after_somebody_else_sees_nothing_of_before(
    address: str, words: tuple[str, ...]
) -> None:
    """The same tab, and so the same session of Gradio's: the next person, or fewer rights."""
    aimed = HUNDRED[8]
    demoted = replace(STAFF, collections=frozenset())
    with httpx.Client(base_url=address, timeout=60) as web:
        ask, switch = event_number(web, "submit"), event_number(web, "select")
        for number, after in enumerate((STAFF, CLERK, demoted)):
            session = f"shared-{number}"
            with acting_as(STAFF):
                assert aimed.secret in ask_page(web, ask, aimed.question, session)
            with acting_as(after):
                text = ask_page(web, switch, "", session)
            assert bool(given_away(text, words)) == (after is STAFF)


def test_every_page_of_somebody_who_has_signed_in_gives_nothing_away(
    people: Home, words: tuple[str, ...]
) -> None:
    """Looks at every page of the navigation and what they lead to, one step on. Their own
    questions stand in their history: these give nothing away."""
    asked = " ".join(aimed.question for aimed in HUNDRED)
    for login, shown in (("keiyaku", False), ("jinji", True)):
        with people.web(login) as web:
            links = {p.link.path for p in find_pages() if p.link.path.startswith("/")}
            texts = [web.get(path).text for path in sorted(links)]
            steps = {a for t in texts for a in _LINK.findall(t) if not a.endswith(_FILES)}
            texts += [web.get(path).text for path in sorted(steps)]
        assert len(steps) > 20
        found = {w for text in texts for w in given_away(text, words, asked)}
        assert bool(found) == shown, found


_LINK = re.compile(r'href="(/(?!/)[^"#?]+)')
_FILES = (".css", ".js", "/sign-out")


PLACES = ("", "/history", "/remove", "/page/1", "/picture/1.png")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_hidden_document_is_to_the_documents_page_one_that_never_was(
    address: str, words: tuple[str, ...], language: str
) -> None:
    hidden = SECRET.stem
    with httpx.Client(base_url=address, timeout=60, headers={"accept-language": language}) as web:
        with acting_as(OWNER):
            assert given_away(web.get("/documents").text, words)
            assert web.get(f"/documents/{hidden}").status_code == 200
        for person in (ANYBODY, CLERK, EDITOR):
            with acting_as(person):
                listed = web.get("/documents")
                assert listed.status_code == 200
                assert not given_away(listed.text, words)
                for place in PLACES:
                    here = web.get(f"/documents/{hidden}{place}")
                    nowhere = web.get(f"/documents/nothing-of-the-kind{place}")
                    assert here.status_code == nowhere.status_code == 404
                    same = here.text.replace(hidden, "nothing-of-the-kind")
                    assert same == nowhere.text, place
                assert web.get("/documents/-/state").json() == {"running": False}
                assert web.get("/documents/-/index").status_code == 403


def test_who_does_not_see_all_documents_changes_none(address: str) -> None:
    with httpx.Client(base_url=address, timeout=60) as web, acting_as(EDITOR):
        for place in (f"/{SECRET.stem}/remove", f"/{SECRET.stem}/correct", "/-/back"):
            assert web.post(f"/documents{place}").status_code == 403
        files = {"files": (SECRET.name, b"x", "text/plain")}
        assert web.post("/documents/-/add", files=files).status_code == 403


def test_the_evaluation_page_is_for_those_who_see_all_documents(address: str) -> None:
    with httpx.Client(base_url=address, timeout=60) as web:
        with acting_as(OWNER):
            assert web.get("/evaluation").status_code == 200
        with acting_as(CLERK):
            for place in ("", "/run", "/questions", "/question", "/compare", "/marks", "/export"):
                assert web.get(f"/evaluation{place}?run=x&what=answers").status_code == 403
            assert web.post("/evaluation/start", data={"set": "test-ja"}).status_code == 403
            assert web.get("/evaluation/page.css").status_code == 200


def test_commands_see_all_unless_told_whose_eyes_to_use(
    home: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    index, question = ["--index", str(home / "index"), "--json"], HUNDRED[0].question
    cases = (
        (["ask", question], [], True),
        (["ask", question], ["--collections", OTHER], False),
        (["search", question], ["--collections", ""], False),
        (["passages"], ["--collections", f"{OTHER},{HIDDEN}"], True),
        (["passages"], ["--collections", OTHER], False),
    )
    for command, eyes, shown in cases:
        assert main([*command, *index, *eyes]) == 0
        text = capsys.readouterr().out
        assert bool(given_away(text, words, question)) == shown, (command, eyes)
    given = ["passages", *index, "--document", SECRET.stem, "--collections", OTHER]
    assert main(given) == 1
    assert not given_away(capsys.readouterr().err, words, SECRET.stem)
