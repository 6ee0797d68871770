"""Nothing leaves the machine: at building, at starting, on every page, over a hundred questions."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TRACED = "trace=connect,sendto,sendmsg,sendmmsg"
CODE = """
import sys
from pathlib import Path
import httpx
from assistant.live import LiveAssistant
from assistant.pages import Surroundings, find_pages
from assistant.settings import Settings
from assistant.state import open_state
from index import build_index
from tests.axe_core import addresses_below
from tests.page_server import serving
from tests.test_server import send

root, questions = Path(sys.argv[1]), Path(sys.argv[2]).read_text(encoding="utf-8").splitlines()
build_index(root)
live = LiveAssistant(root)
asked = [q for q in questions * 2 if q.strip() and not q.startswith("#")][:100]
settings, pages = Settings(root.parent / "home"), find_pages()
around = Surroundings(settings, root, live, open_state(settings.state))
with live.watching(every_s=0.2), serving(live, pages, around) as address:
    for path in ("/", "/config", "/style.css", "/theme.css", "/healthz"):
        assert httpx.get(address + path).status_code == 200, path
    with httpx.Client(base_url=address, timeout=60) as web:
        send(web, "submit", {"question": asked[0]}, "egress1")
        for page in pages:
            if page.when(settings):
                assert addresses_below(web, page.link.path), page.link.path
    for question in asked:
        assert live.ask(question).text
print(len(asked))
"""


def traced(code: str, *arguments: str, trace: Path) -> tuple[str, str]:
    """What a program prints, and where it sent anything, as the kernel saw it."""
    done = subprocess.run(
        ["strace", "-f", "--seccomp-bpf", "-e", TRACED, "-o", str(trace)]
        + [sys.executable, "-W", "ignore", "-c", code, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if not trace.is_file() or "Operation not permitted" in done.stderr:
        pytest.skip("strace may not trace here")
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout, trace.read_text(encoding="utf-8", errors="replace")


def outside(trace: str) -> list[str]:
    """The calls that name an address beyond this machine, or ask for a name anywhere."""
    calls = [line for line in trace.splitlines() if re.search(r"AF_INET6?\b", line)]
    local = re.compile(r'inet_addr\("127\.|inet_pton\(AF_INET6, "::1"|"0\.0\.0\.0"|"::"')
    return [c for c in calls if not local.search(c) or "htons(53)" in c]


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs Debian's strace")
def test_nothing_is_sent_outside_and_no_name_is_looked_up(tmp_path: Path) -> None:
    questions = ROOT / "tests" / "questions.txt"
    said, trace = traced(CODE, str(tmp_path / "index"), str(questions), trace=tmp_path / "trace")
    assert said.strip() == "100"
    assert "127.0.0.1" in trace
    assert outside(trace) == []


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs Debian's strace")
def test_a_connection_outside_would_be_seen(tmp_path: Path) -> None:
    code = (
        "import socket\n"
        "with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:\n"
        "    s.connect(('192.0.2.1', 9))\n"
    )
    _, trace = traced(code, trace=tmp_path / "trace")
    assert len(outside(trace)) == 1
    assert (
        len(outside('connect(3, {sa_family=AF_INET, sin_port=htons(53), inet_addr("127.0.0.53")'))
        == 1
    )
