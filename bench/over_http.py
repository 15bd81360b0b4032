"""Requests per second over HTTP: the API beside an application that has the bytes ready.

Absolute rates belong to the machine. What can be judged anywhere is the ratio: the targets
are meant for a machine on which the plain application gives 40,000 requests a second.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.client import HTTPConnection
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import orjson
import sqlalchemy as sa

from bench.by_hand import ByHand
from bench.client import Load, Outcome, drive, post
from bench.figures import Figure
from bench.questions import COMMUNE, NESTED, WINNERS, Question
from graph.storage import tables
from graph.storage.engine import open_engine

QUESTIONS = (NESTED, WINNERS, COMMUNE)
CONNECTIONS = (1, 8)
PLAIN_PER_SECOND = 40_000
AT_LEAST = {
    ("sqlite", NESTED.name): 700,
    ("postgresql", NESTED.name): 450,
    ("sqlite", COMMUNE.name): 3_500,
}

_SECONDS, _QUICK_SECONDS = 4.0, 1.0
_ROUNDS, _QUICK_ROUNDS = 3, 1
_WARM_UP_S = 0.5
_COMMUNES = 500
_ROOT = Path(__file__).parent.parent
# Above this the client has no time left to be faster.
_BUSY = 0.9


class Server:
    """One of our servers, in a process of its own."""

    def __init__(self, what: str, where: str) -> None:
        command = [sys.executable, "-m", "bench.serve", what, where]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_ROOT)
        self.port = int(self._line() or 0)

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline()

    def processor_s(self) -> float | None:
        """The processor time that it has taken so far; None where the system does not tell."""
        status = Path(f"/proc/{self._process.pid}/stat")
        if not status.is_file():
            return None
        # The second field is a name in parentheses; user and system time are 14 and 15.
        ticks = status.read_text().rpartition(")")[2].split()[11:13]
        return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> float:
        """The most memory that it has held, in MiB."""
        self._process.send_signal(signal.SIGINT)
        peak = float(self._line())
        self._process.wait()
        return peak

    def kill(self) -> None:
        """End it, whatever state it is in."""
        self._process.kill()
        self._process.wait()


@dataclass(frozen=True, slots=True)
class Turn:
    """What came of a load, and the share of its time that the server's processor was at work."""

    outcome: Outcome
    server_busy: float | None

    @property
    def per_second(self) -> float:
        """Requests per second."""
        return self.outcome.per_second

    @property
    def per_processor_second(self) -> float | None:
        """Requests per second of the server's processor time."""
        return self.per_second / self.server_busy if self.server_busy else None


@dataclass(slots=True)
class Case:
    """A question at a number of connections, and what came of its turns."""

    question: Question
    connections: int
    api: list[Turn] = field(default_factory=list)
    plain: list[Turn] = field(default_factory=list)


def measure(url: str, *, is_quick: bool) -> list[Figure]:
    """The figures of all questions at all numbers of connections."""
    seconds, rounds = (_QUICK_SECONDS, _QUICK_ROUNDS) if is_quick else (_SECONDS, _ROUNDS)
    cases = [Case(question, size) for question in QUESTIONS for size in CONNECTIONS]
    engine = "sqlite" if url.startswith("sqlite") else "postgresql"
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        api = Server("api", url)
        stack.callback(api.kill)
        write_answers(url, api, QUESTIONS, folder)
        plain = Server("plain", str(folder))
        stack.callback(plain.kill)
        client = ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn"))
        stack.enter_context(client)
        requests = {question.name: _requests(url, question) for question in QUESTIONS}
        _run(cases, requests, (api, plain), client, _WARM_UP_S)
        for case in cases:
            case.api.clear()
            case.plain.clear()
        for _ in range(rounds):
            _run(cases, requests, (api, plain), client, seconds)
        figures = [figure for case in cases for figure in _figures(case, engine)]
        return [*figures, *_memory_figures(api, plain)]


