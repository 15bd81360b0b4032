"""The server as callers meet it: questions, media types, and refusals of one shape."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from tests.http.server import ROOT, SCRIPT, Server, serving

_PALMARES = (ROOT / "tests" / "golden" / "palmares.graphql").read_text(encoding="utf-8")
_BY_CODE = "query ($code: String!) { collectivity(by: {commune: $code}) { name } }"
_TYPO = "{ prizes { nodes { slugg } } }"
_MISTAKE = '{ node(id: "hello") { id } }'
_JSON = "application/json; charset=utf-8"
_GRAPHQL_JSON = "application/graphql-response+json; charset=utf-8"
_BODY_MAX_BYTES = 256 * 1024
_INTERNALS = ("Traceback", "SELECT", ".py", "sqlite", "psycopg")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    with serving([SCRIPT, "serve"], folder, folder / "first.log") as running:
        yield running


@pytest.fixture
def client(server: Server) -> httpx.Client:
    return server.client


def assert_problem(response: httpx.Response, status: int, code: str, words: str) -> None:
    """One error with a code and a sentence, in JSON, that tells nothing of the insides."""
    assert response.status_code == status
    assert response.headers["content-type"] in {_JSON, _GRAPHQL_JSON}
    assert not [word for word in _INTERNALS if word in response.text]
    body = response.json()
    assert set(body) == {"errors"}
    (error,) = body["errors"]
    assert set(error) <= {"message", "extensions", "locations"}
    limits = {"limit"} & set(error["extensions"])
    assert error["extensions"].keys() - limits == {"code", "docs"}
    assert error["extensions"]["code"] == code
    assert error["extensions"]["docs"] == f"/errors#{code}"
    assert words in error["message"]


def _assert_palmares(response: httpx.Response) -> None:
    assert response.status_code == 200
    body = response.json()
    assert set(body) == {"data", "extensions"}
    assert set(body["extensions"]["cost"]) == {"points", "nodes", "depth"}
    edition = body["data"]["edition"]
    assert (edition["year"], edition["announcedAwards"]) == (2017, 38)
    awards = edition["awards"]["nodes"]
    assert edition["awards"]["totalCount"] == len(awards)
    levels = {one["name"]: award["level"] for award in awards for one in award["laureates"]}
    assert {
        "Loiret": "GOLD",
        "Alpes-Maritimes": "GOLD",
        "Mayenne": "UNKNOWN",
        "Saverdun": "GOLD",
    }.items() <= levels.items()
    (mayenne,) = [award for award in awards if award["laureates"][0]["name"] == "Mayenne"]
    figures = {metric["value"]: metric["qualifier"] for metric in mayenne["initiative"]["metrics"]}
    assert {2730, 1880} <= set(figures)
    assert None not in (figures[2730], figures[1880])


def test_the_palmares_is_answered_by_post(client: httpx.Client) -> None:
    _assert_palmares(client.post("/graphql", json={"query": _PALMARES}))


def test_the_palmares_is_answered_by_get(client: httpx.Client) -> None:
    _assert_palmares(client.get("/graphql", params={"query": _PALMARES}))


def test_variables_and_the_name_of_an_operation_are_taken_both_ways(client: httpx.Client) -> None:
    query = _BY_CODE.replace("query", "query Named") + " query Other { prizes { totalCount } }"
    variables = {"code": "02691"}
    expected = {"collectivity": {"name": "Saint-Quentin"}}
    posted = {"query": query, "variables": variables, "operationName": "Named"}
    assert client.post("/graphql", json=posted).json()["data"] == expected
    asked = {**posted, "variables": json.dumps(variables)}
    assert client.get("/graphql", params=asked).json()["data"] == expected


@pytest.mark.parametrize("empty", [None, {}])
def test_variables_may_be_null_or_empty(client: httpx.Client, empty: Any) -> None:
    posted = {"query": "{ __typename }", "variables": empty, "operationName": None}
    assert client.post("/graphql", json=posted).json()["data"] == {"__typename": "Query"}


@pytest.mark.parametrize(
    ("accept", "media_type", "status"),
    [
        (None, _JSON, 200),
        ("*/*", _JSON, 200),
        ("application/json", _JSON, 200),
        ("application/graphql-response+json", _GRAPHQL_JSON, 400),
        ("application/graphql-response+json, application/json;q=0.9", _GRAPHQL_JSON, 400),
    ],
)
def test_the_media_type_decides_the_status_of_what_was_not_run(
    client: httpx.Client, accept: str | None, media_type: str, status: int
) -> None:
    headers = {"accept": accept} if accept else {}
    failed = client.post("/graphql", json={"query": _TYPO}, headers=headers)
    assert_problem(failed, status, "GRAPHQL_VALIDATION_FAILED", "Did you mean 'slug'?")
    partial = client.post("/graphql", json={"query": _MISTAKE}, headers=headers)
    assert (partial.status_code, partial.json()["data"]) == (200, {"node": None})
    answered = client.post("/graphql", json={"query": "{ __typename }"}, headers=headers)
    assert (answered.status_code, answered.json()["data"]) == (200, {"__typename": "Query"})
    for response in (failed, partial, answered):
        assert response.headers["content-type"] == media_type


@pytest.mark.parametrize(
    "content",
    [
        *(b"{", b"", b'{"query": "\xff"}', b"query { prizes }", b"[" * 5000),
        b'{"query": "\\ud800"}',
    ],
)
def test_a_body_that_is_no_json_is_refused(client: httpx.Client, content: bytes) -> None:
    headers = {"content-type": "application/json"}
    response = client.post("/graphql", content=content, headers=headers)
    assert_problem(response, 400, "BAD_REQUEST", "cannot be read as JSON")


@pytest.mark.parametrize("body", [3, "x", [1], None, [{"query": "{ __typename }"}]])
def test_json_that_is_no_object_is_refused(client: httpx.Client, body: Any) -> None:
    headers = {"content-type": "application/json"}
    response = client.post("/graphql", content=json.dumps(body), headers=headers)
    assert_problem(response, 400, "BAD_REQUEST", "send one JSON object with `query`")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "`query` is missing"),
        ({"query": ""}, "`query` is missing"),
        ({"query": " \n"}, "`query` is missing"),
        ({"query": None}, "`query` is missing"),
        ({"query": ["{ __typename }"]}, "`query` is missing"),
        ({"query": "{ __typename }", "variables": [1]}, "`variables` must be a JSON object"),
        ({"query": "{ __typename }", "variables": "{}"}, "`variables` must be a JSON object"),
        ({"query": "{ __typename }", "operationName": 3}, "`operationName` must be a text"),
    ],
)
def test_a_member_of_another_type_is_named(client: httpx.Client, body: Any, words: str) -> None:
    assert_problem(client.post("/graphql", json=body), 400, "BAD_REQUEST", words)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({}, "`query` is missing"),
        ({"query": "{ __typename }", "variables": "{"}, "`variables` cannot be read as JSON"),
        ({"query": "{ __typename }", "variables": "[1]"}, "`variables` must be a JSON object"),
    ],
)
def test_parameters_of_a_get_are_checked_as_a_body_is(
    client: httpx.Client, parameters: dict[str, str], words: str
) -> None:
    assert_problem(client.get("/graphql", params=parameters), 400, "BAD_REQUEST", words)


@pytest.mark.parametrize("media_type", ["text/plain", "application/graphql", ""])
def test_another_media_type_is_refused(client: httpx.Client, media_type: str) -> None:
    content = json.dumps({"query": "{ __typename }"})
    response = client.post("/graphql", content=content, headers={"content-type": media_type})
    assert_problem(response, 415, "BAD_REQUEST", "`content-type: application/json`")


def test_a_body_is_taken_up_to_the_limit_and_refused_beyond(client: httpx.Client) -> None:
    headers = {"content-type": "application/json"}
    body = b'{"query": "{ __typename }"}'
    for size, status in ((_BODY_MAX_BYTES, 200), (_BODY_MAX_BYTES + 1, 413)):
        response = client.post("/graphql", content=body.ljust(size), headers=headers)
        assert response.status_code == status
    assert_problem(response, 413, "BAD_REQUEST", "send a shorter document")
    assert client.get("/").status_code == 200


def test_a_body_of_unannounced_length_is_refused_beyond_the_limit(client: httpx.Client) -> None:
    content = iter([b'{"query": "{ __typename }"}', b" " * _BODY_MAX_BYTES])
    headers = {"content-type": "application/json"}
    response = client.post("/graphql", content=content, headers=headers)
    assert_problem(response, 413, "BAD_REQUEST", "send a shorter document")


def test_an_unknown_path_tells_the_endpoint(client: httpx.Client) -> None:
    for response in (client.get("/graph"), client.post("/graphql/x"), client.get("/.env")):
        assert_problem(response, 404, "NOT_FOUND", "the endpoint is /graphql")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_another_method_tells_those_that_there_are(client: httpx.Client, method: str) -> None:
    response = client.request(method, "/graphql", json={"query": "{ __typename }"})
    assert_problem(response, 405, "METHOD_NOT_ALLOWED", "use one of: ")
    assert {"GET", "POST"} <= set(response.headers["allow"].split(", "))


def test_the_first_page_leads_to_the_endpoint_and_the_schema(
    client: httpx.Client, pytestconfig: pytest.Config
) -> None:
    index = client.get("/").json()
    assert client.get(index["graphql"], params={"query": "{ __typename }"}).status_code == 200
    committed = pytestconfig.rootpath / "graph" / "schema" / "schema.graphql"
    assert client.get(index["schema"]).text == committed.read_text(encoding="utf-8")


def test_the_first_start_loads_the_data_and_the_next_one_finds_it(server: Server) -> None:
    folder = server.log.parent
    assert "is loaded" in server.said()
    with serving([SCRIPT, "serve"], folder, folder / "second.log") as second:
        response = second.client.post("/graphql", json={"query": "{ dataset { release } }"})
        release = response.json()["data"]["dataset"]["release"]
        assert f"Release  {release} is current" in second.said()
        assert f"GraphQL  {second.client.base_url.join('/graphql')}" in second.said()


@pytest.mark.parametrize("wire", [[], ["--http", "asgi:wire"]])
def test_uvicorn_serves_the_application_object(
    committed: Callable[[str], str], tmp_path: Path, wire: list[str]
) -> None:
    url = committed("sqlite")
    assert Path(sa.make_url(url).database or "").is_absolute()
    command = [sys.executable, "-m", "uvicorn", "asgi:app", "--log-level", "warning", *wire]
    with serving(command, ROOT, tmp_path / "uvicorn.log", DATABASE_URL=url) as running:
        _assert_palmares(running.client.post("/graphql", json={"query": _PALMARES}))
        if wire:
            too_long = running.client.get("/", params={"query": "x" * 20_000})
            assert_problem(too_long, 414, "BAD_REQUEST", "send the question as a POST")


def test_the_server_has_logged_no_fault(server: Server) -> None:
    assert "Traceback" not in server.said()
