"""The Documents page over HTTP: real files, real readers, a real index and a real server."""

from __future__ import annotations

import io
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from lxml import html as parser
from PIL import Image
from starlette.testclient import TestClient

from assistant.audit.log import FILE
from assistant.audit.verify import verify
from assistant.documents_page.upload import names_of, safe_name
from assistant.documents_page.work import work_folder, work_of
from assistant.pages import Surroundings, find_pages
from assistant.pipeline import Assistant
from assistant.server import create_app
from assistant.settings import Settings
from assistant.state import State, open_state
from index.generations import named
from tests.documents_home import (
    QUESTION,
    TITLE,
    documents_page,
    line_top,
    make_docx,
    make_pdf,
    send_files,
    wait_for_work,
)
from tests.test_server import send

pytest.importorskip("reportlab", reason="ReportLab is not installed")
pytest.importorskip("docx", reason="python-docx is not installed")

JA = {"accept-language": "ja"}
RISKY = "<img src=x onerror=alert(1)>.pdf"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("documents") / "home"


@pytest.fixture(scope="module")
def address(home: Path, bundled_index_folder: Path) -> Iterator[str]:
    with documents_page(home, bundled_index_folder) as found:
        with httpx.Client(base_url=found, timeout=60, headers=JA) as web:
            sent = send_files(
                web,
                ("../../../kadan-yoko.pdf", make_pdf()),
                ("C:\\temp\\tebiki.docx", make_docx()),
                ("broken.pdf", b"%PDF-1.7\nnothing of a PDF"),
                ("locked.pdf", make_pdf(password="secret")),
                (RISKY, b""),
            )
            assert sent.status_code == 303, sent.text
            wait_for_work(web, home)
        yield found


@pytest.fixture
def web(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60, headers=JA) as client:
        yield client


def page_of(web: httpx.Client, path: str, status: int = 200) -> parser.HtmlElement:
    answer = web.get(path)
    assert answer.status_code == status, answer.text
    return parser.fromstring(answer.text)


