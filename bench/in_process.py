"""Times without HTTP: the stock executor, this executor and hand-written SQL, in turns."""

import statistics
from collections.abc import Awaitable, Callable, Iterator
from functools import cached_property
from time import perf_counter
from typing import Any

import orjson

from bench import memory
from bench.by_hand import ByHand
from bench.figures import Figure
from bench.loop import run
from bench.questions import NESTED, QUESTIONS, WINNERS, Question, statements_allowed
from graph.execution.answer import answer
from graph.schema.build import Schema, build_schema, build_stock_schema
from graph.storage.read import Database

SECTION = "In process"
STOCK, OURS, BY_HAND = "stock executor", "this executor", "by hand"

_WARM_UP_CALLS = 5
_SAMPLE_S = 0.005
_ROUNDS, _QUICK_ROUNDS = 80, 15
# The stock executor is slow and steady: one call in every fourth round tells enough.
_STOCK_EVERY = 4
_MEMORY_CALLS = 30

Work = Callable[[], Awaitable[bytes]]


class Bench:
    """The three ways to one answer, over one database."""

    def __init__(self, url: str) -> None:
        self._database = Database(url)
        self._hand = ByHand(url)

    @cached_property
    def ours(self) -> Schema:
        """The schema that serves."""
        return build_schema()

    @cached_property
    def stock(self) -> Schema:
        """The same on the stock executor."""
        return build_stock_schema()

    def close(self) -> None:
        """End all connections."""
        self._hand.close()
        self._database.close()

    def ways(self, question: Question) -> dict[str, Work]:
        """Each way to the answer's bytes, by its name."""

        async def by_hand() -> bytes:
            written: bytes = getattr(self._hand, question.name)()
            return written

        return {
            STOCK: lambda: self._bytes(self.stock, question),
            OURS: lambda: self._bytes(self.ours, question),
            BY_HAND: by_hand,
        }

    async def _bytes(self, schema: Schema, question: Question) -> bytes:
        answered = await answer(schema, self._database, question.text)
        return orjson.dumps(answered.body)

    async def statements(self, schema: Schema, question: Question, first: int | None = None) -> int:
        """How many statements an answer takes."""
        variables = {"first": first} if first else None
        answered = await answer(schema, self._database, question.text, variables)
        return len(answered.statements)

    @property
    def statements_by_hand(self) -> int:
        """How many statements the last answer by hand took."""
        return self._hand.statements


def measure(url: str, *, is_quick: bool) -> list[Figure]:
    """The figures of all questions."""
    return run(_measure(url, _QUICK_ROUNDS if is_quick else _ROUNDS))


async def _measure(url: str, rounds: int) -> list[Figure]:
    bench = Bench(url)
    figures: list[Figure] = []
    is_sqlite = url.startswith("sqlite")
    for question in QUESTIONS:
        size = await _same_bytes(bench, question)
        taken = await _rounds(bench.ways(question), rounds)
        figures += _time_figures(question, taken, size, is_sqlite=is_sqlite)
        figures += [figure async for figure in _statement_figures(bench, question)]
    bench.close()
    return figures


async def _same_bytes(bench: Bench, question: Question) -> int:
    """The size of the answer. AssertionError unless all ways give the same bytes."""
    answers = {name: await work() for name, work in bench.ways(question).items()}
    for name, given in answers.items():
        if given != answers[BY_HAND]:
            raise AssertionError(f"{question.name}: {name} does not give the bytes of {BY_HAND}")
    return len(answers[BY_HAND])


async def _rounds(ways: dict[str, Work], rounds: int) -> list[dict[str, float]]:
    """Milliseconds per call of each way, taken in turns, so that noise falls on all alike."""
    calls = {name: await _calls_per_sample(work) for name, work in ways.items()}
    return [
        {
            name: await _sample(work, calls[name])
            for name, work in ways.items()
            if name != STOCK or number % _STOCK_EVERY == 0
        }
        for number in range(rounds)
    ]


async def _calls_per_sample(work: Work) -> int:
    for _ in range(_WARM_UP_CALLS):
        await work()
    return max(1, round(_SAMPLE_S * 1000 / await _sample(work, 1)))


async def _sample(work: Work, calls: int) -> float:
    began = perf_counter()
    for _ in range(calls):
        await work()
    return (perf_counter() - began) * 1000 / calls


def _time_figures(
    question: Question, rounds: list[dict[str, float]], size: int, *, is_sqlite: bool
) -> Iterator[Figure]:
    label, is_judged = question.name, question is NESTED
    for name in (STOCK, OURS, BY_HAND):
        taken = statistics.median(times[name] for times in rounds if name in times)
        yield Figure(SECTION, f"{label}: {name}", taken, "ms")
    yield Figure(
        SECTION,
        f"{label}: {OURS} against {BY_HAND}",
        _ratio(rounds, OURS, BY_HAND),
        "times the time",
        at_most=1.5 if is_judged and is_sqlite else None,
    )
    yield Figure(
        SECTION,
        f"{label}: {STOCK} against {OURS}",
        _ratio(rounds, STOCK, OURS),
        "times the time",
        at_least=20 if is_judged and is_sqlite else None,
    )
    yield Figure(SECTION, f"{label}: size of the answer", size, "bytes")


def _ratio(rounds: list[dict[str, float]], name: str, other: str) -> float:
    """The median of the rounds' own ratios: what slowed a whole round has no say in it."""
    return statistics.median(times[name] / times[other] for times in rounds if name in times)


async def _statement_figures(bench: Bench, question: Question) -> Any:
    section, name = "Statements of an operation", question.name
    allowed = statements_allowed(bench.ours, question)
    taken = await bench.statements(bench.ours, question)
    yield Figure(section, f"{name}: {OURS}", taken, at_most=allowed)
    if question in (NESTED, WINNERS):
        taken = await bench.statements(bench.ours, question, first=1)
        yield Figure(section, f"{name}: {OURS}, one row", taken, at_most=allowed)
    taken = await bench.statements(bench.stock, question)
    yield Figure(section, f"{name}: {STOCK}", taken)
    await bench.ways(question)[BY_HAND]()
    yield Figure(section, f"{name}: {BY_HAND}", bench.statements_by_hand)


def measure_memory(url: str) -> Iterator[Figure]:
    """The peak memory of a process that answers the nested question by one way only."""
    for way in (STOCK, OURS, BY_HAND):
        peak = memory.apart(_peak_of, url, way)
        yield Figure("Peak memory of a process", f"nested, in process: {way}", peak, "MiB")


def _peak_of(url: str, way: str) -> float:
    async def work() -> None:
        bench = Bench(url)
        ask = bench.ways(NESTED)[way]
        for _ in range(_MEMORY_CALLS):
            await ask()
        bench.close()

    run(work())
    return memory.peak_mib()
