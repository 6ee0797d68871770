"""An entry of the audit log, and the hash that ties it to the one before."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

BEGINNING = "0" * 64
"""What stands for the hash before the first entry."""


@dataclass(frozen=True)
class Entry:
    """An entry as it is kept.

    Attributes:
        sequence: 1 for the first, one more for each further.
        at: ISO time in UTC, with microseconds.
        person: the ``person_id`` of who did it.
        name: their name on that day, "" for whoever sits at this machine.
        action: what was done, as ``part.verb`` (``chat.ask``, ``documents.add``).
        details: a JSON object, in the canonical form.
        previous: the hash of the entry before, ``BEGINNING`` for the first.
        sha256: the hash of all of the above, 64 hexadecimal digits.
    """

    sequence: int
    at: str
    person: str
    name: str
    action: str
    details: str
    previous: str
    sha256: str

    def to_dict(self) -> dict[str, Any]:
        """The entry as JSON, its details as an object."""
        return {**self.__dict__, "details": json.loads(self.details)}


def canonical(value: object) -> str:
    """JSON that is the same for the same value: sorted keys, no spaces, UTF-8 as it is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(
    sequence: int, at: str, person: str, name: str, action: str, details: str, previous: str
) -> str:
    """The hash of an entry: SHA-256 over the canonical JSON of the list of its parts."""
    parts = [sequence, at, person, name, action, details, previous]
    return hashlib.sha256(canonical(parts).encode("utf-8")).hexdigest()
