"""Minutes and audit reports: whose words they are, and what weight they have."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from assistant.phrasebook import phrase
from assistant.pipeline import Assistant
from corpus import Passage, read_file
from corpus.minutes import with_speakers
from corpus.structure import Line, structure
from index import build_index, load_index

MINUTES = """第2回まちづくり委員会　議事録
日時　令和6年5月10日
１　開会
２　議題
(1) 対象の範囲について
○委員長（山田花子）　それでは、事務局から説明をお願いします。
○事務局　資料１のとおり、対象を広げる案を説明します。
企業との連携も含めます。
○田中委員　企業を含めると、公平性が心配です。
○Ｂ委員　公募にすれば、心配は減ると思います。
３　その他
次回は7月に開く。
"""


def read(folder: Path, text: str, name: str = "a.txt") -> list[Passage]:
    (folder / name).write_text(text, encoding="utf-8")
    return read_file(folder / name)[1]


def test_a_speech_is_one_passage_with_its_speaker_and_a_members_is_an_opinion(
    tmp_path: Path,
) -> None:
    found = {p.locator: p for p in read(tmp_path, MINUTES)}
    topic = "２　議題 › (1) 対象の範囲について"
    chair = found[f"{topic} › 委員長（山田花子）"]
    office = found[f"{topic} › 事務局"]
    member = found[f"{topic} › 田中委員"]
    assert chair.text == "それでは、事務局から説明をお願いします。"
    assert office.text == "資料１のとおり、対象を広げる案を説明します。\n企業との連携も含めます。"
    assert (chair.standing, member.standing) == ("opinion", "opinion")
    assert office.standing == "remark"
    assert member.authority == "committee"
    assert member.headings[-1] == "田中委員"
    assert found["３　その他"].text == "次回は7月に開く。"
    assert found["３　その他"].standing == "provision"


def test_other_ways_to_name_a_speaker() -> None:
    lines = [
        "【委員長】開会します。",
        "【鈴木委員】賛成です。",
        "（事務局）資料を説明します。",
        "委員：期限が短いと思います。",
        "佐藤会長　それでは終わります。",
    ]
    found = structure(with_speakers([Line(line) for line in lines]))
    assert [(b.locator, b.text) for b in found] == [
        ("委員長", "開会します。"),
        ("鈴木委員", "賛成です。"),
        ("事務局", "資料を説明します。"),
        ("委員", "期限が短いと思います。"),
        ("佐藤会長", "それでは終わります。"),
    ]


def test_a_list_of_members_is_no_speech() -> None:
    lines = [Line(t) for t in ("○委員長　1名", "○副委員長　1名", "○委員　8名", "計10名です。")]
    assert with_speakers(lines) == lines


_SAID = [*MINUTES.split("\n"), "意見です。", "○委員　よいです。", "【会長】終わります。"]


@given(st.lists(st.sampled_from(_SAID), max_size=20))
def test_no_word_of_minutes_is_lost(lines: list[str]) -> None:
    """Every line stands in a text or in a heading; a speaker's mark becomes the heading."""
    found = structure(with_speakers([Line(line) for line in lines]))
    whole = "".join("".join("|".join((*b.headings, b.text)).split()) for b in found)
    for line in lines:
        words = re.sub(r"^(?:○[^　]+　|【会長】)", "", line)
        assert "".join(words.split()) in whole


AUDIT = """令和5年度 補助金に係る監査結果報告書
第1　監査の概要
補助金の交付について監査した。
第2　監査の結果
(1) 指摘事項
交付の決定の記録がなかった。
改善されたい。
(2) 意見
公募の方法を見直すことが望ましい。
第3　個別の事項
ア　広報の補助
【指摘1】実績報告書の審査について
審査の記録が残されていない。
【意見2】効果の測定について
指標を定めることが望ましい。
イ　会館の補助
所管の課に聞き取りをした。
"""


def test_findings_and_opinions_of_an_audit_are_told_apart(tmp_path: Path) -> None:
    found = [(p.text.split("\n")[0], p.standing) for p in read(tmp_path, AUDIT)]
    assert found == [
        ("補助金の交付について監査した。", "provision"),
        ("交付の決定の記録がなかった。", "finding"),
        ("公募の方法を見直すことが望ましい。", "opinion"),
        ("【指摘1】実績報告書の審査について", "finding"),
        ("【意見2】効果の測定について", "opinion"),
        ("所管の課に聞き取りをした。", "provision"),
    ]


def test_the_word_opinion_in_a_guideline_marks_nothing(tmp_path: Path) -> None:
    text = "協働の指針\n１　意見\n市民の意見を聴きます。\n２　指摘\n指摘を受けたら直します。\n"
    assert {p.standing for p in read(tmp_path, text)} == {"provision"}


def test_headings_of_a_guideline_by_sign_number_and_depth(tmp_path: Path) -> None:
    text = """協働の指針
■ 対象
(1) 団体
団体の要件です。
(2) 企業
企業の要件です。
■ 手続
1-1　公募
公募をします。
【留意点】
公平に行います。
1-2　選考
選考をします。
Ⅱ　評価
第1　時期
年度末に行います。
"""
    found = {p.locator: p.text for p in read(tmp_path, text)}
    assert found == {
        "■ 対象 › (1) 団体": "団体の要件です。",
        "■ 対象 › (2) 企業": "企業の要件です。",
        "■ 手続 › 1-1　公募": "公募をします。",
        "■ 手続 › 1-1　公募 › 【留意点】": "公平に行います。",
        "■ 手続 › 1-2　選考": "選考をします。",
        "■ 手続 › Ⅱ　評価 › 第1　時期": "年度末に行います。",
    }


def test_items_in_circles_and_in_either_order_of_kana_are_cited_by_their_marks() -> None:
    text = (
        "第1条　次のとおりとする。\nイ　市民\nロ　企業\nハ　大学\n"
        "第2条　次による。\n①　予算\n②　人員\n第3条　次による。\nア　書面\nイ　会議"
    )
    found = structure([Line(line) for line in text.split("\n")])
    assert [(b.locator, b.text) for b in found] == [
        ("第1条", "次のとおりとする。"),
        ("第1条イ", "市民"),
        ("第1条ロ", "企業"),
        ("第1条ハ", "大学"),
        ("第2条", "次による。"),
        ("第2条①", "予算"),
        ("第2条②", "人員"),
        ("第3条", "次による。"),
        ("第3条ア", "書面"),
        ("第3条イ", "会議"),
    ]


def test_what_is_said_at_a_meeting_or_by_auditors_is_introduced_as_such(tmp_path: Path) -> None:
    for name, text in (("a.txt", MINUTES), ("b.txt", AUDIT)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    build_index(tmp_path / "index", [tmp_path])
    assistant = Assistant(load_index(tmp_path / "index"))
    leads = {
        statement.lead
        for question in ("企業との連携も含めますか", "公募の方法について意見はありますか")
        for statement in assistant.ask(question).statements
    }
    assert phrase("ja", "lead", "remark") in leads
    assert phrase("ja", "lead", "audit_opinion") in leads
