"""The parts behind a model's answer: settings, breaker, parser, places of quotes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import SettingsError
from assistant.llm.breaker import Breaker
from assistant.llm.locate import aligned, fold_with_origins, locate, whole_sentences
from assistant.llm.parse import MOST, Claim, draft_text, parse_claims, repeats
from assistant.llm.settings import LlmSettings, read_llm
from assistant.llm.verify import judge
from assistant.llm.writer import Sending, open_writer
from assistant.settings import load_settings
from index import Index
from tests.model_server import Messages, Reply, model_server

TEXT = "職員は、７日以内に\n所属長に報告しなければならない。ただし、急ぐときは、ｶﾞｲﾄﾞに従う。"

PLAIN = TEXT.replace("ｶﾞｲﾄﾞ", "ガイド")


def given_values(**more: str) -> dict[str, str]:
    values = {"base_url": "http://127.0.0.1:8080/v1", "model": "m", **more}
    return {f"llm.{name}": value for name, value in values.items()}


# --- settings --------------------------------------------------------------------------------


def test_no_address_means_no_endpoint() -> None:
    assert read_llm({}) is None
    assert read_llm({"llm.model": "m", "llm.api_key": "k"}) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_url": "ftp://host/v1"},
        {"base_url": "127.0.0.1:8080"},
        {"base_url": "http://user:pw@host/v1"},
        {"base_url": "http://host/v1?key=1"},
        {"model": " "},
        {"timeout_s": "0"},
        {"timeout_s": "nan"},
        {"timeout_s": "soon"},
        {"rewrite": "maybe"},
    ],
)
def test_a_wrong_setting_is_named_and_never_repeats_the_key(wrong: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=f"llm.{next(iter(wrong))}") as found:
        read_llm(given_values(api_key="sk-hidden", **wrong))
    assert "sk-hidden" not in str(found.value)


def test_a_key_that_is_no_text_is_refused_without_being_shown(tmp_path: Path) -> None:
    file = tmp_path / "kyodo.toml"
    file.write_text('[llm]\napi_key = ["sk-hidden"]\n', encoding="utf-8")
    with pytest.raises(SettingsError) as found:
        load_settings({}, file)
    assert "sk-hidden" not in str(found.value)


def test_switches_are_off_unless_set(tmp_path: Path) -> None:
    plain = read_llm(given_values())
    assert plain is not None
    assert (plain.rewrite, plain.translate, plain.facts) == (False, False, False)
    file = tmp_path / "kyodo.toml"
    file.write_text(
        '[llm]\nbase_url = "http://h/v1"\nmodel = "m"\nfacts = true\n', encoding="utf-8"
    )
    settings = load_settings({}, file).llm
    assert settings is not None
    assert settings.facts
    assert not settings.is_local


def test_nothing_of_a_model_is_imported_without_one() -> None:
    code = (
        "import sys, assistant.cli, assistant.pipeline, assistant.settings\n"
        "print([m for m in ('openai', 'assistant.llm.writer', 'assistant.llm.client') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- breaker and time --------------------------------------------------------------------------


def test_the_breaker_opens_rests_and_lets_one_try() -> None:
    now = [0.0]
    breaker = Breaker(failures=2, rest_s=10.0, clock=lambda: now[0])
    for _ in range(2):
        assert breaker.admits()
        breaker.fail()
    assert not breaker.admits()
    now[0] = 10.0
    assert breaker.admits()
    assert not breaker.admits()
    breaker.fail()
    assert not breaker.admits()
    now[0] = 20.0
    assert breaker.admits()
    breaker.leave()
    assert breaker.admits()
    breaker.succeed()
    assert breaker.admits()
    assert breaker.admits()


def test_tries_are_spaced_and_stay_within_the_time(index_folder: Path) -> None:
    asked: list[float] = []

    def busy(messages: Messages, request: dict[str, Any]) -> Reply:
        asked.append(time.monotonic())
        return Reply(status=429, body=b"{}", headers={"retry-after": "1"})

    with model_server(busy) as server:
        writer = open_writer(LlmSettings(server.base_url, "m", timeout_s=2.0))
        started = time.monotonic()
        with pytest.raises(Exception, match="busy"):
            writer.complete([{"role": "user", "content": "q"}], started + 2.0, Sending())
    assert len(asked) == 2
    assert asked[1] - asked[0] >= 1.0
    assert time.monotonic() - started < 2.0 + 1.0


# --- parser ------------------------------------------------------------------------------------

ROW = {"text": "文です。", "id": "a1b2c3", "quote": "文です。"}


@pytest.mark.parametrize(
    "written",
    [
        json.dumps({"statements": [ROW]}, ensure_ascii=False),
        json.dumps([ROW], ensure_ascii=False),
        json.dumps(ROW),
        f"はい。\n```json\n{json.dumps({'statements': [ROW]})}\n```\n以上です。",
        json.dumps({"answer": {"statements": [ROW]}}),
        json.dumps({"statements": [ROW]})[:-2],
        '{"statements": [' + json.dumps(ROW) + ', {"text": "途中',
        json.dumps(
            {"statements": [{"statement": "文です。", "source": "[a1b2c3]", "quote": ["文です。"]}]}
        ),
    ],
)
def test_statements_are_found_wherever_they_stand(written: str) -> None:
    assert parse_claims(written) == (Claim("文です。", "a1b2c3", "文です。"),)


@given(st.text(max_size=300))
def test_whatever_is_written_the_parser_does_not_fail(written: str) -> None:
    assert all(claim.text for claim in parse_claims(written))
    assert isinstance(draft_text(written), str)


def test_an_answer_has_so_many_statements_and_each_once() -> None:
    rows = [{**ROW, "text": f"文{n}です。"} for n in range(40)] + [ROW, ROW]
    assert len(parse_claims(json.dumps(rows))) == MOST
    assert len(parse_claims(json.dumps([ROW, ROW]))) == 1
    assert parse_claims('{"statements":' + "[" * 5_000) == ()


def test_a_draft_shows_what_has_come_so_far() -> None:
    begun = '{"statements": [' + json.dumps(ROW, ensure_ascii=False) + ', {"text": "次の文'
    assert draft_text(begun) == "文です。\n次の文"


def test_repetition_is_noticed() -> None:
    assert repeats("同じ文です。" * 300)
    assert not repeats("".join(f"文{n}です。" for n in range(400)))


# --- places of quotes ----------------------------------------------------------------------------


def spread(text: str) -> st.SearchStrategy[str]:
    """A text as a model may copy it: other widths, line breaks, hidden characters."""

    def change(seeds: list[int]) -> str:
        out = []
        for character, seed in zip(text, seeds, strict=True):
            wide = chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character
            out.append((wide if seed % 3 == 0 else character) + ("\n" if seed % 7 == 0 else ""))
        return "".join(out)

    size = len(text)
    return st.lists(st.integers(0, 41), min_size=size, max_size=size).map(change)


@given(st.data())
def test_a_quote_is_found_to_the_character_whatever_its_widths(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(PLAIN) - 12))
    end = data.draw(st.integers(start + 8, len(PLAIN)))
    wanted = PLAIN[start:end].strip("「」『』“”\"'…・ \n")
    quote = data.draw(spread(wanted))
    span = locate(quote, PLAIN)
    assert span is not None
    found = PLAIN[span[0] : span[1]]
    assert fold_with_origins(found).plain == fold_with_origins(wanted).plain


@given(st.text(min_size=5, max_size=60))
def test_a_span_always_reads_as_folded(text: str) -> None:
    span = locate(text, f"前の文。{text}後の文。")
    if span is not None:
        start, end = span
        held = f"前の文。{text}後の文。"[start:end]
        inner = fold_with_origins(held).plain
        assert inner.startswith(fold_with_origins(text.strip("「」『』“”\"'…・ \n\t")).plain[:3])


def test_what_is_not_there_is_not_found() -> None:
    assert locate("職員は、8日以内に所属長に報告", TEXT) is None
    assert locate("は", TEXT) is None
    assert locate("", TEXT) is None


def test_half_widths_that_join_are_found() -> None:
    span = locate("ガイドに従う", TEXT)
    assert span is not None
    assert TEXT[span[0] : span[1]] == "ｶﾞｲﾄﾞに従う"


def test_a_quote_is_widened_to_its_sentence() -> None:
    text = "企業が参加できるとは限らない。市民は参加できる。"
    start, end = locate("企業が参加できる", text) or (0, 0)
    assert text[slice(*whole_sentences(text, start, end))] == "企業が参加できるとは限らない。"


def test_half_a_quote_does_not_hide_what_follows_it(bundled_index: Index) -> None:
    passage = next(
        p for p in bundled_index.passages if "みな住民投票で投票できるわけではありません" in p.text
    )
    claim = Claim(
        "自治基本条例の「市民」に入る人や団体は、みな住民投票で投票できます。",
        "a1b2c3",
        "みな住民投票で投票できる",
    )
    assert judge(claim, {"a1b2c3": passage}, "ja", bundled_index.passage).reason


def test_a_rendering_is_read_sentence_by_sentence() -> None:
    japanese, english = "一つ目です。二つ目です。", "This is one. This is two."
    start, end = aligned(japanese, 6, 12, english)
    assert english[start:end] == "This is two."
    assert aligned(japanese, 0, 3, "Only one sentence.") == (0, 18)
