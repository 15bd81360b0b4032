"""The page for people: who gets it, what it may load, and that it comes from where it says."""

import re
from pathlib import Path

import httpx
import pytest
from graphql import OperationDefinitionNode, parse, print_ast

from graph.http import browser
from graph.http.browser import wants_page
from tests import node
from tests.http.server import ROOT, Server

_BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_QUERY = "query=%7B__typename%7D"
_PERSISTED = "extensions=%7B%22persistedQuery%22%3A%7B%22version%22%3A1%7D%7D"
_SECTION = re.compile(r"^## (.+?)\n.*?```graphql\n(.*?)```", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(
    ("method", "query_string", "accept", "expected"),
    [
        ("GET", "", _BROWSER, True),
        ("HEAD", "", _BROWSER, True),
        ("GET", "utm_source=portail", _BROWSER, True),
        ("GET", "%ff=%ff", _BROWSER, True),
        ("GET", "é", _BROWSER, False),
        ("GET", _QUERY, _BROWSER, False),
        ("GET", _QUERY.replace("query", "%71uery"), _BROWSER, False),
        ("GET", "query=", _BROWSER, False),
        ("GET", _PERSISTED, _BROWSER, False),
        ("GET", "documentId=0", _BROWSER, False),
        ("GET", "", "*/*", False),
        ("GET", "", "", False),
        ("GET", "", "application/json", False),
        ("GET", "", "text/html;q=0.1, application/json", False),
        ("POST", "", _BROWSER, False),
    ],
)
def test_only_a_browser_that_asks_nothing_wants_the_page(
    method: str, query_string: str, accept: str, *, expected: bool
) -> None:
    assert wants_page(method, query_string.encode(), accept) is expected


def _page(server: Server, **headers: str) -> httpx.Response:
    return server.client.get("/graphql", headers={"accept": _BROWSER, **headers})


def _policy(response: httpx.Response) -> dict[str, str]:
    parts = response.headers["content-security-policy"].split("; ")
    return {name: sources for name, _, sources in (part.partition(" ") for part in parts)}


def _assets(page: httpx.Response) -> list[str]:
    return re.findall(r'(?:src|href)="(assets/[^"]+)"', page.text)


def test_the_page_may_load_nothing_from_elsewhere_and_run_nothing_inline(running: Server) -> None:
    page = _page(running)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    policy = _policy(page)
    assert (policy["default-src"], policy["script-src"]) == ("'none'", "'self'")
    assert set(policy.values()) == {"'self'", "'none'"}
    assert policy["frame-ancestors"] == "'none'"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "geolocation=()" in page.headers["permissions-policy"]
    assert not re.search(r"https?:|<style|\sstyle=|\son\w+=", page.text)
    scripts = re.findall(r"<script\b[^>]*>", page.text)
    assert all("src=" in tag or "application/json" in tag for tag in scripts)


def test_the_page_has_a_title_a_language_and_words_for_who_runs_no_scripts(
    running: Server,
) -> None:
    text = _page(running).text
    assert '<html lang="en">' in text
    assert "<title>Terrigraph" in text
    plain = text.partition("<noscript>")[2].partition("</noscript>")[0]
    assert "a besoin de JavaScript" in plain
    assert "needs JavaScript" in plain


def test_the_page_is_kept_by_browsers_that_ask_whether_it_changed(running: Server) -> None:
    page = _page(running)
    assert page.headers["cache-control"] == "public, no-cache"
    assert "Accept" in page.headers["vary"].split(", ")
    again = _page(running, **{"if-none-match": page.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("etag", "vary", "cache-control", "content-security-policy"):
        assert again.headers[name] == page.headers[name]
    head = running.client.head("/graphql", headers={"accept": _BROWSER})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == page.headers["content-type"]


def test_what_the_page_loads_is_kept_for_ever_under_the_name_of_its_content(
    running: Server,
) -> None:
    assets = _assets(_page(running))
    assert sorted(name.rpartition(".")[2] for name in assets) == ["css", "js", "svg"]
    for name in assets:
        plain = running.client.get(f"/{name}", headers={"accept-encoding": "identity"})
        assert plain.status_code == 200
        assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
        packed = running.client.get(f"/{name}", headers={"accept-encoding": "gzip"})
        assert packed.headers["content-encoding"] == "gzip"
        assert packed.content == plain.content
        validator = {"if-none-match": plain.headers["etag"]}
        assert running.client.get(f"/{name}", headers=validator).status_code == 304
    scripts = [name for name in assets if name.endswith(".js")]
    assert (
        running.client.get(f"/{scripts[0]}").headers["content-type"].startswith("text/javascript")
    )
    old = running.client.get("/assets/graphiql.0123456789abcdef.js")
    assert (old.status_code, old.json()["errors"][0]["extensions"]["code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize("accept", ["*/*", "application/json", _BROWSER])
def test_a_question_in_the_address_is_answered_whoever_asks(running: Server, accept: str) -> None:
    response = running.client.get(f"/graphql?{_QUERY}", headers={"accept": accept})
    assert response.json()["data"] == {"__typename": "Query"}


def _anonymous(text: str) -> str:
    """A document without comments, spacing and the name of its one operation."""
    document = parse(text)
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    return print_ast(
        OperationDefinitionNode(
            operation=operation.operation, selection_set=operation.selection_set
        )
    )


def test_the_tabs_are_questions_of_the_cookbook_in_two_languages() -> None:
    pages = [page.read_text(encoding="utf-8") for page in ROOT.glob("docs/cookbook/*.md")]
    cookbook = {title: text for page in pages for title, text in _SECTION.findall(page)}
    tabs = browser.examples()
    assert len(tabs) >= 5
    for tab in tabs:
        comments = [line.removeprefix("# ") for line in tab.splitlines() if line.startswith("#")]
        french, english = comments[-2:]
        assert french != english
        assert _anonymous(tab) == _anonymous(cookbook[english])


def test_the_files_are_what_the_script_makes(tmp_path: Path) -> None:
    project = node.install(ROOT / "scripts" / "graphiql", tmp_path)
    made = node.run(project, "build.mjs", str(tmp_path))
    committed = ROOT / "graph" / "http" / "assets"
    assert {*made, "icon.svg", "texts.css"} == {file.name for file in committed.iterdir()}
    for name in made:
        assert (tmp_path / name).read_bytes() == (committed / name).read_bytes(), name
    assert sum(file.stat().st_size for file in committed.iterdir()) < 1_500_000
