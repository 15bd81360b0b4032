"""Pages that people read, in a real browser: on any screen, in the dark, within their policy."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.http.server import Server


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture(params=[1280, 360])
def page(
    chromium: Browser, scheme: str, request: pytest.FixtureRequest
) -> Iterator[tuple[Page, list[str]]]:
    """An empty page, and what it says."""
    size = {"width": request.param, "height": 800}
    with chromium.new_context(color_scheme=scheme, viewport=size) as context:  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        opened, said = context.new_page(), list[str]()
        opened.on("console", lambda message: said.append(message.text))
        opened.on("pageerror", lambda error: said.append(str(error)))
        opened.on("requestfailed", lambda failed: said.append(failed.url))
        yield opened, said


@pytest.mark.parametrize("path", ["/", "/errors", "/limits"])
def test_it_fits_the_screen_in_the_colours_of_the_system(
    page: tuple[Page, list[str]], scheme: str, running: Server, path: str
) -> None:
    opened, said = page
    opened.goto(f"{running.client.base_url.join(path)}")
    expect(opened.locator("h1")).to_be_visible()
    width = opened.evaluate("document.documentElement.scrollWidth")
    assert width <= opened.evaluate("innerWidth")
    ground = opened.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(252, 251, 248)", "dark": "rgb(21, 26, 24)"}[scheme]
    assert said == []


def test_its_question_opens_in_graphiql(page: tuple[Page, list[str]], running: Server) -> None:
    opened, said = page
    opened.goto(f"{running.client.base_url.join('/')}")
    opened.get_by_role("link", name="Ask this question").click()
    expect(opened.locator(".graphiql-query-editor .CodeMirror")).to_contain_text("GOLD")
    assert said == []
