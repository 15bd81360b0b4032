"""What is asked by someone who has left is not worked on any more."""

import asyncio
from typing import Any

import httpx
import pytest

from graph.app import build_app
from graph.http.leaving import unless_gone
from graph.http.request import ClientGone
from graph.schema.build import Schema
from graph.settings import Settings
from graph.storage.read import Database, Reader
from graph.storage.statements import Statement
from tests.storage.test_brake import SLOW, until_nothing_runs


class Caller:
    """The receiving side of a connection, whose caller may leave."""

    def __init__(self, *messages: str) -> None:
        self._messages = [*messages]
        self.has_left = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        if self._messages:
            return {"type": self._messages.pop(0)}
        await self.has_left.wait()
        return {"type": "http.disconnect"}


async def test_work_that_is_done_at_once_needs_no_second_task() -> None:
    async def work() -> int:
        return len(asyncio.all_tasks())

    before = len(asyncio.all_tasks())
    assert await unless_gone(Caller().receive, work()) == before + 1
    assert len(asyncio.all_tasks()) == before


@pytest.mark.parametrize("messages", [(), ("http.request", "http.request")])
async def test_work_is_waited_for_while_its_caller_is_there(messages: tuple[str, ...]) -> None:
    async def work() -> str:
        await asyncio.sleep(0.05)
        return "done"

    before = len(asyncio.all_tasks())
    assert await unless_gone(Caller(*messages).receive, work()) == "done"
    assert len(asyncio.all_tasks()) == before


async def test_what_the_work_raises_is_raised() -> None:
    async def work() -> None:
        await asyncio.sleep(0.01)
        raise LookupError

    with pytest.raises(LookupError):
        await unless_gone(Caller().receive, work())


async def test_work_is_cancelled_when_its_caller_leaves() -> None:
    caller, ends = Caller("http.request"), []

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            ends.append("cancelled")
            raise

    asyncio.get_running_loop().call_later(0.05, caller.has_left.set)
    with pytest.raises(ClientGone):
        await unless_gone(caller.receive, work())
    assert ends == ["cancelled"]


async def test_work_is_cancelled_with_whoever_waits_for_it() -> None:
    ends = []

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ends.append("ended")

    before = len(asyncio.all_tasks())
    task = asyncio.create_task(unless_gone(Caller().receive, work()))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ends == ["ended"]
    assert len(asyncio.all_tasks()) == before


async def test_the_statement_of_a_caller_who_has_left_is_stopped(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over the application itself, on each engine."""

    async def slow(_schema: Any, asked: Database, *_: Any, **__: Any) -> Any:
        def work(reader: Reader) -> Any:
            return reader.rows(Statement(SLOW, (), {}), {})

        return await asked.run(work)

    monkeypatch.setattr("graph.http.graphql.answer", slow)
    url = database.url.render_as_string(hide_password=False)
    app = build_app(Settings(DATABASE_URL=url, operation_timeout_s=60, statement_timeout_s=60))
    caller, sent = Caller("http.request"), []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/graphql",
        "query_string": b"query={__typename}",
        "headers": [],
    }
    async with app.router.lifespan_context(app):
        asyncio.get_running_loop().call_later(0.2, caller.has_left.set)
        await app(scope, caller.receive, send)
        await until_nothing_runs(database)
    assert sent == []


async def test_much_is_not_begun_for_a_caller_who_has_left_already(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = build_app(Settings(DATABASE_URL=database.url.render_as_string(hide_password=False)))
    query = "{initiatives{nodes{holders{collectivity{awards(first:%d){nodes{level}}}}}}}"
    begun = []

    async def send(_message: Any) -> None:
        pass

    async with app.router.lifespan_context(app):
        monkeypatch.setattr(Schema, "execute", lambda *_, **__: begun.append(1))
        for first in (99, 100):
            caller = Caller("http.request")
            caller.has_left.set()
            scope = {
                "type": "http",
                "method": "GET",
                "path": "/graphql",
                "query_string": b"query=" + (query % first).encode(),
                "headers": [],
            }
            await app(scope, caller.receive, send)
    assert begun == []


async def test_a_response_that_is_too_large_is_not_sent(database: Database) -> None:
    url = database.url.render_as_string(hide_password=False)
    app = build_app(Settings(DATABASE_URL=url, response_max_bytes=1000))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://terrigraph") as client,
    ):
        asked = {"query": "query ($n: Int) { awards(first: $n) { nodes { id } } }"}
        small = await client.post("/graphql", json={**asked, "variables": {"n": 3}})
        large = await client.post("/graphql", json={**asked, "variables": {"n": 100}})
    assert len(small.json()["data"]["awards"]["nodes"]) == 3
    assert large.headers["cache-control"] == "no-store"
    [error] = large.json()["errors"]
    assert "data" not in large.json()
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    limit = error["extensions"]["limit"]
    assert (limit["name"], limit["max"]) == ("responseBytes", 1000)
    assert limit["actual"] > 3000
    assert "smaller pages" in error["message"]
    assert large.json()["extensions"]["cost"]["nodes"] == 100
