"""Documents in, passages out: ``read_folder`` is the way in."""

from corpus.datatypes import Authority, Document, Edition, Passage, Standing
from corpus.errors import CorpusError, DocumentError, UnreadableFile
from corpus.folder import list_files, read_file
from corpus.ingest import FileProblem, Reading, read_folders
from corpus.outcomes import FileOutcome, Findings, Status

__all__ = [
    "Authority",
    "CorpusError",
    "Document",
    "DocumentError",
    "Edition",
    "FileOutcome",
    "FileProblem",
    "Findings",
    "Passage",
    "Reading",
    "Standing",
    "Status",
    "UnreadableFile",
    "list_files",
    "read_file",
    "read_folders",
]
