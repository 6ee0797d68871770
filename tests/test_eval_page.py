"""The Evaluation page over HTTP: what it shows, what it does, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from lxml import html as parser

from eval.running import list_runs
from tests.evaluation_home import RISKY, evaluation, make_home, wait_until_idle, write_set

JA = {"accept-language": "ja"}


@pytest.fixture(scope="module")
def small_index(_small: Path) -> Path:  # noqa: PT019 - its value is used
    return _small / "index"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, small_index: Path) -> Path:
    return make_home(tmp_path_factory.mktemp("evaluation") / "home", small_index)


@pytest.fixture(scope="module")
def address(home: Path, small_index: Path) -> Iterator[str]:
    with evaluation(home, small_index) as found:
        yield found


@pytest.fixture
def web(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=30, headers=JA) as client:
        yield client


def page_of(web: httpx.Client, path: str, status: int = 200) -> parser.HtmlElement:
    answer = web.get(path)
    assert answer.status_code == status, answer.text
    return parser.fromstring(answer.text)


def text_of(element: parser.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_the_pages_lead_to_each_other(web: httpx.Client) -> None:
    page = page_of(web, "/evaluation")
    links = {a.text: (a.get("href"), a.get("aria-current")) for a in page.xpath("//nav[1]//a")}
    known = {
        "相談": ("/", None),
        "文書": ("/documents", None),
        "評価": ("/evaluation", "page"),
    }
    assert links.items() >= known.items()
    for path in ("", "/page.css", "/page.js", "/run?run=first", "/nowhere"):
        answer = web.get(f"/evaluation{path}")
        assert answer.status_code == (404 if path == "/nowhere" else 200)
        policy = answer.headers["content-security-policy"]
        assert "form-action 'self'" in policy
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cache-control"] == "no-store"


def test_the_first_view_tells_the_newest_result_and_lists_all(web: httpx.Client) -> None:
    page = page_of(web, "/evaluation")
    said = text_of(page)
    assert "いちばん新しい結果" in said
    assert "検索：語だけ" in said
    assert len(page.xpath("//table//tbody/tr")) >= 2
    chosen = {box.get("value"): box.get("checked") for box in page.xpath("//input[@name='set']")}
    assert chosen["policy-dev"] is not None
    assert chosen["policy-test"] is None
    assert "own" in chosen


def test_a_question_is_two_clicks_from_a_figure(web: httpx.Client) -> None:
    run = page_of(web, "/evaluation/run?run=first")
    (figure,) = run.xpath("//th/a[text() or span][contains(@href, 'measure=key_points')]")
    listed = page_of(web, figure.get("href"))
    first = listed.xpath("//ul[@class='e-questions']//a")[0]
    assert "まちづくりの原則" in text_of(first)
    said = text_of(page_of(web, first.get("href")))
    for told in ("要点が抜けています：信頼", "見直しが要る理由", "期待した内容", "第5条", "対話"):
        assert told in said


def test_a_group_of_a_plot_leads_to_its_questions(web: httpx.Client) -> None:
    run = page_of(web, "/evaluation/run?run=first")
    links = [a.get("href") for a in run.xpath("//*[local-name()='svg']//*[local-name()='a']")]
    english = next(link for link in links if "language=en" in link)
    listed = page_of(web, english)
    assert [text_of(a) for a in listed.xpath("//ul[@class='e-questions']//a")] == [
        "When is the deadline for grants?"
    ]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("result=failed", {"q-3", f"q-6 {RISKY}"}),
        ("result=ok&language=en", {"q-4"}),
        ("document=machi-jorei", {"q-3"}),
        ("words=水道", {"q-5"}),
        ("words=ＷＨＥＮ ＩＳ ＴＨＥ", {"q-4"}),
        ("measure=citation_recall", {"q-1", "q-2", "q-3", "q-4", f"q-6 {RISKY}"}),
        ("set=none-of-these", set()),
    ],
)
def test_the_list_is_narrowed_down(web: httpx.Client, query: str, ids: set[str]) -> None:
    listed = page_of(web, f"/evaluation/questions?run=first&{query}")
    found = {httpx.URL(a.get("href")).params["id"] for a in listed.xpath("//ul//a[@class='asked']")}
    assert found == ids


def test_hostile_words_stay_words_everywhere(web: httpx.Client) -> None:
    asked = httpx.QueryParams({"run": "first", "id": f"q-6 {RISKY}"})
    for path in (
        "/evaluation/questions?run=first",
        f"/evaluation/question?{asked}",
        f"/evaluation/questions?run=first&words={RISKY}",
        "/evaluation/compare?before=first&after=second",
        f"/evaluation/run?run={RISKY}",
    ):
        page = parser.fromstring(web.get(path).text)
        assert [s.get("src") for s in page.xpath("//script")] == ["/evaluation/page.js"]
        assert not page.xpath("//img")
        assert not [n for e in page.iter("*") for n in e.attrib if n.startswith("on")]


def test_two_results_are_compared_with_intervals_and_flips(web: httpx.Client) -> None:
    said = text_of(page_of(web, "/evaluation/compare?before=first&after=second"))
    assert "共通の 6問で比べました" in said
    assert re.search(r"\[[+-]\d\.\d{3}, [+-]\d\.\d{3}\]", said)
    assert "前と後で違うもの：検索の方法" in said
    assert "悪くなった質問" in said
    assert "別々の結果を選んでください" in text_of(
        page_of(web, "/evaluation/compare?before=first&after=first", 400)
    )


def test_passages_that_their_own_words_no_longer_find_are_counted_by_document(
    web: httpx.Client, home: Path
) -> None:
    runs = home / "eval" / "runs"
    shutil.copytree(runs / "first", runs / "blind")
    path = runs / "blind" / "metrics.json"
    metrics = json.loads(path.read_text("utf-8"))
    found = [p for p, own in metrics["known_items"].items() if own["known@1"] == 1.0]
    for passage in found[:3]:
        metrics["known_items"][passage] = {"known@1": 0.0, "known_rr": 0.5}
    path.write_text(json.dumps(metrics), "utf-8")
    said = text_of(page_of(web, "/evaluation/compare?before=first&after=blind"))
    assert "1位に出なくなった箇所が 3 あります：" in said
    said = text_of(page_of(web, "/evaluation/compare?before=blind&after=first"))
    assert "1位に出るようになった箇所が 3 あります：" in said
    shutil.rmtree(runs / "blind")


def test_a_mark_is_kept_shown_and_held_against_the_metrics(web: httpx.Client, home: Path) -> None:
    asked = {"run": "first", "id": "q-3"}
    for verdict, who, note in (("wrong", "高橋", "<b>古い</b>"), ("right", "佐藤", "")):
        fields = {"verdict": verdict, "who": who, "note": note}
        answer = web.post("/evaluation/mark", params=asked, data=fields, follow_redirects=True)
        assert answer.status_code == 200
        assert "判定を記録しました" in answer.text
    page = page_of(web, "/evaluation/question?run=first&id=q-3")
    assert page.xpath("//input[@name='who']")[0].get("value") == "佐藤"
    said = text_of(page)
    assert said.index("佐藤、") < said.index("高橋、")
    assert "<b>古い</b>" in said

    agreed = page_of(web, "/evaluation/marks?run=first")
    assert "1問で" in text_of(agreed)
    assert "計算できません" in text_of(agreed)
    assert "コーエン" in text_of(agreed)
    assert [text_of(a) for a in agreed.xpath("//ul[@class='e-questions']//a")] == [
        "まちづくりの原則は何ですか。"
    ]
    saved = web.get("/evaluation/export?run=first&what=marks_csv")
    rows = list(csv.DictReader(io.StringIO(saved.content.decode("utf-8-sig"))))
    assert [(r["id"], r["by_hand"], r["by_measures"], r["who"]) for r in rows] == [
        ("q-3", "wrong", "wrong", "高橋"),
        ("q-3", "right", "wrong", "佐藤"),
    ]
    assert (home / "eval" / "marks.sqlite3").is_file()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"verdict": "right", "who": " "}, "記入者の名前を入力してください"),
        ({"verdict": "right", "who": "高橋", "note": "あ" * 1_001}, "1,000文字までです"),
        ({"verdict": "perhaps", "who": "高橋"}, "expected a mark of right or wrong"),
        ({}, "記入者の名前を入力してください"),
    ],
)
def test_what_is_no_mark_is_refused_in_words(
    web: httpx.Client, fields: dict[str, str], said: str
) -> None:
    answer = web.post("/evaluation/mark", params={"run": "first", "id": "q-1"}, data=fields)
    assert answer.status_code == 400
    assert said in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/evaluation/run",
        "/evaluation/run?run=nowhere",
        "/evaluation/run?run=../../first",
        "/evaluation/question?run=first&id=q-99",
        "/evaluation/export?run=first&what=../../../index",
        "/evaluation/state?run=x",
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(web: httpx.Client, path: str) -> None:
    answer = web.get(path)
    assert answer.status_code == 404
    assert 'role="alert"' in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}, 403),
        ({"sec-fetch-site": "same-site", "sec-fetch-mode": "navigate"}, 403),
        ({"sec-fetch-site": "same-origin", "sec-fetch-mode": "navigate"}, 400),
    ],
)
def test_no_other_site_can_act_in_the_readers_name(
    web: httpx.Client, headers: dict[str, str], status: int
) -> None:
    for action in ("mark", "start", "stop", "resume") if status == 403 else ("mark",):
        answer = web.post(f"/evaluation/{action}?run=first&id=q-1", headers=headers, data={})
        assert answer.status_code == status, action


def test_a_finished_result_is_not_measured_again(web: httpx.Client, home: Path) -> None:
    before = (home / "eval" / "runs" / "first" / "metrics.json").stat().st_mtime_ns
    assert web.post("/evaluation/resume?run=first").status_code == 303
    assert {run.stage for run in list_runs(home)} == {"done"}
    assert (home / "eval" / "runs" / "first" / "metrics.json").stat().st_mtime_ns == before


def test_an_unforeseen_failure_tells_nothing_of_the_inside(
    web: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret path /etc/kyodo")

    monkeypatch.setattr("eval.web.run_view.judged_of", broken)
    answer = web.get("/evaluation/run?run=first")
    assert answer.status_code == 500
    assert "思わぬ理由で表示できませんでした" in answer.text
    assert "secret" not in answer.text


def test_looking_changes_nothing(web: httpx.Client, home: Path) -> None:
    before = list_runs(home)
    for action in ("mark", "start", "stop", "resume"):
        given = f"run=first&id=q-1&set=own&verdict=wrong&who=x&action={action}"
        assert web.get(f"/evaluation/{action}?{given}").status_code in (404, 405)
    assert list_runs(home) == before


def test_what_can_be_saved_is_saved_and_not_shown(web: httpx.Client) -> None:
    page = page_of(web, "/evaluation/run?run=first")
    links = [a.get("href") for a in page.xpath("//a[@download]")]
    assert len(links) == 6
    for link in links:
        saved = web.get(link)
        assert saved.status_code == 200
        assert saved.headers["content-disposition"].startswith("attachment")
        assert saved.content
    table = web.get("/evaluation/export?run=first&what=table").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert len(rows) == 6
    assert rows[2]["ok"] == "0"
    assert "要点が抜けています" in rows[2]["why"]


def test_every_view_is_there_in_english_and_the_choice_is_kept(web: httpx.Client) -> None:
    for path in ("", "/run?run=first", "/questions?run=first", "/marks?run=first"):
        join = "&" if "?" in path else "?"
        page = page_of(web, f"/evaluation{path}{join}language=en")
        assert page.xpath("/html/@lang") == ["en"]
    assert page_of(web, "/evaluation").xpath("//h1")[0].text == "Quality of answers"


def test_a_measurement_is_started_followed_stopped_and_gone_on_with(
    tmp_path: Path, home: Path, small_index: Path
) -> None:
    home = Path(shutil.copytree(home, tmp_path / "home"))
    write_set(home / "eval" / "questions" / "long.jsonl", 80)
    with (
        evaluation(home, small_index) as address,
        httpx.Client(base_url=address, timeout=30, headers=JA) as web,
    ):
        chosen = web.post("/evaluation/start", data={"set": ["long"]})
        assert chosen.status_code == 303
        run = list_runs(home)[0]
        page = page_of(web, "/evaluation")
        assert page.xpath("//progress")
        assert not page.xpath("//form[contains(@action, '/start')]")
        busy = web.post("/evaluation/start", data={"set": ["own"]})
        assert busy.status_code == 409
        assert "別の測定が進んでいます" in busy.text
        asked = 0
        while not asked:
            asked = web.get("/evaluation/state", params={"run": run.run_id}).json()["asked"]
        assert web.post("/evaluation/stop", params={"run": run.run_id}).status_code == 303
        assert wait_until_idle(web, run.run_id) == "stopped"
        kept = list_runs(home)[0]
        assert 0 < kept.asked < kept.total == 480
        assert "続きから測れます" in text_of(page_of(web, "/evaluation"))
        before = (kept.folder / "answers.jsonl").read_bytes().splitlines()[: kept.asked - 1]
        assert web.post("/evaluation/resume", params={"run": run.run_id}).status_code == 303
        assert wait_until_idle(web, run.run_id) == "done"
        after = (kept.folder / "answers.jsonl").read_bytes().splitlines()
        assert len(after) == 480
        assert after[: len(before)] == before


def test_a_measurement_that_fails_says_why_on_the_page(
    tmp_path: Path, home: Path, small_index: Path
) -> None:
    home = Path(shutil.copytree(home, tmp_path / "home"))
    (home / "eval" / "questions" / "broken.jsonl").write_text('{"id": 1}\n', "utf-8")
    with (
        evaluation(home, small_index) as address,
        httpx.Client(base_url=address, timeout=30, headers=JA) as web,
    ):
        none = web.post("/evaluation/start", data={})
        assert (none.status_code, "1つ以上選んでください" in none.text) == (409, True)
        unknown = web.post("/evaluation/start", data={"set": ["../../etc/passwd"]})
        assert "選んだ質問集が見つかりません" in unknown.text
        web.post("/evaluation/start", data={"set": ["broken"]})
        run = list_runs(home)[0]
        assert wait_until_idle(web, run.run_id) == "failed"
        assert "broken.jsonl line 1: expected" in text_of(page_of(web, "/evaluation"))
