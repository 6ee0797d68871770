"""Official pages over HTTPS: from named hosts only, politely, and only where they changed."""

from __future__ import annotations

import gzip
import json
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from assistant.documents import DocumentStore
from corpus import CorpusError
from corpus.fetch import Fetched, NoNetwork, Validators, fetch_pages
from corpus.sidecar import read_sidecar
from corpus.sources import Page, Sources, load_sources
from index import load_index
from tests.https_server import Site, https_site, page

RULE = "<html><head><title>別の題</title></head><body><h1>原則</h1><p>{}</p></body></html>"
TEXT = RULE.format("協働の原則は、対等と公開です。").encode()


@pytest.fixture
def site() -> Iterator[Site]:
    with https_site() as site:
        site.pages["/rule.html"] = page(TEXT, etag='"one"')
        yield site


@pytest.fixture
def sources(site: Site) -> Sources:
    listed = load_sources()
    address = f"https://localhost:{site.port}"
    return replace(
        listed,
        hosts=frozenset({f"localhost:{site.port}", f"127.0.0.1:{site.port}"}),
        pages=(Page("city-rule", "協働型事業のルール", f"{address}/rule.html", "ルール", "rule"),),
        pause_s=0.0,
        timeout_s=5.0,
    )


def at(sources: Sources, *paths: str) -> Sources:
    """The list with these pages in place of its own; a path may be a whole address."""
    first = sources.pages[0]
    start = first.url.removesuffix("/rule.html")
    urls = [path if "://" in path else start + path for path in paths]
    pages = [replace(first, document_id=f"page-{n}", url=url) for n, url in enumerate(urls)]
    return replace(sources, pages=tuple(pages))


def fetch(
    sources: Sources, site: Site, known: dict[str, Validators] | None = None
) -> list[Fetched]:
    return list(fetch_pages(sources, known or {}, site.verify, lambda seconds: None))


@pytest.fixture
def store(tmp_path: Path, documents: Path, monkeypatch: pytest.MonkeyPatch) -> DocumentStore:
    monkeypatch.setattr("assistant.documents.BUNDLED", documents)
    return DocumentStore(tmp_path / "home" / "documents", tmp_path / "home" / "index")


def test_the_bundled_list_names_pages_of_the_city_only() -> None:
    listed = load_sources()
    assert len(listed.pages) > 80
    for each in listed.pages:
        host = urlsplit(each.url).hostname or ""
        assert each.url.startswith("https://")
        assert host.endswith(".city.kawasaki.jp") or host == "kawasaki-city.note.jp"
        assert each.title
        assert each.authority in ("rule", "committee", "reference")
    assert listed.pause_s >= 1


def test_a_page_comes_into_the_store_as_an_original_with_its_time_and_hash(
    store: DocumentStore, sources: Sources, site: Site
) -> None:
    report = store.fetch(sources, verify=site.verify)
    assert [(d.result, d.document_id) for d in report.done] == [("added", "city-rule")]
    (passage,) = load_index(store.index).by_document["city-rule"]
    assert passage.text == "協働の原則は、対等と公開です。"
    document = passage.document
    assert (document.title, document.edition, document.authority) == (
        "協働型事業のルール",
        "original",
        "rule",
    )
    assert document.source == sources.pages[0].url
    (version,) = store.history("city-rule")[0].versions
    assert version.etag == '"one"'
    assert version.origin == sources.pages[0].url
    assert version.added.startswith("20")
    assert len(version.sha256) == 64
    assert read_sidecar(store.history("city-rule")[0].path)["edition"] == "original"


def test_only_what_changed_comes_again(store: DocumentStore, sources: Sources, site: Site) -> None:
    store.fetch(sources, verify=site.verify)
    report = store.fetch(sources, verify=site.verify)
    assert [d.result for d in report.done] == ["unchanged"]
    assert report.index == ""
    asked = [headers for path, _, headers in site.asked if path == "/rule.html"]
    assert asked[1]["if-none-match"] == '"one"'
    site.pages["/rule.html"] = page(
        RULE.format("協働の原則は、対等と公開と対話です。").encode(), etag='"two"'
    )
    report = store.fetch(sources, verify=site.verify)
    assert [(d.result, [c.kind for c in d.changes]) for d in report.done] == [
        ("replaced", ["changed"])
    ]
    assert len(store.history("city-rule")[0].versions) == 2
    site.pages["/rule.html"] = page(b"", status=500)
    report = store.fetch(sources, verify=site.verify)
    assert report.has_problems
    assert "公開と対話" in load_index(store.index).by_document["city-rule"][0].text


