"""Looking at what has changed under the material, and confirming it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from assistant.learn import store
from assistant.learn.ground import Change, Ground
from assistant.learn.material import GLOSSARY, Key, Material, key_of
from assistant.state import State


def changes_of(
    state: State, material: Material, ground: Ground
) -> Mapping[str, tuple[Change, ...]]:
    """What has changed under each unit and the glossary, where anything has.

    A unit of which the index holds no document at all is none of this office's, and so is a
    term of such a document.
    """
    confirmed = store.confirmed_texts(state)
    found = {
        piece: tuple(
            change
            for change in ground.changes(material, piece, confirmed.get(piece, {}))
            if piece != GLOSSARY or change.source.document in ground.documents
        )
        for piece in material.pieces()
        if any(cited.document in ground.documents for cited in material.sources_of(piece))
    }
    return {piece: changes for piece, changes in found.items() if changes}


def confirm(
    state: State, material: Material, ground: Ground, piece: str, person_id: str
) -> tuple[Change, ...]:
    """Record the texts that a piece stands in now as looked at.

    Returns:
        What cannot be confirmed: passages that are gone, or whose quote no longer stands. The
        piece stays flagged until its file quotes what the document says now.
    """
    now = ground.texts(material.sources_of(piece))
    before = store.confirmed_texts(state).get(piece, {})
    changes = ground.changes(material, piece, before)
    looked_at: dict[Key, str] = {}
    for change in changes:
        key = key_of(change.source, change.language)
        if change.kind == "text":
            looked_at[key] = now[key]
    store.confirm_texts(state, piece, looked_at, person_id)
    return tuple(change for change in changes if change.kind != "text")


def differences(before: str, now: str) -> tuple[tuple[str, str], ...]:
    """Two texts as pieces in order: "same", "gone" (only before) or "new" (only now)."""
    found: list[tuple[str, str]] = []
    matcher = difflib.SequenceMatcher(None, before, now, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            found.append(("same", before[a:b]))
            continue
        found += [(name, text) for name, text in (("gone", before[a:b]), ("new", now[c:d])) if text]
    return tuple(found)