def text_of(element: parser.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_every_file_sent_ends_in_the_report_in_plain_words(web: httpx.Client) -> None:
    page = page_of(web, "/documents")
    files = {
        text_of(each.xpath("./p")[0]).split()[1]: text_of(each)
        for each in page.xpath("//div[contains(@class, 'd-file')]")
    }
    assert "追加しました（" in files["kadan-yoko.pdf"]
    assert "追加しました（" in files["tebiki.docx"]
    assert "ファイルが壊れているか" in files["broken.pdf"]
    assert "パスワードを外して保存し直してください" in files["locked.pdf"]
    assert len(files) == 5
    assert "2件は問題なく終わりました。3件は確認が必要です" in text_of(page)
    assert not page.xpath("//main//img | //main//script")


def test_what_was_added_is_listed_with_dates_to_be_confirmed(web: httpx.Client) -> None:
    page = page_of(web, "/documents")
    own, bundled = page.xpath("//table[contains(@class, 'd-documents')]")
    listed = text_of(own)
    assert TITLE in listed
    assert "2024年4月1日から" in listed
    assert "本文から読み取ったもの" in listed
    assert "○ 問題なし" in listed
    assert len(bundled.xpath(".//tbody/tr[th]")) >= 15
    named = [a.text for a in page.xpath("//nav[1]//a")]
    assert named[0] == "相談"
    assert {"文書", "評価"} <= set(named)


def test_no_name_sent_is_ever_a_path(web: httpx.Client, home: Path) -> None:
    assert sorted(p.name for p in (home / "documents").iterdir() if p.is_dir()) == [
        "kadan-yoko",
        "tebiki",
    ]
    assert not list(home.parent.glob("*.pdf"))
    assert not (work_folder(home) / "files").exists()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\a.pdf", "a.pdf"),
        (".bashrc", "bashrc"),
        ("...", "document"),
        ("", "document"),
        ("a\x00b\n.pdf", "a_b_.pdf"),
        ("手引き．pdf", "手引き．pdf"),
        ("か\u3099.md", "が.md"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("あ" * 300 + ".pdf", "あ" * 50 + ".pdf"),
    ],
)
def test_a_name_is_made_harmless(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept


def test_two_files_of_one_name_do_not_overwrite_each_other() -> None:
    assert names_of(["a/x.md", "b/x.md"]) == ("x.md", "1-again/x.md")


def test_a_citation_in_the_chat_opens_its_page_with_the_quote_marked(web: httpx.Client) -> None:
    told = send(web, "submit", {"question": QUESTION}, "marked")
    link = re.search(r'href=\\*"(documents/kadan-yoko/page/1\?[^"\\]+)', told)
    assert link, told[-3000:]
    page = page_of(web, "/" + link.group(1).replace("&amp;", "&"))
    (mark,) = page.xpath("//*[local-name()='rect'][@class='d-mark']")
    (svg,) = page.xpath("//main//*[local-name()='svg']")
    wide, high = map(float, svg.get("viewbox", svg.get("viewBox")).split()[2:])
    box = [float(mark.get(name)) for name in ("x", "y", "width", "height")]
    top, bottom = box[1] / high, (box[1] + box[3]) / high
    assert top < line_top(4) < bottom + 0.005
    assert bottom - top < 0.03
    assert "引用した部分に、この色" in text_of(page)
    assert "３万５千円" in text_of(page.xpath("//main//li//mark")[0])
    (image,) = page.xpath("//main//img")
    picture = web.get(image.get("src"))
    assert picture.headers["content-type"] == "image/png"
    drawn = Image.open(io.BytesIO(picture.content)).convert("L")
    scale = drawn.width / wide
    inside = drawn.crop(
        tuple(round(v * scale) for v in (box[0], box[1], box[0] + box[2], box[1] + box[3]))
    )
    assert inside.getextrema()[0] < 100  # the words themselves lie under the mark
    above = drawn.crop((0, 0, drawn.width, round(drawn.height * 0.05)))
    assert above.getextrema()[0] > 200
    assert wide / high == pytest.approx(drawn.width / drawn.height, abs=0.01)


def test_passages_are_outlined_where_they_stand(web: httpx.Client) -> None:
    page = page_of(web, "/documents/kadan-yoko/page/2")
    assert page.xpath("//*[local-name()='rect'][@class='d-outline']")
    assert not page.xpath("//*[local-name()='rect'][@class='d-mark']")
    assert "2 / 2ページ" in text_of(page)


def test_a_quote_that_cannot_be_placed_is_said_and_not_painted(web: httpx.Client) -> None:
    first = page_of(web, "/documents/kadan-yoko/page/1?passage=nowhere")
    assert "今の索引にはありません" in text_of(first)
    told = send(web, "submit", {"question": QUESTION}, "elsewhere")
    found = re.search(r"passage=([^&\"\\]+)", told)
    assert found
    wrong = page_of(web, f"/documents/kadan-yoko/page/2?passage={found.group(1)}")
    assert "印を付けていません" in text_of(wrong)
    assert not wrong.xpath("//*[local-name()='rect'][@class='d-mark']")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/documents/nothing", 404),
        ("/documents/nothing/history", 404),
        ("/documents/kadan-yoko/page/99", 200),
        ("/documents/kadan-yoko/picture/99.png", 404),
        ("/documents/tebiki/picture/1.png", 404),
        ("/documents/..%2f..%2fetc/picture/1.png", 404),
        ("/documents/kadan-yoko/page/x", 404),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(web: httpx.Client, path: str, status: int) -> None:
    answer = web.get(path)
    assert answer.status_code == status
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
    ],
)
def test_no_other_site_can_change_a_document(web: httpx.Client, headers: dict[str, str]) -> None:
    for path in ("-/add", "-/back", "tebiki/remove", "tebiki/correct", "tebiki/restore"):
        assert web.post(f"/documents/{path}", headers=headers, data={}).status_code == 403, path
    assert web.get("/documents/tebiki").status_code == 200


def test_too_much_at_once_is_refused_before_it_is_read(address: str) -> None:
    where = urlsplit(address)
    with socket.create_connection((where.hostname, where.port), 10) as line:
        line.sendall(
            f"POST /documents/-/add HTTP/1.1\r\nHost: {where.netloc}\r\n"
            f"Content-Length: {201 * 1_000_000}\r\n\r\n".encode()
        )
        assert b" 413 " in line.recv(100)
        line.close()
    with httpx.Client(base_url=address) as web:
        big = web.post("/documents/tebiki/correct", content=b"x" * 1_100_000)
        assert big.status_code == 413


@pytest.mark.parametrize("public", ["", "https://chat.city.example"])
def test_only_the_machine_itself_may_change_anything(
    bundled_index: object, tmp_path: Path, public: str
) -> None:
    door = Assistant(bundled_index)  # type: ignore[arg-type]
    around = Surroundings(
        Settings(tmp_path), tmp_path / "index", door, open_state(tmp_path / "state")
    )
    app = create_app(door, public=public, pages=find_pages(), around=around)
    peer = ("127.0.0.1" if public else "10.1.2.3", 50000)
    client = TestClient(app, base_url="http://127.0.0.1", client=peer)
    for path in ("-/add", "-/back", "x/remove", "x/correct", "x/restore"):
        assert client.post(f"/documents/{path}", data={"a": "b"}).status_code == 403, path
    page = client.get("/documents", headers=JA)
    assert "動いているパソコンでだけ" in page.text
    assert 'type="file"' not in page.text
    assert work_of(tmp_path) is None


