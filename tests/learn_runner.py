"""Servers of the learning pages in processes of their own, to be killed.

Arguments: the data folder and the index folder. For every line that it reads it forks a server
and writes the process and the address: what takes long is loaded before the first.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from starlette.applications import Starlette

from assistant.guard import Guard
from assistant.identify import EveryoneHere
from assistant.learn.page import page
from assistant.live import LiveAssistant
from assistant.pages import Surroundings
from assistant.server import make_server, open_socket
from assistant.settings import Settings
from assistant.state import open_state


def main() -> None:
    home, index = Path(sys.argv[1]), Path(sys.argv[2])
    door = LiveAssistant(index)
    for _ in sys.stdin:
        listening = open_socket("127.0.0.1", 0)
        child = os.fork()
        if child == 0:
            state = open_state(home / "state.sqlite3")
            own = page()
            around = Surroundings(Settings(home), index, door, state, (own.link,))
            app = EveryoneHere(Starlette(routes=own.routes(around)))
            guard = Guard(app, frozenset({"127.0.0.1"}), "", (own.link.path,))
            make_server(guard).run(sockets=[listening])
            os._exit(0)
        _say(f"{child} http://127.0.0.1:{listening.getsockname()[1]}")
        listening.close()
        os.waitpid(child, 0)
        _say("ended")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    os.environ["OMP_NUM_THREADS"] = "1"
    main()
