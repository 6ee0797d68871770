"""Train the bundled embedding model: ``python -m index.training.train --help``."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from index.training.contrast import new_table, train_table
from index.training.datatypes import Material
from index.training.epochs import epoch_maker, side_of
from index.training.export import read_vectors, write_model
from index.training.measure import measure
from index.training.measure_field import measure_field
from index.training.phrases import add_phrases
from index.training.recipe import Recipe, read_recipe
from index.training.runtime import open_encoder
from index.training.sources import add_inputs, read_field, read_split
from index.training.teacher import read_teacher
from index.training.tokens import train_tokenizer, unknown_id
from index.training.vocabulary import choose_pieces


def main(arguments: Sequence[str] | None = None) -> int:
    """Read, train, write and measure.

    Args:
        arguments: The command line; None takes the process's own.

    Returns:
        0 when the model was written.
    """
    options = _parser().parse_args(arguments)
    torch.set_num_threads(options.threads)
    started = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - started:7.1f} s  {text}", file=sys.stderr, flush=True)

    recipe = read_recipe(options.recipe)
    if options.seed is not None:
        recipe = replace(recipe, seed=options.seed)
    training, development = read_split(options)
    say(f"read {len(training.passages)} passages, {_count(training)} pairs")
    teacher = read_teacher(options.teacher) if options.teacher else {}
    file = options.tokenizer or (options.start and options.start / "tokenizer.json")
    tokenizer = _tokenizer(training, recipe, file)
    say(f"learnt {tokenizer.get_vocab_size()} pieces")
    table = new_table(tokenizer, recipe)
    if options.start:
        table.start_from(read_vectors(options.start))
    epoch = epoch_maker(training, tokenizer, recipe)
    train_table(table, epoch, side_of(training, teacher, tokenizer), recipe, say)
    vectors = np.array(table.rows().detach().numpy(), dtype=np.float32)
    vectors[unknown_id(tokenizer)] = 0
    write_model(options.output, tokenizer, vectors)
    encode = open_encoder(options.output)
    figures = measure(encode, development) | measure_field(encode, *read_field(options))
    say(f"wrote {options.output}")
    print(json.dumps({"recipe": options.recipe.name, "seed": recipe.seed, **figures}))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m index.training.train",
        description="Train the bundled embedding model and measure it on its development split.",
    )
    here = Path(__file__).parent
    add = parser.add_argument
    add_inputs(parser)
    add(
        "--recipe",
        type=Path,
        default=here / "recipes" / "bundled.toml",
        help="the knobs",
    )
    add("--teacher", type=Path, help="folder of teacher vectors (index.training.teacher)")
    add("--start", type=Path, help="model folder whose pieces and vectors to go on from")
    add("--tokenizer", type=Path, help="tokenizer.json to reuse instead of learning one")
    add("--output", type=Path, required=True, help="model folder to write")
    add("--seed", type=int, help="instead of the recipe's: for runs that become one model")
    add("--threads", type=int, default=2, help="processor threads (default 2)")
    return parser


def _count(material: Material) -> int:
    return sum(len(rows) for rows in material.pairs.values())


def _texts(material: Material) -> list[str]:
    texts = [text for p in material.passages for text in (p.text, *p.questions)]
    texts += [text for row in material.scored for text in (row.left, row.right)]
    texts += [text for rows in material.pairs.values() for pair in rows for text in pair]
    return texts + list(material.texts)


def _tokenizer(material: Material, recipe: Recipe, file: Path | None) -> Tokenizer:
    texts: Iterable[str] = dict.fromkeys(_texts(material))
    if file is not None:
        tokenizer = Tokenizer.from_file(str(file))
    elif recipe.word_mode:
        tokenizer = choose_pieces(texts, recipe.pieces, recipe.longest_piece, recipe.word_mode)
    else:
        tokenizer = train_tokenizer(texts, recipe.pieces, recipe.longest_piece)
    if recipe.phrases and tokenizer.get_vocab_size() <= recipe.pieces:
        return add_phrases(tokenizer, texts, recipe.phrases)
    return tokenizer


if __name__ == "__main__":
    sys.exit(main())
