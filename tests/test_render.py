"""What the page shows is safe, marks the words quoted, and can be taken away as text."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from lxml import html as parser
from markdown_it import MarkdownIt

from assistant.conversation import (
    QUESTION_LIMIT,
    Conversation,
    Exchange,
    RefusedQuestionError,
    check_date,
    check_question,
    choose_language,
)
from assistant.datatypes import Answer, Citation, Handover, Nearest, Query, Statement
from assistant.evidence import gather
from assistant.export import escape_markdown, to_markdown, to_plain
from assistant.markup import html, mark_span, safe_url, visible
from assistant.render import render_turn
from assistant.render_frame import render_foot, render_form, render_head
from assistant.words import load_words
from tests.page_stub import A4, A4_EN, OPINION, ORDINANCE, R6, StubService, cite

HOSTILE = (
    '<script>alert(1)</script><img src="https://evil.example/?q=1" onerror="alert(1)">'
    '<form action="https://evil.example"><input type="password"></form>'
    '<style>*{display:none}</style><div style="position:fixed;inset:0">'
    "[click](javascript:alert(1)) ![x](https://evil.example/x.png) </details></article>"
    '" onclick="alert(1)" \' {title} ${value} {{value}}'
)
ALLOWED_TAGS = {
    "article",
    "header",
    "h2",
    "h3",
    "h4",
    "span",
    "p",
    "div",
    "section",
    "aside",
    "a",
    "button",
    "details",
    "summary",
    "blockquote",
    "mark",
    "ol",
    "ul",
    "li",
    "dl",
    "dt",
    "dd",
    "del",
    "pre",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "label",
    "form",
    "textarea",
    "input",
    "h1",
}
QUERY = Query("質問", "ja", "definition", "質問", "2026-11-23")
JA, EN = load_words("ja"), load_words("en")


def exchange_for(answer: Answer, question: str = "質問", state: str = "done") -> Exchange:
    evidence = gather(answer, StubService())
    shown = len(answer.statements)
    return Exchange(1, question, None, state, answer, evidence, shown)  # type: ignore[arg-type]


def hostile_exchange() -> Exchange:
    document = replace(
        ORDINANCE,
        title=HOSTILE,
        issuer=HOSTILE,
        section=HOSTILE,
        source="javascript:alert(1)",
        title_en=HOSTILE,
    )
    passage = replace(
        A4,
        document=document,
        text=HOSTILE,
        locator=HOSTILE,
        locator_en=HOSTILE,
        headings=(HOSTILE,),
        source="javascript:alert(document.domain)",
    )
    citation = Citation(1, passage, 3, 30)
    answer = Answer(
        query=QUERY,
        status="partial",
        text=HOSTILE,
        statements=(
            Statement(HOSTILE, (1, 99), True, "conclusion", HOSTILE[:9]),
            Statement(HOSTILE, (1,), False, "<b>", reason=HOSTILE),
        ),
        citations=(citation,),
        nearest=(Nearest(passage, 0.1),),
        clarifying_question=HOSTILE,
        follow_ups=(HOSTILE,),
        handover=Handover(HOSTILE, HOSTILE, HOSTILE),
        verdict={
            "value": "depends",
            "criteria": [{"name": HOSTILE, "state": HOSTILE, "citations": [1, HOSTILE]}],
            "precedents": [{"passage_id": HOSTILE, "citation": 1}],
        },
        notes=(HOSTILE,),
        index=HOSTILE,
    )
    return exchange_for(answer, HOSTILE)


@pytest.mark.parametrize("words", [JA, EN])
@pytest.mark.parametrize("state", ["done", "stopped", "failed"])
def test_hostile_text_stays_text(words, state) -> None:
    exchange = replace(hostile_exchange(), state=state, error=HOSTILE)
    conversation = Conversation(words.language, (exchange,))
    page = render_turn(exchange, words, newest=True) + render_head(conversation, words)
    page += render_form(words, status=HOSTILE, notice=HOSTILE)
    page += render_foot(
        Conversation(), (HOSTILE,), (exchange.answer.citations[0].passage.document,), words
    )
    for element in parser.fragment_fromstring(str(page), create_parent="div").iter():
        assert element.tag in ALLOWED_TAGS
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert name not in ("style", "src", "srcset", "action", "ping", "background")
            if name == "href":
                assert value.startswith("#k-"), value
        if element.tag == "input":
            assert element.get("type") == "date"
    assert "alert(1)" in parser.fragment_fromstring(str(page), create_parent="div").text_content()


def test_template_blanks_in_values_are_not_filled() -> None:
    assert html("<p>{a}</p>{b}", a="{b} <", b="x") == "<p>{b} &lt;</p>x"


def test_the_quoted_span_is_marked_by_offsets() -> None:
    marked = mark_span("目的を共有する。役割を決める。", 8, 15, "ここから", "ここまで")
    mark = parser.fragment_fromstring(str(marked), create_parent="div").find("mark")
    assert [t for t in mark.itertext() if "ここ" not in t] == ["役割を決める。"]
    assert str(marked).startswith("目的を共有する。<mark>")


def test_invisible_characters_do_not_move_the_mark() -> None:
    text = "\u200b<b>\u202e甲乙丙丁"
    marked = mark_span(text, text.index("乙"), text.index("丁"), "", "")
    mark = parser.fragment_fromstring(str(marked), create_parent="div").find("mark")
    assert "".join(mark.itertext()).strip() == "乙丙"
    assert "\u202e" not in marked


def test_offsets_outside_the_text_are_refused() -> None:
    with pytest.raises(ValueError, match="offsets within 0 to 2, found 1 to 3"):
        mark_span("甲乙", 1, 3, "", "")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>",
        "//evil.example/x",
        "https://user:pw@evil.example/",
        "https:///x",
        "file:///etc/passwd",
        "https://a.example/\u202egpj",
        'https://a.example/"onclick=',
        "https://[::1",
        "",
    ],
)
def test_an_address_that_a_page_should_not_open_is_refused(address: str) -> None:
    assert safe_url(address) is None


def test_a_web_address_is_kept() -> None:
    assert (
        safe_url("https://www.city.example/a?b=1&c=2#d") == "https://www.city.example/a?b=1&c=2#d"
    )


def test_invisible_characters_go_and_name_variants_stay() -> None:
    assert visible("A\U000e0041\u202e\x00\ud800葛\U000e0100\n\t") == "A葛\U000e0100\n\t"


def find(element: parser.HtmlElement, kind: str) -> list[parser.HtmlElement]:
    """Every element below with this class."""
    return element.xpath(
        ".//*[contains(concat(' ', normalize-space(@class), ' '), $kind)]", kind=f" {kind} "
    )


def source_cards(answer: Answer, words) -> parser.HtmlElement:
    page = render_turn(exchange_for(answer), words, newest=True)
    return parser.fragment_fromstring(str(page))


def test_a_source_says_what_it_is_worth_in_words() -> None:
    answer = StubService().ask("条例では協働をどう定めていますか")
    cards = find(source_cards(answer, JA), "k-source")
    badges = [[b.text for b in find(c, "k-badge")] for c in cards]
    assert badges == [
        ["条例", "拘束力あり", "要約"],
        ["ルール", "拘束力なし", "要約"],
        ["委員会資料", "拘束力なし", "原文", "委員の意見"],
    ]
    assert "2005年4月1日から" in cards[0].text_content()
    assert "第1章 総則" in cards[0].text_content()
    assert find(cards[0], "k-neighbour")[0].text_content().startswith("前の箇所 第3条第3号")


def test_every_number_leads_to_its_source_and_unknown_numbers_are_dropped() -> None:
    answer = StubService().ask("条例では協働をどう定めていますか")
    first = replace(answer.statements[0], citations=(1, 99))
    page = source_cards(replace(answer, statements=(first, *answer.statements[1:])), JA)
    links = find(page, "k-cite")
    assert [a.text_content().split("]")[0] for a in links] == ["[1", "[2", "[2", "[3"]
    for link in links:
        assert page.get_element_by_id(link.get("href")[1:]).tag == "details"


def test_an_unverified_statement_is_struck_with_its_reason_and_counted() -> None:
    page = source_cards(StubService().ask("条例では協働をどう定めていますか"), JA)
    struck = find(page, "k-struck")
    assert [s.find("del").text for s in struck] == [
        "協働型事業の相手には、必ず3者以上の団体を選ばなければなりません。"
    ]
    assert "照合できない理由：数値「3者」が引用元にありません" in struck[0].text_content()
    assert find(page, "k-gate")[0].text == (
        "4文のうち3文を引用元と照合できました。照合できない1文は取り消し線で示しています。"
    )


def test_an_english_rendering_carries_the_japanese_original() -> None:
    page = source_cards(StubService().ask("How is collaboration defined?"), EN)
    original = find(page, "k-original")[0]
    assert original.find("blockquote").text == A4.text
    assert original.find("blockquote").get("lang") == "ja"
    assert find(page, "k-passage")[0].get("lang") == "en"


def test_the_official_link_opens_apart_and_a_digest_says_so() -> None:
    page = source_cards(StubService().ask("条例では協働をどう定めていますか"), JA)
    card = find(page, "k-source")[0]
    link = find(card, "k-official")[0]
    assert link.get("href") == ORDINANCE.source
    assert link.get("rel") == "noopener noreferrer"
    assert find(card, "k-digest-note")


def test_a_passage_out_of_force_says_so() -> None:
    old = replace(A4, effective_until="2020-03-31")
    answer = replace(
        StubService().ask("条例では協働をどう定めていますか"), citations=(cite(1, old),)
    )
    page = source_cards(answer, JA)
    assert "基準日の時点で効力を失っています" in page.text_content()
    assert "2020年3月31日まで" in page.text_content()


def test_a_refusal_shows_the_nearest_as_such_and_whom_to_ask() -> None:
    page = source_cards(StubService().ask("明日の天気は"), JA)
    assert page.xpath(".//aside/h3")[0].text == "近い箇所（答えの根拠ではありません）"
    assert not page.xpath(".//mark")
    assert not find(page, "k-number")
    assert "「明日の天気は」" in find(page, "k-draft")[0].text


@pytest.mark.parametrize(
    ("confidence", "said"),
    [
        (0.93, "根拠の確かさ： 高い （この文書に答えがある見込みが高い質問です）"),
        (0.61, "根拠の確かさ： 中くらい"),
        (0.27, "根拠の確かさ： 低い"),
    ],
)
def test_how_sure_the_grounds_are_is_said_in_words_and_never_as_a_number(
    confidence: float, said: str
) -> None:
    answer = replace(StubService().ask("協働とは"), confidence=confidence)
    (told,) = find(source_cards(answer, JA), "k-sure")
    assert said in told.text_content()
    assert not re.search(r"\d|[０-９]", told.text_content())
    assert answer.to_dict()["confidence"] == confidence


def test_nothing_is_said_of_grounds_that_were_not_weighed() -> None:
    weighed = StubService().ask("協働とは")
    assert weighed.confidence is None
    assert not find(source_cards(weighed, JA), "k-sure")
    refused = replace(StubService().ask("明日の天気は"), confidence=0.1)
    assert not find(source_cards(refused, JA), "k-sure")


def test_the_verdict_lists_every_criterion() -> None:
    page = source_cards(StubService().ask("これは協働に当たりますか"), JA)
    assert find(page, "k-verdict-value")[0].text == "条件しだい"
    rows = [[c.text_content() for c in r] for r in page.xpath(".//tbody/tr")]
    assert rows == [
        ["目的を共有している", "満たす", "[1]"],
        ["役割と責任が明らかである", "未確認", "[1][2]"],
        ["対等な関係に立っている", "満たさない", "[2]"],
    ]


def test_the_copy_holds_the_answer_with_its_sources() -> None:
    text = to_plain(exchange_for(StubService().ask("協働とは何ですか"), "協働とは何ですか"), JA)
    assert text.startswith("【質問】\n協働とは何ですか\n\n【回答】\n協働とは、")
    assert "[1]" in text
    assert "[1] 川崎市自治基本条例 第3条第4号 (条例 / 拘束力あり / 要約 / 2005年4月1日から)" in text
    assert f"「{A4.text.splitlines()[0]}」" in text
    assert ORDINANCE.source in text
    assert "基準日：2026-11-23" in text


def test_the_markdown_export_shows_hostile_text_as_it_is() -> None:
    exported = to_markdown(hostile_exchange(), JA)
    rendered = MarkdownIt("commonmark", {"html": True, "linkify": False}).render(exported)
    tree = parser.fragment_fromstring(rendered, create_parent="div")
    tags = {e.tag for e in tree.iter()}
    assert tags <= {"div", "h2", "p", "ul", "li", "blockquote", "br", "a"}
    assert [a.get("href") for a in tree.iter("a")] == []
    assert "<script>alert(1)</script>" in tree.text_content()


def test_markdown_keeps_line_starts_as_text() -> None:
    rendered = MarkdownIt().render(escape_markdown("1. 一\n- 二\n# 三\n> 四"))
    assert rendered == "<p>1. 一\n- 二\n# 三\n&gt; 四</p>\n"


@pytest.mark.parametrize("value", [None, [], {"a": 1}, 5, True])
def test_a_question_that_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(RefusedQuestionError, match="質問を読み取れませんでした"):
        check_question(value, JA)


@pytest.mark.parametrize("value", ["", "  \n", "\u200b\x00", "\ud800"])
def test_an_empty_question_is_refused(value: str) -> None:
    with pytest.raises(RefusedQuestionError, match="質問を入力してください"):
        check_question(value, JA)


@pytest.mark.parametrize("length", [QUESTION_LIMIT + 1, 50_000, 1_000_000])
def test_a_long_question_is_refused_with_both_numbers(length: int) -> None:
    with pytest.raises(RefusedQuestionError, match=f"2,000文字まで.*{length:,}文字"):
        check_question("あ" * length, JA)


def test_a_question_of_the_limit_is_asked_and_cleaned() -> None:
    assert check_question(" \u202eあ" + "い" * (QUESTION_LIMIT - 1), JA) == "あ" + "い" * 1999


def test_dates() -> None:
    assert check_date("", JA) is None
    assert check_date("2026-04-01", JA) == "2026-04-01"
    with pytest.raises(RefusedQuestionError, match="基準日「<b>」を読み取れません"):
        check_date("<b>", JA)


@pytest.mark.parametrize(
    ("cookies", "accepted", "language"),
    [
        ("", "ja,en;q=0.8", "ja"),
        ("", "en-US,en;q=0.9", "en"),
        ("", "en;q=0.3, ja;q=0.9", "ja"),
        ("", "de-DE,de;q=0.9", "en"),
        ("", "fr, ja;q=0.5", "ja"),
        ("", "", "ja"),
        ("", "*", "ja"),
        ("", "en;q=oops, ja", "ja"),
        ("a=b; kyodo_language=en", "ja", "en"),
        ("kyodo_language=<script>", "ja", "ja"),
    ],
)
def test_the_language_of_the_page(cookies: str, accepted: str, language: str) -> None:
    assert choose_language(cookies, accepted) == language


def test_history_holds_the_answered_turns_only() -> None:
    answer = StubService().ask("協働とは何ですか")
    conversation = Conversation().begin("一", None).begin("二", None)
    first = replace(conversation.exchanges[0], answer=answer, state="done")
    conversation = replace(conversation, exchanges=(first, *conversation.exchanges[1:]))
    turns = conversation.turns()
    assert [(t.role, t.content) for t in turns] == [("user", "一"), ("assistant", answer.text)]


def test_both_languages_have_the_same_words() -> None:
    assert JA.table.keys() == EN.table.keys()
    assert all(text.strip() for words in (JA, EN) for text in words.table.values())


def test_a_passage_without_link_or_dates_is_shown() -> None:
    bare = replace(OPINION, source="../../etc/table.txt")
    page = source_cards(replace(StubService().ask("協働とは"), citations=(cite(1, bare),)), JA)
    text = page.text_content()
    assert "期日の記載なし" in text
    assert "出典：table.txt" in text
    assert ".." not in text
    assert A4_EN.rendering
    assert R6.binding is False
