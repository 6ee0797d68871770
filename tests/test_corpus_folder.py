"""Folders of files as people leave them."""

from __future__ import annotations

import codecs
import contextlib
import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import CorpusError, UnreadableFile, list_files, read_file, read_folders
from corpus.decode import decode

TEXT = "協働の手引き\n協働とは、対等な関係で協力することです。ソウダンは窓口へ。\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("cp932"),
        TEXT.encode("euc_jp"),
        TEXT.encode("iso2022_jp"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.replace("\n", "\r\n").encode("cp932"),
        TEXT.replace("\n", "\r").encode(),
    ],
    ids=[
        "utf-8",
        "utf-8 bom",
        "utf-16 le",
        "utf-16 be",
        "shift_jis",
        "euc_jp",
        "iso-2022-jp",
        "utf-16 le without mark",
        "utf-16 be without mark",
        "crlf",
        "cr",
    ],
)
def test_an_encoding_is_told_by_the_bytes(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    document, (passage,) = read_file(tmp_path / "a.txt")
    assert document.title == "協働の手引き"
    assert passage.text == "協働とは、対等な関係で協力することです。ソウダンは窓口へ。"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ("協働\0です".encode(), "found NUL bytes"),
        ("協働\0です".encode("utf-16"), "found NUL bytes"),
        (bytes(range(128, 256)) * 4, "found other bytes"),
        ("Überführung und Größe".encode("latin-1"), "found other bytes"),
        (codecs.BOM_UTF16_LE + b"\x00", "found bytes that are not"),
        (bytes(range(1, 32)) * 20, "control characters"),
    ],
)
def test_bytes_that_are_no_text_are_refused(data: bytes, found: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        decode(data, "a.txt")
    assert str(caught.value).startswith("a.txt: expected ")
    assert found in str(caught.value)


KANA = st.text(st.characters(min_codepoint=0x3041, max_codepoint=0x3093), min_size=1)
KANJI = st.text(
    st.sampled_from("協働市民団体対等関係事業区役所窓口公募選考予算議会条例規則方針"), max_size=9
)


@given(
    st.lists(st.tuples(KANJI, KANA), min_size=4, max_size=30),
    st.sampled_from(["utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp932", "euc_jp", "iso2022_jp"]),
)
def test_japanese_sentences_are_read_alike_in_every_encoding(
    parts: list[tuple[str, str]], encoding: str
) -> None:
    text = "".join(f"{kanji}の{kana}です。\n" for kanji, kana in parts)
    assert decode(text.encode(encoding), "a.txt") == text


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "euc_jp"])
def test_a_few_damaged_characters_are_shown_counted_and_reported(
    tmp_path: Path, encoding: str
) -> None:
    whole = ("協働とは、対等な関係で協力することです。" * 40).encode(encoding)
    (tmp_path / "a.txt").write_bytes(whole[:200] + b"\xff" + whole[200:] + whole[:3])
    document, passages = read_file(tmp_path / "a.txt")
    lost = sum(p.text.count("\ufffd") for p in passages)
    assert 0 < lost <= 0.01 * sum(len(p.text) for p in passages)
    assert f"undecodable:{lost}:" in document.warnings[0]


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "euc_jp", "utf-16"])
def test_a_file_with_many_damaged_characters_is_refused(encoding: str) -> None:
    data = bytearray(("協働とは、対等な関係です。" * 50).encode(encoding))
    for i in range(10, len(data) - 2, 20):
        data[i : i + 2] = b"\xff\xdc"
    with pytest.raises(UnreadableFile, match=r"^a\.txt: expected "):
        decode(bytes(data), "a.txt")


@given(st.binary(min_size=1))
def test_any_bytes_are_plain_text_or_refused(data: bytes) -> None:
    with contextlib.suppress(UnreadableFile):
        assert not {"\0", "\r"} & set(decode(data, "a.txt"))


