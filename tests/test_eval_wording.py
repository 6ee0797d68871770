"""What the evaluation calls things by, in both languages."""

from __future__ import annotations

import pytest

from eval.questions import FOLDER
from eval.wording import plain


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_set_of_questions_has_a_name_that_people_read(language: str) -> None:
    files = [*FOLDER.glob("*.jsonl"), *FOLDER.with_name("cases").glob("cases-*.jsonl")]
    assert [f.stem for f in files if plain(language, f.stem, "sets") == f.stem] == []
