"""The end of the process, asked for or not, while it is asked."""

import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator

from bench.figures import Figure
from bench.served import Served

_REQUEST = b"GET /graphql?query={prizes{totalCount}} HTTP/1.1\r\nhost: x\r\n\r\n"
_CLIENTS = 8


def ends(url: str, *, is_quick: bool) -> Iterator[Figure]:
    """SIGTERM under load, then kill -9, each with a new start."""
    with Served(url) as served:
        yield from _sigterm(served, is_quick=is_quick)
        served.start()
        served.signal(signal.SIGKILL)
        served.wait()
        began_after_s = served.start()
    section = "The end of the process"
    yield Figure(section, "kill -9: answers again after", began_after_s, "s", at_most=5)


def _sigterm(served: Served, *, is_quick: bool) -> Iterator[Figure]:
    section = "The end of the process"
    outcomes: Counter[str] = Counter()
    threads = [
        threading.Thread(target=_ask_until_refused, args=(served.port, outcomes))
        for _ in range(_CLIENTS)
    ]
    for thread in threads:
        thread.start()
    time.sleep(0.5 if is_quick else 2)
    served.signal(signal.SIGTERM)
    took_s = served.wait()
    for thread in threads:
        thread.join()
    yield Figure(section, "SIGTERM: connections answered", outcomes["answered"], at_least=_CLIENTS)
    yield Figure(section, "SIGTERM: taken and not answered", outcomes["lost"], at_most=0)
    yield Figure(section, "SIGTERM: ended after", took_s, "s", at_most=10)


def _ask_until_refused(port: int, outcomes: Counter[str]) -> None:
    """One connection for each question, so that all of them are new to the server."""
    while True:
        try:
            opened = socket.create_connection(("127.0.0.1", port), 10)
        except OSError:
            return
        with opened:
            try:
                opened.sendall(_REQUEST)
                is_answered = opened.recv(65536).startswith(b"HTTP/1.1 200")
            except OSError:
                is_answered = False
        outcomes["answered" if is_answered else "lost"] += 1
