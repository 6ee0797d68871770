"""Word and Excel files, told apart by what they hold and not by their names."""

from __future__ import annotations

from corpus.blocks import FileContent
from corpus.docx import read_document
from corpus.errors import UnreadableFile
from corpus.ooxml import open_package
from corpus.xlsx import read_workbook


def read_office(data: bytes, name: str) -> FileContent:
    """The content of a Word or Excel file.

    Raises:
        UnreadableFile: where it is neither, or is refused (see ``open_package``).
    """
    package = open_package(data, name)
    kind = package.kind()
    if kind == "word":
        return read_document(package)
    if kind == "sheet":
        return read_workbook(package)
    raise UnreadableFile(
        f"{name}: expected a Word or Excel file, found another kind of office file; save it as "
        "PDF, .docx or .xlsx."
    )
