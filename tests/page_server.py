"""The page on a free port of this machine, for as long as a test needs it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from assistant.pages import Page, Surroundings
from assistant.server import create_app, make_server, open_socket
from assistant.service import Service


@contextmanager
def serving(
    service: Service, pages: Sequence[Page] = (), around: Surroundings | None = None
) -> Iterator[str]:
    """Serve the page in a thread; gives its address, without a slash at the end."""
    with open_socket("127.0.0.1", 0) as listening:
        server = make_server(create_app(service, pages=pages, around=around))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        limit = time.monotonic() + 30
        while not server.started:
            if time.monotonic() > limit:
                raise TimeoutError("Expected the page to start within 30 s, found it did not.")
            time.sleep(0.05)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            server.force_exit = True
            thread.join(10)