def write_answers(url: str, api: Server, questions: Iterable[Question], folder: Path) -> None:
    """The bytes that the API gives: AssertionError unless they are, but for their cost, by hand."""
    hand = ByHand(url)
    for question in questions:
        connection = HTTPConnection("127.0.0.1", api.port, timeout=30)
        body = orjson.dumps({"query": question.text})
        connection.request("POST", "/graphql", body, {"content-type": "application/json"})
        given = connection.getresponse().read()
        connection.close()
        answered = orjson.loads(given)
        answered.pop("extensions", None)
        if orjson.dumps(answered) != getattr(hand, question.name)():
            raise AssertionError(f"{question.name}: the API does not give the bytes by hand")
        (folder / question.name).write_bytes(given)
    hand.close()


def _requests(url: str, question: Question) -> list[bytes]:
    """The bodies to send in turn; of a look-up many, so that no two in a row are the same."""
    if question is not COMMUNE:
        return [orjson.dumps({"query": question.text})]
    place = tables.columns_of(tables.Collectivity)
    codes = (
        sa.select(place.code)
        .where(place.kind == "COMMUNE", place.id % 70 == 0)
        .order_by(place.id)
        .limit(_COMMUNES)
    )
    engine = open_engine(url)
    with engine.connect() as connection:
        found = connection.scalars(codes).all()
    engine.dispose()
    return [orjson.dumps({"query": question.text, "variables": {"code": code}}) for code in found]


def _run(
    cases: list[Case],
    requests: dict[str, list[bytes]],
    servers: tuple[Server, Server],
    client: ProcessPoolExecutor,
    seconds: float,
) -> None:
    """One turn of each case on the API and, right after it, on the plain application."""
    api, plain = servers
    for case in cases:
        name = case.question.name
        for server, path, turns in (
            (api, "/graphql", case.api),
            (plain, f"/{name}", case.plain),
        ):
            posts = tuple(post(path, body) for body in requests[name])
            load = Load(server.port, posts, case.connections, seconds)
            turns.append(_turn(server, load, client))


def _turn(server: Server, load: Load, client: ProcessPoolExecutor) -> Turn:
    before = server.processor_s()
    outcome = client.submit(drive, load).result()
    after = server.processor_s()
    if before is None or after is None:
        return Turn(outcome, None)
    return Turn(outcome, (after - before) / load.seconds)


def _figures(case: Case, engine: str) -> Iterator[Figure]:
    section, rate = "Over HTTP, one worker", "requests/s"
    name, size = case.question.name, case.connections
    label = f"{name}, {size} connection{'s' if size > 1 else ''}"
    api = [turn.outcome for turn in case.api]
    yield Figure(section, f"{label}: API", median(o.per_second for o in api), rate)
    yield Figure(section, f"{label}: API, median wait", median(o.median_ms for o in api), "ms")
    yield Figure(section, f"{label}: API, wait of 99 %", median(o.p99_ms for o in api), "ms")
    plain = [turn.outcome for turn in case.plain]
    is_limit = median(o.busy for o in plain) > _BUSY
    note = " (the client is the limit)" if is_limit else ""
    rate_of_plain = median(o.per_second for o in plain)
    yield Figure(section, f"{label}: plain application{note}", rate_of_plain, rate)
    share = _share(case, lambda turn: turn.per_second)
    assert share is not None
    yield Figure(section, f"{label}: API of plain", share * 100, "%")
    by_processor = _share(case, lambda turn: turn.per_processor_second)
    if by_processor is not None:
        told = f"{label}: API of plain, per second of the server's processor"
        yield Figure(section, told, by_processor * 100, "%")
    at_least = AT_LEAST.get((engine, name)) if size == max(CONNECTIONS) else None
    scaled = f"{label}: API where plain gives {PLAIN_PER_SECOND:,}"
    yield Figure(section, scaled, share * PLAIN_PER_SECOND, rate, at_least=at_least)


def _share(case: Case, rate: Callable[[Turn], float | None]) -> float | None:
    """The median share of the API's rate in that of the plain application.

    The turns of both come in pairs, so noise that lasts falls on both.
    """
    pairs = [(rate(api), rate(plain)) for api, plain in zip(case.api, case.plain, strict=True)]
    shares = [api / plain for api, plain in pairs if api and plain]
    return median(shares) if shares else None


def _memory_figures(api: Server, plain: Server) -> Iterator[Figure]:
    section = "Peak memory of a process"
    yield Figure(section, "server, API", api.stop(), "MiB")
    yield Figure(section, "server, plain application", plain.stop(), "MiB")
