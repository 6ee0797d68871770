"""Word and Excel files as packages of XML parts: checked before anything is unpacked.

lxml reads the parts, streaming; python-docx and openpyxl open the whole package first, keep
it in memory, and show neither rendered numbers, accepted changes nor, in openpyxl's streaming
mode, merged cells and hidden rows.
"""

from __future__ import annotations

import io
import posixpath
import struct
import tomllib
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from corpus.errors import EncryptedFile, FileTooBig, UnreadableFile

_MB = 1 << 20
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x07"
_END_SIZE = 22
_LONGEST_COMMENT = 65_535
_DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError)
"""What zipfile raises on a damaged file; RuntimeError holds NotImplementedError."""


@dataclass(frozen=True)
class Package:
    """A package whose directory was checked; ``main`` is the path of its main part."""

    archive: zipfile.ZipFile
    name: str
    main: str

    def has(self, path: str) -> bool:
        """Whether there is such a part."""
        return path in self.archive.NameToInfo

    def related(self, path: str = "") -> dict[str, str]:
        """The targets inside the package that a part names, by relation id and by kind."""
        return _relations(self.archive, path, self.name)

    def elements(self, path: str, tags: tuple[str, ...]) -> Iterator[etree._Element]:
        """The elements of these local names as their ends are read; the caller clears them.

        Raises:
            UnreadableFile: if the part is missing, is no XML, or declares a document type.
        """
        return _elements(self.archive, path, tags, self.name)

    def kind(self) -> str:
        """What the main part is: "word", "sheet", or "" for anything else."""
        for element in self.elements("[Content_Types].xml", ("Override", "Default")):
            type_ = attribute(element, "ContentType")
            if attribute(element, "PartName").lstrip("/") == self.main:
                word = "wordprocessingml" in type_ or "ms-word" in type_
                sheet = "spreadsheetml" in type_ or "ms-excel.sheet" in type_
                return "word" if word else "sheet" if sheet else ""
        return ""


@cache
def limits() -> dict[str, int]:
    """The limits of office.toml."""
    return {key: value for key, value in _settings().items() if isinstance(value, int)}


def other_kinds() -> dict[str, str]:
    """Endings of documents that are not read, and what to do with such a file, of office.toml."""
    kinds: dict[str, str] = _settings()["other_kinds"]
    return kinds


@cache
def _settings() -> dict[str, Any]:
    with Path(__file__).with_name("office.toml").open("rb") as file:
        return tomllib.load(file)


def is_package(data: bytes) -> bool:
    """Whether bytes begin like a zip file or an old or encrypted office file."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06", _OLE))


def open_package(data: bytes, name: str) -> Package:
    """A package whose directory holds nothing that could harm.

    Args:
        data: the file's bytes.
        name: its name, for the messages.

    Raises:
        UnreadableFile: where it is no zip file, asks for a password, is too large once
            unpacked, or has names that are absolute, climb out or come twice.
    """
    if data.startswith(_OLE):
        raise _ole(data, name)
    _check_directory_size(data, name)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (ValueError, struct.error, *_DAMAGED) as error:
        raise UnreadableFile(
            f"{name}: expected a Word or Excel file, found a damaged one ({error}); save it again."
        ) from error
    _check_entries(archive.infolist(), name)
    main = _relations(archive, "", name).get("officeDocument", "")
    if main not in archive.NameToInfo:
        raise UnreadableFile(
            f"{name}: expected a Word or Excel file, found a zip file without a document; "
            "take the documents out of it."
        )
    return Package(archive, name, main)


def local(element: etree._Element) -> str:
    """The name of an element without its namespace, "" for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element | None, name: str, default: str = "") -> str:
    """The value of an attribute by its local name."""
    for key, value in element.attrib.items() if element is not None else ():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return default


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first element down a path of local names, None where there is none."""
    for name in path:
        if element is None:
            return None
        element = next((e for e in element if local(e) == name), None)
    return element


def _ole(data: bytes, name: str) -> UnreadableFile:
    """Why an office file in Microsoft's older container is refused."""
    if _ENCRYPTED in data:
        return EncryptedFile(
            f"{name}: expected a file without a password, found one that asks for it; save it "
            "without."
        )
    return UnreadableFile(
        f"{name}: expected a .docx or .xlsx file, found an old office file (.doc, .xls); save it "
        "as .docx or .xlsx."
    )