@settings(deadline=None, max_examples=25)
@given(st.binary(min_size=300, max_size=600))
def test_a_noisy_file_never_ends_a_reading(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    folder = tmp_path_factory.mktemp("noise")
    for ending in ("txt", "md", "tsv", "csv", "html"):
        (folder / f"{ending}.{ending}").write_bytes(data)
    reading = read_folders([folder])
    assert len(reading.documents) + len(reading.skipped) == 5


def test_a_missing_or_empty_folder_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"none: expected a folder of documents, found none"):
        list_files(tmp_path / "none")
    (tmp_path / "photo.jpg").write_bytes(b"x")
    with pytest.raises(CorpusError, match=r"expected documents \(\.csv, .*\), found none"):
        list_files(tmp_path)


def test_an_empty_file_is_left_out_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    for name in ("b.txt", "b2.md", "b3.tsv", "b4.csv", "b5.html"):
        (tmp_path / name).write_text(" \n\n　\n")
    reading = read_folders([tmp_path])
    assert [d.document_id for d in reading.documents] == ["a"]
    assert [p.reason for p in reading.skipped] == [
        f"{name}: expected text, found none; the file is left out."
        for name in ("b.txt", "b2.md", "b3.tsv", "b4.csv", "b5.html")
    ]


def test_a_file_that_cannot_be_opened_is_left_out_by_name(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"^none\.txt: the file cannot be opened: No such"):
        read_file(tmp_path / "none.txt")
    with pytest.raises(UnreadableFile, match=r"^.*: the file cannot be opened: Is a directory"):
        read_file(tmp_path)


def test_a_file_without_permission_is_left_out_by_name(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read every file")
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "a.txt").chmod(0)
    (problem,) = read_folders([tmp_path]).skipped
    assert problem.reason == "a.txt: the file cannot be opened: Permission denied."


def test_of_two_documents_with_one_id_the_second_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# 甲\n文です。\n")
    (tmp_path / "a.txt").write_text(TEXT)
    reading = read_folders([tmp_path])
    assert [d.source for d in reading.documents] == ["a.md"]
    (problem,) = reading.skipped
    assert problem.reason == (
        "a.txt: another document is already called a; rename one of the two files."
    )


def test_links_and_hidden_files_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text(TEXT)
    folder = tmp_path / "documents"
    (folder / ".hidden").mkdir(parents=True)
    (folder / ".hidden" / "b.txt").write_text(TEXT)
    (folder / ".c.txt").write_text(TEXT)
    (folder / "a.txt").write_text(TEXT)
    (folder / "link.txt").symlink_to(outside / "secret.txt")
    (folder / "linked").symlink_to(outside, target_is_directory=True)
    (folder / "round").symlink_to(folder, target_is_directory=True)
    assert list_files(folder) == [folder / "a.txt"]


def test_a_rendering_without_its_table_is_a_document_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.en.tsv").write_text("Item\tCase\tOpinion\nA\tMap\tFine\n")
    assert [d.document_id for d in read_folders([tmp_path]).documents] == ["a.en"]
    (tmp_path / "a.tsv").write_text("項目\t事例\t意見\n甲\t地図\t良い\n")
    assert [d.document_id for d in read_folders([tmp_path]).documents] == ["a"]


