"""Which elements of a page a reader does not see, by their attributes and the page's styles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

Declarations = dict[str, str]
Colour = tuple[int, int, int]

_WHITE: Colour = (255, 255, 255)
_BLACK: Colour = (0, 0, 0)
_NAMED = {
    "white": _WHITE,
    "black": _BLACK,
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "ghostwhite": (248, 248, 255),
    "whitesmoke": (245, 245, 245),
    "red": (255, 0, 0),
    "blue": (0, 0, 255),
    "yellow": (255, 255, 0),
    "gray": (128, 128, 128),
    "silver": (192, 192, 192),
}
_NEAR = 24
"""Steps of 255 by which two colours must differ in one part to be told apart."""
_FAR_OFF = -300.0
_LARGEST_STYLES = 300_000
_MOST_RULES = 1_000
"""Rules of several marks (p.note) that are kept: each is tried on every element."""
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"^(?P<tag>[a-z][a-z0-9]*)?(?P<marks>(?:[.#][\w-]+)*)$", re.IGNORECASE)
_LENGTH = re.compile(r"(-?\d*\.?\d+)\s*(px|pt|em|rem|%|vw|vh)?")


@dataclass(frozen=True)
class Paint:
    """The colour of letters and of what is behind them; None where it is not known."""

    letters: Colour | None = _BLACK
    behind: Colour | None = _WHITE

    @property
    def unseen(self) -> bool:
        """Whether letters cannot be told from what is behind them."""
        if self.letters is None or self.behind is None:
            return False
        pairs = zip(self.letters, self.behind, strict=True)
        return all(abs(one - other) < _NEAR for one, other in pairs)


@dataclass
class StyleSheet:
    """The rules of a page's own styles whose selectors name one element: tag, class or id."""

    rules: dict[str, list[tuple[frozenset[str], Declarations]]] = field(default_factory=dict)
    single: dict[str, Declarations] = field(default_factory=dict)
    count: int = 0

    def add(self, css: str) -> None:
        """Take the rules of a ``style`` element; those for print or other media are left."""
        plain = _without_media(_COMMENT.sub("", css[:_LARGEST_STYLES]))
        for match in _RULE.finditer(plain):
            found = declarations(match.group(2))
            for selector in match.group(1).split(","):
                simple = _SIMPLE.match(selector.strip())
                if simple and found and (simple["tag"] or simple["marks"]):
                    needs = re.findall(r"[.#][\w-]+", simple["marks"])
                    needs += [simple["tag"].lower()] if simple["tag"] else []
                    self._take(needs, found)

    def _take(self, needs: list[str], found: Declarations) -> None:
        if len(needs) == 1:
            self.single[needs[0]] = self.single.get(needs[0], {}) | found
        elif self.count < _MOST_RULES:
            self.count += 1
            self.rules.setdefault(needs[0], []).append((frozenset(needs), found))

    def of(self, tag: str, attributes: Mapping[str, str]) -> Declarations:
        """What the rules and the element's own style say of it."""
        found: Declarations = {}
        if self.rules or self.single:
            names = {tag, *(f".{c}" for c in (attributes.get("class") or "").split())}
            names.add(f"#{attributes.get('id') or ''}")
            for name in sorted(names & self.single.keys()):
                found |= self.single[name]
            for name in sorted(names & self.rules.keys()):
                for needs, declared in self.rules[name]:
                    if needs <= names:
                        found |= declared
        own = attributes.get("style")
        return found | declarations(own) if own else found


def declarations(style: str) -> Declarations:
    """``color: #FFF !important`` → {"color": "#fff"}."""
    found: Declarations = {}
    for part in style.split(";"):
        name, colon, value = part.partition(":")
        if colon:
            found[name.strip().lower()] = value.lower().replace("!important", "").strip()
    return found


