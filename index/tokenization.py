"""The tokens that passages and questions share: Sudachi words, character bigrams, stems.

Japanese: SudachiPy, SplitMode A, normalised forms of content words, and the character
bigrams of every Japanese run (together they beat either alone on JSQuAD). English: lower-case
words without stop words, Snowball stems.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.metadata import version
from typing import Any

import snowballstemmer

_DROPPED = frozenset(
    {
        "助詞",
        "助動詞",
        "補助記号",
        "空白",
        "記号",
        "感動詞",
        "接続詞",
        "連体詞",
        "代名詞",
    }
)
_LIGHT = frozenset(
    {
        "為る",
        "有る",
        "居る",
        "成る",
        "出来る",
        "言う",
        "行う",
        "事",
        "物",
        "因る",
        "対する",
        "付く",
        "就く",
        "無い",
        "良い",
        "下さる",
        "教える",
        "何",
        "御",
        "様",
    }
)
_JAPANESE_RUN = re.compile(r"[぀-ヿ一-鿿々〆ー]+")
_WORD = re.compile(r"[a-z][a-z']*[a-z]|[a-z]|\d+(?:[.,]\d+)*")
_MACRONS = str.maketrans("āīūēōâîûêô", "aiueoaiueo")
_STOP = frozenset(
    "a an the and or but if of to in on at by for from with as is are was were be been being do "
    "does did have has had can could may might shall should will would must i me my we us our you "
    "your he she it its they them their this that these those there here what which who whom "
    "whose when where why how not no nor so than then too very just about into over under again "
    "any all some each both more most other only own same such s t don please tell".split()
)
_CHUNK = 10_000


def normalise(text: str) -> str:
    """NFKC, lower case, macrons off (kyōdō → kyodo), white space folded to one space."""
    plain = unicodedata.normalize("NFKC", text).lower().translate(_MACRONS)
    return " ".join(plain.split())


def words(text: str) -> list[str]:
    """The content words of a text, in order: normalised Japanese words and English stems."""
    plain = normalise(text)
    return _japanese_words(plain) + english_stems(plain)


def tokens(text: str) -> list[str]:
    """What the keyword index counts: ``words`` and the bigrams of every Japanese run."""
    plain = normalise(text)
    bigrams = [
        run[i : i + 2]
        for run in _JAPANESE_RUN.findall(plain)
        for i in range(len(run) - 1)
    ]
    kept = [f"#{b}" for b in bigrams if not _only_hiragana(b)]
    return _japanese_words(plain) + english_stems(plain) + kept


def english_stems(text: str) -> list[str]:
    """Snowball stems of the English words and figures of a text, without stop words."""
    found = [w for w in _WORD.findall(normalise(text)) if w not in _STOP]
    stems: list[str] = _stemmer().stemWords(found)
    return stems


def dictionary_version() -> str:
    """The versions that decide how Japanese is cut; an index records them."""
    return f"sudachipy {version('sudachipy')}, sudachidict-core {version('sudachidict-core')}"


def _only_hiragana(text: str) -> bool:
    return all("぀" <= c <= "ゟ" for c in text)


def _japanese_words(plain: str) -> list[str]:
    if not _JAPANESE_RUN.search(plain):
        return []
    from sudachipy import SplitMode

    found = []
    for start in range(0, len(plain), _CHUNK):
        for morpheme in _tokenizer().tokenize(
            plain[start : start + _CHUNK], SplitMode.A
        ):
            word = morpheme.normalized_form()
            if (
                morpheme.part_of_speech()[0] not in _DROPPED
                and word not in _LIGHT
                and _JAPANESE_RUN.search(word)
            ):
                found.append(word)
    return found


@cache
def _tokenizer() -> Any:
    from sudachipy import Dictionary

    return Dictionary().create()


@cache
def _stemmer() -> Any:
    return snowballstemmer.stemmer("english")
