"""The command line: ``kyodo``. It and ``documents_commands`` alone print or exit here."""

from __future__ import annotations

import argparse
import io
import json
import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assistant.arguments import build_parser
from assistant.audit.documents import record_index
from assistant.audit.log import at_the_shell
from assistant.batch import answer_batch, read_history
from assistant.consent import check_personal, sending_of
from assistant.datatypes import Answer, passage_to_dict
from assistant.documents import DocumentStore
from assistant.documents_commands import file_progress
from assistant.documents_report import guides_left_out
from assistant.errors import AssistantError, QuestionError
from assistant.ingest_report import WITH_PROBLEMS, ingest_progress, report_lines
from assistant.pages import Surroundings, find_pages
from assistant.people.settings import Reached, host_name, public_address
from assistant.people.start import check_entry, sends_in_the_clear
from assistant.pipeline import Assistant
from assistant.plain import answer_as_text
from assistant.settings import Settings, load_settings
from assistant.state import State, open_state
from assistant.understand import LONGEST, clean_text, language_of
from assistant.writing import open_writer
from corpus.errors import CorpusError
from index import SearchIndexError, build_index, describe_index, load_index
from index.encoder import BUNDLED_NAME
from index.store import FORMAT_VERSION, go_back


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status: 0 done, 1 failed with one sentence, 2 wrong usage.

    3: an index was built, and the report names files that were not read whole.
    """
    _set_up_streams()
    options = build_parser(_HANDLERS).parse_args(arguments)
    try:
        status: int = options.handler(options, load_settings())
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (AssistantError, CorpusError, SearchIndexError) as error:
        _say(f"kyodo: {_one_sentence(error)}")
        return 1
    except OSError as error:
        _say(f"kyodo: {error.filename or 'a file'}: expected to read or write it, found: {error}")
        return 1
    except KeyboardInterrupt:
        return 130


def _set_up_streams() -> None:
    """UTF-8 on both streams wherever it runs; warnings and worse to stderr."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    messages = logging.StreamHandler()
    messages.setLevel(logging.WARNING)
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", handlers=[messages])


def _one_sentence(error: Exception) -> str:
    return " ".join(str(error).split())


def _chat(options: argparse.Namespace, settings: Settings) -> int:
    from assistant.live import LiveAssistant
    from assistant.operations.logs import set_up_logs
    from assistant.operations.restore import serving_from
    from assistant.server import open_socket, serve

    set_up_logs(settings.running)
    settings = replace(settings, reached=_reached(options, settings))
    reached, state = settings.reached, open_state(settings.state)
    check_entry(options.host, reached, settings.sign_in, state)
    if sends_in_the_clear(options.host, reached, settings.sign_in):
        _say("kyodo: passwords pass through the network unencrypted; put an https proxy in front")
    open_socket(options.host, options.port).close()
    index = _index_folder(options, settings)
    assistant = LiveAssistant(index, settings.model, open_writer(settings.llm))
    around = Surroundings(settings, index, assistant, state)
    with serving_from(settings.home), assistant.watching():
        serve(
            assistant,
            options.host,
            options.port,
            reached.names,
            reached.public,
            ready=_say_ready,
            pages=find_pages(),
            around=around,
        )
    return 0


def _reached(options: argparse.Namespace, settings: Settings) -> Reached:
    """How people reach the page: the flags go before the settings."""
    names = tuple(map(host_name, options.host_name or ())) or settings.reached.names
    return Reached(public_address(options.public or settings.reached.public), names)


def _say_ready(address: str) -> None:
    _say(f"kyodo: 準備ができました。ブラウザで開いてください / ready, open in a browser: {address}")


def _index_build(options: argparse.Namespace, settings: Settings) -> int:
    root = options.index or settings.index
    model = options.model or settings.model or BUNDLED_NAME
    if options.documents:
        with ingest_progress(options.documents, _say) as progress:
            manifest = build_index(root, options.documents, model, progress)
    else:
        manifest = DocumentStore(settings.documents, root, model).build(file_progress())
    for line in report_lines(manifest["report"], manifest["alerts"]):
        _say(f"kyodo: {line}")
    for line in guides_left_out(manifest):
        _say(f"kyodo: left out: {line}")
    _say(f"kyodo: {manifest['documents']} documents, {manifest['passages']} passages in {root}")
    if options.json:
        _print_json(describe_index(root))
    _record_index(settings, root, "build")
    problems = any(row["status"] != "ok" for row in manifest["report"])
    return WITH_PROBLEMS if problems else 0