def test_a_changed_rendering_changes_the_hash(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("項目\t事例\t意見\n甲\t地図\t良い\n")
    (tmp_path / "a.en.tsv").write_text("Item\tCase\tOpinion\nA\tMap\tFine\n")
    before = read_file(tmp_path / "a.tsv")[0].sha256
    (tmp_path / "a.en.tsv").write_text("Item\tCase\tOpinion\nA\tMap\tGood\n")
    assert read_file(tmp_path / "a.tsv")[0].sha256 != before


def test_a_document_known_by_its_bytes_is_not_read_again(tmp_path: Path) -> None:
    (tmp_path / unicodedata.normalize("NFD", "ガイド.txt")).write_text(TEXT)
    first = read_folders([tmp_path])
    (document,) = first.documents
    known = {(document.document_id, document.sha256): (document, list(first.passages))}
    again = read_folders([tmp_path], known=known)
    assert again.passages[0] is first.passages[0]


@pytest.mark.parametrize(
    "name",
    ["🤝協働", "100%#1?&a=b", "a b", "名前：その他", "a.b.c", "'quoted\"", "a;rm -rf x", "改\n行"],
)
def test_a_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.txt").write_text(TEXT)
    reading = read_folders([tmp_path])
    assert [d.document_id for d in reading.documents] == [name]
    assert reading.passages[0].passage_id.startswith(f"{name}:")


def test_a_name_from_a_mac_gives_the_same_document(tmp_path: Path) -> None:
    (tmp_path / unicodedata.normalize("NFD", "ガイド.txt")).write_text(TEXT)
    assert read_folders([tmp_path]).documents[0].document_id == "ガイド"


def test_a_name_that_is_no_utf8_can_be_written_out(tmp_path: Path) -> None:
    for name in (b"\x8b\xa6.txt", b"\x8b\xa7.md"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text(TEXT)
    (tmp_path / "empty.md").write_text("")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.md")).write_text("")
    reading = read_folders([tmp_path])
    written = repr((reading.documents, reading.skipped))
    for document in reading.documents:
        written += document.document_id + document.source + document.title
    written += "".join(problem.file + problem.reason for problem in reading.skipped)
    assert written.encode("utf-8")
    assert len(reading.documents) + len(reading.skipped) == 4


def test_the_first_line_is_the_title_only_where_it_is_one(tmp_path: Path) -> None:
    for text, title, first in [
        (TEXT, "協働の手引き", "協働とは"),
        ("協働とは、協力することです。\n次です。\n", "a", "協働とは"),
        ("第1章　総則\n文です。\n", "a", "文です。"),
        ("協働の手引き\n", "協働の手引き", "協働の手引き"),
    ]:
        (tmp_path / "a.txt").write_text(text)
        document, passages = read_file(tmp_path / "a.txt")
        assert document.title == title
        assert passages[0].text.startswith(first)


def test_a_title_tells_what_weight_a_document_has(tmp_path: Path) -> None:
    weights = {}
    for title in ("見本市条例", "見本市条例施行規則", "協働の指針", "課題整理", "お知らせ"):
        (tmp_path / "a.txt").write_text(f"{title}\n文です。\n")
        weights[title] = read_file(tmp_path / "a.txt")[0].authority
    assert weights == {
        "見本市条例": "ordinance",
        "見本市条例施行規則": "regulation",
        "協働の指針": "guideline",
        "課題整理": "committee",
        "お知らせ": "reference",
    }


def test_a_name_of_255_bytes_is_read_like_any_other(tmp_path: Path) -> None:
    name = "長" * 83 + "い.md"
    assert len(name.encode()) == 255
    (tmp_path / name).write_text(TEXT)
    assert read_folders([tmp_path]).documents[0].document_id == name[:-3]


def test_a_link_is_refused_by_name_and_what_it_points_to_is_not_read(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("秘密の文です。\n")
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "a.tsv").write_text("項目\t事例\t意見\n甲\t地図\t良い\n")
    (folder / "link.txt").symlink_to(outside / "secret.txt")
    (folder / "linked").symlink_to(outside, target_is_directory=True)
    (folder / "a.en.tsv").symlink_to(outside / "secret.txt")
    (folder / "a.meta.toml").symlink_to(outside / "secret.txt")
    reading = read_folders([folder])
    assert [d.document_id for d in reading.documents] == ["a"]
    assert "秘密" not in repr(reading)
    assert {Path(p.file).name: p.reason for p in reading.skipped} == {
        name: f"{name}: expected a file of this folder, found a link; put the file itself here."
        for name in ("a.en.tsv", "link.txt", "linked")
    }
    assert [o.status for o in reading.outcomes] == ["ok"] + ["unreadable"] * 3
