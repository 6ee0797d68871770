"""A document of the store and its versions, as data."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import CorpusError


class LibraryError(CorpusError):
    """Something asked of the document store that cannot be done."""


@dataclass(frozen=True)
class Version:
    """One version of a document, as it was added.

    ``number`` counts from 1 within the document. ``file`` is a name, ``sha256`` of its bytes;
    ``added`` an ISO time in UTC. ``origin`` is the file or the address that it came from, with
    ``etag`` and ``last_modified`` as its server gave them. The dates of force are as they were
    read when it was added or corrected, as are its title and its source.
    """

    number: int
    file: str
    sha256: str
    added: str
    origin: str
    title: str = ""
    source: str = ""
    effective_from: str | None = None
    effective_until: str | None = None
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True)
class Entry:
    """A document of the store: its versions, oldest first, and the number of the one in use.

    ``collection`` is that of all its versions, "" where everyone may see them, None where a
    store of before there were collections does not say.
    """

    document_id: str
    folder: Path
    versions: tuple[Version, ...]
    current: int
    collection: str | None = None

    @property
    def version(self) -> Version:
        """The version that counts."""
        return self.of(self.current)

    @property
    def path(self) -> Path:
        """The file of the version that counts."""
        return self.path_of(self.version)

    def of(self, number: int) -> Version:
        """The version of a number; raises LibraryError where there is none."""
        for version in self.versions:
            if version.number == number:
                return version
        known = ", ".join(str(v.number) for v in self.versions)
        raise LibraryError(
            f"{self.document_id}: expected one of its versions ({known}), found {number}."
        )

    def path_of(self, version: Version) -> Path:
        """The file of a version."""
        return self.folder / f"{version.number:04d}" / version.file


def ended(each: Entry, version: Version) -> str | None:
    """The last day on which a version that no longer counts was in force, None if not known.

    It is the version's own ``effective_until``, or the day before the next version began.
    """
    if version.effective_until:
        return version.effective_until
    began = version.effective_from or ""
    later = [
        v.effective_from
        for v in each.versions
        if v.effective_from
        and v.effective_from > began
        and version.number < v.number <= each.current
    ]
    if not later:
        return None
    day = datetime.date.fromisoformat(min(later)) - datetime.timedelta(days=1)
    return day.isoformat()
