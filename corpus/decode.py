"""Bytes to text: UTF-8, UTF-16, Shift_JIS, EUC-JP and ISO-2022-JP, told apart by the bytes."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from corpus.errors import UnreadableFile
from corpus.warnings import warning

MOST_REPLACED = 0.01
"""Share of characters that may be undecodable; a file with more is refused."""
_JAPANESE = re.compile(r"[぀-ヿ一-鿿、。]")
_KANA = re.compile(r"[぀-ヿ、。]")
_ODD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f｡-ﾟ�]")
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
_USUAL = re.compile(r"[\t\n\r -~぀-ヿ一-鿿、-〟！-～①-⑳Ⅰ-Ⅻ■-◯※\x00]")
_LEGACY = ("cp932", "euc_jp", "shift_jis_2004", "euc_jis_2004")
_WIDE = ("utf-16-le", "utf-16-be")
_NO_CHARACTERS = dict.fromkeys(range(0xF8F0, 0xF8F4), "\ufffd")
"""What cp932 makes of bytes that stand for nothing."""
_SHIFTS = (b"\x1b$B", b"\x1b$@", b"\x1b$(D", b"\x1b(J")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Text:
    """A decoded text with line feeds only, its encoding, and what to know of it."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes, name: str) -> str:
    """The text of a file; see ``decode_text``."""
    return decode_text(data, name).text


def decode_text(data: bytes, name: str, drop_nul: bool = False) -> Text:
    """The text of a file.

    Args:
        data: the file's bytes.
        name: the file's name, for the message.
        drop_nul: whether NUL characters are taken out and counted (tables that a program
            wrote), not refused.

    Raises:
        UnreadableFile: if the bytes are text in none of the encodings, or if more than
            ``MOST_REPLACED`` of the characters could not be decoded.
    """
    text, encoding = _decoded(data, name)
    nuls = text.count("\x00") if drop_nul else 0
    text = _checked(text.replace("\x00", "") if drop_nul else text, name)
    lost = text.count("�")
    if lost > MOST_REPLACED * len(text):
        raise UnreadableFile(
            f"{name}: expected text, found {lost} characters of {len(text)} that cannot be "
            "decoded; save it as UTF-8."
        )
    share = f"{100 * lost / max(len(text), 1):.2f}"
    found = (*warning("nul_characters", nuls), *warning("undecodable", lost, share))
    return Text(text, encoding, found)


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _marked(data, encoding, name), encoding
    if data.isascii() and any(shift in data for shift in _SHIFTS):
        return data.decode("iso2022_jp_ext", "replace"), "iso-2022-jp"
    if b"\x00" in data:
        wide = _best(data, _WIDE)
        if wide:
            return wide
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    text = data.decode("utf-8", "replace")
    damaged = text.count("�") <= MOST_REPLACED * len(text)
    if damaged and len(_JAPANESE.findall(text)) > 0.05 * len(text):
        return text, "utf-8"
    found = _best(data, _LEGACY) or _best(data, _WIDE) or _best(data, _LEGACY[:2], "replace")
    if found is None:
        raise UnreadableFile(
            f"{name}: expected text in UTF-8, UTF-16, Shift_JIS, EUC-JP or ISO-2022-JP, found "
            "other bytes; save it as UTF-8 text."
        )
    return found


def _marked(data: bytes, encoding: str, name: str) -> str:
    """A text whose first bytes name its encoding; a few damaged characters are let through."""
    text = data.decode(encoding, "replace")
    if text.count("�") > MOST_REPLACED * len(text):
        raise UnreadableFile(
            f"{name}: expected {encoding} text, found bytes that are not; save it as UTF-8."
        )
    return text


def _best(
    data: bytes, encodings: tuple[str, ...], errors: str = "strict"
) -> tuple[str, str] | None:
    """The reading of bytes that is the most Japanese and the least odd; None where none is."""
    candidates = []
    for order, encoding in enumerate(encodings):
        try:
            text = data.decode(encoding, errors).translate(_NO_CHARACTERS)
        except UnicodeDecodeError:
            continue
        score = _japaneseness(text, wide=encoding in _WIDE)
        candidates.append((round(score, 3), -order, text, encoding))
    best = max(candidates, default=None)
    return (best[2], best[3]) if best and best[0] >= 0.05 else None


def _japaneseness(text: str, wide: bool) -> float:
    """From 1 for Japanese to far below 0 for noise.

    Any two bytes make a likely kanji in UTF-16, so there kana and usual characters count.
    """
    length = max(len(text), 1)
    if wide:
        unusual = len(text) - len(_USUAL.findall(text))
        latin = len(re.findall(r"[\t\n\r -~]", text))
        return (len(_KANA.findall(text)) + latin - 10 * unusual) / length - 0.2
    return (len(_JAPANESE.findall(text)) - 3 * len(_ODD.findall(text))) / length


def _checked(text: str, name: str) -> str:
    """A decoded text with line feeds only.

    Raises:
        UnreadableFile: if it holds NUL, or more control characters than a text would.
    """
    if "\x00" in text:
        raise UnreadableFile(f"{name}: expected text, found NUL bytes; save it as UTF-8 text.")
    controls = len(_CONTROL.findall(text))
    if controls * 200 > len(text):
        raise UnreadableFile(
            f"{name}: expected text, found {controls} control characters; save it as UTF-8 text."
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")
