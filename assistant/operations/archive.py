"""An archive of files with the SHA-256 of each: written in one go, read only where it is whole.

::

    home/...           the data folder
    settings/...       the settings file
    manifest.json      the last member: format, time, and size and SHA-256 of every other
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

import zstandard

from assistant.errors import AssistantError
from corpus.durable import flush_folder

FORMAT = 1
MANIFEST = "manifest.json"
ENDINGS = (".tar.zst", ".tar.gz")
_CHUNK = 1024 * 1024
_OWNER_FILE = 0o600


class BackupError(AssistantError):
    """A back-up could not be made, or is not fit to be restored."""


def write_archive(
    target: Path, files: Iterable[tuple[str, Path]], known: Mapping[str, Any]
) -> dict[str, Any]:
    """Write an archive; under its name it is there whole or not at all.

    Args:
        target: the file, which is not there yet; only its owner may read it.
        files: the name in the archive, and the file, of each.
        known: what the manifest says beside the files.

    Returns:
        The manifest.

    Raises:
        BackupError: the archive is there already.
        OSError: a file cannot be read, or the archive cannot be written.
    """
    manifest: dict[str, Any] = {"kyodo_backup": FORMAT, **known, "files": {}}
    handle, made = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    try:
        with os.fdopen(handle, "wb") as raw:
            with _packing(raw, target) as packed, tarfile.open(fileobj=packed, mode="w|") as tar:
                for name, path in files:
                    manifest["files"][name] = _add(tar, name, path)
                text = json.dumps(manifest, ensure_ascii=False, indent=1).encode("utf-8")
                tar.addfile(_member(MANIFEST, len(text)), io.BytesIO(text))
            raw.flush()
            os.fsync(raw.fileno())
        os.link(made, target)
    except FileExistsError as error:
        raise BackupError(
            f"{target}: expected a file that is not there yet; choose another name."
        ) from error
    finally:
        os.unlink(made)
    flush_folder(target.parent)
    return manifest


def unpack_archive(source: Path, folder: Path) -> dict[str, Any]:
    """Unpack an archive into an empty folder, and check every byte of it.

    Args:
        source: the archive.
        folder: where its files go, each for its owner alone.

    Returns:
        The manifest.

    Raises:
        BackupError: it is no archive of ours, or it is not as it was written; names the member.
    """
    found: dict[str, dict[str, Any]] = {}
    text = b""
    try:
        with _unpacking(source) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
            for member in tar:
                if text:
                    raise _damaged(source, f"{member.name} stands after its end")
                content = tar.extractfile(member) if member.isreg() else None
                if content is None:
                    raise _damaged(source, f"{member.name} is no plain file")
                if member.name == MANIFEST:
                    text = content.read()
                else:
                    found[member.name] = _extract(source, folder, member.name, content)
            while packed.read(_CHUNK):  # to its end, where its own checksum stands
                pass
    except (tarfile.TarError, EOFError, zstandard.ZstdError, zlib.error, OSError) as error:
        raise _damaged(source, str(error) or type(error).__name__) from error
    return _checked(source, text, found)


def _checked(source: Path, text: bytes, found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    try:
        manifest = dict(json.loads(text)) if text else {}
        version, listed = manifest["kyodo_backup"], dict(manifest["files"])
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(source, "its end is missing") from error
    if version != FORMAT:
        raise BackupError(
            f"{source}: expected a back-up of format {FORMAT}, found {version}; restore it with "
            "the version of kyodo that made it, or a newer one."
        )
    for name in sorted({*listed, *found}):
        if listed.get(name) != found.get(name):
            raise _damaged(source, f"{name} is not what was backed up")
    return manifest


def _damaged(source: Path, why: str) -> BackupError:
    return BackupError(
        f"{source}: expected a whole back-up, found: {why}; use another back-up. "
        "Nothing was changed."
    )


def _add(tar: tarfile.TarFile, name: str, path: Path) -> dict[str, Any]:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        # What is added to a file from now on comes with the next back-up.
        size = os.fstat(file.fileno()).st_size
        tar.addfile(_member(name, size, path.stat().st_mtime), _Watched(file, digest))
    return {"size": size, "sha256": digest.hexdigest()}


def _member(name: str, size: int, changed: float = 0.0) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, _OWNER_FILE, int(changed)
    return member


class _Watched(io.RawIOBase):
    """A file whose bytes are hashed as they are read."""

    def __init__(self, file: IO[bytes], digest: Any) -> None:
        self._file, self._digest = file, digest

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self._file.read(size)
        self._digest.update(data)
        return data


def _extract(source: Path, folder: Path, name: str, content: IO[bytes]) -> dict[str, Any]:
    place = PurePosixPath(name)
    if place.is_absolute() or ".." in place.parts or not place.parts:
        raise _damaged(source, f"{name} leads out of the folder")
    path = folder.joinpath(*place.parts)
    for parent in reversed(path.parents):
        if parent.is_relative_to(folder):
            parent.mkdir(exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_FILE)
    with os.fdopen(handle, "wb") as file:
        while data := content.read(_CHUNK):
            file.write(data)
            digest.update(data)
            size += len(data)
    return {"size": size, "sha256": digest.hexdigest()}


@contextmanager
def _packing(raw: IO[bytes], target: Path) -> Iterator[IO[bytes]]:
    check_ending(target)
    with ExitStack() as stack:
        packed: Any
        if target.name.endswith(".zst"):
            compressor = zstandard.ZstdCompressor(level=9, write_checksum=True, threads=1)
            packed = stack.enter_context(compressor.stream_writer(raw, closefd=False))
        else:
            packed = stack.enter_context(gzip.GzipFile(fileobj=raw, mode="wb", mtime=0))
        yield packed


@contextmanager
def _unpacking(source: Path) -> Iterator[IO[bytes]]:
    check_ending(source)
    with ExitStack() as stack:
        raw = stack.enter_context(source.open("rb"))
        packed: Any
        if source.name.endswith(".zst"):
            packed = stack.enter_context(zstandard.ZstdDecompressor().stream_reader(raw))
        else:
            packed = stack.enter_context(gzip.GzipFile(fileobj=raw, mode="rb"))
        yield packed


def check_ending(path: Path) -> None:
    """Raise BackupError unless a file is named as an archive."""
    if not path.name.endswith(ENDINGS):
        raise BackupError(
            f"{path}: expected a name that ends in {' or '.join(ENDINGS)}; choose such a name."
        )
