"""The programs that print the samples: LibreOffice from Word files, Chromium, ReportLab."""

from __future__ import annotations

import html
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.pdf_samples import Article, Sample, Table, article_lines

_FONTS = ("IPAMincho", "Noto Serif CJK JP", "IPAGothic")
_IPA = Path("/usr/share/fonts/opentype/ipafont-mincho/ipam.ttf")
A4 = (595.28, 841.89)


def chromium(made: Sequence[Sample], folder: Path) -> dict[str, Path]:
    """Printed by a browser from HTML."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("Chromium is not installed (package: chromium)")
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    printed = {}
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        for sample in made:
            page.set_content(_page(sample))
            printed[sample.name] = folder / f"{sample.name}-chromium.pdf"
            page.pdf(path=str(printed[sample.name]), prefer_css_page_size=True)
        browser.close()
    return printed


def _page(sample: Sample) -> str:
    boxes = f'@top-right {{ content: "{sample.header}" }}' if sample.header else ""
    boxes += '@bottom-center { content: "- " counter(page) " -" }' if sample.footer else ""
    body = "".join(_element(part) for part in sample.parts)
    columns = "columns:2;column-gap:10mm" if sample.layout == "columns" else ""
    mode = "writing-mode:vertical-rl" if sample.layout == "vertical" else ""
    return (
        "<!DOCTYPE html><html lang='ja'><head><meta charset='utf-8'><style>"
        f"@page {{ size: A4; margin: 24mm; {boxes} }}"
        f"body {{ font: 10.5pt/1.7 '{_FONTS[sample.fonts % 3]}'; {mode}; margin: 0 }}"
        "h1 { font-size: 18pt } h2 { font-size: 13pt } p { margin: 0; text-indent: 1em }"
        "p.a { text-indent: -1em; padding-left: 1em } p.c { text-indent: 0 }"
        "table { border-collapse: collapse; margin: 6pt 0 }"
        "td, th { border: 0.5pt solid #333; padding: 2pt 4pt }"
        f"div {{ {columns} }}</style></head><body>"
        f"<h1>{sample.title}</h1><div>{body}</div></body></html>"
    )


def _element(part: Any) -> str:
    if isinstance(part, Table):
        rows = [f"<tr>{''.join(f'<th>{h}</th>' for h in part.heads)}</tr>"]
        rows += [f"<tr>{''.join(f'<td>{html.escape(c)}</td>' for c in r)}</tr>" for r in part.rows]
        return f"<table>{''.join(rows)}</table>"
    if isinstance(part, Article):
        first, *others = article_lines(part)
        return f"<p class='c'>{first}</p>" + "".join(f"<p class='a'>{line}</p>" for line in others)
    if part.startswith("#"):
        return f"<h2>{part[1:]}</h2>"
    return f"<p>{html.escape(part)}</p>"


def libreoffice(made: Sequence[Sample], folder: Path) -> dict[str, Path]:
    """Printed by LibreOffice from Word files."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed (package: libreoffice-writer)")
    pytest.importorskip("docx", reason="python-docx is not installed")
    words, printed = [], {}
    for sample in made:
        words.append(folder / f"{sample.name}-libreoffice.docx")
        _word(sample, words[-1])
        printed[sample.name] = words[-1].with_suffix(".pdf")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [program, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, *words],
        check=True,
        capture_output=True,
        timeout=600,
    )
    return printed


def _word(sample: Sample, path: Path) -> None:
    import docx
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    document = docx.Document()
    font = _FONTS[sample.fonts % 3]
    for name in ("Normal", "Title", "Heading 1"):
        style = document.styles[name]
        style.font.name = font
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    document.styles["Normal"].font.size = Pt(10.5)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    if sample.header:
        section.header.paragraphs[0].text = sample.header
    if sample.footer:
        _page_number(section.footer.paragraphs[0])
    document.add_heading(sample.title, 0)
    if sample.layout == "columns":
        section = document.add_section(docx.enum.section.WD_SECTION.CONTINUOUS)
        columns = section._sectPr.xpath("./w:cols")[0]
        columns.set(qn("w:num"), "2")
    if sample.layout == "vertical":
        direction = OxmlElement("w:textDirection")
        direction.set(qn("w:val"), "tbRl")
        section._sectPr.append(direction)
        section.page_width, section.page_height = Mm(297), Mm(210)
        document.styles["Normal"].paragraph_format.line_spacing = Pt(18)
    for part in sample.parts:
        _add(document, part)
    document.save(str(path))


