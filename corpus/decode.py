"""Bytes to text: UTF-8, UTF-16, Shift_JIS and EUC-JP, told apart by the bytes themselves."""

from __future__ import annotations

import codecs
import re

from corpus.errors import UnreadableFile

_JAPANESE = re.compile(r"[぀-ヿ一-鿿、。]")
_ODD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f｡-ﾟ�]")
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes, name: str) -> str:
    """The text of a file.

    Args:
        data: the file's bytes.
        name: the file's name, for the message.

    Raises:
        UnreadableFile: if the bytes are text in none of the four encodings.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding, name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = _legacy_japanese(data, name)
    return _checked(text, name)


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return _checked(data.decode(encoding), name)
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"{name}: expected {encoding} text, found bytes that are not; save it as UTF-8."
        ) from error


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


def _legacy_japanese(data: bytes, name: str) -> str:
    """Shift_JIS or EUC-JP, whichever reads as more Japanese and less odd."""
    candidates = []
    for encoding in ("cp932", "euc_jp"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        score = len(_JAPANESE.findall(text)) - 3 * len(_ODD.findall(text))
        candidates.append((score / max(len(text), 1), text))
    if not candidates or max(candidates)[0] < 0.05:
        raise UnreadableFile(
            f"{name}: expected text in UTF-8, UTF-16, Shift_JIS or EUC-JP, found other bytes; "
            "save it as UTF-8 text."
        )
    return max(candidates)[1]