def test_a_correction_outlives_the_next_fetch(
    store: DocumentStore, sources: Sources, site: Site
) -> None:
    store.fetch(sources, verify=site.verify)
    store.correct("city-rule", {"title": "市の協働ルール", "effective_from": "2026-04-01"})
    site.pages["/rule.html"] = page(RULE.format("協働の原則は、対話です。").encode())
    assert [d.result for d in store.fetch(sources, verify=site.verify).done] == ["replaced"]
    document = load_index(store.index).by_document["city-rule"][0].document
    assert (document.title, document.effective_from) == ("市の協働ルール", None)


def test_last_modified_is_kept_and_sent_too(sources: Sources, site: Site) -> None:
    day = "Wed, 01 Apr 2026 00:00:00 GMT"
    site.pages["/rule.html"] = page(TEXT, last_modified=day)
    (came,) = fetch(sources, site)
    assert came.validators == Validators("", day)
    fetch(sources, site, {"city-rule": came.validators})
    assert site.asked[-1][2]["if-modified-since"] == day


@pytest.mark.parametrize(
    ("target", "status", "sentence"),
    [
        ("/rule.html", "new", ""),
        ("https://evil.example/rule.html", "refused", "outside the named hosts"),
        ("http://localhost/rule.html", "refused", "outside the named hosts"),
        ("//evil.example/", "refused", "outside the named hosts"),
        ("https://localhost@evil.example/", "refused", "outside the named hosts"),
        ("file:///etc/passwd", "refused", "outside the named hosts"),
        ("/moved.html", "failed", "leads on more than 5 times"),
    ],
)
def test_a_page_that_moved_is_followed_within_the_named_hosts_only(
    target: str, status: str, sentence: str, sources: Sources, site: Site
) -> None:
    site.pages["/moved.html"] = page(b"", status=301, location=target)
    (came,) = fetch(at(sources, "/moved.html"), site)
    assert (came.status, sentence in came.detail) == (status, True), came.detail
    assert bool(came.data) == (status == "new")


def test_a_page_may_move_to_another_named_host(sources: Sources, site: Site) -> None:
    target = f"https://127.0.0.1:{site.port}/rule.html"
    site.pages["/moved.html"] = page(b"", status=302, location=target)
    assert [c.status for c in fetch(at(sources, "/moved.html"), site)] == ["new"]
    assert site.paths() == ["/robots.txt", "/moved.html", "/robots.txt", "/rule.html"]


@pytest.mark.parametrize("url", ["http://localhost/x", "https://evil.example/x", "ftp://x/", "x"])
def test_a_list_with_another_address_is_refused(url: str, tmp_path: Path) -> None:
    path = Path(__file__).parents[1] / "corpus" / "sources.toml"
    text = path.read_text(encoding="utf-8")
    listed = tmp_path / "sources.toml"
    listed.write_text(
        f'{text}\n[[page]]\nid = "x"\ntitle = "x"\nkind = "制度"\nurl = "{url}"\n', encoding="utf-8"
    )
    with pytest.raises(CorpusError, match=r"sources\.toml: expected x at https:// on one of"):
        load_sources(listed)


@pytest.mark.parametrize(
    ("robots", "allowed"),
    [
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: kyodo\nDisallow: /rule", False),
        ("User-agent: other\nDisallow: /", True),
        ("", True),
    ],
)
def test_robots_txt_is_followed(robots: str, allowed: bool, sources: Sources, site: Site) -> None:
    site.pages["/robots.txt"] = page(robots.encode(), "text/plain")
    (came,) = fetch(sources, site)
    assert came.status == ("new" if allowed else "refused"), came.detail
    assert ("/rule.html" in site.paths()) == allowed
    assert site.asked[0][2]["user-agent"] == sources.agent


@pytest.mark.parametrize(("status", "came"), [(404, "new"), (403, "new"), (500, "refused")])
def test_a_missing_robots_txt_allows_and_a_failing_one_forbids(
    status: int, came: str, sources: Sources, site: Site
) -> None:
    site.pages["/robots.txt"] = page(b"", "text/plain", status)
    assert [c.status for c in fetch(sources, site)] == [came]


def test_a_robots_txt_without_end_is_asked_for_once_and_forbids(
    sources: Sources, site: Site
) -> None:
    site.pages["/robots.txt"] = page(b"#" * 600_000, "text/plain")
    came = fetch(at(sources, "/rule.html", "/rule.html"), site)
    assert [c.status for c in came] == ["failed", "failed"]
    assert site.paths() == ["/robots.txt"]


