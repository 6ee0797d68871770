"""The held-out articles of public questions become a BEIR folder that the evaluation reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.public import load_public
from index.training.beir import main, write_beir
from index.training.datatypes import Passage

TEXTS = Path(__file__).parents[2] / "shared" / "training"


def test_passages_and_their_questions_are_read_back(tmp_path: Path) -> None:
    passages = [
        Passage("花火", "花火大会は8月です。", ("花火大会はいつですか", "8月に何がありますか")),
        Passage("食堂", "食堂は11時からです。", ()),
    ]
    write_beir(passages, tmp_path)
    public = load_public("beir", tmp_path)
    assert public.texts == {"p0": ("花火", passages[0].text), "p1": ("食堂", passages[1].text)}
    assert public.queries == {"p0-q0": "花火大会はいつですか", "p0-q1": "8月に何がありますか"}
    assert public.relevant == {"p0-q0": ["p0"], "p0-q1": ["p0"]}
    assert public.groups == {"p0-q0": "花火", "p0-q1": "花火"}


@pytest.mark.skipif(not TEXTS.is_dir(), reason="the public sets are not beside the repository")
def test_the_held_out_articles_are_those_of_the_training_trials(tmp_path: Path) -> None:
    assert main(["--texts", str(TEXTS), "--output", str(tmp_path / "beir")]) == 0
    public = load_public("beir", tmp_path / "beir")
    assert len(public.texts) == 1_165
    assert len({title for title, _ in public.texts.values()}) == 84
    assert len(public.queries) > 3_000
