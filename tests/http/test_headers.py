"""Pages of any origin may ask and read; what is no page loads nothing and stands in no frame."""

from typing import Any

import httpx
import pytest

from tests.http.server import Server

_ORIGIN = {"origin": "https://portail.example"}
_QUESTION = {"query": "{ __typename }"}


def _preflight(server: Server, path: str, method: str, asked: str) -> httpx.Response:
    headers = {
        **_ORIGIN,
        "access-control-request-method": method,
        "access-control-request-headers": asked,
    }
    return server.client.options(path, headers=headers)


@pytest.mark.parametrize("path", ["/graphql", "/schema.graphql"])
def test_a_preflight_lets_any_page_send_any_header_and_is_kept_a_day(
    running: Server, path: str
) -> None:
    response = _preflight(running, path, "POST", "content-type,apollo-require-preflight")
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["access-control-allow-origin"] == "*"
    assert {"GET", "HEAD", "POST"} <= set(
        response.headers["access-control-allow-methods"].split(", ")
    )
    # A star names every header but this one (Fetch standard, 4.9).
    assert response.headers["access-control-allow-headers"] == "*, Authorization"
    assert response.headers["access-control-max-age"] == "86400"
    assert "access-control-allow-credentials" not in response.headers


def test_options_without_an_origin_tells_the_methods(running: Server) -> None:
    response = running.client.options("/graphql")
    assert (response.status_code, response.content) == (204, b"")
    assert {"GET", "HEAD", "POST", "OPTIONS"} == set(response.headers["allow"].split(", "))


@pytest.mark.parametrize(
    ("method", "path", "given", "status"),
    [
        ("POST", "/graphql", {"json": _QUESTION}, 200),
        ("GET", "/graphql", {"params": _QUESTION}, 200),
        ("HEAD", "/graphql", {"params": _QUESTION}, 200),
        ("POST", "/graphql", {"content": b"{"}, 415),
        ("PUT", "/graphql", {}, 405),
        ("GET", "/schema.graphql", {}, 200),
        ("GET", "/nothing", {}, 404),
    ],
)
def test_every_response_may_be_read_and_is_taken_for_what_it_says(
    running: Server, method: str, path: str, given: Any, status: int
) -> None:
    response = running.client.request(method, path, headers=_ORIGIN, **given)
    assert response.status_code == status
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["access-control-expose-headers"] == "*"
    assert "access-control-allow-credentials" not in response.headers
    assert response.headers["x-content-type-options"] == "nosniff"
    policy = response.headers["content-security-policy"]
    assert policy == "default-src 'none'; frame-ancestors 'none'"


async def test_a_fault_of_ours_may_be_read_as_well(
    caller: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("graph.http.graphql.answer", fail)
    transport = httpx.ASGITransport(caller._transport.app, raise_app_exceptions=False)  # type: ignore[attr-defined]  # the fixture's
    async with httpx.AsyncClient(transport=transport, base_url="http://terrigraph") as client:
        response = await client.post("/graphql", json={"query": "{ a: __typename }"})
    assert response.status_code == 500
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["content-security-policy"].startswith("default-src 'none'")
