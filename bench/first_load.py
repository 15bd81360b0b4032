"""The first load of the committed data into an empty database, as the first start does it."""

from collections.abc import Iterator
from time import perf_counter

from bench import memory
from bench.databases import create_empty, drop
from bench.figures import Figure
from graph.storage.engine import open_engine
from graph.storage.migrate import upgrade
from seed.load import load

AT_MOST_S = {"sqlite": 10, "postgresql": 15}


def measure(url: str) -> Iterator[Figure]:
    """The figures; the database at `url` is made anew and removed."""
    create_empty(url)
    try:
        seconds, again, peak = memory.apart(_load, url)
    finally:
        drop(url)
    section = "First load of the committed data"
    engine = "sqlite" if url.startswith("sqlite") else "postgresql"
    yield Figure(section, "tables and all data", seconds, "s", at_most=AT_MOST_S[engine])
    yield Figure(section, "the same again, nothing to do", again, "s")
    yield Figure("Peak memory of a process", "first load", peak, "MiB")


def _load(url: str) -> tuple[float, float, float]:
    engine = open_engine(url)
    began = perf_counter()
    upgrade(engine)
    load(engine)
    first = perf_counter() - began
    began = perf_counter()
    upgrade(engine)
    load(engine)
    again = perf_counter() - began
    engine.dispose()
    return first, again, memory.peak_mib()
