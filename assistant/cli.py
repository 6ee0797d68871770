"""The command line: ``kyodo``. The only file here that prints or exits."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Protocol

from assistant.batch import answer_batch, read_history
from assistant.datatypes import Answer, passage_to_dict
from assistant.errors import AssistantError
from assistant.pipeline import Assistant
from assistant.plain import answer_as_text
from assistant.settings import Settings, load_settings
from corpus.errors import CorpusError
from corpus.folder import BUNDLED
from index import SearchIndexError, build_index, describe_index, load_index
from index.encoder import BUNDLED_NAME
from index.store import FORMAT_VERSION

Handler = Callable[[argparse.Namespace, Settings], int]
PLUGINS = "kyodo.commands"
"""Entry-point group through which packages above this one add commands."""


class _Commands(Protocol):
    def add_parser(self, name: str, **kwargs: Any) -> argparse.ArgumentParser: ...


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status: 0 done, 1 failed with one sentence, 2 wrong usage."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    options = _parser().parse_args(arguments)
    handler: Handler = options.handler
    try:
        return handler(options, load_settings())
    except (AssistantError, CorpusError, SearchIndexError) as error:
        print(f"kyodo: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kyodo",
        description="Answers questions on collaboration policy from documents, with citations.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_chat(commands)
    _add_index(commands)
    _add_passages(commands)
    _add_search(commands)
    _add_ask(commands)
    for plugin in sorted(entry_points(group=PLUGINS), key=lambda p: p.name):
        plugin.load()(commands)
    return parser


def _add_chat(commands: _Commands) -> None:
    chat = commands.add_parser("chat", help="serve the chat page")
    chat.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    chat.add_argument("--port", type=int, default=7860, help="port to listen on (7860)")
    _with_index(chat)
    chat.set_defaults(handler=_chat)


def _add_index(commands: _Commands) -> None:
    index = commands.add_parser("index", help="build or describe an index")
    actions = index.add_subparsers(dest="action", required=True, metavar="ACTION")
    build = actions.add_parser("build", help="read documents, embed and store them")
    build.add_argument(
        "--documents",
        type=Path,
        action="append",
        metavar="DIR",
        help="folder of documents, may be given several times (the bundled ones)",
    )
    build.add_argument("--model", help="embedding model: a folder or a hub name (the bundled one)")
    build.add_argument("--json", action="store_true", help="print the result as JSON")
    _with_index(build)
    build.set_defaults(handler=_index_build)
    info = actions.add_parser("info", help="say what an index holds")
    info.add_argument("--json", action="store_true", help="print JSON")
    _with_index(info)
    info.set_defaults(handler=_index_info)


def _add_passages(commands: _Commands) -> None:
    passages = commands.add_parser("passages", help="list the passages of an index")
    passages.add_argument("--document", metavar="ID", help="only those of one document")
    passages.add_argument("--json", action="store_true", help="print JSON")
    _with_index(passages)
    passages.set_defaults(handler=_passages)


def _add_search(commands: _Commands) -> None:
    search = commands.add_parser("search", help="find passages")
    search.add_argument("query", metavar="QUERY")
    search.add_argument("-k", type=_positive, default=10, help="how many (10)")
    search.add_argument("--as-of", type=_date, metavar="DATE", help="only what is in force then")
    search.add_argument("--json", action="store_true", help="print JSON")
    _with_index(search)
    search.set_defaults(handler=_search)


def _add_ask(commands: _Commands) -> None:
    ask = commands.add_parser("ask", help="answer a question, or a file of questions")
    ask.add_argument("question", nargs="?", metavar="QUESTION")
    ask.add_argument("--language", choices=("auto", "ja", "en"), default="auto")
    ask.add_argument("--as-of", type=_date, metavar="DATE", help="answer as of a day (today)")
    ask.add_argument("--history", type=Path, metavar="FILE", help="JSON list of turns before")
    ask.add_argument("--batch", type=Path, metavar="FILE", help="questions as JSON Lines")
    ask.add_argument("--output", type=Path, metavar="FILE", help="answers as JSON Lines")
    ask.add_argument("--json", action="store_true", help="print JSON")
    _with_index(ask)
    ask.set_defaults(handler=_ask, parser=ask)


def _with_index(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--index", type=Path, metavar="DIR", help="index folder (the default one)")


def _chat(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.server import open_socket, serve

    open_socket(options.host, options.port).close()
    assistant = _open(options, settings)
    serve(assistant, options.host, options.port, ready=_say_ready)
    return 0


def _say_ready(address: str) -> None:
    _say(f"kyodo: 準備ができました。ブラウザで開いてください / ready, open in a browser: {address}")


def _index_build(options: argparse.Namespace, settings: Settings) -> int:
    root = options.index or settings.index
    folders = options.documents or [BUNDLED]
    manifest = build_index(
        root, folders, options.model or settings.model or BUNDLED_NAME, _say_reading
    )
    for problem in manifest["skipped"]:
        _say(f"kyodo: left out: {problem['reason']}")
    _say(f"kyodo: {manifest['documents']} documents, {manifest['passages']} passages in {root}")
    if options.json:
        _print_json(describe_index(root))
    return 0


def _index_info(options: argparse.Namespace, settings: Settings) -> int:
    info = describe_index(options.index or settings.index)
    if options.json:
        _print_json(info)
    else:
        for key, value in info.items():
            print(f"{key}: {value}")
    return 0


def _passages(options: argparse.Namespace, settings: Settings) -> int:
    index = load_index(options.index or settings.index)
    chosen = [p for p in index.passages if options.document in (None, p.document.document_id)]
    if options.document and not chosen:
        known = ", ".join(d.document_id for d in index.documents)
        raise AssistantError(f"no document is called {options.document!r}; known are {known}.")
    if options.json:
        _print_json([passage_to_dict(p) for p in chosen])
    else:
        for p in chosen:
            print(f"{p.passage_id}\t{p.document.title}\t{p.locator}\t{_one_line(p.text)}")
    return 0


def _search(options: argparse.Namespace, settings: Settings) -> int:
    index = _open(options, settings).index
    hits = index.search(options.query, options.k, options.as_of).hits
    if options.json:
        results = [{**passage_to_dict(h.passage), "rank": h.rank, "score": h.score} for h in hits]
        _print_json({"query": options.query, "results": results})
    else:
        for h in hits:
            place = f"{h.passage.document.title} {h.passage.locator}"
            print(f"{h.rank:2}  {h.score:.3f}  {place}\n    {_one_line(h.passage.text)}")
    return 0


def _ask(options: argparse.Namespace, settings: Settings) -> int:
    if bool(options.batch) == bool(options.question):
        options.parser.error("give either a QUESTION or --batch FILE with --output FILE")
    if options.batch and not options.output:
        options.parser.error("--batch needs --output FILE")
    assistant = _open(options, settings)
    if options.batch:
        count = answer_batch(assistant, options.batch, options.output, options.as_of)
        _say(f"kyodo: {count} answers in {options.output}")
        return 0
    history = read_history(options.history) if options.history else ()
    answer = assistant.ask(options.question, history, options.language, options.as_of)
    _print_answer(answer, options.json)
    return 0


def _open(options: argparse.Namespace, settings: Settings) -> Assistant:
    """The assistant over the index named; the default index is built where there is none."""
    root = options.index or settings.index
    if options.index is None and not (root / "CURRENT").is_file():
        _say(f"kyodo: building the index in {root} (format {FORMAT_VERSION}) ...")
        build_index(root, [BUNDLED], settings.model or BUNDLED_NAME)
    return Assistant.open(root, settings.model)


def _print_answer(answer: Answer, as_json: bool) -> None:
    if as_json:
        _print_json(answer.to_dict())
    else:
        print(answer_as_text(answer))


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))


def _say(message: str) -> None:
    print(message, file=sys.stderr)


def _say_reading(path: Path) -> None:
    _say(f"kyodo: reading {path.name}")


def _one_line(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 100 else f"{flat[:99]}…"


def _positive(value: str) -> int:
    number = int(value)
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected 1 or more, found {value}")
    return number


def _date(value: str) -> str:
    import datetime

    try:
        return datetime.date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"expected a date such as 2026-04-01, found {value!r}"
        ) from error


def run() -> None:
    """The console script."""
    sys.exit(main())
