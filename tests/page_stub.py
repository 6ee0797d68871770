"""A small assistant with real-looking passages, for the tests of the page.

Its words were written for these tests. What it does is told by a word in the question:
``DEMO`` below. It stands in until the tests run on the real assistant.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.datatypes import (
    Answer,
    Citation,
    Handover,
    Language,
    Nearest,
    Query,
    Statement,
    Status,
    Turn,
)
from assistant.errors import AssistantError
from corpus.datatypes import Document, Passage

ORDINANCE = Document(
    document_id="jichi",
    title="川崎市自治基本条例",
    title_en="Kawasaki City Basic Ordinance on Autonomy",
    authority="ordinance",
    edition="digest",
    language="ja",
    source="https://www.city.example/jichi.html",
    sha256="0" * 64,
    issuer="川崎市",
    issuer_en="Kawasaki City",
    section="市民文化局 協働・連携推進課",
    section_en="Collaboration Section",
    effective_from="2005-04-01",
)
RULES = replace(
    ORDINANCE,
    document_id="rules",
    title="川崎市協働型事業のルール",
    title_en="Kawasaki Collaborative Project Rules",
    authority="rule",
    source="https://www.city.example/rules.html",
    effective_from="2008-02-01",
)
TABLE = replace(
    ORDINANCE,
    document_id="table",
    title="協働・連携の考え方や今後の具体的な取組に関する課題整理",
    title_en="Working table on collaboration",
    authority="committee",
    edition="original",
    source="table.txt",
    section="",
    section_en="",
    issuer="",
    issuer_en="",
    effective_from=None,
)


def _passage(identity: str, document: Document, locator: str, text: str, **more: object) -> Passage:
    passage = Passage(
        passage_id=identity,
        document=document,
        locator=locator,
        text=text,
        language="ja",
        authority=document.authority,
        source=document.source,
        effective_from=document.effective_from,
    )
    return replace(passage, **more)  # type: ignore[arg-type]


A3 = _passage(
    "jichi:3-3",
    ORDINANCE,
    "第3条第3号",
    "協働の担い手となる市民には、市内に住む人のほか、市内で働き、学び、活動する人や団体が含まれる。",
    headings=("第1章 総則",),
    locator_en="Article 3, item 3",
)
A4 = _passage(
    "jichi:3-4",
    ORDINANCE,
    "第3条第4号",
    "協働とは、市民と市が、目的を共有し、それぞれの役割と責任を明らかにしたうえで、互いの立場を"
    "尊重し、対等な関係に立って公共の課題の解決に当たることをいう。\n"
    "市民どうしの取組も、これに準じて扱う。",
    headings=("第1章 総則", "定義"),
    locator_en="Article 3, item 4",
)
A5 = _passage(
    "jichi:5",
    ORDINANCE,
    "第5条",
    "市は、情報共有、参加及び協働の三つを、自治運営の基本原則とする。",
    headings=("第1章 総則", "自治運営の基本原則"),
    locator_en="Article 5",
)
A4_EN = replace(
    A4,
    passage_id="jichi:3-4:en",
    text="Collaboration means that citizens and the city share a purpose, make their roles and "
    "responsibilities clear, respect each other's position, and work on public issues as equals.\n"
    "Efforts among citizens are treated in the same way.",
    language="en",
    rendering=True,
    counterpart="jichi:3-4",
)
R6 = _passage(
    "rules:1-2",
    RULES,
    "第1章 協働の6原則",
    "協働型事業を進めるときは、目的の共有、役割と責任の明確化、相互理解、対等の関係、自主性の"
    "尊重、公開の六つを確かめる。",
    headings=("第1章 協働型事業とは",),
    locator_en="Chapter 1, the six principles",
)
OPINION = _passage(
    "table:3",
    TABLE,
    "①協働・連携の捉え方 › 捉え方・位置付け › これまでの委員意見",
    "協働・連携で生まれたサービスが地域の課題解決に役に立つかどうか、「受益者がどう思うか」が"
    "一番重要ではないか。（第3回）",
    headings=("①協働・連携の捉え方",),
    standing="opinion",
)
PASSAGES = (A3, A4, A5, R6, OPINION)
DEMO = {
    "refuse": "天気",
    "clarify": "それ",
    "slow": "ゆっくり",
    "fail": "壊れる",
    "known": "止まる",
}


@dataclass(frozen=True)
class StubService:
    """Answers from five passages; ``delay_s`` is how long a slow answer takes."""

    delay_s: float = 8.0
    fingerprint: str = "stub-0001"
    fault: str = ""

    def snapshot(self) -> StubService:
        """Itself: its passages never change."""
        return self

    def seen_by(self, collections: frozenset[str] | None) -> StubService:
        """Itself: everyone sees its passages."""
        return self

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        language: str = "auto",
        as_of: str | None = None,
    ) -> Answer:
        """An answer by the question's language and the words of ``DEMO``."""
        if DEMO["fail"] in question:
            raise RuntimeError("secret path /etc/kyodo: must never be shown")
        if DEMO["known"] in question:
            raise AssistantError("索引が見つかりません。担当者に知らせてください。")
        if DEMO["slow"] in question:
            time.sleep(self.delay_s)
        found: Language = "en" if question.isascii() else "ja"
        query = Query(question, found, "definition", question, as_of or "2026-11-23")
        if DEMO["refuse"] in question:
            return _refuse(query)
        if question.startswith(DEMO["clarify"]) and not history:
            return _clarify(query)
        return _answer_en(query) if found == "en" else _answer_ja(query)

    def passage(self, passage_id: str) -> Passage | None:
        """The passage with this id."""
        return next((p for p in (*PASSAGES, A4_EN) if p.passage_id == passage_id), None)

    def passages_of(self, document_id: str) -> tuple[Passage, ...]:
        """The passages of a document."""
        return tuple(p for p in (*PASSAGES, A4_EN) if p.document.document_id == document_id)

    def neighbours(self, passage_id: str) -> tuple[Passage | None, Passage | None]:
        """The passages around this one in its document."""
        passage = self.passage(passage_id)
        if passage is None:
            return None, None
        same = [p for p in PASSAGES if p.document == passage.document]
        place = next(i for i, p in enumerate(same) if p.unit == passage.unit)
        before = same[place - 1] if place else None
        return before, same[place + 1] if place + 1 < len(same) else None

    def examples(self, language: str) -> tuple[str, ...]:
        """Three questions in each language."""
        if language == "en":
            return (
                "How does the ordinance define collaboration?",
                "Which principles should I check before I call something collaboration?",
                "Can a company be our partner?",
            )
        return (
            "条例では「協働」をどう定めていますか",
            "協働型事業の6原則は何ですか",
            "企業は協働の相手になれますか",
        )

    def documents(self) -> tuple[Document, ...]:
        """The three documents."""
        return (ORDINANCE, RULES, TABLE)


