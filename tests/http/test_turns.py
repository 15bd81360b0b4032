"""The whole schema is told to one caller at a time, and holds up nobody else."""

import asyncio
from typing import Any

import httpx
import pytest

from graph.http import graphql

_SCHEMA = "{ __schema { types { name } } }"
_ORDINARY = "{ prizes { totalCount } }"


async def test_introspection_waits_for_its_turn_and_others_do_not(
    caller: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, under_way, most = graphql.answer, dict.fromkeys((_SCHEMA, _ORDINARY), 0), {}

    async def slow(schema: Any, database: Any, query: str, *rest: Any, **named: Any) -> Any:
        kind = query.split("#", maxsplit=1)[0]
        under_way[kind] += 1
        most[kind] = max(most.get(kind, 0), under_way[kind])
        await asyncio.sleep(0.01)
        under_way[kind] -= 1
        return await run(schema, database, query, *rest, **named)

    monkeypatch.setattr(graphql, "answer", slow)
    # Comments tell them apart, so that none is known.
    queries = [f"{kind}# {number}" for number in range(5) for kind in under_way]
    answers = await asyncio.gather(
        *(caller.post("/graphql", json={"query": query}) for query in queries)
    )
    assert not [answer.json() for answer in answers if "errors" in answer.json()]
    assert most == {_SCHEMA: 1, _ORDINARY: 5}


async def test_who_leaves_while_waiting_for_its_turn_keeps_nobody_waiting(
    caller: httpx.AsyncClient,
) -> None:
    async def ask(number: int) -> httpx.Response:
        return await caller.post("/graphql", json={"query": f"{_SCHEMA}# {number}"})

    asked = [asyncio.create_task(ask(number)) for number in range(6)]
    await asyncio.sleep(0)
    for task in asked[1::2]:
        task.cancel()
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert [isinstance(answer, httpx.Response) for answer in answers] == [True, False] * 3
    assert (await ask(6)).status_code == 200
