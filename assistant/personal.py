"""Personal data in what a clerk types: My Number, telephone, e-mail, a name with an address.

A hit is a reason to ask the clerk, not a proof. The words are in ``language/personal.toml``.
My Number's check digit: the ordinance of the Ministry of Internal Affairs and Communications,
no. 85 of 2014, article 5.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Literal

from assistant.phrasebook import load_table

Kind = Literal["my_number", "telephone", "email", "name_and_address"]
_TWELVE = re.compile(r"(?<![\d-])\d(?:[ -]?\d){11}(?![\d-]*\d)")
_TELEPHONE = re.compile(
    r"(?<![\d-])(?:(?:\+81[ -]?\(?0?\)?|0)\d{1,4}[ -]\(?\d{1,4}\)?[ -]\d{3,4}"
    r"|\(0\d{1,4}\) ?\d{1,4}-?\d{4}|0[5789]0\d{8}|0\d{9})(?![\d-])"
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_DASHES = re.compile("[\u2010-\u2015\u2212\uff0d\u30fc](?=[0-9(])")
_KANJI_NAME = r"[一-鿿々ぁ-んァ-ヶー]{1,4}"


@dataclass(frozen=True)
class Concern:
    """Something that looks like personal data; ``words`` are as typed (folded)."""

    kind: Kind
    words: str


def find_personal(text: str) -> tuple[Concern, ...]:
    """What in a text looks like personal data, in the order of the kinds."""
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", text))
    found = [
        Concern("my_number", m.group()) for m in _TWELVE.finditer(plain) if is_my_number(m.group())
    ]
    found += [Concern("telephone", m.group()) for m in _TELEPHONE.finditer(plain)]
    found += [Concern("email", m.group()) for m in _EMAIL.finditer(plain)]
    name, address = _name_pattern().search(plain), _address_pattern().search(plain)
    if name and address:
        found.append(Concern("name_and_address", f"{name.group()} / {address.group()}"))
    return tuple(found)


def is_my_number(text: str) -> bool:
    """Whether twelve digits end with the check digit of a My Number."""
    digits = [int(c) for c in text if c.isdigit()]
    if len(digits) != 12 or len(set(digits)) == 1:
        return False
    from_right = digits[:11][::-1]
    weights = [n + 1 if n <= 6 else n - 5 for n in range(1, 12)]
    rest = sum(p * q for p, q in zip(from_right, weights, strict=True)) % 11
    return digits[11] == (0 if rest <= 1 else 11 - rest)


@cache
def _name_pattern() -> re.Pattern[str]:
    """A family name with what follows it, a title after a name, or Mr and Ms before one."""
    table = load_table("personal")["names"]
    families = "|".join(sorted(map(re.escape, table["families"]), key=len, reverse=True))
    after = "|".join(map(re.escape, table["after"]))
    before = "|".join(map(re.escape, table["before"]))
    return re.compile(
        rf"(?:{families})[ 　]?{_KANJI_NAME}?(?:{after})|(?:{families})[ 　]{_KANJI_NAME}"
        rf"|(?:{families})[一-鿿]{{1,3}}(?=[はがのをにと、,(（ ])"
        rf"|(?:{before})\.? [A-Z][a-z]+(?: [A-Z][a-z]+)?"
        r"|(?:氏名|名前|Name|name)\s*[::は]\s*\S{2,}"
    )


@cache
def _address_pattern() -> re.Pattern[str]:
    """An address down to its house number."""
    table = load_table("personal")["addresses"]
    ja, en = ("|".join(map(re.escape, table[name])) for name in ("ja", "en"))
    return re.compile(
        rf"[一-鿿々ぁ-んァ-ヶ]{{1,8}}(?:{ja})[一-鿿々ぁ-んァ-ヶ]{{0,12}}\d{{1,4}}"
        r"(?:丁目|番地?|-|号)\d*"
        rf"|\d{{1,4}}(?:-\d{{1,4}}){{1,3}},? [A-Z][\w-]+(?:,? [A-Z][\w-]+)*[ ,-]*(?:{en})"
        r"|〒\d{3}-\d{4}"
    )