def is_hidden(attributes: Mapping[str, str], style: Declarations) -> bool:
    """Whether an element is not shown at all (its colours apart, see ``repaint``)."""
    if "hidden" in attributes or (attributes.get("aria-hidden") or "").lower() == "true":
        return True
    return bool(
        style.get("display") == "none"
        or style.get("visibility") in ("hidden", "collapse")
        or _number(style.get("opacity"), 1.0) < 0.05
        or _is_tiny(style)
        or _is_off(style)
        or _is_clipped(style)
    )


def repaint(paint: Paint, attributes: Mapping[str, str], style: Declarations) -> Paint:
    """The colours inside an element that stands in these."""
    letters, behind = paint.letters, paint.behind
    said = style.get("color") or attributes.get("color") or attributes.get("text")
    if said:
        letters = behind if said == "transparent" else colour(said)
    ground = style.get("background-color") or style.get("background") or attributes.get("bgcolor")
    if ground and ground not in ("transparent", "none", "inherit", "initial"):
        behind = None if "(" in ground and "rgb" not in ground else colour(ground.split()[0])
    if style.get("background-image", "none") != "none":
        behind = None
    return paint if (letters, behind) == (paint.letters, paint.behind) else Paint(letters, behind)


def colour(said: str) -> Colour | None:
    """#fff, #ffffff, rgb(255, 255, 255), white → its red, green and blue; None: not known."""
    plain = said.strip().lower()
    if plain in _NAMED:
        return _NAMED[plain]
    digits = plain.lstrip("#")
    if re.fullmatch(r"[0-9a-f]{3}", digits):
        digits = "".join(d * 2 for d in digits)
    if re.fullmatch(r"[0-9a-f]{6}", digits):
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    parts = re.findall(r"\d+", plain) if plain.startswith("rgb") else []
    return (int(parts[0]), int(parts[1]), int(parts[2])) if len(parts) >= 3 else None


def _without_media(css: str) -> str:
    """Styles without the blocks of @media and the like, whose braces hold other rules."""
    kept, position = [], 0
    for match in re.finditer(r"@[\w-]+[^;{}]*", css):
        if match.start() < position:
            continue
        kept.append(css[position : match.start()])
        position = _block_end(css, match.end())
    return "".join([*kept, css[position:]])


def _block_end(css: str, position: int) -> int:
    if css[position : position + 1] != "{":
        return position + 1
    depth = 0
    for match in re.compile(r"[{}]").finditer(css, position):
        depth += 1 if match.group() == "{" else -1
        if depth == 0:
            return match.end()
    return len(css)


def _number(text: str | None, default: float) -> float:
    match = _LENGTH.match(text or "")
    return float(match.group(1)) if match else default


def _is_tiny(style: Declarations) -> bool:
    """Letters of less than 3 pixels, or less than a fifth of those around them."""
    size = style.get("font-size") or (style.get("font") or "").partition("/")[0]
    match = _LENGTH.match(size)
    if not match:
        return False
    number, unit = float(match.group(1)), match.group(2) or "px"
    return number < {"px": 3, "pt": 2.5, "%": 20}.get(unit, 0.2)


def _is_off(style: Declarations) -> bool:
    """Moved off the page, as texts for search engines are."""
    moved = style.get("position") in ("absolute", "fixed") and min(
        _number(style.get("left"), 0), _number(style.get("top"), 0)
    )
    return _number(style.get("text-indent"), 0) <= _FAR_OFF or bool(moved and moved <= _FAR_OFF)


def _is_clipped(style: Declarations) -> bool:
    """Cut to nothing: a box without size, or a clip that leaves none."""
    sizes = [_number(style.get(k), 100) for k in ("width", "height", "max-height", "max-width")]
    boxed = style.get("overflow") in ("hidden", "clip") and min(sizes) <= 1
    clip = re.sub(r"[\s,px]", "", style.get("clip", ""))
    path = style.get("clip-path", "")
    return bool(
        boxed
        or clip.startswith(("rect(0000", "rect(1111"))
        or re.match(r"inset\((?:50|100)%", path)
        or style.get("transform", "").startswith("scale(0")
        and not re.match(r"scale\(0?\.\d*[1-9]", style.get("transform", ""))
    )
