"""Points an hour: what callers may spend, what they are told, and what Redis has to do with it."""

import asyncio
import logging
import re
import socket
import time
from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from math import ceil
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from graph.app import build_app
from graph.http import budget as module
from graph.http import shared as shared_module
from graph.http.budget import Budget, Decision
from graph.http.callers import Caller, Callers
from graph.http.shared import Shared
from graph.settings import Settings
from tests.http.redis import redis
from tests.http.server import free_port

ANNA = Caller("192.0.2.7/32", is_behind_proxy=False)
BERT = Caller("192.0.2.8/32", is_behind_proxy=False)
KEY = sha256(b"secret").hexdigest()


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def _budget(clock: Clock | None = None, **settings: Any) -> Budget:
    return Budget(Settings(**{"points_per_hour": 3600, **settings}), clock=clock or Clock())


def _told(decision: Decision) -> tuple[int, int]:
    """The points left, and the seconds until all are back."""
    headers = dict(decision.headers)
    told = re.fullmatch(rb'"\w+";r=(\d+);t=(\d+)', headers[b"ratelimit"])
    assert told
    return int(told[1]), int(told[2])


async def test_a_caller_spends_its_points_and_nobody_elses() -> None:
    budget = _budget()
    assert _told(await budget.take(ANNA, 1000)) == (2600, 1000)
    assert _told(await budget.take(ANNA, 2600)) == (0, 3600)
    assert not (await budget.take(ANNA, 1)).is_allowed
    assert _told(await budget.take(BERT, 1)) == (3599, 1)
    assert (await budget.take(ANNA, 0)).is_allowed


async def test_points_come_back_evenly() -> None:
    clock = Clock()
    budget = _budget(clock)
    await budget.take(ANNA, 3600)
    refused = await budget.take(ANNA, 60)
    assert refused.retry_after_s == 60
    clock.now += 59
    assert not (await budget.take(ANNA, 60)).is_allowed
    clock.now += 1
    assert (await budget.take(ANNA, 60)).is_allowed
    clock.now += 3600
    assert _told(await budget.take(ANNA, 0)) == (3600, 0)


async def test_a_refusal_tells_the_wait_and_spends_nothing() -> None:
    budget = _budget()
    await budget.take(ANNA, 3000)
    for _ in range(3):
        refused = await budget.take(ANNA, 1000)
        assert _told(refused) == (600, 3000)
    problem = refused.problem()
    assert (problem.status, problem.code) == (429, "RATE_LIMITED")
    assert problem.headers["Retry-After"] == "400"
    assert problem.headers["ratelimit-policy"] == '"default";q=3600;w=3600'
    assert "600 of 3600 are left; ask again in 400 s" in problem.message


async def test_a_question_that_no_hour_suffices_for_is_told_so() -> None:
    problem = (await _budget().take(ANNA, 4000)).problem()
    assert "Retry-After" not in problem.headers
    assert "more than the 3600 of an hour; ask for less" in problem.message


async def test_a_known_key_has_points_of_its_own() -> None:
    budget = _budget(api_keys={KEY: 36_000})
    holder = ANNA._replace(key=KEY)
    decision = await budget.take(holder, 10_000)
    assert _told(decision) == (26_000, 1000)
    assert dict(decision.headers)[b"ratelimit-policy"] == b'"key";q=36000;w=3600'
    assert _told(await budget.take(holder._replace(prefix=BERT.prefix), 0)) == (26_000, 1000)
    assert _told(await budget.take(ANNA, 0)) == (3600, 0)


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("authorization", "Bearer secret", KEY),
        ("authorization", "bearer  secret ", KEY),
        ("x-api-key", "secret", KEY),
        ("authorization", "Basic secret", ""),
        ("authorization", "Bearer other", ""),
        ("x-api-key", "", ""),
        ("x-api-key", KEY, ""),
    ],
)
def test_a_key_is_known_by_its_hash(name: str, value: str, key: str) -> None:
    scope = {"client": ("192.0.2.7", 1), "headers": [(name.encode(), value.encode())]}
    assert Callers(Settings(api_keys={KEY: 1})).of(scope).key == key
    assert Callers(Settings()).of(scope).key == ""


def test_a_key_that_is_no_hash_is_refused_and_not_shown() -> None:
    with pytest.raises(ValidationError) as refusal:
        Settings(api_keys={"secret": 1})
    assert "secret" not in refusal.value.errors()[0]["msg"]


async def test_without_a_limit_nothing_is_counted() -> None:
    assert await _budget(points_per_hour=0).take(ANNA, 10**9) == (True, [], 0, "", None)


async def test_the_memory_of_callers_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_KNOWN_CALLERS", 100)
    budget = _budget()
    for number in range(1000):
        await budget.take(Caller(str(number), is_behind_proxy=False), 1)
    assert _told(await budget.take(Caller("0", is_behind_proxy=False), 0)) == (3600, 0)
    assert _told(await budget.take(Caller("999", is_behind_proxy=False), 0)) == (3599, 1)


