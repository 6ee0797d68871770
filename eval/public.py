"""Public sets in SQuAD's and BEIR's formats, through the same index code as the documents."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from assistant.understand import language_of
from corpus.datatypes import Document, Passage
from eval.errors import EvalError
from eval.retrieval import DEPTH, NAMES, measure_rankings, qrels_text, run_text
from eval.sampling import grouped_difference, holm, mean, permutation_p, resampled
from eval.stored import write
from index.asked import Asked, build_asked
from index.dense import build_dense
from index.encoder import load_encoder
from index.keywords import build_keywords
from index.search import Index, Mode
from index.terms import load_terms

Format = Literal["squad", "beir"]
MODES: tuple[Mode, ...] = ("keywords", "dense", "both")


@dataclass(frozen=True)
class PublicSet:
    """Texts to search, queries, and which texts answer each; all by id.

    ``texts`` hold title and text. Queries that no text answers are left out, as search alone
    cannot answer them rightly; ``left_out`` counts them. A text's title names what it is part
    of: in SQuAD its article.
    """

    texts: dict[str, tuple[str, str]]
    queries: dict[str, str]
    relevant: dict[str, list[str]]
    left_out: int

    @cached_property
    def groups(self) -> dict[str, str]:
        """The title of the first text that answers each query, where it has one."""
        titles = {query: self.texts[held[0]][0] for query, held in self.relevant.items()}
        return {query: title for query, title in titles.items() if title}


def load_public(kind: Format, place: Path) -> PublicSet:
    """A public set.

    Args:
        kind: "squad": one JSON file, a paragraph is a text; "beir": a folder with
            corpus.jsonl, queries.jsonl and qrels/test.tsv.
        place: the file or folder.

    Raises:
        EvalError: where it is not in that format, naming file and line.
    """
    found = _squad(place) if kind == "squad" else _beir(place)
    if not found.queries or not found.texts:
        raise EvalError(f"{place}: expected texts and queries in {kind} format, found none.")
    return found


def build_public(public: PublicSet, model: str) -> Index:
    """The index of a public set's texts, built by the same code as that of the documents."""
    passages = tuple(_passage(i, title, text) for i, (title, text) in public.texts.items())
    encoder = load_encoder(model)
    return Index(
        passages=passages,
        documents=tuple(p.document for p in passages),
        dense=build_dense(passages, encoder, {}),
        asked=build_asked(Asked((), ()), encoder.encode_queries, encoder.dimension, {}),
        keywords=build_keywords(passages),
        encoder=encoder,
        terms=load_terms(),
        fingerprint=f"public-{encoder.fingerprint}",
    )


def measure_public(
    public: PublicSet, model: str, output: Path, progress: Callable[[], None] = lambda: None
) -> dict[str, Any]:
    """Search a public set by keywords alone, by vectors alone, and by both.

    Args:
        public: the set.
        model: the embedding model.
        output: the folder for qrels.trec and a run of each search.
        progress: called after each query.

    Returns:
        For each search its measures, each with interval and count.
    """
    index = build_public(public, model)
    write(output / "qrels.trec", qrels_text(public.relevant))
    weights = resampled(len(public.queries))
    figures: dict[str, Any] = {}
    own: dict[Mode, dict[str, dict[str, float]]] = {}
    for mode in MODES:
        rankings = {}
        for query_id, query in public.queries.items():
            hits = index.search(query, DEPTH, mode=mode).hits
            rankings[query_id] = [hit.passage.unit for hit in hits]
            progress()
        write(output / f"run-{mode}.trec", run_text(rankings, f"kyodo-{mode}"))
        own[mode] = measure_rankings(rankings, public.relevant)
        figures[mode] = {
            name: mean([values[name] for values in own[mode].values()], weights).to_dict()
            for name in NAMES
        }
    return {
        "search": figures,
        "paired": paired_tests(own, public.groups),
        "queries": len(public.queries),
        "texts": len(public.texts),
        "left_out": public.left_out,
    }


def paired_tests(
    own: Mapping[Mode, Mapping[str, Mapping[str, float]]], groups: Mapping[str, str]
) -> dict[str, Any]:
    """Whether both rankings together find more than one alone, query by query.

    Queries of one group (a text's article) are alike, so that counting each for itself would
    make too much of their number: groups are swapped and drawn whole, each by the sum of its
    queries' differences. All p values are corrected together, after Holm.

    Args:
        own: each search's measures by query.
        groups: the group of each query; a query without one stands for itself.

    Returns:
        ``both-keywords`` and ``both-dense``: for each measure the difference with its
        interval, and ``p``.
    """
    found: dict[str, Any] = {}
    p_values: dict[str, float] = {}
    for other in ("keywords", "dense"):
        for name in NAMES:
            sums: dict[str, float] = {}
            for query, values in own["both"].items():
                group = groups.get(query, query)
                gain = values[name] - own[other][query][name]
                sums[group] = sums.get(group, 0.0) + gain
            counts = Counter(groups.get(query, query) for query in own["both"])
            key = f"both-{other}"
            figure = grouped_difference(list(sums.values()), [counts[g] for g in sums])
            found.setdefault(key, {})[name] = figure.to_dict()
            p_values[f"{key} {name}"] = permutation_p([0.0] * len(sums), list(sums.values()))
    for place, p in holm(p_values).items():
        key, _, name = place.partition(" ")
        found[key][name]["p"] = round(p, 5)
    return found


