"""Which kept answers a person may read now: none that shows a document hidden from them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.person import Person
from assistant.service import Service


@dataclass(frozen=True)
class Sight:
    """What a person may see.

    Attributes:
        collections: theirs, None for all; an answer of another collection is hidden.
        hidden: the documents of the index that they may not see now.
    """

    collections: frozenset[str] | None
    hidden: frozenset[str] = frozenset()

    def shows(self, whole: Mapping[str, Any]) -> bool:
        """Whether an answer, as the records keep it, may be read."""
        if self.collections is None:
            return True
        shown = {document["document_id"] for document in whole["documents"]}
        return not shown & self.hidden and self.collections.issuperset(whole.get("collections", ()))

    def condition(self) -> tuple[str, dict[str, str]]:
        """The same in SQL, over the column ``whole``, with its values."""
        if self.collections is None:
            return "1", {}
        values = {
            "collections": json.dumps(sorted(self.collections)),
            "hidden": json.dumps(sorted(self.hidden)),
        }
        return (
            "NOT EXISTS (SELECT 1 FROM json_each(whole, '$.collections') c"
            " WHERE c.value NOT IN (SELECT value FROM json_each(:collections)))"
            " AND NOT EXISTS (SELECT 1 FROM json_each(whole, '$.documents') d"
            " WHERE json_extract(d.value, '$.document_id')"
            " IN (SELECT value FROM json_each(:hidden)))",
            values,
        )


EVERYTHING = Sight(None)


def sight_of(person: Person, service: Service) -> Sight:
    """What a person may see of the index that answers now."""
    if person.collections is None:
        return EVERYTHING
    there = {document.document_id for document in service.snapshot().documents()}
    mine = service.seen_by(person.collections).snapshot().documents()
    hidden = there - {document.document_id for document in mine}
    return Sight(person.collections, frozenset(hidden))
