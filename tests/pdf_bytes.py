"""PDFs written byte by byte, for tests of what no ordinary program would write."""

from __future__ import annotations

from collections.abc import Sequence


def assemble(objects: Sequence[str | bytes], trailer: str = "") -> bytes:
    """A PDF of these objects, the first its catalogue."""
    written = b"%PDF-1.7\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(written))
        data = body if isinstance(body, bytes) else body.encode("latin-1")
        written += b"%d 0 obj\n%s\nendobj\n" % (number, data)
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    return written + (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\n"
        f"startxref\n{len(written)}\n%%EOF\n"
    ).encode("ascii")


def stream(data: bytes, entries: str = "") -> bytes:
    """A stream object."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries.encode(), data)


def one_font(encoding: str, shown: bytes, ordering: str = "Japan1") -> bytes:
    """One page that shows bytes in a font that is not embedded, under a predefined CMap."""
    content = b"BT /F1 12 Tf 50 700 Td <%s> Tj ET" % shown.hex().encode()
    return assemble(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [6 0 R] /Count 1 >>",
            f"<< /Type /Font /Subtype /Type0 /BaseFont /Ryumin-Light /Encoding /{encoding} "
            "/DescendantFonts [4 0 R] >>",
            "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Ryumin-Light /CIDSystemInfo "
            f"<< /Registry (Adobe) /Ordering ({ordering}) /Supplement 2 >> /FontDescriptor 5 0 R "
            "/DW 1000 >>",
            "<< /Type /FontDescriptor /FontName /Ryumin-Light /Flags 4 /Ascent 880 /Descent -120 "
            "/FontBBox [0 -120 1000 880] /ItalicAngle 0 /CapHeight 700 /StemV 80 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            "/Resources << /Font << /F1 3 0 R >> >> /Contents 7 0 R >>",
            stream(content),
        ]
    )


def latin(contents: Sequence[bytes], page: str = "") -> bytes:
    """A PDF with one page for every content stream, in Helvetica."""
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(contents)))
    objects: list[str | bytes] = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for i, content in enumerate(contents):
        objects += [
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Resources << /Font << /F1 3 0 R >> >> {page} /Contents {5 + 2 * i} 0 R >>",
            content,
        ]
    return assemble(objects)
