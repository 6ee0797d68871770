"""The first reader of PDF: pypdf, page by page. It runs in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from pypdf import PageObject, PdfReader, apply_configuration
from pypdf.errors import LimitReachedError
from pypdf.generic import ArrayObject, StreamObject

from corpus.errors import EncryptedFile, FileTooBig


def read(file: BinaryIO, options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """``{"pages": n}``, then for every page ``{"page", "text"}`` or ``{"page", "error"}``.

    A page without text says how many bytes are ``written`` for it: contents that give nothing
    are damaged, and no reader says so.

    Args:
        file: the PDF.
        options: ``unpacked_bytes``, ``parsing_steps``, ``characters_per_page``,
            ``pages_over_limit`` and ``pages`` of ``pdf.toml``.

    Raises:
        EncryptedFile: where it asks for a password.
        FileTooBig: where it has too many pages, or too many that are over a limit.
    """
    with apply_configuration(**_configuration(options)):
        reader = PdfReader(file)
        if reader.is_encrypted and not reader.decrypt(""):
            raise EncryptedFile("the PDF asks for a password; save it without one.")
        count = len(reader.pages)
        if count > options["pages"]:
            raise FileTooBig(f"expected at most {options['pages']} pages, found {count}.")
        yield {"pages": count}
        over = 0
        for number in range(1, count + 1):
            row = _read_page(reader, number, options["characters_per_page"])
            over += bool(row.get("limit"))
            if over > options["pages_over_limit"]:
                raise FileTooBig(f"{row['error']}, and so on other pages.")
            yield {"page": number, **row}


def _read_page(reader: PdfReader, number: int, most: int) -> dict[str, Any]:
    try:
        page = reader.pages[number - 1]
        text = page.extract_text()
        written = 0 if text.strip() else _written(page)
    except Exception as error:  # noqa: BLE001 - pypdf raises many kinds on broken pages
        limit = isinstance(error, LimitReachedError)
        return {"error": f"{error}"[:200] or type(error).__name__, "limit": limit}
    if len(text) > most:
        found = f"expected at most {most} characters on a page, found {len(text)}"
        return {"error": found, "limit": True}
    return {"text": text, "written": written}


def _written(page: PageObject) -> int:
    """The bytes of a page's contents as they lie in the file."""
    contents = page.get("/Contents")
    found = contents.get_object() if contents is not None else None
    streams = found if isinstance(found, ArrayObject) else [found]
    return sum(
        len(stream._data)
        for stream in (s.get_object() for s in streams if s is not None)
        if isinstance(stream, StreamObject)
    )


def _configuration(options: dict[str, Any]) -> dict[str, Any]:
    most = options["unpacked_bytes"]
    return {
        "zlib_maximum_output_length": most,
        "lzw_maximum_output_length": most,
        "run_length_maximum_output_length": most,
        "jbig2_maximum_output_length": most,
        "brotli_maximum_output_length": most,
        "array_based_stream_maximum_output_length": most,
        "stream_parsing_work_maximum_count": options["parsing_steps"],
        "jbig2dec_binary": None,
    }
