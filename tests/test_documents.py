"""The bundled documents: whole, in both languages, and saying what they do not know."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal

import pytest

from corpus import Passage, Reading, read_folders
from corpus.folder import BUNDLED
from corpus.sentences import split_sentences
from tests.numbers_in_text import Numbers, english_numbers, japanese_numbers

TABLE = "kadai-seiri-hyo"
COLUMNS = [
    "項目",
    "論点",
    "背景・条件など",
    "想定事例",
    "これまでの委員意見",
    "(参考) 事務局の仮説",
]
OFFICES = {
    "044-200-2168",
    "25kyodo@city.kawasaki.jp",
    "044-200-3438",
    "92gyosei@city.kawasaki.jp",
}
_ADDRESS = re.compile(
    r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
    r"|(?<![\d-])(?:0\d{1,4}[-(（ ]\d{1,4}[-)） ]\d{3,4}|0[789]0\d{8})(?![\d-])"
)
_UNKNOWN = re.compile(
    r"(?:確認|判断|特定)(?:は)?できません|ありません|分かりません|手元の文書に(?:は)?ない|未確認"
)
_UNKNOWN_EN = re.compile(
    r"cannot be (?:confirmed|decided|found|seen|told)|\bnot (?:known|among|held|clear|confirmed)"
    r"|do(?:es)? not (?:show|say|tell|contain|give)"
)


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read_folders([BUNDLED])


@pytest.fixture(scope="module")
def pairs(reading: Reading) -> list[tuple[Passage, Passage]]:
    """Every provision with its English rendering."""
    by_id = {passage.passage_id: passage for passage in reading.passages}
    return [
        (passage, by_id[passage.counterpart])
        for passage in reading.passages
        if not passage.rendering and passage.counterpart
    ]


def test_every_file_is_read_without_a_problem(reading: Reading) -> None:
    assert reading.skipped == ()
    on_disk = {f.stem for f in BUNDLED.iterdir() if not f.name.endswith(".en.tsv")}
    assert {d.document_id for d in reading.documents} == on_disk
    assert len(reading.documents) >= 15


def test_every_document_is_a_digest_that_says_where_it_comes_from(reading: Reading) -> None:
    for document in reading.documents:
        assert document.edition == "digest", document.document_id
        for key in ("title", "title_en", "issuer", "issuer_en", "section", "section_en", "kind"):
            assert getattr(document, key), f"{document.document_id} has no {key}"
        assert not document.source.endswith((".md", ".tsv")), document.document_id
        assert document.language == "ja"


def test_every_provision_has_an_english_rendering(reading: Reading) -> None:
    without = [p.passage_id for p in reading.passages if not p.rendering and not p.counterpart]
    assert without == []
    assert not [p.passage_id for p in reading.passages if not p.locator_en]


def test_a_rendering_is_english_and_its_original_japanese(
    pairs: list[tuple[Passage, Passage]],
) -> None:
    for original, rendering in pairs:
        assert re.search("[ぁ-ん]", original.text), original.passage_id
        assert not re.search("[ぁ-んァ-ヴ]", rendering.text), rendering.passage_id


def test_a_rendering_has_as_many_sentences_as_its_original(
    pairs: list[tuple[Passage, Passage]],
) -> None:
    unequal = [
        original.passage_id
        for original, rendering in pairs
        if len(split_sentences(original.text)) != len(split_sentences(rendering.text))
    ]
    assert unequal == []


def test_a_rendering_states_the_numbers_of_its_original_and_no_others(
    pairs: list[tuple[Passage, Passage]],
) -> None:
    differing = []
    for original, rendering in pairs:
        for japanese, english in (
            (original.text, rendering.text),
            (" ".join(original.headings), " ".join(rendering.headings)),
        ):
            there, here = japanese_numbers(japanese), english_numbers(english)
            lost, added = there.missing_from(here), here.missing_from(there)
            if lost or added:
                differing.append((original.passage_id, lost, added))
    assert differing == []


def test_no_provision_is_long(pairs: list[tuple[Passage, Passage]]) -> None:
    assert [o.passage_id for o, _ in pairs if len(o.text) > 450] == []


def test_a_place_holds_one_provision_but_for_opinions(
    pairs: list[tuple[Passage, Passage]],
) -> None:
    for chosen in (0, 1):
        places = Counter(
            (pair[0].document.document_id, pair[chosen].locator, pair[chosen].locator_en)
            for pair in pairs
            if pair[0].standing != "opinion"
        )
        assert [place for place, count in places.items() if count > 1] == []


def test_a_gap_says_that_it_is_not_known(pairs: list[tuple[Passage, Passage]]) -> None:
    gaps = [(o, r) for o, r in pairs if o.standing == "gap"]
    assert len(gaps) > 50
    assert [o.passage_id for o, _ in gaps if not _UNKNOWN.search(o.text)] == []
    assert [o.passage_id for o, r in gaps if not _UNKNOWN_EN.search(r.text)] == []


def test_no_gap_claims_to_bind(pairs: list[tuple[Passage, Passage]]) -> None:
    assert [o.passage_id for o, _ in pairs if o.standing == "gap" and o.binding] == []


def test_only_the_offices_own_addresses_are_given() -> None:
    found = set()
    for path in BUNDLED.iterdir():
        text = re.sub(r"https?://\S+", "", path.read_text(encoding="utf-8"))
        found |= set(_ADDRESS.findall(text))
    assert found == OFFICES


def test_ids_are_unique(reading: Reading) -> None:
    assert len({p.passage_id for p in reading.passages}) == len(reading.passages)


def test_the_committee_table_keeps_its_columns_and_rows(
    pairs: list[tuple[Passage, Passage]],
) -> None:
    table = [o for o, _ in pairs if o.document.document_id == TABLE]
    assert list(dict.fromkeys(p.headings[-1] for p in table)) == COLUMNS
    rows = Counter(p.headings[:-1] for p in table if len(p.headings) == 3)
    assert len(rows) == 6
    assert {row[0][0] for row in rows} == {"①", "②"}
    for row in rows:
        columns = {p.headings[-1] for p in table if p.headings[:-1] == row}
        assert columns == set(COLUMNS[1:]), row


def test_every_opinion_carries_its_meeting(pairs: list[tuple[Passage, Passage]]) -> None:
    opinions = [
        (o, r) for o, r in pairs if o.standing == "opinion" and o.document.document_id == TABLE
    ]
    assert len(opinions) > 10
    for original, rendering in opinions:
        meeting = re.search(r"（第(\d)回）$", original.locator)
        meeting_en = re.search(r"\((\d)(?:st|nd|rd|th) meeting\)$", rendering.locator_en)
        assert meeting, original.passage_id
        assert meeting_en, rendering.passage_id
        assert meeting[1] == meeting_en[1]
        assert original.authority == "committee"


@pytest.mark.parametrize(
    ("japanese", "english", "lost", "added"),
    [
        ("平成17年4月1日", "1 April 2005", [], []),
        ("平成17年(2005年)", "Heisei 17", [], []),
        ("令和元年度", "fiscal 2019", [], []),
        ("1,000万円まで", "up to 10 million yen", [], []),
        ("1億2000万円", "120 million yen", [], []),
        ("４つの原則", "the four principles", [], []),
        ("三者の協定", "an agreement of three parties", [], []),
        ("第２回", "the second meeting", [], []),
        ("⑤⑥の原則", "principles (5) and (6)", [], []),
        ("加入率は65.5%", "The rate was 65.5%", [], []),
        ("5月に決める", "It may be decided in May", [], []),
        ("平成18年4月1日", "1 April 2005", ["2006"], ["2005"]),
        ("4月1日", "1 May", ["4"], ["5"]),
        ("100万円", "100,000 yen", ["1000000"], ["100000"]),
        ("4つの原則", "the principles", ["4"], []),
        ("三者の協定", "an agreement of four parties", ["3"], ["4"]),
    ],
)
def test_the_comparison_of_numbers_can_fail(
    japanese: str, english: str, lost: list[str], added: list[str]
) -> None:
    there, here = japanese_numbers(japanese), english_numbers(english)
    assert there.missing_from(here) == lost
    assert here.missing_from(there) == added


def test_numbers_in_passing_are_not_asked_for() -> None:
    one = Numbers(frozenset({Decimal(1)}), frozenset({Decimal(2)}))
    assert one.missing_from(Numbers(frozenset(), frozenset({Decimal(1)}))) == []
    assert Numbers(frozenset(), frozenset({Decimal(2)})).missing_from(one) == []
