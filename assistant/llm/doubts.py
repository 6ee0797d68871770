"""What speaks against a statement, sentence by sentence: every doubt by its name.

A doubt is a sign, not a verdict: careful rewording raises some of them too. Which of them
forbid is told in ``language/carried.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from assistant.agreement import (
    clauses_disagree,
    reordered_steps,
    roles_swapped,
    with_topics,
)
from assistant.llm.bearing import lacking, ranges_spelled
from assistant.llm.cases import other_case, other_name, other_owner
from assistant.llm.figures import figures_astray
from assistant.llm.order import reordered
from assistant.llm.segments import Segment, borrows, nearest_segment
from assistant.llm.strict import drops_condition, repeats_words, says_as_much, widens
from assistant.polarity import polarity_differs
from assistant.quantities import disagreement, skeleton
from assistant.wording import unsupported_words

_JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ一-鿿]")
_EDGE = " 「」『』“”\"'‘’()。、.,:;・"
REASONS = {
    "figures_only": "numbers",
    "belongs_elsewhere": "numbers",
    "figures": "numbers",
    "clause_modality": "modality",
    "clause_negation": "negation",
    "denial": "negation",
    "marks": "negation",
    "narrowed": "limits",
    "condition": "condition",
    "widened": "condition",
}
"""The reason that a doubt gives; "roles" for any other."""


def doubts(said: str, sources: Sequence[str], stretches: Sequence[str], named: str) -> set[str]:
    """The doubts about one sentence.

    Args:
        said: the sentence, NFKC-folded, in lower case.
        sources: the sentences of the source, folded likewise.
        stretches: the same without brackets, pronouns put as what they stand for.
        named: the title and headings of the source.
    """
    segment = nearest_segment(said, stretches)
    checks = _japanese() if _JAPANESE.search(said) else _english()
    found = {name for name, check in (*_both(), *checks) if check(said, segment)}
    return found | set(_by_sentence(said, sources, named))


def _by_sentence(said: str, sources: Sequence[str], named: str) -> Iterator[str]:
    nearest, topics = with_topics(said, sources)
    about = f"{topics} {nearest}"
    carried = ranges_spelled("\n".join([*sources, named]))
    if any(_only_figures_differ(said, s) for s in sources):
        yield "figures_only"
    if disagreement(ranges_spelled(said), carried) == "numbers":
        yield "belongs_elsewhere"
    reason = clauses_disagree(said, nearest)
    if reason:
        yield {"modality": "clause_modality", "negation": "clause_negation"}.get(reason, "narrowed")
    if roles_swapped(said, nearest):
        yield "actor"
    if reordered_steps(said, nearest):
        yield "steps"
    if lacking(said, about, named) and unsupported_words(said, about):
        yield "words_elsewhere"


def _only_figures_differ(said: str, source: str) -> bool:
    one, other = said.strip(_EDGE), source.strip(_EDGE)
    return one != other and skeleton(one) == skeleton(other)


_Check = Callable[[str, Segment], bool]


def _both() -> tuple[tuple[str, _Check], ...]:
    return (
        ("denial", lambda said, segment: polarity_differs(said, segment.text)),
        ("borrows", borrows),
        ("repeats", lambda said, segment: repeats_words(said, segment.text)),
        ("condition", drops_condition),
        ("widened", widens),
        ("figures", figures_astray),
    )


def _japanese() -> tuple[tuple[str, _Check], ...]:
    return (
        ("case", other_case),
        ("owner", lambda said, segment: other_owner(said, segment.text)),
        ("name", lambda said, segment: other_name(said, segment.text)),
        ("less", lambda said, segment: not says_as_much(said, segment)),
    )


def _english() -> tuple[tuple[str, _Check], ...]:
    return (("order", lambda said, segment: reordered(said, segment.text)),)
