"""Where the time of this executor goes: a profile of one question, all in one thread."""

import cProfile
import pstats
from collections.abc import Callable
from time import perf_counter
from typing import TypeVar

import orjson

from bench.loop import run
from bench.questions import Question
from graph.execution.answer import answer
from graph.schema.build import build_schema
from graph.storage.read import Database, Reader

T = TypeVar("T")

_WARM_UP_CALLS, _CALLS = 20, 300
_LINES = 35


class _Here(Database):
    """Reads in the thread that asks, where a profile sees it."""

    async def run(self, work: Callable[[Reader], T]) -> T:
        return self.run_here(work)


def profile(url: str, question: Question) -> None:
    """Print what a call takes with and without the worker thread, and the profile."""
    for label, kind in (("in a worker thread", Database), ("in one thread", _Here)):
        with kind(url) as database:
            print(f"{question.name}, {label}: {run(_per_call_ms(database, question)):.3f} ms")
    profiler = cProfile.Profile()
    with _Here(url) as database:
        run(_per_call_ms(database, question, profiler))
    for order in ("tottime", "cumulative"):
        print(f"\nby {order}, of {_CALLS} calls")
        pstats.Stats(profiler).strip_dirs().sort_stats(order).print_stats(_LINES)


async def _per_call_ms(
    database: Database, question: Question, profiler: cProfile.Profile | None = None
) -> float:
    schema = build_schema()

    async def ask() -> None:
        orjson.dumps((await answer(schema, database, question.text)).body)

    for _ in range(_WARM_UP_CALLS):
        await ask()
    if profiler:
        profiler.enable()
    began = perf_counter()
    for _ in range(_CALLS):
        await ask()
    taken = perf_counter() - began
    if profiler:
        profiler.disable()
    return taken * 1000 / _CALLS
