"""An evidence sheet says what was answered and on what it rests; its PDF and its JSON agree."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from assistant.datatypes import Answer, Statement
from assistant.records import sheet_fonts
from assistant.records.sheet import canonical, content_of, fingerprint_of, sheet_of
from assistant.records.sheet_pdf import to_pdf
from assistant.words import Words, load_words
from tests.page_stub import A4, ORDINANCE, StubService, cite
from tests.records_home import asked

JA = load_words("ja", Path(sheet_fonts.__file__).parent)
EN = load_words("en", Path(sheet_fonts.__file__).parent)
MADE = "2026-11-26T05:30:00+00:00"


def sheet(question: str = "これは協働に当たりますか", answer: Answer | None = None) -> dict:
    told = asked(question, at="2026-11-26T01:02:03+00:00", answer=answer)
    return sheet_of(content_of(told.to_dict()), MADE, "川崎 花子")


def quoting(*quotes: str) -> Answer:
    """An answer that quotes these words, each from a passage of its own."""
    passages = [replace(A4, passage_id=f"p{n}", text=text) for n, text in enumerate(quotes)]
    cited = tuple(cite(n, passage) for n, passage in enumerate(passages, 1))
    statements = tuple(Statement(f"文{c.number}", (c.number,), True) for c in cited)
    return replace(StubService().ask("協働"), citations=cited, statements=statements)


def read(pdf: bytes) -> str:
    """The text of every page, without white space, as a reader takes it out."""
    return "".join(
        "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split()
    )


def printed(made: dict, words: Words = JA) -> str:
    return read(to_pdf(made, "川崎 花子", words))


def test_a_sheet_holds_all_that_an_approval_asks_for() -> None:
    text = printed(sheet())
    for expected in (
        "これは協働に当たりますか",
        "2026年11月26日10:02（日本時間）",
        "2026年11月26日14:30（日本時間）",
        "2026年11月23日",
        "川崎花子",
        "目的を共有している",
        "満たさない",
        "川崎市自治基本条例第3条第4号",
        "条例／拘束力あり／要約",
        "2005年4月1日から",
        "https://www.city.example/jichi.html",
        ORDINANCE.sha256,
        "委員の意見",
        "stub-0001",
        "1/2ページ",
        "2/2ページ",
    ):
        assert "".join(expected.split()) in text, expected


def test_every_quote_is_printed_verbatim() -> None:
    made = sheet()
    text = printed(made)
    assert len(made["content"]["quotes"]) == 3
    for quote in made["content"]["quotes"]:
        assert "".join(quote["quote"].split()) in text


def test_a_struck_sentence_is_printed_as_struck_with_its_reason() -> None:
    text = printed(sheet())
    assert "【取り消し】協働型事業の相手には、必ず3者以上の団体を選ばなければなりません。" in text
    assert "照合できない理由：数値「3者」が引用元にありません" in text
    assert "取り消し線の文は" in text
    assert "取り消し線の文は" not in printed(sheet(answer=quoting("協働は対等である。")))


def test_a_refusal_is_printed_with_whom_to_ask_and_what_was_near() -> None:
    text = printed(sheet("明日の天気は"))
    for expected in (
        "文書からは回答できず",
        "電話000-000-0000",
        "近い箇所（回答の根拠ではありません）",
    ):
        assert expected in text
    assert "情報共有、参加及び協働の三つ" in text


def test_a_sheet_is_printed_in_english_too() -> None:
    text = printed(sheet("Can a company be our partner?"), EN)
    for expected in ("Evidencesheet", "10:02(Japantime)", "Ordinance", "Page1of2"):
        assert expected in text
    assert "share a purpose".replace(" ", "") in text


def test_a_quote_of_many_pages_is_printed_whole() -> None:
    long = "".join(f"第{n}号の事業は、目的を共有して行う。" for n in range(900))
    pdf = to_pdf(sheet(answer=quoting(long)), "川崎 花子", JA)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    assert len(pages) > 5
    body = "".join("".join(line for line in page.splitlines()[:-3]) for page in pages)
    assert all(f"第{n}号の事業は" in "".join(body.split()) for n in range(0, 900, 7))
    assert all(f"{n}/{len(pages)}ページ" in "".join(p.split()) for n, p in enumerate(pages, 1))


@pytest.mark.parametrize(
    "quote",
    [
        "<b>太字</b> & <img src='x'/> <a href=\"javascript:1\">押す</a> &amp;",
        "一行目\n二行目\r\n三行目\tタブ",
        "見えない\x00\x07\x1b文字\u200b\u202e",
        "　字下げ　した　文",
        "one  two   three",
        "A" * 400,
        "https://www.city.example/" + "path/" * 80,
    ],
)
def test_any_text_can_be_printed(quote: str) -> None:
    made = sheet(answer=quoting(quote))
    seen = "".join(c for c in quote if not c.isspace() and c not in "\x00\x07\x1b\u200b\u202e")
    assert seen in printed(made)


def test_blanks_in_a_quote_stay() -> None:
    pdf = to_pdf(sheet(answer=quoting("　第1条　市は、a  bを定める。")), "川崎 花子", JA)
    text = PdfReader(io.BytesIO(pdf)).pages[0].extract_text().replace("\u00a0", " ")
    assert "第1条　市は、a  bを定める。" in text


def test_a_character_that_the_typeface_lacks_is_owned_up_to() -> None:
    text = printed(sheet(answer=quoting("𠮷田町の𠮷田さん")))
    assert "〓田町の〓田さん" in text
    assert "表せない文字です：U+20BB7" in text
    assert "〓は" not in printed(sheet(answer=quoting("吉田町")))


def test_the_json_can_be_compared_with_what_was_printed() -> None:
    made = json.loads(json.dumps(sheet()))
    assert made["sha256"] == fingerprint_of(made["content"])
    assert made["sha256"] in printed(made)
    later = sheet_of(made["content"], "2027-01-01T00:00:00+00:00", "多摩 太郎")
    assert later["sha256"] == made["sha256"]
    made["content"]["quotes"][0]["quote"] += "。"
    assert fingerprint_of(made["content"]) != later["sha256"]


def test_the_content_is_written_in_one_way_only() -> None:
    content = sheet()["content"]
    turned = dict(reversed(content.items()))
    assert canonical(turned) == canonical(content)
    assert "float" not in {type(v).__name__ for v in _leaves(content)}


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("/srv/kyodo/documents/用具.pdf", "用具.pdf"),
        ("C:\\文書\\用具.pdf", "用具.pdf"),
        ("file:///srv/用具.pdf", "用具.pdf"),
        ("https://www.city.example/a/b.html", "https://www.city.example/a/b.html"),
        ("要綱／第2版 (A/B案)", "要綱／第2版 (A/B案)"),
    ],
)
def test_a_sheet_never_tells_where_a_file_lies(source: str, told: str) -> None:
    passage = replace(A4, source=source, more_sources=(source,))
    answer = replace(StubService().ask("協働"), citations=(cite(1, passage),), statements=())
    (quote,) = sheet(answer=answer)["content"]["quotes"]
    assert (quote["source"], quote["more_sources"]) == (told, [told])


def test_the_sheet_says_which_typeface_it_is_set_in() -> None:
    pdf = PdfReader(io.BytesIO(to_pdf(sheet(), "川崎 花子", JA)))
    assert sheet_fonts.sheet_font().label in (pdf.metadata or {})["/Keywords"]
    assert (pdf.metadata or {})["/Title"].startswith("根拠資料")


def test_a_japanese_typeface_of_this_computer_is_embedded(tmp_path: Path) -> None:
    found = (
        subprocess.run(
            ["fc-list", "-f", "%{file}\n", ":fontformat=TrueType:family=IPAGothic"],
            capture_output=True,
            text=True,
            check=False,
        )
        if shutil.which("fc-list")
        else None
    )
    if found is None or not found.stdout.strip():
        pytest.skip("IPAGothic is not installed (package: fonts-ipafont-gothic)")
    pdf = PdfReader(io.BytesIO(to_pdf(sheet(), "川崎 花子", JA)))
    fonts = pdf.pages[0]["/Resources"]["/Font"]
    kinds = [f.get_object() for f in fonts.values()]
    assert any("/FontFile2" in k.get("/FontDescriptor", {}) for k in kinds)


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    else:
        yield value