@pytest.mark.parametrize("action", ["remove", "restore", "correct"])
def test_a_bundled_document_cannot_be_changed(web: httpx.Client, action: str) -> None:
    links = page_of(web, "/documents").xpath("(//table)[2]//th/a/@href")
    answer = web.post(f"{links[0]}/{action}", data={"version": "1", "title": "x"})
    assert answer.status_code == 409
    assert "この画面では変更できません" in answer.text
    assert web.get(f"{links[0]}/remove").status_code == 409


def test_nothing_sent_is_said(web: httpx.Client) -> None:
    answer = web.post("/documents/-/add", files=[("other", ("a.md", b"x"))])
    assert answer.status_code == 400
    assert "ファイルを選んでください" in answer.text


def test_everything_is_there_in_english(web: httpx.Client) -> None:
    for path in ("", "/kadan-yoko", "/kadan-yoko/page/1", "/-/index", "/tebiki/history"):
        page = page_of(web, f"/documents{path}?language=en")
        assert page.xpath("/html/@lang") == ["en"]


def test_a_documents_life(web: httpx.Client, home: Path) -> None:
    """Dates confirmed, title corrected, a new version, restored, removed; each is a build."""
    assert "日付を確認してください" in web.get("/documents/kadan-yoko").text
    assert web.post("/documents/kadan-yoko/correct", data={"confirm": "1"}).status_code == 303
    busy = web.post("/documents/tebiki/remove")
    assert busy.status_code == 409
    assert "ほかの作業が進んでいます" in busy.text
    assert "data-progress" in web.get("/documents").text
    wait_for_work(web, home)
    page = web.get("/documents/kadan-yoko").text
    assert "日付を確認してください" not in page
    assert "2024年4月1日から" in page

    same = web.post("/documents/tebiki/correct", data={"title": "見本の助成の手引"})
    assert same.status_code == 400
    given = {"title": "<b>助成</b>の手引", "effective_from": "2025-04-01"}
    assert web.post("/documents/tebiki/correct", data=given).status_code == 303
    wait_for_work(web, home)
    page = page_of(web, "/documents/tebiki")
    assert text_of(page.xpath("//h1")[0]) == "<b>助成</b>の手引"
    assert "2025年4月1日から" in text_of(page)

    assert send_files(web, ("tebiki.docx", make_docx("30万円"))).status_code == 303
    wait_for_work(web, home)
    page = page_of(web, "/documents/tebiki/history")
    assert "第2版（使用中）" in text_of(page)
    assert [e.text for e in page.xpath("//del")] == ["2"]
    assert [e.text for e in page.xpath("//ins")] == ["3"]
    assert "新しい版にしました" in web.get("/documents").text
    assert web.post("/documents/tebiki/restore", data={"version": "1"}).status_code == 303
    wait_for_work(web, home)
    assert "第1版（使用中）" in text_of(page_of(web, "/documents/tebiki/history"))

    before = named(home / "index")
    assert web.post("/documents/-/back").status_code == 303
    assert named(home / "index") != before
    assert "戻れる索引はありません" in web.get("/documents/-/index").text

    asked = page_of(web, "/documents/tebiki/remove")
    assert "すべての版（2つ）とともに削除します" in text_of(asked)
    assert web.get("/documents/tebiki").status_code == 200
    assert web.post("/documents/tebiki/remove").status_code == 303
    wait_for_work(web, home)
    assert web.get("/documents/tebiki").status_code == 404
    assert not (home / "documents" / "tebiki").exists()

    with State(home / FILE).reading() as rows:
        logged = [tuple(row)[1:6] for row in rows.execute("SELECT * FROM entries")]
    actions = [action for _, _, _, action, _ in logged if not action.startswith("chat.")]
    changes = ["add", "correct", "correct", "add", "restore", "remove"]
    assert [a for a in actions if a != "index.back"] == [f"documents.{c}" for c in changes]
    assert actions[-2] == "index.back"
    assert {who for _, who, *_ in logged} == {"local"}
    assert verify(home / FILE).last == len(logged)


def test_a_change_that_is_cut_short_is_said(tmp_path: Path) -> None:
    folder = work_folder(tmp_path)
    folder.mkdir(parents=True)
    (folder / "request.json").write_text('{"action": "add", "started": "2026-11-26T10:00:00"}')
    work = work_of(tmp_path)
    assert work is not None
    assert (work.running, work.report, work.failed) == (False, None, "")
