"""A statement is carried only where it is its quote with nothing but allowed changes."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.llm.derive import derives
from assistant.llm.names import surroundings
from assistant.llm.parse import Claim
from assistant.llm.verify import judge
from assistant.llm.wordings import agreeing, folded
from corpus.datatypes import Passage
from corpus.sentences import split_sentences
from index import Index

TITLE = "緑町自治基本条例の概要"
HEADINGS = ("会議の手続", "procedure of meetings")


def carried(said: str, source: str, before: str = "", headings: tuple[str, ...] = HEADINGS) -> bool:
    earlier = [folded(before[s:e]) for s, e in split_sentences(before)]
    above = [folded(heading) for heading in headings]
    around = surroundings(folded(TITLE), above, earlier)
    return derives(folded(said), folded(source), around)


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("会議は毎月開きます。", "会議(定例会)は、毎月開きます。"),
        ("会議は、毎月開く。", "ただし、会議は毎月開きます。"),
        ("会議は、平成20年に始まりました。", "会議は、平成20年に始まり、町が道を直しました。"),
        ("期限は、町が3か月前です。", "期限は、町が3か月前、区が1か月前です。"),
        ("期限は、区が1か月前です。", "期限は、町が3か月前、区が1か月前です。"),
        ("部会は12年続きます。", "部会は12年続き、広場は区が開きます。"),
        ("主体は、企業、大学などです。", "主体は、企業、団体、大学などです。"),
        ("会議の手続では、申請は町長が受けます。", "申請は町長が受けます。"),
        ("緑町自治基本条例の第5条は、会議を定めています。", "第5条は、会議を定めています。"),
        (
            "Meetings are held every month.",
            "Meetings (teirei-kai no kaigi) are held every month.",
        ),
        (
            "The town pays the costs.",
            "However, the town pays the costs, and the records are kept by the group.",
        ),
        ("It covers four fields.", "It covers 4 fields, such as sport and culture."),
    ],
)
def test_what_may_be_left_out_or_added_is_carried(said: str, source: str) -> None:
    assert carried(said, source)


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("部会は区が開く会です。", "部会は12年続いていますが、広場は区が開く会です。"),
        ("期限は、町が1か月前です。", "期限は、町が3か月前、区が1か月前です。"),
        ("期限は、町が3か月前です。", "期限は、町が原則3か月前、区が1か月前です。"),
        ("上限は50万円です。", "上限は50万円で、初年度のみ70万円です。"),
        ("上限は50万円です。", "上限は50万円で、初年度は70万円です。"),
        ("会議は4月に始まりました。", "会議は4月(予定)に始まりました。"),
        ("会議は、町に申請します。", "会議は、町に申請し、町長が認めるよう求めます。"),
        ("団体は使えます。", "団体は、町長の承認を受け、使えます。"),
        ("会とは、町に役立つ活動です。", "会とは、利益を目的とせず、町に役立つ活動です。"),
        ("緑町自治基本条例の概要では、会議は2回です。", "会議の手続では、会議は2回です。"),
        ("期限は、区が原則1か月前までです。", "期限は、町が原則1か月前、区が1か月前までです。"),
        ("使えるのは、町の人です。", "使えるのは、町の人で、市または県の人です。"),
        ("会は無料です。", "会は無料ですが、材料の費用はかかります。"),
        ("名前は公表されます。", "承認されたときは、費用は支払われ、名前は公表されます。"),
        ("大学以外は使えます。", "企業や大学以外は使えます。"),
        ("The town pays.", "The town pays, and the records are kept, if the group agrees."),
        ("使えるのは、町の人です。", "使えるのは、町の人で、大人です。"),
        ("規約が必要です。", "規約や名簿が必要です。"),
        ("団体は対象です。", "初めて応募する団体は対象です。"),
        ("外に住む人は対象です。", "外に住む人は、町で働いていれば対象です。"),
        ("町は、道を直します。", "町は、道を直し、橋を架ける予定です。"),
        ("会議は始まります。", "会議は始まり、今は終わりました。"),
        ("町が団体を助けます。", "団体が町を助けます。"),
        ("町は、道を直して橋を架けます。", "町は、道を直すか、橋を架けます。"),
        ("町は、道を直しても足りません。", "町は、道を直しては足りません。"),
        ("①会議は、町が開きます。", "②会議は、町が開きます。"),
        ("電話番号は44-200です。", "電話番号は044-200です。"),
        ("The town must pay.", "The town may pay."),
        ("The town pays.", "The town pays, and only the group keeps it."),
        ("The group pays the town.", "The town pays the group."),
        ("The town introduced it in FY2013.", "The town introduced it in FY1999."),
        ("The town is able to pay.", "The town isn't able to pay."),
        ("The administration approves it.", "The administrator approves it."),
        ("Schools are not covered.", "Schools are covered."),
        ("10分の3以上が必要です。", "10分の1以上が必要です。"),
        ("費用は町も負担します。", "費用は町が負担します。"),
        ("部会も広場も、区が開きました。", "部会は町が開き、広場は、区が開きました。"),
        ("使わない建物は対象です。", "使えない建物は対象です。"),
        ("範囲は、第6条、第9条です。", "範囲は、第6条~第9条です。"),
        ("市内で開きます。", "市内(または隣の区域)で開きます。"),
        ("報告書を出しました。", "報告書(案)を出しました。"),
        ("表は、それを会と呼びます。", "表は、それを会と呼ぶ、定義も挙げます。"),
        (
            "The plan helps.",
            "A member said that, given the costs, and the plan is new, the plan helps.",
        ),
        ("The members were teachers.", "The members were teachers, and citizens who were chosen."),
        ("On three stages.", "On three levels."),
        ("Twelve citizens came.", "Twelve people came."),
        ("会議は月1回です。", "Meetings are held once a month."),
    ],
)
def test_what_changes_the_meaning_is_not_carried(said: str, source: str) -> None:
    assert not carried(said, source)


def test_a_sentence_without_a_topic_takes_that_of_the_sentence_before() -> None:
    before, source = "町は、会議を開きます。", "期日を広報で知らせます。"
    assert carried("町は、期日を広報で知らせます。", source, before)
    assert not carried("緑町自治基本条例は、期日を広報で知らせます。", source, before)
    assert not carried("会議は、期日を広報で知らせます。", source, before)


def test_a_pronoun_is_the_subject_of_the_sentence_before_and_nothing_else() -> None:
    before, source = "The council was set up with the school.", "It meets every month."
    assert carried("The council meets every month.", source, before)
    assert not carried("The school meets every month.", source, before)
    unclear = "The council has a plan."
    assert not carried("The council meets every month.", source, unclear)


def test_a_pronoun_is_not_what_the_subject_is_named_after() -> None:
    before, source = "Midori Ward Centre was opened.", "It became a foundation."
    assert carried("Midori Ward Centre became a foundation.", source, before)
    assert not carried("Midori Ward became a foundation.", source, before)


@pytest.mark.parametrize("added", ["No {}", "Only {}", "Each {}", "All {}"])
def test_a_name_brings_no_denial_and_no_limit_with_it(added: str) -> None:
    said = added.format("council") + " meets every month."
    assert not carried(said, "It meets every month.", "The council was set up.")
    assert not carried("会議の手続だけでは、町が払います。", "町が払います。")


def test_what_is_no_shortened_name_is_not_completed() -> None:
    before = "The present number is low."
    assert not carried("The present number is known.", "The number is known.", before)
    assert not carried(
        "委員は法政大学教授です。", "委員は大学教授です。", "会長は法政大学教授です。"
    )


def test_a_shortened_name_is_what_the_passage_called_so_last() -> None:
    before, source = (
        "運営委員会は町が置きます。審査委員会は区が置きます。",
        "委員会は毎月開きます。",
    )
    assert carried("審査委員会は毎月開きます。", source, before)
    assert not carried("運営委員会は毎月開きます。", source, before)
    assert not carried("推進委員会は毎月開きます。", source, before)


def test_a_pronoun_is_not_put_as_another_name_of_the_headings() -> None:
    before, source = "The start-up grant is new.", "It covers all costs."
    headings = ("the public interest grant",)
    assert carried("The start-up grant covers all costs.", source, before, headings)
    assert not carried("The public interest grant covers all costs.", source, before, headings)


def test_a_name_is_not_completed_by_what_stands_beside_it() -> None:
    assert not carried(
        "共催・後援は町が認めます。", "後援は町が認めます。", headings=("共催・後援の手続",)
    )


def test_part_of_a_heading_that_names_several_is_no_name() -> None:
    source = "申請は3か月前までです。"
    assert carried("共催の手続では、申請は3か月前までです。", source, headings=("共催の手続",))
    assert not carried("共催では、申請は3か月前までです。", source, headings=("共催と後援の手続",))


def _sentences(index: Index) -> Iterator[tuple[Passage, str]]:
    for passage in index.passages:
        for start, end in split_sentences(passage.text):
            yield passage, passage.text[start:end]


def _judged(passage: Passage, text: str, quote: str, index: Index) -> bool:
    claim = Claim(text, "a1b2c3", quote)
    found = judge(claim, {"a1b2c3": passage}, passage.language, index.passage)  # type: ignore[arg-type]
    return found.verified


def test_no_sentence_of_the_documents_is_carried_with_two_words_exchanged(
    bundled_index: Index,
) -> None:
    draw, shown, tried = random.Random(11), [], 0
    for passage, sentence in _sentences(bundled_index):
        text = folded(sentence)
        content = [w for w in agreeing(text) if w.content]
        pairs = [
            (one, other)
            for one in content
            for other in content
            if one.end <= other.start and one.key != other.key
        ]
        if not pairs:
            continue
        one, other = draw.choice(pairs)
        swapped = (
            text[: one.start]
            + text[other.start : other.end]
            + text[one.end : other.start]
            + text[one.start : one.end]
            + text[other.end :]
        )
        if sorted(w.key for w in agreeing(swapped)) != sorted(w.key for w in agreeing(text)):
            continue
        tried += 1
        if [w.key for w in agreeing(swapped)] != [w.key for w in agreeing(text)]:
            shown += [swapped] if _judged(passage, swapped, sentence, bundled_index) else []
    assert tried > 300
    assert shown == []


@given(st.text(), st.text())
def test_whatever_is_written_the_comparison_does_not_fail(said: str, source: str) -> None:
    carried(said, source)


@given(st.sampled_from(["会議は毎月開きます。", "The town pays the costs."]))
def test_a_sentence_carries_itself(sentence: str) -> None:
    assert carried(sentence, sentence)
