"""Each error leads to a page that explains its code, for people and for programs."""

import re

import httpx

from graph.domain.errors import CODES, docs_of

_BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


async def test_each_code_has_its_anchor_on_the_page_that_its_errors_lead_to(
    caller: httpx.AsyncClient,
) -> None:
    for code, (english, french) in CODES.items():
        path, _, anchor = docs_of(code).partition("#")
        page = await caller.get(path, headers={"accept": _BROWSER})
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.headers["vary"] == "Accept, Accept-Encoding"
        found = re.search(rf'id="{anchor}".*?<dd>(.*?)</dd><dd lang="en">(.*?)</dd>', page.text)
        assert found is not None
        assert found.groups() == (french, english)


async def test_the_page_loads_and_runs_nothing(caller: httpx.AsyncClient) -> None:
    page = await caller.get("/errors", headers={"accept": _BROWSER})
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert "<script" not in page.text
    for address in re.findall(r'href="(.*?)"', page.text):
        assert (await caller.get(f"/{address}", headers={"accept": _BROWSER})).status_code == 200


async def test_programs_read_the_codes_as_json(caller: httpx.AsyncClient) -> None:
    response = await caller.get("/errors")
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert response.json() == {code: {"en": en, "fr": fr} for code, (en, fr) in CODES.items()}


async def test_whatever_goes_wrong_carries_the_address_of_its_code(
    caller: httpx.AsyncClient,
) -> None:
    answers = [
        await caller.get("/nothing"),
        await caller.delete("/limits"),
        await caller.put("/graphql"),
        await caller.get("/graphql", params={"query": "{ nothing }"}),
        await caller.get("/graphql", params={"query": "{"}),
        await caller.get("/graphql", params={"query": '{ node(id: "x") { id } }'}),
        await caller.get("/graphql", params={"query": "{ awards(first: 101) { totalCount } }"}),
        await caller.get("/graphql", params={"documentId": "x"}),
        await caller.get("/graphql", headers={"accept": "image/png"}),
        await caller.post("/graphql", content=b"{}"),
    ]
    codes = set()
    for response in answers:
        for error in response.json()["errors"]:
            code = error["extensions"]["code"]
            assert error["extensions"]["docs"] == docs_of(code)
            codes.add(code)
    assert codes <= set(CODES)
    assert len(codes) >= 7
