"""What every test stands on: no network, no settings of this machine, real small documents."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index import Index, build_index, load_index

_LOCAL_NAMES = {"localhost", "", None}


class NetworkBlocked(OSError):
    """A test tried to leave this machine."""


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Only loopback and sockets of this machine can be reached."""
    with pytest.MonkeyPatch.context() as patch:
        connect, look_up = socket.socket.connect, socket.getaddrinfo

        def connect_locally(own: socket.socket, address: Any) -> None:
            if own.family in (socket.AF_INET, socket.AF_INET6):
                _check_local(address[0])
            connect(own, address)

        def look_up_locally(host: Any, *rest: Any, **more: Any) -> Any:
            _check_local(host)
            return look_up(host, *rest, **more)

        patch.setattr(socket.socket, "connect", connect_locally)
        patch.setattr(socket, "getaddrinfo", look_up_locally)
        yield


def _check_local(host: Any) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in _LOCAL_NAMES:
        return
    try:
        local = ipaddress.ip_address(str(name)).is_loopback or str(name) == "0.0.0.0"
    except ValueError:
        local = False
    if not local:
        raise NetworkBlocked(f"tests stay on this machine; found a connection to {name!r}")


@pytest.fixture(autouse=True)
def _own_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: Any) -> None:
    """No test reads the settings, or touches the index, of the person who runs it."""
    for name in [n for n in os.environ if n.startswith("KYODO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("KYODO_HOME", str(tmp_path_factory.getbasetemp() / "home"))


@pytest.fixture(scope="session")
def bundled_index_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index folder of the bundled documents. Tests read it; none writes to it."""
    folder = tmp_path_factory.mktemp("bundled") / "index"
    build_index(folder)
    return folder


@pytest.fixture(scope="session")
def bundled_index(bundled_index_folder: Path) -> Index:
    """The index of the bundled documents."""
    return load_index(bundled_index_folder)


@pytest.fixture(scope="session")
def _small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three small documents (an ordinance, a handbook, a table with English) and their index."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "documents").mkdir()
    for name, text in _DOCUMENTS.items():
        (folder / "documents" / name).write_text(text, encoding="utf-8")
    build_index(folder / "index", [folder / "documents"])
    return folder


@pytest.fixture
def documents(_small: Path, tmp_path: Path) -> Path:
    """A folder of three small documents, for this test alone."""
    return Path(shutil.copytree(_small / "documents", tmp_path / "documents"))


@pytest.fixture
def index_folder(_small: Path, tmp_path: Path) -> Path:
    """An index folder of the small documents, for this test alone."""
    return Path(shutil.copytree(_small / "index", tmp_path / "index"))


_DOCUMENTS = {
    "machi-jorei.md": """---
title: 見本市まちづくり条例
title_en: Sample City Community Ordinance
authority: ordinance
edition: digest
effective_from: 2005-04-01
language: ja
---

# 第1章 総則 | Chapter 1: General provisions

## 第5条 まちづくりの原則 | Article 5: Principles

まちづくりの原則は、対話、公開、協力の3つです。
> The principles of community building are three: dialogue, openness and cooperation.

## 第6条 花壇の手入れ | Article 6: Flower beds

町内会は、公園の花壇の手入れを市から引き受けることができます。
> A neighbourhood association may take over the care of the flower beds in a park from the city.

## 第7条 古い届出 | Article 7: Old notice

花壇の届出は、毎年3月に窓口へ出します。
> Notice of flower beds is given at the counter every March.

失効日: 2010-03-31
""",
    "tebiki.md": """---
title: 助成金の手引
title_en: Grant Handbook
authority: manual
edition: original
language: ja
---

# 申請 | Applying

## 締切 | Deadline

助成金の申請は、9月30日までに受け付けます。
> Applications for grants are accepted until 30 September.

## 金額 | Amount

助成金の上限は、1団体あたり20万円です。
> The most that one group can receive is 200,000 yen.
""",
    "hyo.tsv": """論点の表
論点\t内容\t課題
①会場\t体育館は、団体が無料で使える。\t予約の方法が分かりにくい。
②広報\t市の広報紙に行事を載せられる。\t掲載の基準がない。
""",
    "hyo.en.tsv": """Table of issues
Issue\tContent\tProblem
① Venue\tGroups may use the gymnasium free of charge.\tIt is hard to see how to book.
② Publicity\tEvents can be put in the city's newsletter.\tThere is no standard for what is printed.
""",
}
