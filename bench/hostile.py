"""What it takes to refuse what is made to hurt, over HTTP: processor time of each, and memory.

    python -m bench.hostile 1000

The server is `terrigraph serve`, in a process of its own, over the committed data; each request is
one that it has not met. Linux tells the processor time of a process in nanoseconds.
"""

import sys
from collections.abc import Iterator
from itertools import count, cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.figures import Figure, about_machine, write
from tests.http.hostile import REQUESTS, Request, exchange
from tests.http.server import ROOT, SCRIPT, Server, serving

_ROUNDS = 5
_MOST_MS = 50
_MOST_GROWTH_MIB = 4
_KIB_PER_MIB = 1024


class _Attack:
    """Sends requests to a server and looks at its process."""

    def __init__(self, server: Server) -> None:
        self._port = server.port
        self._process = Path(f"/proc/{server.pid}")
        self._numbers = count(1)

    def send(self, request: Request) -> float:
        """The processor time that a request took, in ms."""
        made = request.made(next(self._numbers))
        before = self._processor_ns()
        exchange(self._port, made)
        return (self._processor_ns() - before) / 1e6

    def resident_mib(self) -> float:
        """The memory that the process holds, in MiB."""
        lines = (self._process / "status").read_text().splitlines()
        (resident,) = (line for line in lines if line.startswith("VmRSS"))
        return int(resident.split()[1]) / _KIB_PER_MIB

    def _processor_ns(self) -> int:
        tasks = (self._process / "task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks)


def measure(server: Server, many: int) -> Iterator[Figure]:
    """The time of each request, the best of some rounds; then what so many leave in memory."""
    attack = _Attack(server)
    times = {
        request.name: min(attack.send(request) for _ in range(_ROUNDS)) for request in REQUESTS
    }
    section = "Processor time of a refusal"
    yield Figure(section, "the slowest of all", max(times.values()), "ms", at_most=_MOST_MS)
    for name, time_ms in sorted(times.items(), key=lambda each: -each[1]):
        yield Figure(section, name, time_ms, "ms", at_most=_MOST_MS)
    held = [attack.resident_mib()]
    requests = cycle(REQUESTS)
    for _ in range(3):
        for request in islice(requests, many):
            attack.send(request)
        held.append(attack.resident_mib())
    section = f"Memory over refusals, {many:,} at a time"
    for at, mib in enumerate(held):
        yield Figure(section, f"after {at * many:,} more" if at else "at first", mib, "MiB")
    growth = held[-1] - held[1]
    yield Figure(section, "growth after the first", growth, "MiB", at_most=_MOST_GROWTH_MIB)


def main(many: int = 1000) -> None:
    """Measures, prints and keeps the figures."""
    with TemporaryDirectory() as folder:
        at = Path(folder)
        command = [SCRIPT, "serve"]
        url = f"sqlite:///{at / 'terrigraph.db'}"
        with serving(command, ROOT, at / "log", DATABASE_URL=url) as server:
            figures = list(measure(server, many))
    table, _ = write("hostile", "Refusals", about_machine(), figures)
    print(table.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
