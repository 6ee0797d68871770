"""The container file and the service: they name what is there, and run as nobody in particular."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONTAINER = (ROOT / "Containerfile").read_text(encoding="utf-8")
SERVICE = (ROOT / "kyodo.service").read_text(encoding="utf-8")


def _named(text: str) -> str:
    return re.split(r"[\[<>=~!; ]", text, maxsplit=1)[0].lower().replace("_", "-")


def test_everything_that_the_program_needs_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pinned = {_named(line) for line in lines if "==" in line}
    assert {_named(need) for need in project["dependencies"]} <= pinned


def test_the_container_copies_what_is_there_and_pins_torch_as_make_does() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", CONTAINER, re.MULTILINE)
    sources = [name for line in copied for name in line.split()]
    assert {"requirements.lock", "pyproject.toml", "assistant", "corpus"} <= set(sources)
    assert [name for name in sources if not (ROOT / name).exists()] == []
    torch = re.search(r"^TORCH := (\S+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert torch is not None
    assert torch[1] in CONTAINER


def test_the_container_runs_as_a_user_of_its_own_and_says_whether_it_is_ready() -> None:
    lines = CONTAINER.splitlines()
    user = lines.index("USER kyodo")
    assert not [line for line in lines[user:] if line.startswith(("RUN", "COPY", "USER root"))]
    assert "VOLUME /var/lib/kyodo" in lines
    assert "KYODO_HOME=/var/lib/kyodo/home" in CONTAINER
    assert "/readyz" in CONTAINER.split("HEALTHCHECK")[1]


def test_the_service_may_do_little() -> None:
    for line in (
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "StateDirectory=kyodo",
        "IPAddressDeny=any",
        "CapabilityBoundingSet=",
    ):
        assert line in SERVICE.splitlines()
    assert "User=root" not in SERVICE


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd")
def test_systemd_understands_the_service(tmp_path: Path) -> None:
    unit = tmp_path / "kyodo.service"
    unit.write_text(SERVICE.replace("/opt/kyodo/.venv/bin/kyodo", "/bin/true"), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
