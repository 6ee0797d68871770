"""Everything needed to repeat a run: what was asked of what, with which code and settings."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import platform
import subprocess
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import assistant
import corpus
import index
from assistant.llm.settings import USES
from assistant.pipeline import Assistant
from assistant.settings import Settings
from eval.sets import QuestionSets
from index.search import Mode

_PACKAGES = (
    "kyodo",
    "bm25s",
    "faiss-cpu",
    "ir-measures",
    "model2vec",
    "numpy",
    "scikit-learn",
    "sudachidict-core",
    "sudachipy",
)
_CODE = (".py", ".toml", ".tsv", ".txt")
_BEFORE: dict[str, Any] = {"engine": {"name": "extractive"}}
"""What a run depended on before it was written down."""
_KEY = ("questions", "index", "code", "settings", "engine", "search", "as_of")


def describe_run(
    door: Assistant, sets: QuestionSets, files: Sequence[Path], settings: Settings, search: Mode
) -> dict[str, Any]:
    """What ``run.json`` says before the first question is asked.

    Args:
        door: what answers.
        sets: the questions.
        files: the files that they come from.
        settings: the settings in force; no key of an endpoint is among what is written.
        search: which rankings answer.
    """
    built = door.index
    info: dict[str, Any] = {
        "questions": [
            {"set": p.stem, "file": str(p), "sha256": _sha(p), "count": len(sets[p.stem])}
            for p in files
        ],
        "index": {
            "fingerprint": built.fingerprint,
            "documents": len(built.documents),
            "passages": len(built.passages),
            "model": built.encoder.name,
            "model_fingerprint": built.encoder.fingerprint,
            "dimension": built.encoder.dimension,
        },
        "titles": {d.document_id: [d.title, d.title_en or d.title] for d in built.documents},
        "code": code_digest(),
        "settings": {
            "home": str(settings.home),
            "model": settings.model,
            "threshold": door.calibration.threshold,
            "calibration": door.calibration.source,
        },
        "engine": _engine(settings),
        "search": search,
        "as_of": datetime.date.today().isoformat(),
        "versions": {"python": platform.python_version(), **_versions()},
        "git": git_state(),
        "machine": {"system": platform.platform(), "cores": os.cpu_count()},
    }
    return {"key": run_key(info), **info}


def _engine(settings: Settings) -> dict[str, Any]:
    """What words the answers; of an endpoint its address and model, never its key."""
    if settings.llm is None:
        return {"name": "extractive"}
    llm = settings.llm
    uses = {use: getattr(llm, use) for use in USES}
    return {"name": "llm", "model": llm.model, "host": llm.host, "timeout_s": llm.timeout_s, **uses}


def run_key(info: dict[str, Any]) -> str:
    """A digest of whatever changes answers: a run goes on only under the same key."""
    told = json.dumps({name: info[name] for name in _KEY}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def changed(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Which parts of what a run depends on differ."""
    return [name for name in _KEY if before.get(name, _BEFORE.get(name)) != now[name]]


def code_digest() -> str:
    """A digest of the code and tables that answer, training left out."""
    digest = hashlib.sha256()
    for package in (assistant, corpus, index):
        root = Path(str(package.__file__)).parent
        for path in sorted(p for p in root.rglob("*") if p.suffix in _CODE):
            place = path.relative_to(root)
            if place.parts[0] not in ("training", "documents"):
                digest.update(place.as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def git_state() -> dict[str, Any] | None:
    """The commit of the code and whether files differ from it; None where there is no git."""
    folder = Path(__file__).parent
    try:
        commit = _git(folder, "rev-parse", "HEAD")
        return {"commit": commit, "changed_files": bool(_git(folder, "status", "--porcelain"))}
    except (OSError, subprocess.CalledProcessError):
        return None


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def _versions() -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = None
    return found


def _sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