def public_table(metrics: Mapping[str, Any]) -> str:
    """The three searches side by side with intervals, and the paired tests between them."""
    searches = metrics["search"]
    lines = ["".join([f"{'metric':<12}", *(f"{mode:>24}" for mode in searches)])]
    for name in NAMES:
        cells = [searches[mode][name] for mode in searches]
        told = [f"{c['value']:.3f} [{c['low']:.3f}, {c['high']:.3f}]" for c in cells]
        lines.append("".join([f"{name:<12}", *(f"{cell:>24}" for cell in told)]))
    lines += ["", f"{'difference':<12}" + "".join(f"{pair:>36}" for pair in metrics["paired"])]
    for name in NAMES:
        tests = [pair[name] for pair in metrics["paired"].values()]
        told = [
            f"{t['value']:+.3f} [{t['low']:+.3f}, {t['high']:+.3f}] p {t['p']:.4f}" for t in tests
        ]
        lines.append(f"{name:<12}" + "".join(f"{cell:>36}" for cell in told))
    counts = f"{metrics['queries']} queries, {metrics['texts']} texts"
    return "\n".join(
        [*lines, f"{counts}, {metrics['left_out']} queries without an answer left out"]
    )


def _squad(path: Path) -> PublicSet:
    texts: dict[str, tuple[str, str]] = {}
    queries: dict[str, str] = {}
    relevant: dict[str, list[str]] = {}
    left_out = 0
    try:
        for number, article in enumerate(json.loads(_read(path))["data"], 1):
            title = article.get("title", "")
            for place, paragraph in enumerate(article["paragraphs"], 1):
                text_id = f"{number}-{place}"
                texts[text_id] = (title, paragraph["context"])
                for asked in paragraph["qas"]:
                    if asked.get("is_impossible"):
                        left_out += 1
                        continue
                    queries[str(asked["id"])] = asked["question"]
                    relevant[str(asked["id"])] = [text_id]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EvalError(
            f"{path}: expected SQuAD's JSON (data > paragraphs > context, qas), found: {error!r}"
        ) from error
    return PublicSet(texts, queries, relevant, left_out)


def _beir(folder: Path) -> PublicSet:
    corpus = _rows(folder / "corpus.jsonl", "text")
    queries = _rows(folder / "queries.jsonl", "text")
    relevant: dict[str, list[str]] = {}
    for where, query, text in _judged(folder / "qrels" / "test.tsv"):
        if query not in queries or text not in corpus:
            raise EvalError(
                f"{where}: expected a query and a text of the set, found {query!r} and {text!r}."
            )
        relevant.setdefault(query, []).append(text)
    return PublicSet(
        {i: (str(row.get("title", "")), row["text"]) for i, row in corpus.items()},
        {i: row["text"] for i, row in queries.items() if i in relevant},
        relevant,
        len(queries) - len(relevant),
    )


def _rows(path: Path, needed: str) -> dict[str, dict[str, Any]]:
    rows = {}
    for number, line in enumerate(_read(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            rows[str(row["_id"])] = {**row, needed: row[needed]}
        except (ValueError, KeyError, TypeError) as error:
            raise EvalError(
                f"{path} line {number}: expected JSON with _id and {needed}, found: {error!r}"
            ) from error
    return rows


def _judged(path: Path) -> Iterator[tuple[str, str, str]]:
    """Where each positive judgement stands, its query and its text."""
    rows = csv.reader(_read(path).splitlines(), delimiter="\t")
    for number, row in enumerate(rows, 1):
        where = f"{path} line {number}"
        if number == 1 and row and not row[-1].strip().lstrip("-").isdigit():
            continue
        if len(row) != 3 or not row[2].strip().lstrip("-").isdigit():
            raise EvalError(f"{where}: expected query, text and score, found {row!r}.")
        if int(row[2]) > 0:
            yield where, row[0], row[1]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise EvalError(f"{path}: expected a file in UTF-8, found: {error}") from error


def _passage(text_id: str, title: str, text: str) -> Passage:
    language = language_of(text)
    document = Document(text_id, title, "reference", "original", language, "", "", title_en=title)
    return Passage(text_id, document, text_id, text, language)
