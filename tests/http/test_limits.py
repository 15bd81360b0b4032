"""The limits are told outside GraphQL as well."""

import httpx


async def test_the_limits_are_those_that_graphql_tells(caller: httpx.AsyncClient) -> None:
    response = await caller.get("/limits")
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    asked = {"query": "{ apiLimits { name max unit description } }"}
    told = (await caller.get("/graphql", params=asked)).json()["data"]["apiLimits"]
    assert response.json() == {"limits": told}


async def test_the_first_page_leads_to_them(caller: httpx.AsyncClient) -> None:
    assert (await caller.get((await caller.get("/")).json()["limits"])).status_code == 200