def _page_number(paragraph: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.alignment = 1
    number = OxmlElement("w:fldSimple")
    number.set(qn("w:instr"), "PAGE")
    paragraph._p.append(number)


def _add(document: Any, part: Any) -> None:
    if isinstance(part, Table):
        table = document.add_table(rows=0, cols=len(part.heads), style="Table Grid")
        for row in (part.heads, *part.rows):
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    elif isinstance(part, Article):
        for line in article_lines(part):
            document.add_paragraph(line)
    elif part.startswith("#"):
        document.add_heading(part[1:], 1)
    else:
        document.add_paragraph(f"　{part}")


def reportlab(made: Sequence[Sample], folder: Path) -> dict[str, Path]:
    """Printed by ReportLab: an embedded font, or one of Adobe-Japan1 that is not embedded."""
    pytest.importorskip("reportlab", reason="ReportLab is not installed")
    printed = {}
    for sample in made:
        printed[sample.name] = folder / f"{sample.name}-reportlab.pdf"
        _draw(sample, printed[sample.name])
    return printed


def _font(sample: Sample) -> str:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFont

    if sample.fonts % 2 and _IPA.is_file():
        pdfmetrics.registerFont(TTFont("IPAMincho", _IPA))
        return "IPAMincho"
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))
    return "HeiseiMin-W3"


def _draw(sample: Sample, path: Path) -> None:
    font = _font(sample)
    if sample.layout == "vertical":
        _draw_down(sample, path, font)
        return
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    def furniture(canvas: Any, document: Any) -> None:
        canvas.setFont(font, 9)
        if sample.header:
            canvas.drawRightString(A4[0] - 68, A4[1] - 40, sample.header)
        if sample.footer:
            canvas.drawCentredString(A4[0] / 2, 36, f"- {document.page} -")

    width, height = A4[0] - 136, A4[1] - 136
    one = [Frame(68, 68, width, height, 0, 0, 0, 0)]
    if sample.layout == "columns":
        half = width / 2 - 12
        two = [Frame(x, 68, half, height - 40, 0, 0, 0, 0) for x in (68, 68 + half + 24)]
        one = [Frame(68, A4[1] - 108, width, 40, 0, 0, 0, 0), *two]
    document = BaseDocTemplate(str(path), pagesize=A4)
    document.addPageTemplates([PageTemplate("all", one, onPage=furniture)])
    document.build(_flow(sample, font))


def _flow(sample: Sample, font: str) -> list[Any]:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import FrameBreak, Paragraph, Spacer
    from reportlab.platypus import Table as Ruled

    def style(size: float, **more: Any) -> ParagraphStyle:
        leading = size * 1.6
        return ParagraphStyle(
            f"s{size}{more}", fontName=font, fontSize=size, leading=leading, wordWrap="CJK", **more
        )

    body = style(10.5, firstLineIndent=10.5)
    hanging = style(10.5, leftIndent=10.5, firstLineIndent=-10.5)
    flow: list[Any] = [Paragraph(sample.title, style(18))]
    flow.append(FrameBreak() if sample.layout == "columns" else Spacer(1, 12))
    for part in sample.parts:
        if isinstance(part, Table):
            rows = [[Paragraph(c, style(10)) for c in row] for row in (part.heads, *part.rows)]
            flow.append(Ruled(rows, style=[("GRID", (0, 0), (-1, -1), 0.5, (0, 0, 0))]))
        elif isinstance(part, Article):
            first, *others = article_lines(part)
            flow.append(Paragraph(first, style(10.5)))
            flow += [Paragraph(line, hanging) for line in others]
        elif part.startswith("#"):
            flow.append(Paragraph(part[1:], style(13)))
        else:
            flow.append(Paragraph(html.escape(part), body))
    return flow


def _draw_down(sample: Sample, path: Path, font: str) -> None:
    """Columns of characters from the right, each character put where it belongs."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path), pagesize=A4)
    x, size = A4[0] - 80, 12
    canvas.setFont(font, size)
    for line in sample.text.split("\n"):
        longest = int((A4[1] - 160) / size)
        for start in range(0, len(line), longest):
            for n, character in enumerate(line[start : start + longest]):
                canvas.drawString(x, A4[1] - 80 - (n + 1) * size, character)
            x -= size * 1.8
            if x < 70:
                canvas.showPage()
                canvas.setFont(font, size)
                x = A4[0] - 80
    canvas.save()


PRODUCERS = {"chromium": chromium, "libreoffice": libreoffice, "reportlab": reportlab}
