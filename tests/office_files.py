"""Word and Excel files made part by part, with what no library writes."""

from __future__ import annotations

import io
import zipfile

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = {
    "word": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xl": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}


def package(parts: dict[str, str | bytes], main: str, head: str = "") -> bytes:
    """A package of these parts around its main one; ``head`` stands before the main part's root."""
    kind = main.split("/")[0]
    types = (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/{main}" '
        f'ContentType="{_TYPES[kind]}"/></Types>'
    )
    root = (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{RELATION}/officeDocument" Target="{main}"/></Relationships>'
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("_rels/.rels", root)
        for path, part in parts.items():
            whole = head + part if path == main and isinstance(part, str) else part
            archive.writestr(path, whole)
    return data.getvalue()


def relations(targets: dict[str, str]) -> str:
    """A part of relations: the kind of each target and its path."""
    rows = "".join(
        f'<Relationship Id="rId{i}" Type="{RELATION}/{kind.split("#")[0]}" Target="{target}"/>'
        for i, (kind, target) in enumerate(targets.items(), 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def word(body: str, head: str = "", **parts: str) -> bytes:
    """A Word document: the XML of its body, and of its styles, numbering and footnotes."""
    wrapped = {
        f"word/{name}.xml": f'<w:{name} xmlns:w="{WORD}">{xml}</w:{name}>'
        for name, xml in parts.items()
    }
    document = f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    return package(
        {
            "word/document.xml": document,
            "word/_rels/document.xml.rels": relations({name: f"{name}.xml" for name in parts}),
            **wrapped,
        },
        "word/document.xml",
        head,
    )


def paragraph(text: str, style: str = "", properties: str = "", run: str = "") -> str:
    """A paragraph of one run."""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    return (
        f"<w:p><w:pPr>{styled}{properties}</w:pPr>"
        f"<w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"
    )


def listed(text: str, depth: int = 0, list_id: int = 1) -> str:
    """A paragraph of a list."""
    numbered = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{list_id}"/></w:numPr>'
    return paragraph(text, properties=numbered)


def numbering(*levels: tuple[str, str]) -> str:
    """One list whose levels have these formats and texts."""
    rows = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{look}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for i, (look, text) in enumerate(levels)
    )
    return (
        f'<w:abstractNum w:abstractNumId="0">{rows}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
