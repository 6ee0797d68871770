"""Several runs of the model become one that places texts as they all do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.training import bundle
from index.training.bundle import SEEDS, steps
from index.training.datatypes import Material
from index.training.export import write_model
from index.training.join import joined, same_tokenizer, text_vectors
from index.training.measure import Vectors
from index.training.split import Sizes, split
from index.training.tokens import Ragged, train_tokenizer

PIECES, AXES = 40, 6


def texts(random: np.random.Generator) -> Ragged:
    return Ragged([random.integers(0, PIECES, size=5).tolist() for _ in range(200)])


def cosines(table: Vectors, rows: Ragged) -> Vectors:
    vectors = text_vectors(table, rows)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(unit @ unit.T)


def turned(table: Vectors, random: np.random.Generator) -> Vectors:
    rotation, _ = np.linalg.qr(random.normal(size=(AXES, AXES)))
    return np.asarray(table @ rotation * random.uniform(0.5, 3), dtype=np.float32)


def test_a_table_beside_itself_turned_and_scaled_changes_nothing() -> None:
    random = np.random.default_rng(3)
    rows, table = texts(random), random.normal(size=(PIECES, AXES)).astype(np.float32)
    one = joined([table, turned(table, random), turned(table, random)], rows, AXES)
    assert one.shape == (PIECES, AXES)
    assert np.allclose(cosines(one, rows), cosines(table, rows), atol=1e-4)


def test_what_runs_agree_on_is_told_better_together_than_by_any_of_them() -> None:
    random = np.random.default_rng(4)
    rows, true = texts(random), random.normal(size=(PIECES, AXES))
    runs = [
        turned((true + random.normal(size=true.shape) * 0.3).astype(np.float32), random)
        for _ in range(3)
    ]
    wanted = cosines(true.astype(np.float32), rows)
    apart = [float(np.abs(cosines(run, rows) - wanted).mean()) for run in runs]
    assert np.abs(cosines(joined(runs, rows, AXES), rows) - wanted).mean() < 0.8 * min(apart)


def test_a_text_without_pieces_and_a_piece_without_vector_stay_zero() -> None:
    random = np.random.default_rng(5)
    table = random.normal(size=(PIECES, AXES)).astype(np.float32)
    table[0] = 0
    rows = Ragged([[1, 2], [], [3]])
    assert not text_vectors(table, rows)[1].any()
    assert not joined([table, turned(table, random)], texts(random), AXES)[0].any()


def test_more_dimensions_than_there_are_is_refused() -> None:
    random = np.random.default_rng(6)
    table = random.normal(size=(PIECES, AXES)).astype(np.float32)
    with pytest.raises(ValueError, match="at most 6 dimensions.*found --dimensions 7"):
        joined([table], texts(random), AXES + 1)


def test_runs_of_other_pieces_are_refused_by_name(tmp_path: Path) -> None:
    for name, said in (("one", "花火大会は八月です"), ("two", "食堂は十一時から開きます")):
        tokenizer = train_tokenizer([said] * 3, 30, 4)
        table = np.ones((tokenizer.get_vocab_size(), 2), dtype=np.float32)
        write_model(tmp_path / name, tokenizer, table)
    assert same_tokenizer([tmp_path / "one", tmp_path / "one"]).get_vocab_size() > 1
    with pytest.raises(ValueError, match=r"two/tokenizer\.json.*--tokenizer"):
        same_tokenizer([tmp_path / "one", tmp_path / "two"])


def test_no_sentence_of_any_draw_is_trained_on() -> None:
    rows = tuple((f"english {n // 2}", f"日本語{n}") for n in range(400))
    kept, held = split(Material(pairs={"both": rows}), "both", Sizes(pairs=20, draws=4), 7)
    draws = (held.pairs, *held.more_pairs)
    assert [len(draw) for draw in draws] == [20, 20, 20, 20]
    assert len({pair for draw in draws for pair in draw}) == 80
    seen = {text for draw in draws for pair in draw for text in pair}
    assert seen.isdisjoint(text for pair in kept.pairs["both"] for text in pair)
    alone = split(Material(pairs={"both": rows}), "both", Sizes(pairs=20, draws=1), 7)[1]
    assert alone.pairs == held.pairs


def test_all_runs_of_the_bundled_model_have_the_pieces_of_the_first(tmp_path: Path) -> None:
    every = list(steps(["--texts", "here"], tmp_path, tmp_path / "model"))
    assert [step.output.name for step in every] == [
        "teacher",
        *(f"{stage}-{seed}" for seed in SEEDS for stage in ("first", "second")),
        "model",
    ]
    for seed in SEEDS[1:]:
        for stage in ("first", "second"):
            step = next(s for s in every if s.output.name == f"{stage}-{seed}")
            place = step.arguments[step.arguments.index("--tokenizer") + 1]
            assert place == str(tmp_path / f"{stage}-{SEEDS[0]}" / "tokenizer.json")
    assert all(step.arguments[:2] == ("--texts", "here") for step in every)
    assert every[-1].arguments.count("--model") == len(SEEDS)


def test_a_step_whose_folder_is_there_is_not_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = []

    def noted(arguments: Sequence[str]) -> int:
        run.append(Path(arguments[-1]).name)
        return 0

    for module in (bundle.teacher, bundle.train, bundle.join):
        monkeypatch.setattr(module, "main", noted)
    (tmp_path / "work" / "teacher").mkdir(parents=True)
    (tmp_path / "work" / "first-7").mkdir()
    (tmp_path / "model").mkdir()
    work, output = str(tmp_path / "work"), str(tmp_path / "model")
    assert bundle.main(["--work", work, "--output", output]) == 0
    assert run == ["second-7", "first-8", "second-8", "first-9", "second-9", "model"]
