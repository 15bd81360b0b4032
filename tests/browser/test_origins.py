"""A page of another origin asks the API, reads what it tells, and cannot frame GraphiQL."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from tests.http.server import Server

_ASK = """async ([url, init]) => {
    const response = await fetch(url, init);
    return [response.status, Object.fromEntries(response.headers), await response.text()];
}"""


class _Blank(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Portail</title><link rel=icon href='data:,'>")

    def log_message(self, format: str, *_: Any) -> None:  # noqa: A002  # the base class's
        """Nothing."""


@pytest.fixture(scope="module")
def portal() -> Iterator[str]:
    """The address of an empty page of another origin."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Blank) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def page(chromium: Browser, portal: str) -> Iterator[Page]:
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(portal)
        yield page


def test_it_asks_with_headers_of_its_own_and_reads_those_of_the_answer(
    page: Page, running: Server
) -> None:
    init = {
        "method": "POST",
        "headers": {
            "content-type": "application/json",
            "apollo-require-preflight": "true",
            "x-apollo-operation-name": "Prizes",
            "authorization": "Bearer none",
        },
        "body": '{"query": "query Prizes { prizes { totalCount } }"}',
    }
    status, headers, body = page.evaluate(_ASK, [f"{running.client.base_url}/graphql", init])
    assert status == 200
    assert '"totalCount":4' in body
    assert {"etag", "last-modified", "cache-control"} <= set(headers)


def test_it_asks_again_with_the_validator_that_it_read(page: Page, running: Server) -> None:
    url = f"{running.client.base_url}/graphql?query={{prizes{{totalCount}}}}"
    status, headers, _ = page.evaluate(_ASK, [url, {}])
    assert status == 200
    again = {"headers": {"if-none-match": headers["etag"]}, "cache": "no-store"}
    assert page.evaluate(_ASK, [url, again])[0] == 304


def test_it_reads_why_it_was_refused(page: Page, running: Server) -> None:
    url = f"{running.client.base_url}/graphql"
    status, _, body = page.evaluate(_ASK, [url, {"method": "POST", "body": "{"}])
    assert (status, "send the question as" in body) == (415, True)


def test_it_gets_nothing_in_the_name_of_a_visitor(page: Page, running: Server) -> None:
    url = f"{running.client.base_url}/graphql?query={{__typename}}"
    with pytest.raises(Error, match="Failed to fetch"):
        page.evaluate(_ASK, [url, {"credentials": "include"}])


def test_it_cannot_frame_graphiql(page: Page, running: Server) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.evaluate(
        """(url) => new Promise((resolve) => {
            const frame = document.createElement('iframe');
            frame.onload = resolve;
            frame.src = url;
            document.body.append(frame);
        })""",
        f"{running.client.base_url}/graphql",
    )
    assert any("frame-ancestors" in text for text in said)
    expect(page.frame_locator("iframe").locator("#graphiql")).to_have_count(0)
