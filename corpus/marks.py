"""The marks at the head of a line: 第1章, 第12条の2, ２, 一, (1), 附則, 別表, 目次, ① and ア."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.numerals import IROHA, KANA, NUMERAL, normalise_numbers, to_int

_PART = re.compile(rf"^第({NUMERAL})([編章節款目])((?:の{NUMERAL})*)(?:[\s　]+(.+))?$")
_PART_LEVEL = {"編": 1, "章": 2, "節": 3, "款": 4, "目": 5}
_ARTICLE = re.compile(
    rf"^(?:[（(](?P<before>[^（）()]+)[）)][\s　]*)?"
    rf"第(?P<n>{NUMERAL})条(?P<branch>(?:の{NUMERAL})*)"
    rf"(?:[\s　]*[（(](?P<after>[^（）()]+)[）)][\s　]*|[\s　]+|$)(?P<text>.*)$"
)
_REPEALED = re.compile(
    rf"^第(?P<n>{NUMERAL})条(?P<branch>(?:の{NUMERAL})*)"
    rf"(?:(?:及び|、|から)第{NUMERAL}条(?:の{NUMERAL})*(?:まで)?)+[\s　]+削[\s　]*除$"
)
_REFERENCE = re.compile(
    r"の(?:規定|定め|趣旨|手続|各号)|に(?:規定|定め|基づ|より|よる|掲げ|おいて|該当|関)|及び第|又は第|から第|、"
    r"|を(?:準用|適用|除)|中「|関係"
)
_CAPTION = re.compile(r"^[（(]([^（）()]{1,40})[）)]$")
_NO_CAPTION = frozenset(["略", "中略", "以下略", "省略", "削除", "注"])
_PARAGRAPH = re.compile(r"^([0-9０-９]{1,2})[\s　]+(\S.*)$")
_ITEM = re.compile(
    r"^(?:(?P<kanji>[〇一二三四五六七八九十百]{1,6})[\s　]+"
    r"|[（(](?P<bracket>[0-9０-９〇一二三四五六七八九十]{1,3})[）)][\s　]*"
    r"|(?P<figure>[0-9０-９]{1,2})[.．]?[\s　]+"
    r"|(?P<circle>[①-⑳])[\s　]*"
    r"|[（(]?(?P<kana>[ア-ン])(?:[）)][\s　]*|[\s　]+))(?P<text>\S.*)$"
)
_STYLES = ("kanji", "bracket", "figure", "circle", "kana")
_SUPPLEMENT = re.compile(r"^附[\s　]*則(?:[\s　]*抄)?(?:[\s　]*[（(](.+)[）)])?$")
_ANNEX = re.compile(
    rf"^(別[\s　]*表(?:第?{NUMERAL})?|様式第?{NUMERAL}号?|第{NUMERAL}号様式)(?:[\s　(（].*)?$"
)
_NUMBERED = (
    re.compile(r"[Ⅰ-Ⅻ][\s　.．]*(?=\S)"),
    re.compile(
        r"第?[0-9０-９]{1,3}(?P<branch>(?:[-‐.．・][0-9０-９]{1,3})*)(?:[.．][\s　]*|[\s　]+)"
    ),
    re.compile(r"[(（][0-9０-９]{1,3}[)）][\s　]*"),
    re.compile(r"[①-⑳][\s　]*"),
    re.compile(r"[ア-ン][\s　]+"),
)
_NUMBERED_LEVELS = (10, 11, 15, 16, 17)
_BARE_MARK = re.compile(
    rf"^(?:第{NUMERAL}条(?:の{NUMERAL})*|[0-9０-９]{{1,2}}|[（(]?[〇一二三四五六七八九十百]{{1,6}}[）)]?"
    r"|[（(][0-9０-９ア-ンa-z]{1,3}[）)]|[ア-ン]|[①-⑳])[\s　.．]*$"
)
_TABLE_CAPTION = re.compile(
    r"^[（(【［\[<＜]?(?:表|図表|別表|資料|Table)[\s　]*[0-9０-９一二三四五六七八九十]"
    r"{1,3}(?:[-‐－.．][0-9０-９]{1,2})?(?:[\s　:：.．）)】\]］>＞].*)?$"
)
_SIGN = re.compile(r"^(?:([■◆▼])[\s　]*\S|([【〔])[^】〕]+[】〕]$)")
_LONGEST_HEADING = 40
_CONTENTS = re.compile(r"^目[\s　]*次$")
_ENTRY = re.compile(
    rf"^(.+?)(?:[\s　]*[（(]第?{NUMERAL}条?.*[）)]|[\s　]*[.…・‥]{{2,}}[\s　]*[0-9０-９]*"
    rf"|[\s　]+[0-9０-９]+)$"
)


@dataclass(frozen=True)
class Article:
    """第十二条の二（特例） text → number 第12条の2, title 特例, and the text behind it."""

    number: str
    title: str
    text: str


@dataclass(frozen=True)
class Item:
    """A numbered item; ``style`` tells 一 from (1) from 1, for one list uses one style.

    ``mark`` is how it is cited below its paragraph: 第2号, ②, イ.
    """

    number: int
    style: str
    text: str
    mark: str


def article(line: str) -> Article | None:
    """The article that a line opens; None where it opens none, or only refers to one."""
    repealed = _REPEALED.match(line)
    match = repealed or _ARTICLE.match(line)
    if not match:
        return None
    number = normalise_numbers(f"第{match['n']}条{match['branch']}")
    if repealed:
        return Article(number, "", line)
    text = match["text"].strip()
    if _REFERENCE.match(text):
        return None
    return Article(number, match["before"] or match["after"] or "", text)


def caption(line: str) -> str:
    """（目的） → 目的: the title of the article below it; "" where the line is none."""
    match = _CAPTION.match(line)
    return match.group(1) if match and match.group(1) not in _NO_CAPTION else ""


def paragraph(line: str) -> tuple[int, str] | None:
    """２　前項の… → the number of a paragraph and its text."""
    match = _PARAGRAPH.match(line)
    return (to_int(match.group(1)), match.group(2)) if match else None


def item(line: str, style: str = "") -> Item | None:
    """一　市民, (1) 市民, 1 市民, ①市民, ア 市民 → the number of an item and its text.

    ``style`` is that of the list being read: イ is its second item in アイウ, its first in イロハ.
    """
    match = _ITEM.match(line)
    if not match:
        return None
    found = next(s for s in _STYLES if match[s])
    mark = match[found]
    if found == "kana":
        found = "iroha" if style == "iroha" or (style != "kana" and mark == "イ") else "kana"
        number = (IROHA if found == "iroha" else KANA).find(mark) + 1
    elif found == "circle":
        number = ord(mark) - ord("①") + 1
    else:
        number = to_int(mark)
        mark = f"第{number}号"
    return Item(number, found, match["text"], mark)


def supplement(line: str) -> str:
    """附　則（平成二十年条例第三号） → 附則（平成20年条例第3号）; "" for any other line."""
    match = _SUPPLEMENT.match(line)
    if not match:
        return ""
    return f"附則（{normalise_numbers(match.group(1))}）" if match.group(1) else "附則"


def annex(line: str) -> str:
    """別表第一（第三条関係） → 別表第1; "" for any other line."""
    match = _ANNEX.match(line)
    return normalise_numbers(re.sub(r"[\s　]", "", match.group(1))) if match else ""


def part_level(line: str) -> int:
    """1 for a heading such as 第1編, 2 for 第1章, to 5 for 第1目; 0 for any other line."""
    match = _PART.match(line)
    if not match or len(line) > _LONGEST_HEADING + 20 or line.endswith(("。", "、")):
        return 0
    return _PART_LEVEL[match.group(2)]


def part_name(line: str) -> str:
    """第二章　一般の原則 → 第2章　一般の原則: only the chapter's own number is rewritten."""
    match = _PART.match(line)
    if not match:
        return line
    end = match.end(3)
    return normalise_numbers(line[:end]) + line[end:]


