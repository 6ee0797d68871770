"""Files as an office has them, and the Documents page over a data folder of its own."""

from __future__ import annotations

import io
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from assistant.live import LiveAssistant
from assistant.pages import Surroundings, find_pages
from assistant.settings import Settings
from assistant.state import open_state
from index import load_index
from tests.page_server import serving

IPA = Path("/usr/share/fonts/opentype/ipafont-mincho/ipam.ttf")
WIDTH, HEIGHT = 595.0, 842.0
TITLE = "見本市花壇管理要綱"
PAGES = (
    (
        TITLE,
        "（目的）",
        "第１条　この要綱は、市内の公園の花壇の管理について必要な事項を定める。",
        "（報奨金）",
        "第２条　花壇を管理する団体には、年額３万５千円の報奨金を交付する。",
        "",
        "この様式は窓口で配ります。",
        "この様式は窓口で配ります。",
    ),
    (
        "（届出）",
        "第３条　管理をやめるときは、１か月前までに公園緑地課へ届け出る。",
        "附　則",
        "この要綱は、令和６年４月１日から施行する。",
    ),
)
QUESTION = "花壇を管理する団体への報奨金は年額いくらですか。"
TOP, STEP, LEFT, SIZE = 760.0, 30.0, 60.0, 13.0


def line_top(number: int) -> float:
    """How far from the top of its page a line's baseline stands, as a share of the height."""
    return (HEIGHT - (TOP - STEP * number)) / HEIGHT


def make_pdf(pages: Sequence[Sequence[str]] = PAGES, password: str = "") -> bytes:
    """A PDF with one line of text below the other, as ReportLab writes it."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    font = "IPAMincho" if IPA.is_file() else "HeiseiMin-W3"
    made = TTFont("IPAMincho", str(IPA)) if IPA.is_file() else UnicodeCIDFont(font)
    pdfmetrics.registerFont(made)
    written = io.BytesIO()
    canvas = Canvas(written, (WIDTH, HEIGHT), encrypt=password or None)
    for page in pages:
        for number, line in enumerate(page):
            canvas.setFont(font, SIZE * 1.5 if line == TITLE else SIZE)
            canvas.drawString(LEFT, TOP - STEP * number, line)
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def make_docx(amount: str = "20万円") -> bytes:
    """A Word file of two paragraphs under a heading."""
    import docx

    document = docx.Document()
    document.add_heading("見本の助成の手引", 0)
    document.add_heading("金額", 1)
    document.add_paragraph(f"見本の助成金の上限は、1団体あたり{amount}です。")
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


@contextmanager
def documents_page(home: Path, index: Path) -> Iterator[str]:
    """Serve the conversation and the pages over a copy of an index; gives the address."""
    shutil.copytree(index, home / "index")
    door = LiveAssistant(home / "index")
    around = Surroundings(Settings(home), home / "index", door, open_state(home / "state.sqlite3"))
    with door.watching(0.2), serving(door, find_pages(), around) as address:
        yield address


def send_files(web: httpx.Client, *files: tuple[str, bytes]) -> httpx.Response:
    """Send files as the page's form does."""
    given = [("files", (name, data, "application/octet-stream")) for name, data in files]
    return web.post("/documents/-/add", files=given)


def wait_for_work(web: httpx.Client, home: Path, limit_s: float = 120) -> None:
    """Wait until no change is under way and the new index answers."""
    end = time.monotonic() + limit_s
    while web.get("/documents/-/state").json()["running"]:
        if time.monotonic() > end:
            raise TimeoutError(f"Expected the change to end within {limit_s} s, found it did not.")
        time.sleep(0.2)
    wanted = load_index(home / "index").fingerprint
    while web.get("/healthz").json()["index"] != wanted:
        if time.monotonic() > end:
            raise TimeoutError(f"Expected the new index to answer in {limit_s} s, found it not.")
        time.sleep(0.2)
