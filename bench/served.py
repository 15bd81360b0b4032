"""`terrigraph serve` in a process of its own, what the system tells of it, and one who asks it."""

import itertools
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Self

import orjson

_ROOT = Path(__file__).parent.parent
_COMMAND = [sys.executable, "-c", "from graph.cli import main; main()", "serve"]
_START_S = 600
_MIB = 1024
# Asked with other variables each time, so that no answer is known.
ORDINARY = """query ($first: Int!, $year: Int!) {
  awards(first: $first, where: {year: {gte: $year}}) { nodes { year laureates { name code } } }
}"""
_PAUSE_S = 0.02


@dataclass(frozen=True, slots=True)
class Reply:
    """What a question led to: status 0 when no answer came, and the code of the first error."""

    status: int
    code: str
    began: float
    ended: float

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.ended - self.began

    @property
    def is_good(self) -> bool:
        """Whether it is an answer without errors."""
        return self.status == 200 and not self.code  # noqa: PLR2004  # of HTTP

    @property
    def is_clean(self) -> bool:
        """Whether it is an answer, or tells that there is none for now."""
        return self.is_good or self.code == "SERVICE_UNAVAILABLE"


class Served:
    """A server with settings of its own on a free port."""

    def __init__(self, url: str, *, descriptors: int | None = None, **settings: object) -> None:
        self.port = _free_port()
        self._command = [*_COMMAND, "--port", str(self.port), "--database", url]
        if descriptors:
            limited = f'ulimit -n {descriptors} && exec "$@"'
            self._command = ["sh", "-c", limited, "sh", *self._command]
        ours = {f"TERRIGRAPH_{name.upper()}": str(value) for name, value in settings.items()}
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith("TERRIGRAPH_")
        }
        # One address asks all of it, so points would end the load.
        self._environment = {**inherited, "TERRIGRAPH_POINTS_PER_HOUR": "0", **ours}
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # as long as the server
        self.start()

    def start(self) -> float:
        """Starts it. How many seconds pass until it answers."""
        began = perf_counter()
        self._process = subprocess.Popen(
            self._command, cwd=_ROOT, env=self._environment, stdout=self._log, stderr=self._log
        )
        while not ask(self.port, "{ __typename }").is_good:
            if self._process.poll() is not None or perf_counter() - began > _START_S:
                self._log.seek(0)
                raise RuntimeError(self._log.read().decode(errors="replace"))
            time.sleep(0.02)
        return perf_counter() - began

    def signal(self, number: int) -> None:
        """Sends a signal to it."""
        self._process.send_signal(number)

    def wait(self) -> float:
        """Waits for its end. How many seconds that takes."""
        began = perf_counter()
        self._process.wait(30)
        return perf_counter() - began

    def memory_mib(self) -> float:
        """What it holds of memory now; 0 where the system does not tell."""
        status = Path(f"/proc/{self._process.pid}/status")
        if not status.is_file():
            return 0
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / _MIB

    def descriptors(self) -> int:
        """How many files and sockets it has open; 0 where the system does not tell."""
        folder = Path(f"/proc/{self._process.pid}/fd")
        return len(list(folder.iterdir())) if folder.is_dir() else 0

    def processor_s(self) -> float:
        """The processor time that it has taken so far; 0 where the system does not tell."""
        status = Path(f"/proc/{self._process.pid}/stat")
        if not status.is_file():
            return 0
        # The second field is a name in parentheses; user and system time are 14 and 15.
        ticks = status.read_text().rpartition(")")[2].split()[11:13]
        return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._process.poll() is None:
            self.signal(signal.SIGKILL)
        self._process.wait(30)
        self._log.close()


def ask(
    port: int, query: str, variables: dict[str, object] | None = None, timeout_s: float = 30
) -> Reply:
    """What a question on a new connection leads to."""
    connection = HTTPConnection("127.0.0.1", port, timeout=timeout_s)
    try:
        return ask_on(connection, query, variables)
    finally:
        connection.close()


def ask_on(
    connection: HTTPConnection, query: str, variables: dict[str, object] | None = None
) -> Reply:
    """What a question on a connection leads to."""
    began = perf_counter()
    body = orjson.dumps({"query": query, "variables": variables})
    try:
        connection.request("POST", "/graphql", body, {"content-type": "application/json"})
        response = connection.getresponse()
        text = response.read()
    except (OSError, HTTPException):
        return Reply(0, "", began, perf_counter())
    return Reply(response.status, _code(text), began, perf_counter())


def _code(text: bytes) -> str:
    errors = orjson.loads(text).get("errors") or [] if text.startswith(b"{") else []
    return str(errors[0]["extensions"]["code"]) if errors else ""


def ordinary(number: int) -> dict[str, object]:
    """The variables of an ordinary question, other ones for each of the next 2,000 numbers."""
    return {"first": number % 100 + 1, "year": 2000 + number // 100 % 20}


class Probe:
    """Asks ordinary questions, one after the other, while something else is done."""

    _numbers = itertools.count()

    def __init__(self, served: Served, pause_s: float = _PAUSE_S) -> None:
        self._served = served
        self._pause_s = pause_s
        self.replies: list[Reply] = []
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        connection = HTTPConnection("127.0.0.1", self._served.port, timeout=30)
        while not self._is_over.wait(self._pause_s):
            reply = ask_on(connection, ORDINARY, ordinary(next(self._numbers)))
            self.replies.append(reply)
            if not reply.status:
                connection.close()  # the next question opens it again
        connection.close()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._is_over.set()
        self._thread.join()

    @property
    def failures(self) -> int:
        """Questions that got no good answer."""
        return sum(not reply.is_good for reply in self.replies)

    @property
    def median_s(self) -> float:
        """How long the middle one took."""
        return median(reply.seconds for reply in self.replies)

    @property
    def p95_s(self) -> float:
        """How long 95 % took at most."""
        return quantiles([reply.seconds for reply in self.replies], n=20)[18]


@contextmanager
def fresh_file() -> Iterator[Path]:
    """Where a database can be made that is nobody else's."""
    with tempfile.TemporaryDirectory(prefix="terrigraph-") as folder:
        yield Path(folder) / "terrigraph.db"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
