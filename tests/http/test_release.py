"""A release that another process makes is answered soon, and what was known of the old one goes."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest_asyncio
import sqlalchemy as sa

from graph.app import build_app
from graph.settings import Settings
from graph.storage.engine import open_engine
from graph.storage.migrate import upgrade
from graph.storage.tables import Release, Run, table_of

_QUERY = {"query": "{ dataset { release } categories { totalCount } }"}
_LOOKS = 40


def make_release(url: str, number: int) -> None:
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(
            sa.insert(table_of(Release)).values(
                id=number,
                version=f"2030-01-01.{number}",
                updated_at="2030-01-01T00:00:00Z",
                checksum=str(number),
                licence_name="L",
                licence_url="https://example.org",
                attribution="A",
            )
        )
    engine.dispose()


@pytest_asyncio.fixture
async def caller(engine_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application over a database with a first release and nothing else."""
    engine = open_engine(engine_url)
    upgrade(engine)
    engine.dispose()
    make_release(engine_url, 1)
    app = build_app(Settings(DATABASE_URL=engine_url))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://terrigraph") as client,
    ):
        yield client


async def test_a_release_of_another_process_is_answered_soon(
    caller: httpx.AsyncClient, engine_url: str
) -> None:
    first = await caller.get("/graphql", params=_QUERY)
    assert first.json()["data"]["dataset"]["release"] == "2030-01-01.1"
    held = {"if-none-match": first.headers["etag"]}
    assert (await caller.get("/graphql", params=_QUERY, headers=held)).status_code == 304
    await asyncio.to_thread(make_release, engine_url, 2)
    for _ in range(_LOOKS):
        answered = await caller.get("/graphql", params=_QUERY, headers=held)
        if answered.status_code == 200:
            break
        await asyncio.sleep(0.05)
    assert answered.json()["data"]["dataset"]["release"] == "2030-01-01.2"
    assert answered.headers["etag"] != held["if-none-match"]


def _look(url: str, number: int) -> None:
    engine = open_engine(url)
    at = f"2031-01-0{number}T00:00:00Z"
    with engine.begin() as connection:
        connection.execute(
            sa.insert(table_of(Run)).values(
                id=number,
                source_key="list",
                started_at=at,
                ended_at=at,
                status="UNCHANGED",
                created=0,
                changed=0,
                withdrawn=0,
                quarantined=0,
            )
        )
    engine.dispose()


async def test_a_look_at_a_list_that_brings_no_release_is_told_soon(
    caller: httpx.AsyncClient, engine_url: str
) -> None:
    first = await caller.get("/graphql", params=_QUERY)
    assert first.headers["last-modified"] == "Tue, 01 Jan 2030 00:00:00 GMT"
    held = {"if-none-match": first.headers["etag"]}
    await asyncio.to_thread(_look, engine_url, 1)
    for _ in range(_LOOKS):
        answered = await caller.get("/graphql", params=_QUERY, headers=held)
        if answered.status_code == 200:
            break
        await asyncio.sleep(0.05)
    assert answered.headers["etag"] != held["if-none-match"]
    assert answered.headers["last-modified"] == "Wed, 01 Jan 2031 00:00:00 GMT"
