"""The limits are told outside GraphQL as well, and none of the settings is forgotten."""

from html import escape

import httpx

from graph.settings import Settings

# What bounds no caller, or each one by what is told of it alone.
NO_LIMITS = {
    "what an instance is": "database_url host port read_workers redis_url",
    "what is kept, and for how long": "cache_max_bytes cache_max_age_s trusted_documents",
    "who a caller is": "trusted_proxies proxy_header caller_ipv4_bits caller_ipv6_bits",
    "told to the holder of a key by `RateLimit`": "api_keys",
    "of lists that the instance fetches": "harvest_networks harvest_max_bytes harvest_timeout_s",
    "what operators see": "operator_networks log_level log_requests log_documents",
}


async def test_the_limits_are_those_that_graphql_tells(caller: httpx.AsyncClient) -> None:
    response = await caller.get("/limits")
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    asked = {"query": "{ apiLimits { name max unit description } }"}
    told = (await caller.get("/graphql", params=asked)).json()["data"]["apiLimits"]
    assert response.json() == {"limits": told}


async def test_each_setting_is_a_limit_that_is_told_or_bounds_no_caller(
    caller: httpx.AsyncClient,
) -> None:
    told = {each["name"]: each["max"] for each in (await caller.get("/limits")).json()["limits"]}
    others = {name for names in NO_LIMITS.values() for name in names.split()}
    limits = Settings.model_fields.keys() - others
    assert others <= Settings.model_fields.keys()
    of_settings = [Settings.model_fields[name].json_schema_extra for name in limits]
    assert {each["name"] for each in of_settings} == told.keys()  # type: ignore[index, call-overload]
    assert len(told) == len(limits)
    assert told["openConnections"] == Settings().max_connections
    assert told["requestsInFlight"] == Settings().max_requests_in_flight


async def test_people_read_the_same_limits_on_a_page(caller: httpx.AsyncClient) -> None:
    told = (await caller.get("/limits")).json()["limits"]
    page = await caller.get("/limits", headers={"accept": "text/html,*/*;q=0.8"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for limit in told:
        shown = f"<code>{limit['name']}</code> {limit['max']:,} {limit['unit']}</dt>"
        assert f"{shown}<dd>{escape(limit['description'])}</dd>" in page.text


async def test_an_address_of_many_parameters_is_refused(caller: httpx.AsyncClient) -> None:
    asked = [("query", "{ __typename }"), *((f"p{number}", "") for number in range(20))]
    assert (await caller.get("/graphql", params=asked[:20])).status_code == 200
    refused = await caller.get("/graphql", params=asked)
    assert refused.status_code == 400
    (error,) = refused.json()["errors"]
    assert error["extensions"]["limit"] == {"name": "urlParameters", "max": 20, "actual": 21}


async def test_the_first_page_leads_to_them(caller: httpx.AsyncClient) -> None:
    assert (await caller.get((await caller.get("/")).json()["limits"])).status_code == 200
