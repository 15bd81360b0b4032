"""Who opens the root in a browser is told what this is; programs get addresses."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx

_BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


async def test_a_browser_gets_a_page_in_two_languages_and_a_program_addresses(
    caller: httpx.AsyncClient,
) -> None:
    page = await caller.get("/", headers=_BROWSER)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert '<html lang="fr">' in page.text
    assert "Ce que les collectivités françaises" in page.text
    assert '<section lang="en">\n<p class="lead">What French collectivities' in page.text
    told = await caller.get("/")
    assert told.headers["content-type"] == "application/json; charset=utf-8"
    assert told.json()["graphql"] == "/graphql"
    assert all("Accept" in each.headers["vary"].split(", ") for each in (page, told))
    again = await caller.get("/", headers={**_BROWSER, "if-none-match": page.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_the_page_runs_nothing_and_loads_nothing_from_elsewhere(
    caller: httpx.AsyncClient,
) -> None:
    page = await caller.get("/", headers=_BROWSER)
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", page.text)
    loaded = re.findall(r'(?:src="|<link rel="\w+" href=")([^"]+)"', page.text)
    assert len(loaded) == 3
    for address in loaded:
        assert (await caller.get(f"/{address}")).status_code == 200


async def test_each_of_its_links_leads_somewhere(caller: httpx.AsyncClient) -> None:
    page = await caller.get("/", headers=_BROWSER)
    links = re.findall(r'<a [^>]*href="([^"]+)"', page.text)
    ours = {urlsplit(link).path for link in links if not link.startswith("https:")}
    assert ours == {"graphql", "schema.graphql", "limits", "errors"}
    for path in ours:
        assert (await caller.get(f"/{path}", headers=_BROWSER)).status_code == 200


async def test_the_question_that_it_shows_is_the_one_of_its_link_and_has_an_answer(
    caller: httpx.AsyncClient,
) -> None:
    text = unescape((await caller.get("/", headers=_BROWSER)).text)
    shown = text.partition("<pre><code>")[2].partition("</code></pre>")[0]
    (link,) = re.findall(r'href="graphql#([^"]+)"', text)
    assert parse_qs(link) == {"query": [shown]}
    answered = (await caller.post("/graphql", json={"query": shown})).json()
    assert len(answered["data"]["awards"]["nodes"]) == 3