def _index_back(options: argparse.Namespace, settings: Settings) -> int:
    root = options.index or settings.index
    generation = go_back(root)
    _record_index(settings, root, "back")
    _say(f"kyodo: {generation.folder} answers from now on")
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
    index = load_index(options.index or settings.index).seen_by(options.collections)
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
    query = _checked(options.query)
    index = _open(options, settings, model=False).index
    hits = index.search(query, options.k, options.as_of).hits
    if options.json:
        results = [{**passage_to_dict(h.passage), "rank": h.rank, "score": h.score} for h in hits]
        _print_json({"query": query, "results": results})
    else:
        for h in hits:
            place = f"{h.passage.document.title} {h.passage.locator}"
            print(f"{h.rank:2}  {h.score:.3f}  {place}\n    {_one_line(h.passage.text)}")
    return 0


def _ask(options: argparse.Namespace, settings: Settings) -> int:
    if (options.batch is None) == (options.question is None):
        options.parser.error("give either a QUESTION or --batch FILE with --output FILE")
    if (options.batch is None) != (options.output is None):
        options.parser.error("--batch FILE and --output FILE go together")
    if options.batch and (options.history or options.language != "auto"):
        options.parser.error("with --batch, the history and the language stand in its lines")
    question = "" if options.question is None else _checked(options.question)
    assistant = _open(options, settings, model=not options.no_model)
    if options.batch:
        sending = sending_of(assistant, options.send_personal)
        count = answer_batch(assistant, options.batch, options.output, options.as_of, sending)
        _say(f"kyodo: {count} answers in {options.output}")
        return 0
    history = read_history(options.history) if options.history else ()
    check_personal(assistant, question, history, options.send_personal)
    sending = sending_of(assistant, options.send_personal)
    answer = assistant.ask(question, history, options.language, options.as_of, sending)
    _print_answer(answer, options.json)
    return 0


def _checked(text: str) -> str:
    """A question or query without what cannot be searched; refused before any index is read."""
    typed = os.fsencode(text).decode("utf-8", "ignore") if _is_undecoded(text) else text
    clean = clean_text(typed)
    if not clean:
        raise QuestionError("empty", language_of(typed))
    if len(clean) > LONGEST:
        raise QuestionError("too_long", language_of(clean), limit=LONGEST, found=len(clean))
    return clean


def _is_undecoded(text: str) -> bool:
    """Whether a terminal that knows no UTF-8 handed over bytes that Python kept as they were."""
    return any("\udc80" <= c <= "\udcff" for c in text)


def _open(options: argparse.Namespace, settings: Settings, model: bool = True) -> Assistant:
    """The assistant over the index named; ``model``: with the language model of the settings."""
    llm = settings.llm if model else None
    assistant = Assistant.open(_index_folder(options, settings), settings.model, llm)
    return assistant.seen_by(options.collections)


def _index_folder(options: argparse.Namespace, settings: Settings) -> Path:
    """The index folder named; the default index is built where there is none."""
    root: Path = options.index or settings.index
    if options.index is None and not (root / "CURRENT").is_file():
        _say(f"kyodo: building the index in {root} (format {FORMAT_VERSION}) ...")
        DocumentStore(settings.documents, root, settings.model or BUNDLED_NAME).build()
        _record_index(settings, root, "build")
    return root


def _record_index(settings: Settings, root: Path, verb: str) -> None:
    """Write down that the office's index is another one; a folder elsewhere is somebody's own."""
    if root.resolve() == settings.index.resolve():
        built = describe_index(root)
        figures = {name: built[name] for name in ("fingerprint", "documents", "passages")}
        record_index(State(settings.state), at_the_shell(), verb, **figures)


def _print_answer(answer: Answer, as_json: bool) -> None:
    if as_json:
        _print_json(answer.to_dict())
    else:
        print(answer_as_text(answer))


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))


def _say(message: str) -> None:
    print(message, file=sys.stderr)


def _one_line(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 100 else f"{flat[:99]}…"


_HANDLERS = {
    "chat": _chat,
    "index build": _index_build,
    "index info": _index_info,
    "index back": _index_back,
    "passages": _passages,
    "search": _search,
    "ask": _ask,
}


def run() -> None:
    """The console script."""
    sys.exit(main())
