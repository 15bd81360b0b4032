"""GraphiQL in a real browser: it opens within its policy, runs what it shows, and can be shared."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, expect

from graph.http.browser import examples
from tests.http.server import Server

_NAMES = [re.findall(r"^query (\w+)", text, re.MULTILINE)[0] for text in examples()]
_TAB = ".graphiql-tab-button"
_RESULT = ".result-window"
_EDITOR = ".graphiql-query-editor .CodeMirror"
# The browser tells of a violation by an event; its console may name it or not.
_NOTE_VIOLATIONS = """
    window.violations = [];
    addEventListener('securitypolicyviolation', (event) =>
      window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""


@dataclass
class Window:
    """A page with what it said and asked for."""

    page: Page
    origin: str
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Runs the question of the open tab."""
        with self.page.expect_response("**/graphql"):
            self.page.get_by_role("button", name="Execute query").click()

    def assert_quiet(self) -> None:
        """Nothing was wrong, nothing was forbidden, and nobody else was asked for anything."""
        assert self.said == []
        assert self.page.evaluate("window.violations") == []
        assert [url for url in self.asked if not url.startswith(self.origin)] == []


@pytest.fixture
def window(chromium: Browser, running: Server) -> Iterator[Window]:
    """GraphiQL as a first visitor meets it."""
    with chromium.new_context() as context:
        context.set_default_timeout(10_000)
        page = context.new_page()
        window = Window(page, str(running.client.base_url))
        page.add_init_script(_NOTE_VIOLATIONS)
        page.on("console", lambda message: window.said.append(message.text))
        page.on("pageerror", lambda error: window.said.append(str(error)))
        page.on("request", lambda request: window.asked.append(request.url))
        page.goto(f"{window.origin}/graphql")
        yield window


def test_it_opens_with_questions_of_the_cookbook_as_tabs(window: Window) -> None:
    expect(window.page).to_have_title(re.compile("Terrigraph"))
    expect(window.page.locator("html")).to_have_attribute("lang", "en")
    expect(window.page.locator(_TAB)).to_have_text(_NAMES)
    expect(window.page.locator(_EDITOR)).to_contain_text("Bienvenue")
    window.assert_quiet()


def test_each_tab_is_answered(window: Window) -> None:
    for name in _NAMES:
        window.page.locator(_TAB, has_text=name).click()
        window.run()
        result = window.page.locator(_RESULT)
        expect(result).to_contain_text('"data"')
        expect(result).not_to_contain_text('"errors"')
    window.assert_quiet()


def test_keys_alone_run_a_question_of_another_tab(window: Window) -> None:
    page = window.page
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.title") == "MyDepartement":
            break
    page.keyboard.press("Enter")
    expect(page.locator(_EDITOR)).to_contain_text("Mayenne")
    while page.evaluate("document.activeElement.tagName") != "TEXTAREA":
        page.keyboard.press("Tab")
    with page.expect_response("**/graphql"):
        page.keyboard.press("Control+Enter")
    expect(page.locator(_RESULT)).to_contain_text("Mayenne")
    window.assert_quiet()


def test_help_stays_within_the_policy(window: Window) -> None:
    page = window.page
    page.get_by_role("button", name="Show Documentation Explorer").click()
    expect(page.locator(".graphiql-plugin")).to_contain_text("Query")
    page.keyboard.press("Control+k")
    page.keyboard.type("suggest")
    expect(page.get_by_role("option").first).to_contain_text("uggest")
    page.keyboard.press("Enter")
    expect(page.locator(".graphiql-plugin")).to_contain_text("A collectivity that may be meant")
    page.get_by_role("button", name="New tab").click()
    page.locator(_EDITOR).click()
    page.keyboard.type("{ prizes { nodes { slugg ")
    expect(page.locator(".CodeMirror-lint-mark-error").first).to_be_visible()
    page.locator(".CodeMirror-lint-mark-error").first.hover()
    expect(page.locator(".CodeMirror-lint-tooltip")).to_contain_text('Did you mean "slug"')
    page.keyboard.press("Control+Space")
    expect(page.locator(".CodeMirror-hints")).to_contain_text("slug")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Open settings dialog").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("body")).to_have_class(re.compile("graphiql-dark"))
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Open short keys dialog").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    window.assert_quiet()


def test_tabs_are_there_again_on_the_next_visit(window: Window) -> None:
    page = window.page
    page.get_by_role("button", name="New tab").click()
    page.locator(_EDITOR).click()
    page.keyboard.insert_text("query Mine { prizes { totalCount } }")
    expect(page.locator(_TAB).last).to_contain_text("Mine")
    page.wait_for_timeout(700)  # tabs are stored half a second after the last key
    page.reload()
    expect(page.locator(_TAB)).to_have_text([*_NAMES, "Mine"])
    window.assert_quiet()


def test_a_question_is_shared_by_its_address(chromium: Browser, window: Window) -> None:
    page = window.page
    page.get_by_role("button", name="New tab").click()
    page.locator(_EDITOR).click()
    page.keyboard.insert_text("query Shared($n: Int) { prizes(first: $n) { totalCount } }")
    page.get_by_role("button", name="Variables").click()
    page.locator(".graphiql-editor-tool .CodeMirror").first.click()
    page.keyboard.insert_text(json.dumps({"n": 1}))
    page.get_by_role("button", name="Copy a link").click()
    page.wait_for_url("**/graphql#query=*")
    with chromium.new_context() as context:
        other = context.new_page()
        other.goto(page.url)
        expect(other.locator(_TAB).first).to_contain_text("Shared")
        with other.expect_response("**/graphql"):
            other.get_by_role("button", name="Execute query").click()
        expect(other.locator(_RESULT)).to_contain_text('"totalCount"')
    window.assert_quiet()


def test_without_scripts_it_tells_what_to_do(chromium: Browser, running: Server) -> None:
    with chromium.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{running.client.base_url}/graphql")
        french, english = page.locator("noscript p").all()
        expect(french).to_contain_text("a besoin de JavaScript")
        expect(english).to_contain_text("needs JavaScript")
        expect(english).to_be_visible()


def test_an_address_that_asks_shows_the_answer_itself(chromium: Browser, running: Server) -> None:
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(f"{running.client.base_url}/graphql?query={{__typename}}")
        assert json.loads(page.inner_text("body"))["data"] == {"__typename": "Query"}
