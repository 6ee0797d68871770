"""Documents in, passages out: ``read_folder`` is the way in."""

from corpus.datatypes import Authority, Document, Edition, Passage, Standing
from corpus.errors import CorpusError, DocumentError, UnreadableFile
from corpus.folder import FileProblem, Reading, list_files, read_file, read_folders

__all__ = [
    "Authority",
    "CorpusError",
    "Document",
    "DocumentError",
    "Edition",
    "FileProblem",
    "Passage",
    "Reading",
    "Standing",
    "UnreadableFile",
    "list_files",
    "read_file",
    "read_folders",
]
