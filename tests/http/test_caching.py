"""Known answers come from memory, told apart by all that decides them, and go with a release."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.execution import answer as execution
from graph.http import graphql
from graph.http.cache import Cache, Known
from graph.http.documents import NamedDocuments
from graph.http.problem import Problem
from graph.http.request import Question
from tests.http.server import Server

_QUERY = "query Q($n: Int) { awards(first: $n) { nodes { id year laureates { name } } } }"
_GRAPHQL = "application/graphql-response+json"


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents that were run, not answered from memory."""
    asked: list[str] = []

    async def spy(schema: Any, database: Any, query: str, *rest: Any, **named: Any) -> Any:
        asked.append(query)
        return await execution.answer(schema, database, query, *rest, **named)

    monkeypatch.setattr(graphql, "answer", spy)
    return asked


def _of_the_answer(response: httpx.Response) -> dict[str, str]:
    """The headers, but for those of the request and its caller."""
    others = {"x-request-id", "ratelimit", "ratelimit-policy"}
    return {name: value for name, value in response.headers.items() if name not in others}


async def get(caller: httpx.AsyncClient, **headers: str) -> httpx.Response:
    return await caller.get(
        "/graphql", params={"query": _QUERY, "variables": '{"n": 50}'}, headers=headers
    )


async def test_the_same_question_is_run_once(caller: httpx.AsyncClient, runs: list[str]) -> None:
    first, second = await get(caller), await get(caller)
    assert first.status_code == second.status_code == 200
    assert first.content == second.content
    assert _of_the_answer(first) == _of_the_answer(second)
    posted = await caller.post(
        "/graphql", json={"variables": {"n": 50}, "operationName": None, "query": _QUERY}
    )
    assert posted.content == first.content
    assert len(runs) == 1


async def test_whatever_decides_an_answer_tells_it_apart(
    caller: httpx.AsyncClient, runs: list[str]
) -> None:
    base = {"query": _QUERY, "variables": {"n": 3}}
    others: list[tuple[dict[str, Any], dict[str, str]]] = [
        (base, {}),
        ({**base, "variables": {"n": 4}}, {}),
        ({**base, "operationName": "Q"}, {}),
        ({**base, "query": _QUERY + " "}, {}),
        (base, {"accept": _GRAPHQL}),
    ]
    tags = set()
    for body, headers in others:
        response = await caller.post("/graphql", json=body, headers=headers)
        assert len(response.json()["data"]["awards"]["nodes"]) == body["variables"]["n"]
        tags.add(response.headers["etag"])
    assert len(tags) == len(runs) == len(others)


async def test_who_has_the_answer_is_told_so_without_running_anything(
    caller: httpx.AsyncClient, runs: list[str]
) -> None:
    etag = (await get(caller)).headers["etag"]
    for given_tags in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        response = await get(caller, **{"if-none-match": given_tags})
        assert (response.status_code, response.content) == (304, b"")
        assert response.headers["etag"] == etag
        assert response.headers["cache-control"] == "public, max-age=60"
    assert (await get(caller, **{"if-none-match": '"other"'})).status_code == 200
    assert len(runs) == 1


async def test_a_validator_of_another_encoding_is_one_of_the_same_answer(
    caller: httpx.AsyncClient,
) -> None:
    etags = {}
    for encoding in ("identity", "gzip", "br", "zstd"):
        response = await get(caller, **{"accept-encoding": encoding})
        assert response.headers.get("content-encoding", "identity") == encoding
        assert len(response.json()["data"]["awards"]["nodes"]) == 50
        etags[encoding] = response.headers["etag"]
    assert len(set(etags.values())) == 4
    for etag in etags.values():
        assert (await get(caller, **{"if-none-match": etag})).status_code == 304


async def test_a_head_has_the_headers_of_a_get_alone(caller: httpx.AsyncClient) -> None:
    got = await get(caller)
    head = await caller.head("/graphql", params={"query": _QUERY, "variables": '{"n": 50}'})
    assert (head.status_code, head.content) == (200, b"")
    assert _of_the_answer(head) == _of_the_answer(got)


async def test_what_failed_is_kept_by_nobody(caller: httpx.AsyncClient, runs: list[str]) -> None:
    for query in ("{ awards(first: 101) { totalCount } }", "{ nothing }", "{"):
        for _ in range(2):
            response = await caller.get("/graphql", params={"query": query})
            assert response.headers["cache-control"] == "no-store"
            assert "etag" not in response.headers
    assert len(runs) == 6


async def test_a_document_is_named_by_its_hash_once_it_was_sent(caller: httpx.AsyncClient) -> None:
    query = "{ prizes { totalCount } }"
    digest = sha256(query.encode()).hexdigest()
    named = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest}}}
    missing = await caller.post("/graphql", json=named)
    [error] = missing.json()["errors"]
    assert error["message"] == "PersistedQueryNotFound"
    assert error["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
    assert missing.headers["cache-control"] == "no-store"
    wrong = await caller.post("/graphql", json={**named, "query": query + " "})
    assert (wrong.status_code, "errors" in wrong.json()) == (400, True)
    sent = await caller.post("/graphql", json={**named, "query": query})
    again = await caller.post("/graphql", json=named)
    assert sent.json()["data"] == again.json()["data"] == {"prizes": {"totalCount": 4}}


async def test_a_document_that_is_refused_is_not_remembered(caller: httpx.AsyncClient) -> None:
    query = "{ nothing }"
    digest = sha256(query.encode()).hexdigest()
    named = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest}}}
    await caller.post("/graphql", json={**named, "query": query})
    [error] = (await caller.post("/graphql", json=named)).json()["errors"]
    assert error["message"] == "PersistedQueryNotFound"


def test_a_new_release_is_answered_within_a_second(running: Server) -> None:
    response = running.client.get("/graphql", params={"query": "{ dataset { release } }"})
    assert "last-modified" in response.headers
    assert response.headers["vary"] == "Accept, Accept-Encoding"


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3000)), max_size=60))
def test_a_cache_takes_no_more_than_it_may(kept: list[tuple[int, int]]) -> None:
    cache = Cache(20_000)
    for name, size in kept:
        known = Known("application/json", f"k{name}", b"x" * size, "then")
        known.variant("gzip")
        cache.keep(known)
        cache.note(b"r%d" % name, known.key)
        assert 0 <= cache.size_bytes <= 20_000
        found = cache.by_request(b"r%d" % name)
        assert found is None or found.key == known.key


def test_trusted_documents_are_read_from_their_folder(tmp_path: Path) -> None:
    query = "{ prizes { totalCount } }"
    digest = sha256(query.encode()).hexdigest()
    (tmp_path / f"{digest}.graphql").write_text(query)
    named = NamedDocuments(tmp_path)
    for name in (digest, f"sha256:{digest}"):
        assert named.text_of(Question(None, None, None, {}, name)) == query
    for name in ("", "x", "0" * 64, digest[:-1], f"../{digest}"):
        with pytest.raises(Problem, match="send `query` instead"):
            named.text_of(Question(None, None, None, {}, name))


def test_a_trusted_document_under_another_name_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "winners.graphql").write_text("{ prizes { totalCount } }")
    with pytest.raises(ValueError, match=r"winners\.graphql is not named by the SHA-256"):
        NamedDocuments(tmp_path)
