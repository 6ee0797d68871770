"""A provision named by its number is found, however the number is written."""

from __future__ import annotations

import pytest

from assistant.address import find_addresses, stands_at
from index import Index


@pytest.mark.parametrize(
    ("question", "addresses"),
    [
        ("第5条には何がありますか", ("第5条",)),
        ("第五条は?", ("第5条",)),
        ("第５条は?", ("第5条",)),
        ("5条を見せて", ("第5条",)),
        ("第 5 条", ("第5条",)),
        ("第十二条の二", ("第12条の2",)),
        ("第１２条の２第３項第一号", ("第12条の2第3項第1号",)),
        ("第3条第4号", ("第3条第4号",)),
        ("第3条4号", ("第3条第4号",)),
        ("条例第5条第1項では", ("第5条第1項",)),
        ("第3章", ("第3章",)),
        ("第三章第二節", ("第3章", "第2節")),
        ("第5条及び第6条", ("第5条", "第6条")),
        ("第二十八条から第三十二条まで", ("第28条", "第32条")),
        ("附則第2項", ("附則第2項",)),
        ("附則には何が", ("附則",)),
        ("別表第二", ("別表第2",)),
        ("前文は?", ("前文",)),
        ("What does Article 5 say?", ("第5条",)),
        ("art. 5", ("第5条",)),
        ("Articles 5 and 28", ("第5条", "第28条")),
        ("Article 12-2, paragraph 3", ("第12条の2第3項",)),
        ("Chapter 3, Section 2", ("第3章", "第2節")),
        ("the supplementary provisions", ("附則",)),
    ],
)
def test_a_number_is_read_as_locators_write_it(question: str, addresses: tuple[str, ...]) -> None:
    assert find_addresses(question) == addresses


@pytest.mark.parametrize(
    "question",
    [
        "3条件を満たす",
        "2章立ての報告書",
        "十分条件",
        "第1期の委員会",
        "一条さんの意見",
        "charter 5",
    ],
)
def test_what_only_looks_like_a_number_of_a_provision_is_none(question: str) -> None:
    assert find_addresses(question) == ()


def test_a_provision_and_all_below_it_stand_at_its_address(bundled_index: Index) -> None:
    found = [p for p in bundled_index.passages if stands_at(p, "第5条") and not p.rendering]
    assert {p.document.document_id for p in found} == {"jichi-kihon-jorei"}
    assert all(p.locator.startswith("第5条") for p in found)
    assert len(found) >= 3


def test_an_address_is_not_the_beginning_of_a_longer_number(bundled_index: Index) -> None:
    chapter = [p for p in bundled_index.passages if stands_at(p, "第3条")]
    assert chapter
    assert not [p for p in chapter if p.locator.startswith(("第3章", "第30条", "第31条", "第32条"))]
