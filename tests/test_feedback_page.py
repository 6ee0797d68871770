"""The feedback page over real HTTP: giving, changing, withdrawing, reading, exporting."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

import httpx
import pytest

from assistant.feedback.datatypes import Part, Said
from assistant.feedback.store import all_of, find, give
from assistant.person import AT_THIS_MACHINE
from assistant.records.store import kept
from assistant.state import State
from tests.feedback_home import HANAKO, OUTSIDE, TARO, answered, pages_over, send, text_of

RISKY = '<script>alert("x")</script>'
PHONE = "044-200-1234"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, State]]:
    with pages_over(tmp_path_factory.mktemp("feedback")) as found:
        yield found


@pytest.fixture
def web(served: tuple[str, State]) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served[0], headers={"accept-language": "ja"}) as client:
        yield client


@pytest.fixture
def state(served: tuple[str, State]) -> Iterator[State]:
    yield served[1]
    with served[1].writing() as rows:
        rows.execute("DELETE FROM feedback")


def test_right_is_one_post_that_is_thanked_and_can_be_undone(
    web: httpx.Client, state: State
) -> None:
    answer_id = answered(state).answer_id
    thanked = send(web, "give", answer=answer_id, verdict="right")
    assert "ありがとうございます" in thanked.text
    assert [f.said.verdict for f in all_of(state, AT_THIS_MACHINE)] == ["right"]
    assert "取り消しました" in send(web, "withdraw", answer=answer_id).text
    assert all_of(state, AT_THIS_MACHINE) == ()


def test_wrong_is_kept_with_its_parts_its_words_and_the_answer_as_it_was(
    web: httpx.Client, state: State
) -> None:
    asked = answered(state)
    form = text_of(
        web.get("/feedback/new", params={"answer": asked.answer_id, "said": "wrong"}).text
    )
    assert "文1「" in form
    assert "根拠[2] 川崎市協働型事業のルール 第1章 協働の6原則" in form
    sent = send(
        web,
        "give",
        answer=asked.answer_id,
        verdict="wrong",
        part=["citation:2", "statement:1", "missing"],
        comment=f"定義が\r\n古い {RISKY}",
        better="第3条第4号",
    )
    assert "意見を記録しました" in sent.text
    assert RISKY not in sent.text
    (given,) = all_of(state, AT_THIS_MACHINE)
    assert given.said == Said(
        "wrong",
        (Part("statement", 1), Part("citation", 2), Part("missing")),
        f"定義が\n古い {RISKY}",
        "第3条第4号",
    )
    assert given.whole == kept(state, asked.answer_id, AT_THIS_MACHINE)
    assert given.answer == asked.to_dict()["answer"]


def test_what_was_said_can_be_changed_and_is_then_open_again(
    web: httpx.Client, state: State
) -> None:
    answer_id = answered(state).answer_id
    send(web, "give", answer=answer_id, verdict="wrong", part="other", comment="前の意見")
    (first,) = all_of(state, AT_THIS_MACHINE)
    send(web, "handle", id=first.feedback_id, state="done", note="直しました")
    form = web.get("/feedback/new", params={"answer": answer_id, "said": "wrong"}).text
    assert "前の意見" in form
    send(web, "give", answer=answer_id, verdict="wrong", part="other", comment="後の意見")
    (given,) = all_of(state, AT_THIS_MACHINE)
    assert (given.feedback_id, given.said.comment) == (first.feedback_id, "後の意見")
    assert (given.state, given.note) == ("open", "直しました")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"verdict": "wrong"}, "違うところを選ぶか"),
        (
            {"verdict": "wrong", "comment": "あ" * 2001},
            "2,000文字までにしてください。今は2,001文字",
        ),
        ({"verdict": "wrong", "part": "statement:99"}, "できませんでした"),
        ({"verdict": "wrong", "part": "verdict"}, "できませんでした"),
        ({"verdict": "perhaps"}, "「合っている」か「違うところがある」"),
    ],
)
def test_what_cannot_be_kept_says_why_and_keeps_nothing(
    fields: dict[str, str], told: str, web: httpx.Client, state: State
) -> None:
    sent = send(web, "give", answer=answered(state).answer_id, **fields)
    assert told in text_of(sent.text)
    assert all_of(state, AT_THIS_MACHINE) == ()


def test_personal_data_is_pointed_out_before_anything_is_kept(
    web: httpx.Client, state: State
) -> None:
    answer_id = answered(state).answer_id
    fields = {"answer": answer_id, "verdict": "wrong", "comment": f"担当は {PHONE} です"}
    warned = send(web, "give", **fields)
    assert "まだ送っていません" in warned.text
    assert PHONE in warned.text
    assert all_of(state, AT_THIS_MACHINE) == ()
    assert "意見を記録しました" in send(web, "give", **fields, personal="keep").text


def test_nobody_gives_feedback_on_an_answer_that_another_asked_for(
    web: httpx.Client, state: State
) -> None:
    foreign = answered(state, person=HANAKO).answer_id
    for answer_id in (foreign, "none"):
        assert web.get("/feedback/new", params={"answer": answer_id}).status_code == 404
        assert send(web, "give", answer=answer_id, verdict="right").status_code == 404
    assert all_of(state, AT_THIS_MACHINE) == ()


def test_a_person_sees_changes_and_withdraws_only_their_own(
    web: httpx.Client, state: State
) -> None:
    give(state, answered(state, person=TARO).to_dict(), TARO, Said("wrong", comment="太郎の意見"))
    own = answered(state).answer_id
    send(web, "give", answer=own, verdict="wrong", comment="自分の意見")
    mine = text_of(web.get("/feedback/mine").text)
    assert "自分の意見" in mine
    assert "太郎の意見" not in mine
    send(web, "withdraw", answer=all_of(state, TARO)[0].answer_id)
    assert len(all_of(state, TARO)) == 1
    send(web, "withdraw", answer=own, back="mine")
    assert all_of(state, AT_THIS_MACHINE) == ()


def _three(state: State) -> None:
    """Two wrong, one of them of a refusal, and one right."""
    whole = answered(state).to_dict()
    give(state, whole, HANAKO, Said("wrong", (Part("citation", 1),), "出典が違う"))
    give(
        state,
        answered(state, OUTSIDE).to_dict(),
        TARO,
        Said("wrong", (Part("refusal"),), "あるはず"),
    )
    give(state, whole, TARO, Said("right"))


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 3),
        ({"verdict": "wrong"}, 2),
        ({"verdict": "right"}, 1),
        ({"part": "refusal"}, 1),
        ({"part": "statement"}, 0),
        ({"section": "市民文化局"}, 1),
        ({"section": "-"}, 2),
        ({"state": "done"}, 0),
        ({"state": "open"}, 2),
        ({"words": "ｱﾙﾊｽﾞ あるはず"}, 0),
        ({"words": "協働　定めて"}, 2),
        ({"words": "出典"}, 1),
        ({"since": "2000-01-01", "until": "2000-12-31"}, 0),
        ({"since": "2000-01-01", "until": "2100-01-01"}, 3),
    ],
)
def test_the_owner_narrows_the_list_down(
    query: dict[str, str], count: int, web: httpx.Client, state: State
) -> None:
    _three(state)
    page = web.get("/feedback", params=query).text
    assert page.count("/feedback/one?id=") == count
    assert (
        len(web.get("/feedback/export", params={**query, "format": "jsonl"}).text.splitlines())
        == count
    )


def test_a_condition_that_is_none_is_refused_in_a_sentence(web: httpx.Client, state: State) -> None:
    assert web.get("/feedback", params={"since": "yesterday"}).status_code == 400
    assert web.get("/feedback", params={"state": "x"}).status_code == 400


def test_the_owner_reads_the_answer_and_says_what_became_of_it(
    web: httpx.Client, state: State
) -> None:
    feedback_id = give(
        state, answered(state).to_dict(), HANAKO, Said("wrong", (Part("citation", 1),), "古い")
    )
    page = web.get("/feedback/one", params={"id": feedback_id}).text
    told = text_of(page)
    assert "stub-0001" in told
    assert "協働とは、市民と市が、目的を共有し" in told
    assert "川崎 花子" not in told
    assert 'class="f-called"' in page
    kept = send(web, "handle", id=feedback_id, state="done", note="文書を差し替えました")
    assert "文書を差し替えました" in kept.text
    given = find(state, feedback_id)
    assert given is not None
    assert (given.state, given.note) == ("done", "文書を差し替えました")
    assert send(web, "handle", id="none", state="done", note="").status_code == 404


def test_the_spreadsheet_opens_and_runs_no_formula(web: httpx.Client, state: State) -> None:
    formula = '=HYPERLINK("https://evil.example","x")'
    give(state, answered(state).to_dict(), HANAKO, Said("wrong", comment=formula, better="+1\n-2"))
    saved = web.get("/feedback/export", params={"format": "csv"})
    assert saved.content.startswith(b"\xef\xbb\xbf")
    assert saved.headers["content-disposition"] == 'attachment; filename="kyodo-feedback.csv"'
    heads, row = csv.reader(io.StringIO(saved.content.decode("utf-8-sig"), newline=""))
    told = dict(zip(heads, row, strict=True))
    assert told["どう違うか"] == f"'{formula}"
    assert told["正しくは"] == "'+1\n-2"
    assert "川崎市自治基本条例 第3条第4号" in told["根拠"]


def test_the_lines_hold_the_whole_answer_and_not_who_asked(web: httpx.Client, state: State) -> None:
    asked = answered(state, person=HANAKO)
    give(state, asked.to_dict(), HANAKO, Said("right"))
    line = web.get("/feedback/export", params={"format": "jsonl"}).text
    assert json.loads(line)["asked"]["answer"] == json.loads(json.dumps(asked.to_dict()["answer"]))
    assert "hanako" not in line


def test_the_page_speaks_english(web: httpx.Client, state: State) -> None:
    _three(state)
    answer_id = answered(state).answer_id
    for address in ("/feedback", "/feedback/mine", f"/feedback/new?answer={answer_id}&said=wrong"):
        page = web.get(address, params={"language": "en"} | dict(httpx.URL(address).params)).text
        assert '<html lang="en">' in page
        assert "回答への意見" not in page
