"""What reaches a reader when a model writes: only what a quote carries, whatever it says."""

from __future__ import annotations

import json
import logging
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.datatypes import Answer
from assistant.llm.settings import LlmSettings
from assistant.llm.writer import Sending, Writer, open_writer
from assistant.pipeline import Assistant
from assistant.plain import answer_as_text
from assistant.secret import Secret
from index import Index
from tests.model_server import (
    Messages,
    ModelServer,
    Reply,
    Script,
    first_sentences,
    good,
    model_server,
    passages_of,
    statements,
)

QUESTION = "教育委員会の名義を使うには何が必要ですか"
KEY = "sk-kyodo-test-0123456789"


@contextmanager
def writing(index: Index, script: Script, **more: Any) -> Iterator[tuple[Assistant, ModelServer]]:
    with model_server(script) as server:
        yield Assistant(index, writer_for(server.base_url, **more)), server


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow one another at once here; that they are spaced is tested by itself."""
    monkeypatch.setattr("assistant.llm.writer.BACK_OFF_S", 0.01)


def writer_for(base_url: str, timeout_s: float = 10.0, **more: Any) -> Writer:
    return open_writer(LlmSettings(base_url, "scripted", Secret(KEY), timeout_s, **more))


def assert_extractive(answer: Answer, own: Answer, outcome: str) -> None:
    """The answer is our own, with citations, and a sentence that says why."""
    assert answer.engine == "extractive"
    assert answer.writing is not None
    assert answer.writing.outcome == outcome
    assert answer.statements == own.statements
    assert answer.citations == own.citations
    assert answer.citations
    assert answer.notes[0].endswith(("答えています。", "word for word."))


def quotes_hold(answer: Answer) -> bool:
    return all(c.quote and c.quote == c.passage.text[c.start : c.end] for c in answer.citations)


def test_a_good_model_writes_the_answer_and_every_sentence_is_verified(
    bundled_index: Index,
) -> None:
    with writing(bundled_index, good) as (door, server):
        answer = door.ask(QUESTION)
    assert answer.engine == "llm"
    assert answer.writing is not None
    assert (answer.writing.outcome, answer.writing.struck) == ("written", 0)
    assert answer.writing.verified == 3
    assert all(s.verified and s.citations for s in answer.statements)
    assert answer.statements[0].role == "conclusion"
    assert quotes_hold(answer)
    assert len(server.requests) == 1
    held = answer.to_dict()
    assert held["engine"] == "llm"
    assert held["writing"]["model"] == "scripted"
    assert json.loads(json.dumps(held)) == held


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("number", lambda t: re.sub(r"\d", lambda m: str((int(m.group()) + 3) % 10), t)),
        ("officer", lambda t: t.replace("教育長", "市長")),
        ("negated", lambda t: t.replace("必要です", "必要ではありません")),
        ("article", lambda t: f"川崎市自治基本条例の第99条によると、{t}"),
        ("modality", lambda t: t.replace("承諾が必要です", "承諾を得るよう努めます")),
        ("tail", lambda t: t + "違反した者は、処分されます。"),
    ],
)
def test_a_lying_model_never_reaches_a_reader_as_verified(
    bundled_index: Index, name: str, change: Any
) -> None:
    true = "教育委員会の名義を使うには、教育長の承諾が必要です。"
    assert change(true) != true or name == "number"

    def lie(messages: Messages, request: dict[str, Any]) -> Reply:
        rows = []
        for own, text in passages_of(messages):
            sentence = first_sentences(text, 2)
            false = change(sentence)
            if false != sentence:
                rows.append((false, own, sentence))
        return statements(*rows) if rows else Reply(["{}"])

    with writing(bundled_index, lie) as (door, _):
        answer = door.ask(QUESTION)
    assert not any(s.verified for s in answer.statements if answer.engine == "llm")
    assert_extractive(answer, Assistant(bundled_index).ask(QUESTION), "too_little")
    assert answer.writing is not None
    assert answer.writing.struck > 0


def test_an_invented_citation_is_struck_out_and_counted(bundled_index: Index) -> None:
    def fabricate(messages: Messages, request: dict[str, Any]) -> Reply:
        rows = [(first_sentences(t), i, first_sentences(t)) for i, t in passages_of(messages)[:2]]
        return statements(*rows, (rows[0][0], "99", rows[0][2]))

    with writing(bundled_index, fabricate) as (door, _):
        answer = door.ask(QUESTION)
    struck = [s for s in answer.statements if not s.verified]
    assert [s.reason for s in struck] == ["unknown_source"]
    assert struck[0].citations == ()
    assert answer.writing is not None
    assert (answer.writing.verified, answer.writing.struck) == (2, 1)
    assert any("1つ" in note for note in answer.notes)
    assert struck[0].text not in answer.text.replace(answer.statements[0].text, "")


def test_a_right_quote_under_a_wrong_claim_is_struck_out(bundled_index: Index) -> None:
    def cross(messages: Messages, request: dict[str, Any]) -> Reply:
        rows = passages_of(messages)
        own = [first_sentences(text) for _, text in rows]
        swapped = [(own[(n + 1) % len(own)], i, own[n]) for n, (i, _) in enumerate(rows)]
        return statements(*swapped)

    with writing(bundled_index, cross) as (door, _):
        answer = door.ask(QUESTION)
    assert_extractive(answer, Assistant(bundled_index).ask(QUESTION), "too_little")


def test_an_invented_quote_is_struck_out(bundled_index: Index) -> None:
    def invent(messages: Messages, request: dict[str, Any]) -> Reply:
        own, _ = passages_of(messages)[0]
        text = "教育委員会の名義を使うには、市議会の議決が必要です。"
        return statements((text, own, text))

    with writing(bundled_index, invent) as (door, _):
        answer = door.ask(QUESTION)
    assert_extractive(answer, Assistant(bundled_index).ask(QUESTION), "too_little")


def test_a_model_that_answers_in_another_language_is_not_shown(bundled_index: Index) -> None:
    def english(messages: Messages, request: dict[str, Any]) -> Reply:
        own, text = passages_of(messages)[0]
        return statements(("The consent of the Superintendent is required.", own, text))

    with writing(bundled_index, english) as (door, _):
        answer = door.ask(QUESTION)
    assert_extractive(answer, Assistant(bundled_index).ask(QUESTION), "too_little")


def _status(status: int, body: bytes = b'{"error": {"message": "no"}}', **headers: str) -> Script:
    def answer(messages: Messages, request: dict[str, Any]) -> Reply:
        leak = b'{"error": {"message": "Incorrect API key provided: ' + KEY.encode() + b'"}}'
        return Reply(status=status, body=body if status != 401 else leak, headers=headers)

    return answer


def _html(messages: Messages, request: dict[str, Any]) -> Reply:
    page = b"<html><body><h1>Sign in</h1><img src=https://evil.example/x></body></html>"
    return Reply(body=page, headers={"content-type": "text/html"})


def _html_text(messages: Messages, request: dict[str, Any]) -> Reply:
    return Reply(["<p>", "承諾が必要です", "</p>", "<script>alert(1)</script>"])


def _half(messages: Messages, request: dict[str, Any]) -> Reply:
    return replace(good(messages, request), ends=False)


def _huge(messages: Messages, request: dict[str, Any]) -> Reply:
    return Reply(body=b"data: " + b"x" * 10_000_000 + b"\n\n")


def _huge_text(messages: Messages, request: dict[str, Any]) -> Reply:
    return Reply(["いろは" * 1000 + str(n) for n in range(3_400)])


def _forever(messages: Messages, request: dict[str, Any]) -> Reply:
    return Reply("承諾が必要です。" for _ in iter(int, 1))


def _bad_json(messages: Messages, request: dict[str, Any]) -> Reply:
    return Reply(['{"statements": [{"text": "承諾', '"id": }]}'])


def _bad_events(messages: Messages, request: dict[str, Any]) -> Reply:
    return Reply(body=b"data: {not json\n\n", headers={"content-type": "text/event-stream"})


def _redirect(messages: Messages, request: dict[str, Any]) -> Reply:
    return Reply(status=307, body=b"", headers={"location": "http://127.0.0.1:9/elsewhere"})


def _packed(messages: Messages, request: dict[str, Any]) -> Reply:
    return Reply(body=b"x", headers={"content-encoding": "gzip"})


FAULTS: dict[str, tuple[Script, str, int]] = {
    "401": (_status(401), "refused", 1),
    "403": (_status(403), "refused", 1),
    "404": (_status(404), "refused", 1),
    "429": (_status(429), "busy", 3),
    "500": (_status(500), "server", 3),
    "html page": (_html, "malformed", 3),
    "html as text": (_html_text, "malformed", 3),
    "stops half-way": (_half, "cut", 3),
    "10 MB": (_huge, "too_long", 1),
    "10 MB of text": (_huge_text, "too_long", 1),
    "repeats for ever": (_forever, "too_long", 1),
    "bad JSON": (_bad_json, "malformed", 3),
    "bad events": (_bad_events, "malformed", 3),
    "redirect": (_redirect, "malformed", 3),
    "packed": (_packed, "too_long", 1),
}


@pytest.mark.parametrize("name", FAULTS)
def test_whatever_goes_wrong_the_answer_is_our_own_in_time_and_the_key_stays_hidden(
    bundled_index: Index, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    script, outcome, tries = FAULTS[name]
    own = Assistant(bundled_index).ask(QUESTION)
    with caplog.at_level(logging.DEBUG), writing(bundled_index, script) as (door, server):
        started = time.monotonic()
        answer = door.ask(QUESTION)
        seconds = time.monotonic() - started
        assert_extractive(answer, own, outcome)
        assert len(server.requests) == tries
        assert all(h["authorization"] == f"Bearer {KEY}" for h in server.headers)
        assert seconds < 10 + 2
        shown = [repr(door), repr(door.writer), answer_as_text(answer), str(answer)]
        shown += [json.dumps(answer.to_dict()), *(r.getMessage() for r in caplog.records)]
    assert not [text for text in shown if KEY in text]


def test_with_the_endpoint_down_an_answer_comes_and_says_why(bundled_index: Index) -> None:
    with model_server(good) as server:
        address = server.base_url
    door = Assistant(bundled_index, writer_for(address, timeout_s=3.0))
    started = time.monotonic()
    answer = door.ask(QUESTION)
    assert time.monotonic() - started < 3 + 2
    assert_extractive(answer, Assistant(bundled_index).ask(QUESTION), "unreachable")
    assert "つながらなかった" in answer.notes[0]


def _dripping(messages: Messages, request: dict[str, Any]) -> Reply:
    return Reply((" " for _ in iter(int, 1)), pause_s=0.05)


def _silent(messages: Messages, request: dict[str, Any]) -> Reply:
    time.sleep(4)
    return good(messages, request)


@pytest.mark.parametrize("script", [_dripping, _silent])
def test_a_slow_model_is_not_waited_for_longer_than_set(
    bundled_index: Index, script: Script
) -> None:
    with writing(bundled_index, script, timeout_s=1.0) as (door, _):
        started = time.monotonic()
        answer = door.ask(QUESTION)
        seconds = time.monotonic() - started
    assert seconds < 1 + 2
    assert_extractive(answer, Assistant(bundled_index).ask(QUESTION), "timeout")


def test_a_slow_model_that_makes_it_is_waited_for(bundled_index: Index) -> None:
    def slow(messages: Messages, request: dict[str, Any]) -> Reply:
        return replace(good(messages, request), pause_s=0.02)

    with writing(bundled_index, slow) as (door, _):
        assert door.ask(QUESTION).engine == "llm"


def test_a_fault_that_passes_is_tried_again(bundled_index: Index) -> None:
    calls: list[int] = []

    def flaky(messages: Messages, request: dict[str, Any]) -> Reply:
        calls.append(1)
        if len(calls) == 1:
            return Reply(status=503, body=b"{}")
        return good(messages, request)

    with writing(bundled_index, flaky) as (door, _):
        assert door.ask(QUESTION).engine == "llm"
    assert len(calls) == 2


def test_an_endpoint_that_keeps_failing_is_left_alone(bundled_index: Index) -> None:
    with writing(bundled_index, _status(401)) as (door, server):
        outcomes = [door.ask(QUESTION).writing for _ in range(5)]
        assert [w.outcome for w in outcomes if w] == ["refused"] * 3 + ["resting"] * 2
        assert len(server.requests) == 3


def test_an_endpoint_without_schemas_is_asked_without_one(bundled_index: Index) -> None:
    def old(messages: Messages, request: dict[str, Any]) -> Reply:
        if "response_format" in request:
            return Reply(status=400, body=b'{"error": {"message": "response_format?"}}')
        reply = good(messages, request)
        return Reply(["Here you are:\n```json\n", "".join(reply.pieces), "\n```\nAnything else?"])

    with writing(bundled_index, old) as (door, server):
        assert door.ask(QUESTION).engine == "llm"
        assert door.ask(QUESTION).engine == "llm"
        assert ["response_format" in r for r in server.requests] == [True, False, False]


def test_nothing_is_sent_where_the_documents_do_not_answer(bundled_index: Index) -> None:
    with writing(bundled_index, good) as (door, server):
        answer = door.ask("宇宙エレベーターの建設費はいくらですか")
        assert answer.status == "no_answer"
        assert server.requests == []


def test_without_an_endpoint_nothing_changes(bundled_index: Index) -> None:
    answer = Assistant(bundled_index).ask(QUESTION)
    assert (answer.engine, answer.writing) == ("extractive", None)
    assert "write" not in answer.timings_ms


def test_an_opinion_is_never_told_as_the_citys_position(bundled_index: Index) -> None:
    question = "協働・連携について、委員からどんな意見が出ましたか"

    def strip(messages: Messages, request: dict[str, Any]) -> Reply:
        return statements(*((first_sentences(t), i, t) for i, t in passages_of(messages)))

    with writing(bundled_index, strip) as (door, _):
        answer = door.ask(question)
    known = {c.number: c.passage for c in answer.citations}
    views = [
        s
        for s in answer.statements
        if s.verified and known[s.citations[0]].standing in ("opinion", "hypothesis")
    ]
    assert views
    assert all(s.role == "view" and s.lead for s in views)


def test_a_guides_verdict_and_its_citations_stay(bundled_index: Index) -> None:
    question = "町内会と一緒に清掃活動をするのは協働に当たりますか"
    own = Assistant(bundled_index).ask(question)
    with writing(bundled_index, good) as (door, _):
        answer = door.ask(question)
    assert own.verdict is not None
    assert answer.verdict == own.verdict
    assert answer.citations[: len(own.citations)] == own.citations
    assert answer.clarifying_question == own.clarifying_question
    assert quotes_hold(answer)


def test_many_questions_at_once_each_get_their_own_answer(bundled_index: Index) -> None:
    questions = [QUESTION, "後援とは何ですか", "住民投票はだれが発議できますか"] * 4
    found: dict[int, Answer] = {}
    with writing(bundled_index, good) as (door, _):
        alone = {q: door.ask(q).text for q in set(questions)}

        def ask(number: int) -> None:
            found[number] = door.ask(questions[number])

        threads = [threading.Thread(target=ask, args=(n,)) for n in range(len(questions))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert {n: a.text for n, a in found.items()} == {n: alone[q] for n, q in enumerate(questions)}


def test_a_draft_is_handed_on_while_it_comes_and_stopping_ends_it(bundled_index: Index) -> None:
    drafts: list[str] = []
    sending = Sending(draft=drafts.append)

    def slow(messages: Messages, request: dict[str, Any]) -> Reply:
        return replace(good(messages, request), pause_s=0.01)

    with writing(bundled_index, slow) as (door, _):
        answer = door.ask(QUESTION, sending=sending)
        assert answer.engine == "llm"
        assert len(drafts) > 3
        first = answer.statements[0]
        assert first.text.removeprefix(first.lead)[:10] in drafts[-1]
        assert "{" not in "".join(drafts)
        stopped = Sending(draft=lambda text: stopped.stopped.set())
        assert_extractive(
            door.ask(QUESTION, sending=stopped), Assistant(bundled_index).ask(QUESTION), "stopped"
        )


def test_the_key_cannot_be_printed_or_written(tmp_path: Path) -> None:
    import copy
    import pickle
    from dataclasses import asdict

    settings = LlmSettings("http://127.0.0.1:1/v1", "m", Secret(KEY))
    shown = [repr(settings), str(settings), f"{settings.api_key}", str(asdict(settings))]
    assert not [text for text in shown if KEY in text]
    assert copy.deepcopy(settings) == settings
    with pytest.raises(TypeError):
        pickle.dumps(settings)
    with pytest.raises(TypeError):
        json.dumps(asdict(settings))