def _check_directory_size(data: bytes, name: str) -> None:
    """The size of the directory as its end says, before the directory is read."""
    at = data.rfind(_END, max(0, len(data) - _LONGEST_COMMENT - _END_SIZE))
    if at < 0 or at + _END_SIZE > len(data):
        raise UnreadableFile(
            f"{name}: expected a Word or Excel file, found one that is cut off; copy it again."
        )
    entries, size = struct.unpack_from("<HL", data, at + 10)
    too_many = entries > limits()["most_entries"]
    too_large = size > limits()["largest_directory_mb"] * _MB
    if too_many or too_large or data[at - 20 : at - 16] == _END_64:
        raise FileTooBig(
            f"{name}: expected up to {limits()['most_entries']} parts inside, found {entries} or "
            "more; the file is refused for safety."
        )


def _check_entries(entries: list[zipfile.ZipInfo], name: str) -> None:
    seen: set[str] = set()
    for entry in entries:
        path = entry.filename.replace("\\", "/")
        if path.startswith("/") or ".." in path.split("/") or ":" in path or "\x00" in path:
            raise _refused(name, f"a part named {entry.filename!r}, which leads out of the file")
        if path.casefold() in seen:
            raise _refused(name, f"two parts named {entry.filename!r}")
        if entry.flag_bits & 1:
            raise _refused(name, "a part that asks for a password", EncryptedFile)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _refused(name, f"a part packed in an uncommon way ({entry.compress_type})")
        seen.add(path.casefold())
        _check_size(entry, name)
    total = sum(entry.file_size for entry in entries)
    if total > limits()["largest_total_mb"] * _MB:
        raise _refused(name, f"{total // _MB} MB once unpacked", FileTooBig)


def _check_size(entry: zipfile.ZipInfo, name: str) -> None:
    """Only parts of text are held to the size and the ratio: pictures are never unpacked."""
    if not entry.filename.lower().endswith((".xml", ".rels")) or entry.file_size <= _MB:
        return
    if entry.file_size > limits()["largest_part_mb"] * _MB:
        found = f"a part of {entry.file_size // _MB} MB once unpacked"
        raise _refused(name, found, FileTooBig)
    if entry.file_size > limits()["largest_ratio"] * max(entry.compress_size, 1):
        times = entry.file_size // max(entry.compress_size, 1)
        raise _refused(name, f"a part that grows {times} times when unpacked", FileTooBig)


def _refused(name: str, found: str, kind: type[UnreadableFile] = UnreadableFile) -> UnreadableFile:
    return kind(
        f"{name}: expected an ordinary Word or Excel file, found {found}; it is refused for safety."
    )


def _relations(archive: zipfile.ZipFile, path: str, name: str) -> dict[str, str]:
    folder, file = posixpath.split(path)
    rels = posixpath.join(folder, "_rels", f"{file}.rels")
    found: dict[str, str] = {}
    if rels not in archive.NameToInfo:
        return found
    for element in _elements(archive, rels, ("Relationship",), name):
        if attribute(element, "TargetMode") == "External":
            continue
        target = attribute(element, "Target")
        inside = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
        inside = posixpath.normpath(inside)
        found[attribute(element, "Id")] = inside
        found.setdefault(attribute(element, "Type").rpartition("/")[2], inside)
    return found


def _elements(
    archive: zipfile.ZipFile, path: str, tags: tuple[str, ...], name: str
) -> Iterator[etree._Element]:
    try:
        with archive.open(path) as part:
            stream: Any = etree.iterparse(
                part,
                events=("end",),
                tag=[f"{{*}}{tag}" for tag in tags],
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                remove_comments=True,
                remove_pis=True,
            )
            checked = False
            for _, element in stream:
                if not checked:
                    _refuse_document_type(element, path, name)
                    checked = True
                yield element
    except (etree.LxmlError, KeyError, ValueError, *_DAMAGED) as error:
        raise UnreadableFile(
            f"{name}: expected the part {path} of an office file, found what cannot be read "
            f"({error}); save it again."
        ) from error


def _refuse_document_type(root: etree._Element, path: str, name: str) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refused(name, f"a document type (DOCTYPE) in its part {path}")
