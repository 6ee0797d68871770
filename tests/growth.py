"""How building, loading and searching grow with the number of passages.

``python -m tests.growth 1000 10000 100000`` prints a table. The text is made up from the words of
the bundled documents: about 110 characters a passage, 50 passages a document, no two alike.
Every step runs in a process of its own, so that its memory is its own. Times are of the
processor, so that they say the same on a busy machine.
"""

from __future__ import annotations

import json
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

PER_DOCUMENT = 50
QUESTIONS = 40
_ENDINGS = (
    "します。",
    "しなければなりません。",
    "することができます。",
    "に努めます。",
    "とします。",
)
_LINKS = ("は、", "について、", "に基づき、", "を踏まえ、", "と", "の", "及び", "に対し、")


def main() -> None:
    """Run every step for each number of passages given, and print a table."""
    rows = [measure(int(size)) for size in sys.argv[1:]]
    heads = list(rows[0])
    _print("| " + " | ".join(heads) + " |")
    _print("|" + " ---: |" * len(heads))
    for row in rows:
        _print("| " + " | ".join(str(row[head]) for head in heads) + " |")


def measure(size: int) -> dict[str, object]:
    """The figures for one number of passages."""
    with tempfile.TemporaryDirectory() as folder:
        root, documents = Path(folder) / "index", Path(folder) / "documents"
        write_documents(documents, size)
        build = _step("build", root, documents)
        on_disk = sum(p.stat().st_size for p in root.rglob("*") if p.is_file())
        changed = next(documents.iterdir())
        changed.write_text(changed.read_text(encoding="utf-8") + "\n追加です。\n", encoding="utf-8")
        again = _step("build", root, documents)
        shutil.rmtree(documents)
        search = _step("search", root, documents)
    return {
        "passages": f"{size:,}",
        "build s": build["seconds"],
        "build MB": build["megabytes"],
        "one file changed s": again["seconds"],
        "index MB": round(on_disk / 1e6, 1),
        "load s": search["load"],
        "load MB": search["megabytes"],
        "first ms": search["first"],
        "search p50 ms": search["p50"],
        "search p95 ms": search["p95"],
    }


def write_documents(folder: Path, size: int) -> None:
    """Make documents of so many passages together."""
    from corpus import read_folders
    from corpus.folder import BUNDLED
    from index.tokenization import words

    reading = read_folders([BUNDLED])
    known = sorted({w for p in reading.passages[:400] if p.language == "ja" for w in words(p.text)})
    chance = random.Random(size)
    folder.mkdir()
    for number in range(-(-size // PER_DOCUMENT)):
        lines = [f"---\ntitle: 試しの規程{number}\nauthority: rule\n---\n"]
        for place in range(1, PER_DOCUMENT + 1):
            lines.append(f"## 第{place}条 {chance.choice(known)}\n\n{_sentence(chance, known)}\n")
        (folder / f"kitei-{number:05d}.md").write_text("\n".join(lines), encoding="utf-8")


def _sentence(chance: random.Random, known: list[str]) -> str:
    parts = []
    for _ in range(chance.randint(2, 3)):
        words = [
            f"{chance.choice(known)}{chance.choice(_LINKS)}" for _ in range(chance.randint(4, 9))
        ]
        parts.append("".join(words) + f"{chance.randint(1, 9999)}件を{chance.choice(known)}")
    return "".join(part + chance.choice(_ENDINGS) for part in parts)


def _step(name: str, root: Path, documents: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.growth", "--step", name, str(root), str(documents)],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def run_build(root: Path, documents: Path) -> dict[str, float]:
    """Build an index; seconds, and the peak of memory."""
    from index import build_index

    before = _cpu()
    build_index(root, [documents])
    return {"seconds": round(_cpu() - before, 1), "megabytes": _peak()}


def run_search(root: Path) -> dict[str, float]:
    """Load an index and ask it the questions of the tests."""
    from index import load_index

    before = _cpu()
    index = load_index(root)
    loaded = _cpu() - before
    times = []
    asked = (Path(__file__).parent / "questions.txt").read_text(encoding="utf-8").splitlines()
    for text in [q for q in asked if q.strip() and not q.startswith("#")][: QUESTIONS + 1]:
        begun = _cpu()
        index.search(text, 10, "2026-11-26")
        times.append((_cpu() - begun) * 1000)
    return {
        "load": round(loaded, 2),
        "megabytes": _peak(),
        "first": round(times[0], 1),
        "p50": round(statistics.median(times[1:]), 1),
        "p95": round(sorted(times[1:])[int(0.95 * QUESTIONS)], 1),
    }


def _cpu() -> float:
    """Seconds of processor time so far, of this process and of those it has ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _peak() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] == "--step":
        step, root, documents = sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])
        found = run_build(root, documents) if step == "build" else run_search(root)
        _print(json.dumps(found))
    else:
        main()
