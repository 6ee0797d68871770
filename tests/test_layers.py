"""The layers: imports go one way, importing does nothing, and what is offered is there."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = ["corpus", "index", "assistant", "eval"]
"""Lowest first: a layer may use itself and those before it."""
HEAVY = ["gradio", "torch", "sentence_transformers", "transformers", "sklearn", "fastapi"]
FILES = [path for layer in LAYERS for path in sorted((ROOT / layer).rglob("*.py"))]
MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in FILES
    if path.relative_to(ROOT).parts[:2] != ("index", "training")
]


def imported(source: str, package: str) -> Iterator[str]:
    """The modules that a source names in imports, at its top or inside functions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield f"{package}.{node.module or ''}" if node.level else node.module or ""


def upward(source: str, layer: str) -> list[str]:
    """The imports of a source in a layer that name a layer above it."""
    above = LAYERS[LAYERS.index(layer) + 1 :]
    return [name for name in imported(source, layer) if name.split(".")[0] in above]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_imports_go_one_way(path: Path) -> None:
    layer = path.relative_to(ROOT).parts[0]
    assert upward(path.read_text(encoding="utf-8"), layer) == []


@pytest.mark.parametrize(
    ("source", "layer"),
    [
        ("import index", "corpus"),
        ("import os, assistant.pipeline", "index"),
        ("from eval.questions import Question", "assistant"),
        ("def late():\n    from index.search import Index", "corpus"),
    ],
)
def test_an_import_upward_is_seen(source: str, layer: str) -> None:
    assert len(upward(source, layer)) == 1
    assert upward(source, "eval") == []


@pytest.mark.parametrize(
    "statement",
    [
        "import assistant",
        "import assistant.pipeline",
        "import assistant.cli",
        "import eval.cli",
        "import index",
        "import corpus",
    ],
)
def test_what_is_heavy_is_imported_only_when_used(statement: str) -> None:
    code = f"import sys; {statement}; print([m for m in {HEAVY!r} if m in sys.modules])"
    assert _run(code) == ("[]\n", "")


def test_answering_imports_neither_pytorch_nor_gradio(bundled_index_folder: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from assistant.pipeline import Assistant\n"
        f"answer = Assistant.open(Path({str(bundled_index_folder)!r})).ask('協働とは何ですか')\n"
        f"print(bool(answer.text), [m for m in {HEAVY!r} if m in sys.modules])\n"
    )
    assert _run(code)[0] == "True []\n"


def test_nothing_is_printed_logged_or_set_on_import() -> None:
    code = (
        "import importlib, logging, os\n"
        "before = dict(os.environ)\n"
        f"for name in {MODULES!r}:\n"
        "    importlib.import_module(name)\n"
        "changed = {k for k in before.keys() | os.environ.keys()"
        " if before.get(k) != os.environ.get(k)}\n"
        "assert not [k for k in changed if k.startswith('KYODO')], changed\n"
        "assert logging.getLogger().level == logging.WARNING\n"
        "ours = [n for n in logging.root.manager.loggerDict"
        " if n.split('.')[0] in ('corpus', 'index', 'assistant', 'eval')]\n"
        "assert not [n for n in ours if logging.getLogger(n).handlers], ours\n"
    )
    assert _run(code) == ("", "")


@pytest.mark.parametrize("name", MODULES)
def test_what_a_module_offers_is_there(name: str) -> None:
    module = importlib.import_module(name)
    offered = getattr(module, "__all__", [])
    assert [n for n in offered if not hasattr(module, n)] == []
    assert len(offered) == len(set(offered))


@pytest.mark.parametrize("layer", ["corpus", "index"])
def test_a_layer_says_what_it_offers(layer: str) -> None:
    assert importlib.import_module(layer).__all__


def test_the_evaluation_is_found_by_the_command_line() -> None:
    code = "import sys; sys.argv = ['kyodo', '--help']; from assistant.cli import run; run()"
    assert "measure answers on sets of questions" in _run(code)[0]


def _run(code: str) -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr
