"""What is told of requests: ids, lines in the log, figures, health, spans."""

import asyncio
import io
import json
import logging
import sys
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client.parser import text_string_to_metric_families

from graph.app import build_app
from graph.http import logs
from graph.http.metrics import Metrics
from graph.http.observe import Observer
from graph.http.tracing import Tracer
from graph.settings import Settings
from tests.http.server import ROOT, serving

NAMED = "query Named { prizes { totalCount } }"
PROXY = "10.0.0.1"


class Watched:
    """An application with a log and figures of its own."""

    def __init__(self, url: str, **given: Any) -> None:
        settings = Settings(DATABASE_URL=url, trusted_proxies=("10.0.0.0/8",), **given)
        self.app = build_app(settings)
        self.observer: Any = self.app.middleware_stack
        assert isinstance(self.observer, Observer)
        self.out = io.BytesIO()
        self.metrics = Metrics()
        self.observer._log = logs.RequestLog(settings, self.out)
        self.observer._metrics = self.metrics

    @asynccontextmanager
    async def client(self, peer: str = "192.0.2.77") -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(peer, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            yield client

    def lines(self) -> list[dict[str, Any]]:
        self.observer._log.flush()
        lines = [json.loads(line) for line in self.out.getvalue().splitlines()]
        self.out.truncate(0)
        self.out.seek(0)
        return lines

    def figures(self) -> dict[str, float]:
        self.metrics.flush()
        return _figures(self.metrics.text().decode())


def _figures(text: str) -> dict[str, float]:
    return {
        ",".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture(scope="module")
def url(committed: Callable[[str], str]) -> str:
    return committed("sqlite")


@pytest.fixture
def watched(url: str) -> Watched:
    return Watched(url)


async def _ask(client: httpx.AsyncClient, query: str = NAMED, **headers: str) -> httpx.Response:
    return await client.post("/graphql", json={"query": query}, headers=headers)


async def test_each_answer_has_an_id_of_its_own(watched: Watched) -> None:
    async with watched.client() as client:
        answers = [await _ask(client), await client.get("/nothing"), await client.get("/errors")]
    ids = [answer.headers["x-request-id"] for answer in answers]
    assert len(set(ids)) == 3
    assert [line["request_id"] for line in watched.lines()] == ids


@pytest.mark.parametrize(
    ("peer", "given", "is_taken"),
    [
        (PROXY, "4bf92f35-77b3.4da6_a", True),
        (PROXY, "x" * 64, True),
        (PROXY, "x" * 65, False),
        (PROXY, 'a"b', False),
        (PROXY, "é", False),
        (PROXY, "", False),
        ("192.0.2.77", "4bf92f35-77b3", False),
    ],
)
async def test_an_id_is_taken_from_a_trusted_proxy_alone(
    watched: Watched, peer: str, given: str, *, is_taken: bool
) -> None:
    async with watched.client(peer) as client:
        answer = await client.get("/errors", headers={"x-request-id": given.encode("latin-1")})
    assert (answer.headers["x-request-id"] == given) == is_taken


async def test_a_line_tells_what_was_asked_and_no_person(url: str) -> None:
    watched = Watched(url)
    async with watched.client() as client:
        for _ in range(2):
            await client.post("/graphql", json={"query": NAMED, "operationName": "Named"})
        await client.post("/graphql", json={"query": NAMED.replace("{ prizes", "{  prizes")})
    computed, again, other = watched.lines()
    assert set(computed) == {
        *("time", "level", "logger", "message", "request_id", "caller", "method", "kind"),
        *("status", "duration_ms", "operation", "answer", "points", "statements"),
    }
    assert (computed["operation"], computed["answer"], computed["status"]) == (
        *("Named", "computed", 200),
    )
    assert computed["caller"] == "192.0.2.0/24"
    assert computed["points"] > 0
    assert (again["answer"], again["operation"], "points" in again) == ("raw", "Named", False)
    assert other["operation"] == "Named"
    assert "192.0.2.77" not in watched.out.getvalue().decode()


async def test_lines_cannot_be_forged_or_filled(watched: Watched) -> None:
    async with watched.client() as client:
        for name in ('a"\n{"x":1}', "x" * 100_000, "\ud800"):
            content = json.dumps({"query": NAMED, "operationName": name})
            headers = {"content-type": "application/json"}
            await client.post("/graphql", content=content, headers=headers)
        await client.request("x" * 20, "/")
    lines = watched.lines()
    assert len(lines) == 4
    assert all(len(json.dumps(line)) < 600 for line in lines)
    assert lines[0]["operation"] == "a????x??1?"
    assert lines[-1]["method"] == "OTHER"


async def test_documents_are_told_where_the_settings_say_so(url: str) -> None:
    for is_told in (True, False):
        watched = Watched(url, log_documents=is_told, cache_max_bytes=0)
        async with watched.client() as client:
            await _ask(client)
        assert watched.lines()[0].get("document") == (NAMED if is_told else None)


async def test_few_requests_are_told_where_the_settings_say_so(url: str) -> None:
    for kind, count in (("errors", 0), ("none", 0), ("all", 1)):
        watched = Watched(url, log_requests=kind)
        async with watched.client() as client:
            await _ask(client)
        assert len(watched.lines()) == count


async def test_a_fault_is_logged_once_with_the_id_that_the_answer_carries(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.http.pages.CODES", None)  # /errors fails on it
    watched = Watched(url)
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.JsonFormatter())
    logger = logging.getLogger("terrigraph")
    logger.addHandler(handler)
    async with watched.client() as client:
        answer = await client.get("/errors")
    logger.removeHandler(handler)
    assert answer.status_code == 500
    (line,) = map(json.loads, out.getvalue().splitlines())
    assert line["request_id"] == answer.headers["x-request-id"]
    assert f"quote {line['request_id']} " in answer.json()["errors"][0]["message"]
    assert "AttributeError" in line["exception"]
    assert watched.lines()[0]["level"] == "error"


def test_a_line_holds_text_of_any_kind() -> None:
    formatter = logs.JsonFormatter()
    record = logging.LogRecord("x", logging.INFO, "", 1, "a\n%s", ("\ud800é",), None)
    assert json.loads(formatter.format(record))["message"] == "a\n?é"


async def test_figures_count_requests_answers_costs_and_refusals(watched: Watched) -> None:
    async with watched.client() as client:
        points = (await _ask(client)).json()["extensions"]["cost"]["points"]
        await _ask(client)
        await _ask(client, "{ oops }")
        await client.post("/graphql", content=b"{")
        await client.get("/nothing")
    figures = watched.figures()
    assert figures["terrigraph_requests_total,query,POST,200"] == 3
    assert figures["terrigraph_requests_total,query,POST,415"] == 1
    assert figures["terrigraph_requests_total,other,GET,404"] == 1
    assert figures["terrigraph_answers_total,computed"] == 1
    assert figures["terrigraph_answers_total,raw"] == 1
    assert figures["terrigraph_refusals_total,GRAPHQL_VALIDATION_FAILED"] == 1
    assert figures["terrigraph_refusals_total,BAD_REQUEST"] == 1
    assert figures["terrigraph_statements_total"] == 1
    assert figures["terrigraph_operation_points_sum"] == points
    assert figures["terrigraph_request_duration_seconds_count,query"] == 4
    assert figures["terrigraph_request_duration_seconds_bucket,query,10.0"] == 4
    assert figures["terrigraph_requests_in_flight"] == 0


async def test_a_refusal_over_a_limit_is_counted_by_the_name_of_the_limit(
    watched: Watched,
) -> None:
    aliases = " ".join(f"a{number}: slug" for number in range(40))
    async with watched.client() as client:
        await _ask(client, f"{{ prizes {{ nodes {{ {aliases} }} }} }}")
    assert watched.lines()[0]["limit"] == "documentAliases"
    assert watched.figures()["terrigraph_refusals_total,documentAliases"] == 1


def test_a_tally_gives_the_histogram_that_single_observations_give() -> None:
    # It writes to names that are private to prometheus-client.
    metrics = Metrics()
    for value in (0.0, 0.001, 0.0011, 0.3, 99.0):
        metrics.finished("GET", 200, "query", value)
        metrics._seconds.labels("direct").observe(value)
    metrics.flush()
    figures = _figures(metrics.text().decode())
    found = {k: v for k, v in figures.items() if ",query" in k and "duration" in k}
    assert len(found) == 16
    for name, value in found.items():
        assert figures[name.replace(",query", ",direct")] == pytest.approx(value)


async def test_figures_are_for_operators(watched: Watched) -> None:
    async with watched.client("127.0.0.1") as near, watched.client() as far:
        assert "terrigraph_requests_total" in (await near.get("/metrics")).text
        assert (await far.get("/metrics")).status_code == 404
    async with watched.client(PROXY) as client:
        headers = {"x-forwarded-for": "127.0.0.1"}  # the proxy's own
        assert (await client.get("/metrics", headers=headers)).status_code == 200
        assert (await client.get("/metrics")).status_code == 404


async def test_health_tells_the_release_and_its_age(watched: Watched) -> None:
    async with watched.client() as client:
        assert (await client.get("/health/live")).json() == {"status": "live"}
        ready = await client.get("/health/ready")
    assert ready.status_code == 200
    assert ready.headers["cache-control"] == "no-store"
    body = ready.json()
    assert body["release"]["version"] == "2026-01-31.1"
    assert body["release"]["ageSeconds"] > 0
    assert (body["status"], body["budgets"]) == ("ready", "memory")


async def test_health_tells_why_nothing_can_be_answered(tmp_path: Path) -> None:
    watched = Watched(f"sqlite:///{tmp_path / 'none.db'}")
    async with watched.client() as client:
        assert (await client.get("/health/live")).status_code == 200
        answers = await asyncio.gather(*(client.get("/health/ready") for _ in range(20)))
    for ready in answers:
        assert ready.status_code == 503
        assert ready.json()["reasons"] == ["the database cannot be read"]
        assert "none.db" not in ready.text


async def test_an_operation_is_one_span_inside_the_callers(url: str) -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    watched = Watched(url)
    watched.observer._tracer = Tracer(provider.get_tracer("test"))
    parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    async with watched.client() as client:
        posted = {"query": NAMED, "operationName": "Named"}
        await client.post("/graphql", json=posted, headers={"traceparent": parent})
        await client.get("/errors")
    (span,) = exporter.get_finished_spans()
    assert span.name == "query Named"
    assert span.context
    assert f"{span.context.trace_id:x}" == parent.split("-")[1]
    attributes = dict(span.attributes or {})
    assert attributes["terrigraph.answer"] == "computed"
    assert attributes["http.response.status_code"] == 200
    assert not [value for value in attributes.values() if "prizes" in str(value)]
    provider.shutdown()


def test_without_an_address_nothing_is_traced(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Tracer.of_environment() is None
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    assert Tracer.of_environment() is None


def test_several_processes_tell_the_figures_of_all(url: str, tmp_path: Path) -> None:
    folder = tmp_path / "figures"
    folder.mkdir()
    command = [sys.executable, "-m", "uvicorn", "asgi:app", "--http", "asgi:wire"]
    given = {"DATABASE_URL": url, "PROMETHEUS_MULTIPROC_DIR": str(folder)}
    log = tmp_path / "log"
    with serving([*command, "--workers", "2"], ROOT, log, **given) as running:
        asked = {"query": NAMED}, {"connection": "close"}

        def ask(_number: int) -> str:
            answer = httpx.post(f"{base}/graphql", json=asked[0], headers=asked[1], trust_env=False)
            return answer.headers["x-request-id"].split("-")[0]

        base, processes, count = running.client.base_url, set[str](), 0
        with ThreadPoolExecutor(8) as callers:
            while len(processes) < 2:
                assert count < 4000
                processes.update(callers.map(ask, range(40)))
                count += 40
        time.sleep(1.5)
        figures = _figures(running.client.get("/metrics").text)
        assert figures["terrigraph_requests_total,query,POST,200"] == count
        assert figures["terrigraph_release_info,2026-01-31.1"] == 1