def test_requests_keep_the_pause_and_a_longer_one_where_asked(sources: Sources, site: Site) -> None:
    site.pages["/robots.txt"] = page(b"User-agent: *\nCrawl-delay: 7", "text/plain")
    pauses: list[float] = []
    wanted = replace(at(sources, "/rule.html", "/rule.html"), pause_s=0.5)
    list(fetch_pages(wanted, {}, site.verify, pauses.append))
    assert pauses == [7.0, 7.0]
    pauses.clear()
    site.pages["/robots.txt"] = page(b"", "text/plain")
    list(fetch_pages(wanted, {}, site.verify, pauses.append))
    assert pauses == [0.5, 0.5]


def test_the_pause_is_real(sources: Sources, site: Site) -> None:
    list(fetch_pages(replace(at(sources, "/rule.html"), pause_s=0.3), {}, site.verify))
    (_, first, _), (_, second, _) = site.asked
    assert second - first >= 0.3


@pytest.mark.parametrize(
    ("answer", "status", "sentence"),
    [
        (page(b"x", "application/zip"), "refused", "found application/zip"),
        (page(b"x", ""), "refused", "found none"),
        (page(b"x" * 3000), "refused", "expected up to 2,000 bytes"),
        (page(b"x" * 3000, content_length=""), "refused", "expected up to 2,000 bytes"),
        (page(gzip.compress(b"x" * 9000), content_encoding="gzip"), "refused", "found it packed"),
        (page(b"x", status=404), "failed", "found status 404"),
        (page(b"x", status=503), "failed", "found status 503"),
        (page(b"x", content_length="900"), "failed", ""),
    ],
)
def test_what_is_no_page_within_the_limits_does_not_come(
    answer: object, status: str, sentence: str, sources: Sources, site: Site
) -> None:
    site.pages["/odd"] = answer  # type: ignore[assignment]
    (came, good) = fetch(replace(at(sources, "/odd", "/rule.html"), largest=2_000), site)
    assert came.status == status
    assert sentence in came.detail
    assert came.data == b""
    busy = "status 503" in sentence
    assert good.status == ("failed" if busy else "new")
    assert ("asks to come later" in good.detail) == busy


def test_a_page_that_drips_is_given_up(sources: Sources, site: Site) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("content-type", "text/html")
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b"x")
            time.sleep(0.05)

    site.pages["/drip"] = drip
    started = time.monotonic()
    (came,) = fetch(replace(at(sources, "/drip"), longest_s=0.3), site)
    assert (came.status, "takes too long" in came.detail) == ("failed", True)
    assert time.monotonic() - started < 3


def test_a_certificate_of_nobody_is_not_trusted(sources: Sources, site: Site) -> None:
    with pytest.raises(NoNetwork, match="certificate verify failed"):
        list(fetch_pages(sources, {}))
    assert site.asked == []


def test_without_a_network_it_is_one_sentence_and_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from assistant.cli import main

    monkeypatch.setenv("KYODO_HOME", str(tmp_path))
    started = time.monotonic()
    assert main(["documents", "fetch"]) == 1
    assert time.monotonic() - started < 20
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert said[0].startswith("kyodo: expected to reach kawasaki-city.note.jp, ")
    assert "run this command where there is a network" in said[0]
    assert not (tmp_path / "index").exists()


def test_one_host_that_is_down_does_not_stop_the_other(
    store: DocumentStore, sources: Sources, site: Site
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        down = f"127.0.0.1:{closed.getsockname()[1]}"
    wanted = at(sources, f"https://{down}/a", f"https://{down}/b", "/rule.html")
    wanted = replace(wanted, hosts=sources.hosts | {down})
    report = store.fetch(wanted, verify=site.verify)
    assert [d.result for d in report.done] == ["refused", "refused", "added"]
    assert report.has_problems
    assert report.index


def test_a_page_without_text_is_refused(store: DocumentStore, sources: Sources, site: Site) -> None:
    site.pages["/rule.html"] = page(b"<html><body><script>x</script></body></html>")
    report = store.fetch(sources, verify=site.verify)
    assert [d.result for d in report.done] == ["refused"]
    assert not list(store.root.glob("*/"))


def test_what_was_fetched_can_be_told_in_json(
    store: DocumentStore, sources: Sources, site: Site
) -> None:
    store.fetch(sources, verify=site.verify)
    entry = json.loads((store.root / "city-rule" / "versions.json").read_text(encoding="utf-8"))
    assert entry["versions"][0]["etag"] == '"one"'