async def test_the_endpoint_tells_the_budget_and_refuses_beyond_it(
    committed: Callable[[str], str],
) -> None:
    settings = Settings(DATABASE_URL=committed("sqlite"), points_per_hour=3600, api_keys={KEY: 0})
    transport = httpx.ASGITransport(build_app(settings), client=("192.0.2.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:

        async def ask(first: int, **headers: str) -> httpx.Response:
            query = f"{{ awards(first: {first}) {{ nodes {{ year laureates {{ name }} }} }} }}"
            return await client.get("/graphql", params={"query": query}, headers=headers)

        first = await ask(1)
        assert "errors" not in first.json()
        points = first.json()["extensions"]["cost"]["points"]
        reading = _reading_points(first)
        assert first.headers["ratelimit"].startswith(f'"default";r={3600 - points - reading};')
        assert first.headers["ratelimit-policy"] == '"default";q=3600;w=3600'
        answers = [await ask(number) for number in range(2, 101)]
        refused = answers[-1]
        assert {answer.status_code for answer in answers} == {200, 429}
        assert refused.json()["errors"][0]["extensions"]["code"] == "RATE_LIMITED"
        assert int(refused.headers["retry-after"]) > 0
        assert refused.headers["cache-control"] == "no-store"
        again = await ask(1)
        assert (again.status_code, "ratelimit" in again.headers) == (200, False)  # kept: costs none
        assert (await ask(99, authorization="Bearer secret")).status_code == 200


def _reading_points(response: httpx.Response) -> int:
    """A point for two characters of a new document."""
    return ceil(len(response.request.url.params["query"]) / 2)


def _left(response: httpx.Response) -> int:
    return int(response.headers["ratelimit"].split(";r=")[1].split(";")[0])


@pytest.fixture
async def anna(committed: Callable[[str], str]) -> AsyncIterator[httpx.AsyncClient]:
    """A caller with 3,600 points, none of which come back."""
    settings = Settings(DATABASE_URL=committed("sqlite"), points_per_hour=3600)
    app = build_app(settings)
    endpoint: Any = app.routes[0]
    endpoint.endpoint.budget = Budget(settings, clock=Clock())
    transport = httpx.ASGITransport(app, client=("192.0.2.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.mark.parametrize(
    ("query", "reading"),
    [
        ("{ nothing }" + " " * 89, 50),  # no field of ours
        ("{" + " " * 99, 50),  # no document
        ("{ }" + " " * 97, 50),
        ("#" * 40_000, 100),  # too long to be read
    ],
)
async def test_who_asks_for_nonsense_pays_for_its_reading(
    anna: httpx.AsyncClient, query: str, reading: int
) -> None:
    refused = await anna.post("/graphql", json={"query": query})
    assert refused.json()["errors"][0]["extensions"]["code"].startswith("GRAPHQL_")
    assert _left(refused) == 3600 - reading


async def test_nonsense_without_end_is_refused_before_it_is_read(anna: httpx.AsyncClient) -> None:
    answers = [
        await anna.post("/graphql", json={"query": f"{{ a{number:05} }}" + " " * 990})
        for number in range(10)
    ]
    codes = [answer.json()["errors"][0]["extensions"]["code"] for answer in answers]
    assert codes == ["GRAPHQL_VALIDATION_FAILED"] * 7 + ["RATE_LIMITED"] * 3
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_a_document_is_new_once_whatever_its_variables(anna: httpx.AsyncClient) -> None:
    query = "query ($first: Int) { prizes(first: $first) { nodes { id } } }"
    left = 3600
    for first in (1, 2, 3):
        variables = {"first": first}
        answered = await anna.post("/graphql", json={"query": query, "variables": variables})
        points = answered.json()["extensions"]["cost"]["points"] + (first == 1) * ceil(
            len(query) / 2
        )
        left -= points
        assert _left(answered) == left


async def test_a_question_of_cost_pays_for_a_new_document_and_for_nothing_else(
    anna: httpx.AsyncClient,
) -> None:
    query = "{ cost(dryRun: true) { points } awards(first: 100) { nodes { id } } }"
    asked = await anna.post("/graphql", json={"query": query})
    again = await anna.post("/graphql", json={"query": query, "variables": {"other": 1}})
    assert _left(asked) == _left(again) == 3600 - ceil(len(query) / 2)


async def test_processes_share_points_in_redis(tmp_path: Path) -> None:
    with redis(free_port(), tmp_path) as url:
        both = [Shared(url), Shared(url)]
        first, second = (Budget(Settings(points_per_hour=3600), each) for each in both)
        assert first.kept_in == "redis"
        assert _told(await first.take(ANNA, 1000)) == (2600, 1000)
        left, full_in = _told(await second.take(ANNA, 2000))
        assert left in range(600, 603)
        assert full_in in range(2998, 3001)
        assert not (await first.take(ANNA, 2000)).is_allowed
        assert _told(await second.take(BERT, 0)) == (3600, 0)
        taken = await asyncio.gather(*(each.take(BERT, 100) for each in [first, second] * 50))
        assert sum(decision.is_allowed for decision in taken) == 36
        await asyncio.gather(*(each.close() for each in both))


async def test_a_redis_that_is_down_costs_no_answer_and_is_used_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(shared_module, "_PAUSE_S", 0.2)
    monkeypatch.setattr(shared_module, "_TIMEOUT_S", 5)  # a busy machine is no failure
    caplog.set_level(logging.WARNING, "terrigraph")
    port = free_port()
    shared = Shared(f"redis://127.0.0.1:{port}/0")
    budget = Budget(Settings(points_per_hour=3600), shared)
    for _ in range(10):
        assert (await budget.take(ANNA, 100)).is_allowed
    assert budget.kept_in == "memory, redis is down"
    assert _told(await budget.take(ANNA, 0))[0] in range(2600, 2603)
    with redis(port, tmp_path):
        await asyncio.sleep(0.25)
        assert (await budget.take(ANNA, 100)).is_allowed
        assert budget.kept_in == "redis"
    assert (await budget.take(ANNA, 100)).is_allowed
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == [
        "redis fails, memory stands in",
        "redis answers again",
        "redis fails, memory stands in",
    ]
    await shared.close()


async def test_a_redis_that_keeps_silent_holds_nobody_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        shared = Shared(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        budget = Budget(Settings(), shared)
        began = time.monotonic()
        for _ in range(20):
            assert (await budget.take(ANNA, 1)).is_allowed
        assert time.monotonic() - began < 3
        await shared.close()
