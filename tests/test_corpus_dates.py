"""Dates that a text says, and dates that a document says of itself."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Document, DocumentError, read_file
from corpus.dates import japanese_date


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("平成17年4月1日から", "2005-04-01"),
        ("令和元年５月１日", "2019-05-01"),
        ("平成三十一年四月三十日", "2019-04-30"),
        ("昭和六十四年一月七日", "1989-01-07"),
        ("２０２５年１０月１日", "2025-10-01"),
        ("平成17年（2005年）4月1日", "2005-04-01"),
        ("平成17(2005)年4月1日", "2005-04-01"),
        ("平成 17 年 4 月 1 日", "2005-04-01"),
        ("R6.4.1 改定", "2024-04-01"),
        ("令和6年2月30日", None),
        ("令和6年4月", None),
        ("第4条", None),
        ("17年4月1日", None),
    ],
)
def test_a_date_is_understood_however_it_is_written(text: str, date: str | None) -> None:
    assert japanese_date(text) == date


@given(st.dates(datetime.date(2019, 5, 1), datetime.date(2099, 12, 31)))
def test_every_day_of_reiwa_is_read_back(day: datetime.date) -> None:
    year = day.year - 2018
    said = f"令和{'元' if year == 1 else year}年{day.month}月{day.day}日"
    assert japanese_date(said) == day.isoformat()


ORDINANCE = """見本市協働条例
平成16年12月22日条例第60号
第1条　この条例は、協働の原則を定める。
第2条　市は、平成30年4月1日までに計画を作る。
附　則
この条例は、平成17年4月1日から施行する。
附　則（令和２年見本市条例第10号）
この条例は、令和二年十月一日から施行する。
"""


def read(folder: Path, text: str, **beside: str) -> Document:
    (folder / "a.txt").write_text(text, encoding="utf-8")
    for ending, sidecar in beside.items():
        (folder / f"a.meta.{ending}").write_text(sidecar, encoding="utf-8")
    return read_file(folder / "a.txt")[0]


def test_dates_are_taken_from_the_text_and_marked_as_inferred(tmp_path: Path) -> None:
    document = read(tmp_path, ORDINANCE)
    assert document.adopted == "2004-12-22"
    assert document.effective_from == "2005-04-01"
    assert document.amended == "2020-10-01"
    assert document.effective_until is None
    assert document.dates_from == "text"
    assert any(w.startswith("dates:1:") for w in document.warnings)


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("令和5年3月20日市民局長決裁", "2023-03-20"),
        ("（平成16年12月22日公布）", "2004-12-22"),
        ("策定日：令和元年七月一日", "2019-07-01"),
        ("平成16年12月22日見本市条例第60号", "2004-12-22"),
        ("令和5年3月20日から制定を待つ", None),
    ],
)
def test_the_day_of_adoption_stands_at_the_head(
    tmp_path: Path, line: str, date: str | None
) -> None:
    assert read(tmp_path, f"見本要綱\n{line}\n協働の事業を定めるものです。\n").adopted == date


def test_every_passage_is_in_force_from_the_day_that_the_text_names(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ORDINANCE, encoding="utf-8")
    assert {p.effective_from for p in read_file(tmp_path / "a.txt")[1]} == {"2005-04-01"}


@pytest.mark.parametrize(
    ("clause", "dates"),
    [
        ("この要綱は、令和3年4月1日から施行する。", ("2021-04-01", None)),
        ("この規則は、公布の日から施行する。", ("2020-03-31", None)),
        (
            "この要綱は、令和3年4月1日から施行し、令和8年3月31日限り、その効力を失う。",
            ("2021-04-01", "2026-03-31"),
        ),
        ("この要綱は、令和8年3月31日限り、その効力を失う。", (None, "2026-03-31")),
        ("旧条例は、平成9年4月1日から施行する。", (None, None)),
        ("この指針は、令和４年４月１日から適用する。", ("2022-04-01", None)),
    ],
)
def test_only_what_a_document_says_of_itself_counts(
    tmp_path: Path, clause: str, dates: tuple[str | None, str | None]
) -> None:
    articles = "第1条　目的を定める。\n第2条　次による。\n"
    text = f"見本要綱\n令和2年3月31日制定\n{articles}附　則\n{clause}\n"
    document = read(tmp_path, text)
    assert (document.effective_from, document.effective_until) == dates


def test_front_matter_stands_above_the_text(tmp_path: Path) -> None:
    head = "---\ntitle: 甲\nauthority: rule\neffective_from: 2011-01-01\n---\n"
    document = read(tmp_path, head + ORDINANCE)
    assert document.effective_from == "2011-01-01"
    assert document.adopted is None
    assert document.dates_from == "front matter"


@pytest.mark.parametrize(
    ("ending", "sidecar"),
    [
        ("toml", 'title = "正しい題"\neffective_from = 2012-02-02\nauthority = "ordinance"\n'),
        ("md", "---\ntitle: 正しい題\neffective_from: 2012-02-02\nauthority: ordinance\n---\n"),
    ],
)
def test_a_sidecar_stands_above_all(tmp_path: Path, ending: str, sidecar: str) -> None:
    document = read(tmp_path, ORDINANCE, **{ending: sidecar})
    assert document.title == "正しい題"
    assert document.effective_from == "2012-02-02"
    assert document.dates_from == "sidecar"
    assert document.document_id == "a"


def test_a_sidecar_may_say_one_thing_only_and_changes_the_hash(tmp_path: Path) -> None:
    before = read(tmp_path, ORDINANCE)
    after = read(tmp_path, ORDINANCE, toml='section = "協働課"\n')
    assert after.section == "協働課"
    assert after.title == before.title
    assert after.dates_from == "text"
    assert after.sha256 != before.sha256


@pytest.mark.parametrize(
    ("sidecar", "message"),
    [
        ("title = ", r"a\.meta\.toml: expected lines of TOML"),
        ('titel = "x"', r"a\.meta\.toml: unknown front matter titel"),
        ('effective_from = "4月1日"', r"a\.txt: '4月1日' is not a date"),
        ("title = 3", r"a\.meta\.toml: title must be text or a date"),
    ],
)
def test_a_sidecar_that_cannot_be_right_is_refused(
    tmp_path: Path, sidecar: str, message: str
) -> None:
    with pytest.raises(DocumentError, match=message):
        read(tmp_path, ORDINANCE, toml=sidecar)
