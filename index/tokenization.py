"""The tokens that passages and questions share: Sudachi words, character bigrams, stems.

Japanese: SudachiPy, SplitMode A, normalised forms of content words, and the character
bigrams of every Japanese run (together they beat either alone on JSQuAD). English: lower-case
words without stop words, Snowball stems.
"""

from __future__ import annotations

import re
import threading
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import Stemmer

from corpus.invisible import searchable

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
_JAPANESE_RUN = re.compile(r"[぀-ヿ一-鿿々〆ー]+")
_WORD = re.compile(r"[a-z][a-z']*[a-z]|[a-z]|\d+(?:[.,]\d+)*")
_CAPITALISED = re.compile(r"(?<=[a-z0-9,;:)'’] )[A-Z][A-Za-z]{2,}")
_MACRONS = str.maketrans("āīūēōâîûêô", "aiueoaiueo")
_CHUNK = 10_000
_SHORT = 400
"""Characters up to which the words of a text are kept."""
BIGRAM = "#"
"""How a token begins that is a bigram and no word."""


def normalise(text: str) -> str:
    """NFKC, lower case, macrons off (kyōdō → kyodo), white space folded to one space."""
    plain = unicodedata.normalize("NFKC", searchable(text)).lower().translate(_MACRONS)
    return " ".join(plain.split())


def words(text: str) -> list[str]:
    """The content words of a text, in order: normalised Japanese words and English stems."""
    plain = normalise(text)
    return _japanese_words(plain) + english_stems(plain)


@lru_cache(maxsize=4_096)
def every_word(text: str) -> frozenset[str]:
    """All words of a text, those too common to search for too: for what a question asks."""
    plain = normalise(text)
    stems: list[str] = _TOOLS.stemmer.stemWords(_WORD.findall(plain))
    return frozenset((*(word for _, word in _normal_forms(plain)), *stems))


def tokens(text: str) -> list[str]:
    """What the keyword index counts: ``words`` and the bigrams of every Japanese run."""
    plain = normalise(text)
    bigrams = [run[i : i + 2] for run in _JAPANESE_RUN.findall(plain) for i in range(len(run) - 1)]
    kept = [f"{BIGRAM}{b}" for b in bigrams if not _only_hiragana(b)]
    return _japanese_words(plain) + english_stems(plain) + kept


def english_stems(text: str) -> list[str]:
    """Snowball stems of the English words and figures of a text, without stop words."""
    found = [w for w in _WORD.findall(normalise(text)) if w not in _unsearched("en")]
    stems: list[str] = _TOOLS.stemmer.stemWords(found)
    return stems


def names(text: str) -> list[str]:
    """The proper names of a text: Sudachi's 固有名詞, and capitalised English words.

    The first word of an English sentence is left out: its capital says nothing.
    """
    found = [m.group() for m in _CAPITALISED.finditer(text)]
    if _JAPANESE_RUN.search(text):
        from sudachipy import SplitMode

        for morpheme in _TOOLS.tokenizer.tokenize(text[:_CHUNK], SplitMode.C):
            if morpheme.part_of_speech()[1] == "固有名詞":
                found.append(morpheme.surface())
    return found


@dataclass(frozen=True)
class Morpheme:
    """A Japanese word as it stands: its place, its normal form, its part of speech.

    ``base`` is its dictionary form, which tells 使える from 使う; ``word`` does not.
    """

    surface: str
    start: int
    end: int
    word: str
    speech: tuple[str, str]
    base: str


@lru_cache(maxsize=4_096)
def morphemes(text: str) -> tuple[Morpheme, ...]:
    """The words of a Japanese text with their parts of speech (Sudachi, SplitMode A)."""
    from sudachipy import SplitMode

    return tuple(
        Morpheme(
            m.surface(),
            m.begin(),
            m.end(),
            m.normalized_form(),
            tuple(m.part_of_speech()[:2]),
            m.dictionary_form(),
        )
        for m in _TOOLS.tokenizer.tokenize(text[:_CHUNK], SplitMode.A)
    )


def dictionary_version() -> str:
    """The versions that decide how Japanese is cut; an index records them."""
    return f"sudachipy {version('sudachipy')}, sudachidict-core {version('sudachidict-core')}"


def _only_hiragana(text: str) -> bool:
    return all("぀" <= c <= "ゟ" for c in text)


def _japanese_words(plain: str) -> list[str]:
    return list(_cut_of_late(plain) if len(plain) <= _SHORT else _cut(plain))


def _cut(plain: str) -> tuple[str, ...]:
    return tuple(
        word
        for speech, word in _normal_forms(plain)
        if speech not in _DROPPED and word not in _unsearched("ja")
    )


def _normal_forms(plain: str) -> Iterator[tuple[str, str]]:
    """The part of speech and the normalised form of each Japanese word."""
    from sudachipy import SplitMode

    if not _JAPANESE_RUN.search(plain):
        return
    for start in range(0, len(plain), _CHUNK):
        for morpheme in _TOOLS.tokenizer.tokenize(plain[start : start + _CHUNK], SplitMode.A):
            if _JAPANESE_RUN.search(morpheme.surface()):
                yield morpheme.part_of_speech()[0], morpheme.normalized_form()


_cut_of_late = lru_cache(maxsize=8_192)(_cut)
"""The same for a short text: the questions of a conversation are read again at every step."""


@cache
def _unsearched(language: str) -> frozenset[str]:
    """Words too common to tell passages apart, from ``terms/unsearched.toml``."""
    with (Path(__file__).with_name("terms") / "unsearched.toml").open("rb") as file:
        return frozenset(tomllib.load(file)[language])


class _Tools(threading.local):
    """What cuts words; one set for each thread, since neither tool may be shared."""

    def __init__(self) -> None:
        self.stemmer = Stemmer.Stemmer("english")

    @cached_property
    def tokenizer(self) -> Any:
        """Sudachi's; made when the thread first meets Japanese."""
        return _dictionary().tokenizer()


@cache
def _dictionary() -> Any:
    """Sudachi's core dictionary. Threads share it: each would read 90 MB of its own."""
    from sudachipy import Dictionary

    return Dictionary()


_TOOLS = _Tools()