def cite(number: int, passage: Passage, quote: str = "") -> Citation:
    """A citation of ``quote`` in a passage, of the whole passage where it is empty."""
    start = passage.text.index(quote)
    return Citation(number, passage, start, start + len(quote or passage.text), 0.7)


def _answer_ja(query: Query) -> Answer:
    first = cite(1, A4, A4.text.split("\n")[0])
    second = cite(2, R6, R6.text)
    third = cite(3, OPINION, OPINION.text)
    statements = (
        Statement(first.quote, (1,), True, "conclusion"),
        Statement(
            f"確かめる点は次のとおりです。{R6.text}",
            (2,),
            True,
            "ground",
            "確かめる点は次のとおりです。",
        ),
        Statement(
            "協働型事業の相手には、必ず3者以上の団体を選ばなければなりません。",
            (2,),
            False,
            "condition",
            reason="数値「3者」が引用元にありません",
        ),
        Statement(
            f"委員からは、次の意見が出ています。{OPINION.text}",
            (3,),
            True,
            "view",
            "委員からは、次の意見が出ています。",
        ),
        Statement(
            "個別の事業が協働に当たるかどうかの判定基準は、この文書にはありません。",
            (),
            True,
            "gap",
        ),
    )
    return Answer(
        query=query,
        status="answered",
        text=" ".join(s.text for s in statements),
        statements=statements,
        citations=(first, second, third),
        follow_ups=("企業も協働の相手になれますか", "協働型事業はどのように始めますか"),
        verdict=_verdict() if "当た" in query.question else None,
        index="stub-0001",
    )


def _verdict() -> dict[str, object]:
    return {
        "value": "depends",
        "criteria": [
            {"name": "目的を共有している", "state": "met", "citations": [1]},
            {
                "name": "役割と責任が明らかである",
                "state": "unknown",
                "citations": [1, 2],
            },
            {"name": "対等な関係に立っている", "state": "not_met", "citations": [2]},
        ],
        "precedents": [{"passage_id": "table:3", "citation": 3}],
    }


def _answer_en(query: Query) -> Answer:
    first = cite(1, A4_EN, A4_EN.text.split("\n")[0])
    second = cite(2, OPINION, "「受益者がどう思うか」が一番重要ではないか。")
    statements = (
        Statement(first.quote, (1,), True, "conclusion"),
        Statement(
            f"A committee member's opinion: {second.quote}",
            (2,),
            True,
            "view",
            "A committee member's opinion: ",
        ),
    )
    return Answer(
        query=query,
        status="partial",
        text=" ".join(s.text for s in statements),
        statements=statements,
        citations=(first, second),
        follow_ups=("Can a company be our partner?",),
        index="stub-0001",
    )


def _refuse(query: Query) -> Answer:
    return _plain(
        query,
        "no_answer",
        text="文書の中に、答えとなる箇所が見つかりませんでした。",
        nearest=(Nearest(A5, 0.31), Nearest(R6, 0.28)),
        handover=Handover(
            "市民文化局 協働・連携推進課",
            "電話 000-000-0000",
            f"次の点について教えてください。\n「{query.question}」\n手元の文書では確認できませんでした。",
        ),
    )


def _clarify(query: Query) -> Answer:
    return _plain(
        query,
        "clarify",
        clarifying_question="どの取組についてのご質問ですか。相手（団体、企業、大学など）も教えてください。",
        follow_ups=(
            "市民活動団体との講座についてです",
            "企業との見守り協定についてです",
        ),
    )


def _plain(query: Query, status: Status, **more: object) -> Answer:
    return replace(Answer(query, status, "", index="stub-0001"), **more)  # type: ignore[arg-type]
