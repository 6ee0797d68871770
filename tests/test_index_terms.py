"""The term list, the concepts of a question, and typing slips."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from index import Index, SearchIndexError
from index.concepts import expansion, expansion_text, find_concepts, is_english
from index.spelling import mend
from index.terms import TermList, load_terms
from index.tokenization import english_stems, words

HEAD = "ja\treading\ten\tja_plain\ten_plain\tcategory\n"
ROWS = (
    "協働\tきょうどう\tcollaboration | collaborative\t一緒にやること\tworking together\tprinciple\n"
    "協働型事業\tきょうどうがたじぎょう\tcollaborative project\t\t\tproject\n"
    "経費\tけいひ\texpense\tお金\tmoney | cash\tmoney\n"
    "補助金\tほじょきん\tsubsidy\tお金\tmoney\tmoney\n"
    "支援\tしえん\tsupport\t手伝う\thelp | say yes\taid\n"
    "広報\tこうほう\tpublic relations | PR\tPR | 広報さん\t\tpublicity\n"
    "NPO法人\tえぬぴーおーほうじん\tNPO corporation\t\t\tpartner\n"
    "運営委員会\tうんえいいいんかい\tsteering committee\t\t\tmeeting\n"
)


@pytest.fixture
def small(tmp_path: Path) -> TermList:
    """A term list of eight entries."""
    path = tmp_path / "terms.tsv"
    path.write_text(HEAD + ROWS, encoding="utf-8")
    return load_terms(path)


def _found(terms: TermList, text: str) -> list[str]:
    return [match.term.ja for match in terms.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("協働型事業とは何ですか", ["協働型事業"]),
        ("協働と協働型事業", ["協働", "協働型事業"]),
        ("What is a collaborative project?", ["協働型事業"]),
        ("collaborative work", ["協働"]),
        ("working together", ["協働"]),
    ],
)
def test_the_longest_term_wins(small: TermList, text: str, expected: list[str]) -> None:
    assert _found(small, text) == expected


@pytest.mark.parametrize("text", ["printers", "April", "the express way", "ｐｒｉｎｔ"])
def test_a_short_word_is_not_found_inside_another(small: TermList, text: str) -> None:
    assert _found(small, text) == []


@pytest.mark.parametrize("text", ["PR", "pr?", "ＰＲの方法", "our PR work"])
def test_a_short_word_is_found_alone(small: TermList, text: str) -> None:
    assert _found(small, text) == ["広報"]


@pytest.mark.parametrize("text", ["subsidies", "a subsidy", "SUBSIDIES", "Ｓｕｂｓｉｄｙ"])
def test_plural_capitals_and_width_make_no_difference(small: TermList, text: str) -> None:
    assert _found(small, text) == ["補助金"]


def test_everyday_words_lead_to_every_official_one(small: TermList) -> None:
    assert _found(small, "お金はもらえますか") == ["経費", "補助金"]
    assert _found(small, "Is there money?") == ["経費", "補助金"]
    assert _found(small, "だれが手伝うのですか") == ["支援"]


def test_terms_of_two_scripts_are_found(small: TermList) -> None:
    assert _found(small, "ＮＰＯ法人と組む") == ["NPO法人"]
    assert _found(small, "an NPO corporation") == ["NPO法人"]


def test_a_term_that_comes_twice_keeps_its_first_place(small: TermList) -> None:
    assert _found(small, "支援、経費、支援") == ["支援", "経費", "補助金"][:2]
    assert _found(small, "support, a subsidy, and more support") == ["支援", "補助金"]


def test_a_phrase_is_not_found_by_what_its_common_words_leave(small: TermList) -> None:
    assert _found(small, "What did you say?") == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", r"expected the columns .* found \[\]"),
        ("ja\ten\n", r"expected the columns .* found \['ja', 'en'\]"),
        (HEAD + "協働\tきょうどう\tcollaboration\n", r"line 2: expected 6 cells"),
        (HEAD + ROWS + "\tx\tx\tx\tx\tx\n", r"line 10: expected 6 cells with a term first"),
    ],
)
def test_a_broken_list_is_refused_with_its_line(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "terms.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SearchIndexError, match=message):
        load_terms(path)


def test_a_missing_list_is_named(tmp_path: Path) -> None:
    with pytest.raises(SearchIndexError, match=r"nowhere\.tsv: expected the term list, found no"):
        load_terms(tmp_path / "nowhere.tsv")


def test_the_bundled_list_is_as_large_as_promised_and_each_term_is_once_in_it() -> None:
    terms = load_terms().terms
    assert len(terms) >= 600
    assert [ja for ja, n in Counter(t.ja for t in terms).items() if n > 1] == []
    assert [t.ja for t in terms if not t.en or not t.reading or not t.category] == []


@pytest.mark.parametrize(
    ("everyday", "official"),
    [("お金", "経費"), ("お金", "資金"), ("手伝う", "支援"), ("fairness", "公平性")],
)
def test_the_bundled_list_knows_the_words_of_the_field(everyday: str, official: str) -> None:
    assert official in _found(load_terms(), everyday)


def test_every_bundled_term_is_found_in_both_languages() -> None:
    terms = load_terms()
    lost = []
    for term in terms.terms:
        for names in ((term.ja, *term.ja_plain), (*term.en, *term.en_plain)):
            if not any(term.ja in _found(terms, name) for name in names):
                lost.append(term.ja)
    assert lost == []


def test_a_concept_keeps_the_words_of_the_question(small: TermList) -> None:
    (concept,) = find_concepts("the steering committee", small)
    assert concept.alternatives[0] == tuple(english_stems("steering committee"))
    assert concept.official == "運営委員会"
    assert concept.category == "meeting"


def test_every_bundled_english_term_is_one_concept_with_its_own_words() -> None:
    """Stems are not stemmed again: "committe" must not become "committ"."""
    terms = load_terms()
    wrong = []
    for term in terms.terms:
        for name in term.en:
            kept = set(english_stems(name))
            said = {w for c in find_concepts(name, terms) for w in c.alternatives[0]}
            if name.isascii() and not said <= kept:
                wrong.append((name, said - kept))
    assert wrong == []


def test_words_outside_the_list_are_concepts_of_their_own(small: TermList) -> None:
    concepts = find_concepts("協働の温泉", small)
    assert [c.surface for c in concepts] == ["協働", "温泉"]
    assert concepts[1].alternatives == (("温泉",),)
    assert concepts[1].category == ""


def test_one_word_for_two_terms_is_one_concept(small: TermList) -> None:
    (concept,) = find_concepts("お金", small)
    assert tuple(words("お金")) == concept.alternatives[0]
    for other in ("経費", "補助金", "subsidy"):
        assert tuple(words(other)) in concept.alternatives


def test_the_same_word_twice_is_one_concept(small: TermList) -> None:
    assert len(find_concepts("温泉と温泉", small)) == 1


def test_expansion_adds_what_the_question_does_not_say(small: TermList) -> None:
    concepts = find_concepts("Is there a subsidy?", small)
    added = expansion(concepts)
    assert set(words("補助金")) <= set(added)
    assert not set(english_stems("subsidy")) & set(added)
    assert len(added) == len(set(added))


def test_only_english_questions_are_put_into_japanese(small: TermList) -> None:
    concepts = find_concepts("money for collaboration", small)
    assert expansion_text(concepts, "en").split() == ["経費", "協働"]
    assert expansion_text(concepts, "ja") == ""


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("What fairness steps apply?", True),
        ("公平性の手順", False),
        ("NPOと協働したい", False),
        ("NPO 協働", False),
        ("NPO", True),
        ("公園の flower bed はどこですか", False),
        ("What does 協働 mean in the ordinance?", True),
        ("", False),
        ("！？", False),
    ],
)
def test_the_language_of_a_question(text: str, english: bool) -> None:
    assert is_english(text) is english


KNOWN = ["collabor", "neighbourhood", "financi", "committe", "organis", "fair", "kawasaki"]


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("colaboration", "collaboration"),
        ("Colaborative", "collaborative"),
        ("neigbourhood", "neighbourhood"),
        ("finanncial", "financial"),
        ("comittee", "committee"),
        ("organisse", "organise"),
    ],
)
def test_a_slip_is_mended_to_a_word_of_a_known_stem(typed: str, word: str) -> None:
    assert mend(f"the {typed}", KNOWN) == f"the {word}"
    assert english_stems(word)[0] in KNOWN


def test_a_mended_word_leads_back_to_the_stem_it_was_mended_to(bundled_index: Index) -> None:
    """Stemming twice goes too far: provision, provis. Each stem is met with a slip in it."""
    lost = []
    for stem in sorted(w for w in bundled_index.keywords.frequencies if w.isascii()):
        slip = f"{stem[:4]}{stem[3:]}"
        if stem.isalpha() and len(stem) >= 8 and english_stems(slip) not in ([], [stem]):
            mended = english_stems(mend(slip, [stem]))
            lost += [] if mended in ([stem], english_stems(slip)) else [(stem, mended)]
    assert lost == []


@pytest.mark.parametrize(
    "text",
    ["collaboration", "Kawasaki committees", "helicopter", "協働の公平性", "fare", "", "NPO 法人?"],
)
def test_known_far_short_and_japanese_words_stand(text: str) -> None:
    assert mend(text, KNOWN) == text


def test_the_rest_of_the_question_is_untouched() -> None:
    mended = mend("Is a  colaboration (2024) OK?", KNOWN)
    assert mended == "Is a  collaboration (2024) OK?"


def test_a_slip_finds_what_the_right_word_finds(bundled_index: Index) -> None:
    right = bundled_index.search("What fairness steps apply to a collaborative project?", 5)
    slip = bundled_index.search("What fairness steps apply to a colaborative project?", 5)
    assert [h.passage.passage_id for h in slip.hits] == [h.passage.passage_id for h in right.hits]
