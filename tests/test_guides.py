"""Decision guides are read, checked against the passages, stored, and need no code."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.pipeline import Assistant
from corpus.folder import BUNDLED
from corpus.guides import BUNDLED_GUIDES, GuideError, cited_places, read_guides
from index.build import build_index
from index.guides import load_guides, save_guides
from tests.guide_index import assistant

DOCUMENT = """---
title: 花壇の手引き
authority: guideline
edition: original
language: ja
section: 公園課
---

# 花壇 | Flower beds

## 花壇に植えられる花 | What may be planted

花壇に植えられるのは、一年草に限られます。
> Only annual plants may be planted in the flower beds.
"""

GUIDE = """
kind = "counts"
[title]
ja = "花壇に植えてよいか"
en = "May it be planted?"
[section]
ja = "公園課"
en = "Parks Section"
[serves]
ja = ["この花を花壇に植えてもよいですか。", "花壇に植えられますか。"]
en = ["May we plant this in the flower bed?", "Can it be planted in the flower beds?"]
[[target]]
id = "plant"
name = {ja = "花壇への植付け", en = "planting"}
words = {ja = ["花壇"], en = ["flower bed"]}
likely = {ja = "植えられる可能性が高いです。", en = "It is likely to be allowed."}
depends = {ja = "条件しだいです。", en = "It depends."}
unlikely = {ja = "植えられない可能性が高いです。", en = "It is unlikely to be allowed."}
[[criterion]]
id = "annual"
part = "both"
name = {ja = "一年草であること", en = "An annual plant"}
establish = {ja = "一年草か。", en = "Is it an annual plant?"}
ask = {ja = "一年草ですか。", en = "Is it an annual plant?"}
sources = [{document = "kadan", locator = "花壇 › 花壇に植えられる花"}]
for = {ja = ["一年草です。"], en = ["It is an annual plant."]}
against = {ja = ["一年草ではありません。"], en = ["It is not an annual plant."]}
"""


def _folder(tmp_path: Path, guide: str | None) -> Path:
    folder = tmp_path / "documents"
    (folder / "guides").mkdir(parents=True)
    (folder / "kadan.md").write_text(DOCUMENT, encoding="utf-8")
    if guide is not None:
        (folder / "guides" / "flowers.toml").write_text(guide, encoding="utf-8")
    return folder


def test_the_five_bundled_guides_speak_both_languages() -> None:
    guides = read_guides([BUNDLED_GUIDES])
    assert {g.name for g in guides} == {"collaboration", "fairness", "cohost", "form", "partner"}
    for guide in guides:
        assert guide.serves.ja
        assert guide.serves.en
        assert cited_places(guide)
        assert all(c.sources for c in guide.criteria)


def test_guides_come_back_from_the_index_as_they_were_written() -> None:
    assert assistant().index.guides == read_guides([BUNDLED_GUIDES])


def test_the_bundled_guides_come_with_the_bundled_documents_however_these_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(BUNDLED.parents[1])
    save_guides(tmp_path, [Path("corpus/documents")], assistant().index.passages)
    assert {g.name for g in load_guides(tmp_path)} == {
        g.name for g in read_guides([BUNDLED_GUIDES])
    }


def test_a_guide_added_as_one_file_answers_a_new_kind_of_question(tmp_path: Path) -> None:
    build_index(tmp_path / "without", [_folder(tmp_path / "a", None)])
    build_index(tmp_path / "with", [_folder(tmp_path / "b", GUIDE)])
    before = Assistant.open(tmp_path / "without").ask("この花を花壇に植えてもよいですか。")
    asking = Assistant.open(tmp_path / "with")
    after = asking.ask("この花を花壇に植えてもよいですか。")
    assert before.verdict is None
    assert after.verdict is not None
    assert (after.status, after.verdict["value"]) == ("clarify", "depends")
    refused = asking.ask("一年草ではありません。この花を花壇に植えてもよいですか。")
    assert refused.verdict is not None
    assert refused.verdict["value"] == "unlikely"
    allowed = asking.ask("It is an annual plant. May we plant this in the flower bed?")
    assert allowed.verdict is not None
    assert allowed.verdict["value"] == "likely"


def test_a_guide_whose_passage_is_gone_fails_the_build_by_name(tmp_path: Path) -> None:
    folder = _folder(tmp_path, GUIDE.replace("花壇に植えられる花", "なくなった箇所"))
    with pytest.raises(GuideError, match=r"guide flowers: expected the passage"):
        build_index(tmp_path / "index", [folder])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('part = "both"', 'part = "perhaps"'),
        ('en = "Parks Section"', 'en = ""'),
        ("[serves]", "[server]"),
        ("kind =", "kind"),
    ],
)
def test_a_mistake_in_a_guide_is_said_with_its_name(tmp_path: Path, old: str, new: str) -> None:
    folder = _folder(tmp_path, GUIDE.replace(old, new))
    with pytest.raises(GuideError, match="guide flowers"):
        read_guides([folder / "guides"])


def test_a_passage_for_a_target_that_the_guide_has_not_is_named(tmp_path: Path) -> None:
    row = '{document = "kadan", locator = "花壇 › 花壇に植えられる花"'
    (tmp_path / "kadan.toml").write_text(
        GUIDE.replace(row, row + ', targets = ["tree"]'), encoding="utf-8"
    )
    with pytest.raises(GuideError, match=r"targets = \['tree'\]"):
        read_guides([tmp_path])