def numbered_level(line: str) -> int:
    """10 and more for a short numbered line (1, 1.1, (1), ①, ア), deeper is more; 0 for others."""
    if len(line) > _LONGEST_HEADING or line.endswith(("。", "、", "：", ":")):
        return 0
    for pattern, level in zip(_NUMBERED, _NUMBERED_LEVELS, strict=True):
        match = pattern.match(line)
        if match and re.match(r"[^\s0-9０-９]", line[match.end() :]):
            branch = match.groupdict().get("branch") or ""
            return level + min(len(re.findall(r"[-‐.．・]", branch)), 3)
    return 0


def sign(line: str) -> str:
    """The sign of a short line that is a heading by it: ■ of ■ 対象, 【 of 【対象】; else ""."""
    match = _SIGN.match(line)
    short = len(line) <= _LONGEST_HEADING and not line.endswith(("。", "、", "：", ":"))
    return (match.group(1) or match.group(2)) if match and short else ""


def is_bare_mark(line: str) -> bool:
    """Whether a line is nothing but a mark: 第12条の2, ２, (1), 一, ア, ①."""
    return bool(_BARE_MARK.match(line.strip()))


def is_table_caption(line: str) -> bool:
    """Whether a short line names the table below it: 表1 共催の基準, （別表2）, Table 3."""
    return len(line) <= _LONGEST_HEADING + 20 and bool(_TABLE_CAPTION.match(line.strip()))


def is_contents_title(line: str) -> bool:
    """Whether a line is the title of a table of contents."""
    return bool(_CONTENTS.match(line))


def contents_entry(line: str, first: bool) -> str:
    """What an entry of a table of contents names, in one form; "" for a line that is none.

    前文 is an entry only where it comes first: later it is the preamble itself.
    """
    match = _ENTRY.match(line)
    name = match.group(1) if match else line
    known = part_level(name) or supplement(name) or annex(name) or numbered_level(name)
    bare = re.sub(r"[\s　]", "", name)
    if match or known or (first and bare == "前文"):
        return re.sub(r"[\s　]", "", part_name(name)) if part_level(name) else bare
    return ""


def opens_heading(line: str) -> bool:
    """Whether a line opens a chapter, an article or a numbered heading."""
    return bool(
        part_level(line)
        or article(line)
        or numbered_level(line)
        or is_contents_title(line)
        or supplement(line)
        or annex(line)
    )
