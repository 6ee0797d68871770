"""Read word pairs from a JMdict database as the ``jamdict-data`` package ships it."""

from __future__ import annotations

import lzma
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from index.training.datatypes import Pair

SENSES = 3
_ENTRIES = """
SELECT Entry.idseq,
       (SELECT text FROM Kanji WHERE Kanji.idseq = Entry.idseq ORDER BY ID LIMIT 1),
       (SELECT text FROM Kana WHERE Kana.idseq = Entry.idseq ORDER BY ID LIMIT 1)
FROM Entry
WHERE EXISTS (SELECT 1 FROM Kanji JOIN KJP ON kid = Kanji.ID WHERE Kanji.idseq = Entry.idseq)
   OR EXISTS (SELECT 1 FROM Kana JOIN KNP ON kid = Kana.ID WHERE Kana.idseq = Entry.idseq)
   OR EXISTS (SELECT 1 FROM Sense JOIN pos ON sid = Sense.ID
              WHERE Sense.idseq = Entry.idseq AND pos.text LIKE 'expressions%')
ORDER BY Entry.idseq
"""
_GLOSSES = """
SELECT Sense.idseq, Sense.ID, SenseGloss.text FROM Sense
JOIN SenseGloss ON sid = Sense.ID WHERE SenseGloss.lang IN ('', 'eng')
ORDER BY Sense.idseq, Sense.ID, SenseGloss.rowid
"""


def read_dictionary(path: Path) -> tuple[Pair, ...]:
    """Read the common words and the set phrases with their English meanings and their readings.

    Args:
        path: The database; xz-compressed where it ends in ``.xz``, as the package carries it
            until it is first installed.

    Returns:
        (English meanings of one sense, word) for the first senses, and (reading, word).
    """
    if path.suffix != ".xz":
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as plain:
            return tuple(_pairs(plain))
    with tempfile.NamedTemporaryFile(suffix=".db") as unpacked:
        with lzma.open(path, "rb") as packed:
            shutil.copyfileobj(packed, unpacked)
        unpacked.flush()
        return read_dictionary(Path(unpacked.name))


def _pairs(connection: sqlite3.Connection) -> Iterator[Pair]:
    senses: dict[int, dict[int, list[str]]] = {}
    for entry, sense, gloss in connection.execute(_GLOSSES):
        senses.setdefault(entry, {}).setdefault(sense, []).append(gloss)
    for entry, kanji, kana in connection.execute(_ENTRIES):
        word = kanji or kana
        for glosses in list(senses.get(entry, {}).values())[:SENSES]:
            yield "; ".join(glosses[:4]), word
        if kanji and kana:
            yield kana, kanji
