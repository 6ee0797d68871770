"""What may be typed after ``kyodo``: its commands, their options and their help."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Protocol

from assistant.documents_commands import add_documents
from assistant.settings import Settings
from corpus.collection import collection_name
from corpus.errors import CorpusError

Handler = Callable[[argparse.Namespace, Settings], int]
PLUGINS = "kyodo.commands"
"""Entry-point group through which packages above this one add commands."""


class _Commands(Protocol):
    def add_parser(self, name: str, **kwargs: Any) -> argparse.ArgumentParser: ...


def build_parser(handlers: Mapping[str, Handler]) -> argparse.ArgumentParser:
    """The parser of ``kyodo``; ``handlers`` hold what each command does, by its name."""
    parser = argparse.ArgumentParser(
        prog="kyodo",
        description="Answers questions on collaboration policy from documents, with citations.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_chat(commands, handlers)
    _add_index(commands, handlers)
    _add_passages(commands, handlers)
    _add_search(commands, handlers)
    _add_ask(commands, handlers)
    add_documents(commands)
    for plugin in sorted(entry_points(group=PLUGINS), key=lambda p: p.name):
        plugin.load()(commands)
    return parser


def _add_chat(commands: _Commands, handlers: Mapping[str, Handler]) -> None:
    chat = commands.add_parser("chat", help="serve the chat page")
    chat.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    chat.add_argument("--port", type=_port, default=7860, help="port to listen on (7860)")
    chat.add_argument(
        "--public",
        metavar="URL",
        help="address that people type where a proxy stands in front ([server] public)",
    )
    chat.add_argument(
        "--host-name",
        action="append",
        metavar="NAME",
        help="host name that people use for it, may be given several times ([server] names)",
    )
    _with_index(chat)
    chat.set_defaults(handler=handlers["chat"])


def _add_index(commands: _Commands, handlers: Mapping[str, Handler]) -> None:
    index = commands.add_parser("index", help="build or describe an index")
    actions = index.add_subparsers(dest="action", required=True, metavar="ACTION")
    build = actions.add_parser("build", help="read documents, embed and store them")
    build.add_argument(
        "--documents",
        type=Path,
        action="append",
        metavar="DIR",
        help="folder of documents, may be given several times (the bundled ones, and those added)",
    )
    build.add_argument("--model", help="embedding model: a folder or a hub name (the bundled one)")
    build.add_argument("--json", action="store_true", help="print the result as JSON")
    _with_index(build)
    build.set_defaults(handler=handlers["index build"])
    back = actions.add_parser("back", help="let the index before the present one answer again")
    _with_index(back)
    back.set_defaults(handler=handlers["index back"])
    info = actions.add_parser("info", help="say what an index holds")
    info.add_argument("--json", action="store_true", help="print JSON")
    _with_index(info)
    info.set_defaults(handler=handlers["index info"])


def _add_passages(commands: _Commands, handlers: Mapping[str, Handler]) -> None:
    passages = commands.add_parser("passages", help="list the passages of an index")
    passages.add_argument("--document", metavar="ID", help="only those of one document")
    passages.add_argument("--json", action="store_true", help="print JSON")
    _with_collections(passages)
    _with_index(passages)
    passages.set_defaults(handler=handlers["passages"])


def _add_search(commands: _Commands, handlers: Mapping[str, Handler]) -> None:
    search = commands.add_parser("search", help="find passages")
    search.add_argument("query", metavar="QUERY")
    search.add_argument("-k", type=_positive, default=10, help="how many (10)")
    search.add_argument("--as-of", type=_date, metavar="DATE", help="only what is in force then")
    search.add_argument("--json", action="store_true", help="print JSON")
    _with_collections(search)
    _with_index(search)
    search.set_defaults(handler=handlers["search"])


def _add_ask(commands: _Commands, handlers: Mapping[str, Handler]) -> None:
    ask = commands.add_parser("ask", help="answer a question, or a file of questions")
    ask.add_argument("question", nargs="?", metavar="QUESTION")
    ask.add_argument("--language", choices=("auto", "ja", "en"), default="auto")
    ask.add_argument("--as-of", type=_date, metavar="DATE", help="answer as of a day (today)")
    ask.add_argument("--history", type=Path, metavar="FILE", help="JSON list of turns before")
    ask.add_argument("--batch", type=Path, metavar="FILE", help="questions as JSON Lines")
    ask.add_argument("--output", type=Path, metavar="FILE", help="answers as JSON Lines")
    ask.add_argument(
        "--no-model",
        action="store_true",
        help="do not ask the language model, even where one is configured",
    )
    ask.add_argument(
        "--send-personal",
        action="store_true",
        help="send questions to the language model even where they hold personal data",
    )
    ask.add_argument("--json", action="store_true", help="print JSON")
    _with_collections(ask)
    _with_index(ask)
    ask.set_defaults(handler=handlers["ask"], parser=ask)


def _with_index(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--index", type=Path, metavar="DIR", help="index folder (the default one)")


def _with_collections(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--collections",
        type=_collections,
        metavar="A,B",
        help='as somebody who may see these collections beside what everyone sees ("": none of '
        "them; all)",
    )


def _collections(value: str) -> frozenset[str]:
    try:
        names = {collection_name(part, "--collections") for part in value.split(",")}
    except CorpusError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return frozenset(names - {""})


def _positive(value: str) -> int:
    number = int(value)
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected 1 or more, found {value}")
    return number


def _port(value: str) -> int:
    number = int(value)
    if not 0 <= number <= 65_535:
        raise argparse.ArgumentTypeError(f"expected a port from 0 to 65535, found {value}")
    return number


def _date(value: str) -> str:
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"expected a date such as 2026-04-01, found {value!r}"
        ) from error
