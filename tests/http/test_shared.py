"""Answers that processes share in Redis, and what becomes of questions when it fails."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from graph.app import build_app
from graph.http import shared as module
from graph.http.shared import Shared, SharedAnswers
from graph.settings import Settings
from tests.http.redis import redis
from tests.http.server import free_port

QUERY = "query Palmares { awards(first: 20) { nodes { year laureates { name } } } }"


@asynccontextmanager
async def _process(url: str, redis_url: str) -> AsyncIterator[httpx.AsyncClient]:
    app = build_app(Settings(DATABASE_URL=url, REDIS_URL=redis_url))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client,
    ):
        yield client


async def _ask(client: httpx.AsyncClient, query: str = QUERY, **asked: Any) -> httpx.Response:
    answered = await client.post("/graphql", json={"query": query, **asked})
    assert answered.status_code == 200
    return answered


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents that were run, by whichever process."""
    from graph.http import graphql  # noqa: PLC0415  # the name of a package as well

    run, asked = graphql.answer, []

    async def spy(*given: Any, **named: Any) -> Any:
        asked.append(given[2])
        return await run(*given, **named)

    monkeypatch.setattr(graphql, "answer", spy)
    return asked


async def test_an_answer_of_one_process_serves_the_others(
    committed_url: str, tmp_path: Path, ran: list[str]
) -> None:
    with redis(free_port(), tmp_path) as shared:
        async with _process(committed_url, shared) as first:
            made = await _ask(first)
        async with _process(committed_url, shared) as second:
            found, again = await _ask(second), await _ask(second)
            other = await _ask(second, variables={"unused": 1})
    assert found.content == again.content == made.content
    assert found.headers["etag"] == made.headers["etag"]
    assert found.headers["last-modified"] == made.headers["last-modified"]
    assert "ratelimit" in made.headers
    assert "ratelimit" not in found.headers
    assert other.json()["data"] == made.json()["data"]
    assert ran == [QUERY] * 2


async def test_a_document_sent_with_its_hash_is_remembered_where_the_answer_is_shared(
    committed: Callable[[str], str], tmp_path: Path, ran: list[str]
) -> None:
    url, digest = committed("sqlite"), sha256(QUERY.encode()).hexdigest()
    named = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest}}}
    with redis(free_port(), tmp_path) as shared:
        async with _process(url, shared) as first:
            await _ask(first)
        async with _process(url, shared) as second:
            await _ask(second, **named)
            answered = await second.post("/graphql", json=named)
    assert len(answered.json()["data"]["awards"]["nodes"]) == 20
    assert ran == [QUERY]


async def test_errors_are_not_shared(
    committed: Callable[[str], str], tmp_path: Path, ran: list[str]
) -> None:
    url = committed("sqlite")
    with redis(free_port(), tmp_path) as shared:
        for _ in range(2):
            async with _process(url, shared) as client:
                await _ask(client, "{ awards(first: 101) { totalCount } }")
    assert len(ran) == 2


async def test_every_question_is_answered_while_redis_comes_and_goes(
    committed: Callable[[str], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(module, "_PAUSE_S", 0.2)
    monkeypatch.setattr(module, "_TIMEOUT_S", 5)  # a busy machine is no failure
    port = free_port()
    async with _process(committed("sqlite"), f"redis://127.0.0.1:{port}/0") as client:

        async def ask_all(begin: int) -> None:
            queries = [QUERY.replace("20", str(number)) for number in range(begin, begin + 15)]
            await asyncio.gather(*(_ask(client, query) for query in queries))

        await ask_all(1)
        with redis(port, tmp_path):
            await asyncio.sleep(0.25)
            await ask_all(20)
            health = (await client.get("/health/ready")).json()
            assert (health["status"], health["budgets"]) == ("ready", "redis")
        await ask_all(40)
        health = (await client.get("/health/ready")).json()
        assert (health["status"], health["budgets"]) == ("ready", "memory, redis is down")
    told = [record.getMessage().partition(":")[0] for record in caplog.records]
    assert told == [
        "redis fails, memory stands in",
        "redis answers again",
        "redis fails, memory stands in",
    ]


async def test_what_is_too_large_or_too_much_is_not_shared() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        shared = Shared(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        answers = SharedAnswers(shared)
        answers.put("key", "", b"x" * (module._MAX_BYTES + 1))
        assert not answers._writing
        for _ in range(module._MAX_WRITES + 50):
            answers.put("key", "", b"x")
        assert len(answers._writing) == module._MAX_WRITES
        await answers.close()
        await shared.close()
    assert await SharedAnswers(None).get("key") is None
