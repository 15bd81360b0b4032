"""A file system that takes no writes any more: reads go on, or are told to come later."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from graph.app import build_app
from graph.settings import Settings

_NOBODY = 65534
_QUERIES = [f"{{ awards(first: {number}) {{ nodes {{ year }} }} }}" for number in range(1, 6)]


@pytest.fixture
def path(committed: Callable[[str], str]) -> Iterator[Path]:
    """A database in a folder that others may enter, which those of pytest are not."""
    with tempfile.TemporaryDirectory(prefix="terrigraph-") as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101  # a text
        original = sa.make_url(committed("sqlite")).database or ""
        yield Path(shutil.copyfile(original, Path(folder) / "data.db"))


@contextmanager
def _read_only(path: Path) -> Iterator[None]:
    """Neither the folder nor what is in it can be written, by whoever asks."""
    everything = [*path.parent.iterdir(), path.parent]
    modes = [each.stat().st_mode for each in everything]
    for each in everything:
        each.chmod(0o555 if each.is_dir() else 0o444)
    user = os.geteuid()
    if user == 0:  # to whom modes mean nothing
        os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)
        for each, mode in zip(everything, modes, strict=True):
            each.chmod(mode)


async def _ask(client: httpx.AsyncClient, query: str) -> str:
    """The code of the first error; empty for an answer."""
    body = (await client.post("/graphql", json={"query": query})).json()
    return str(body["errors"][0]["extensions"]["code"]) if "errors" in body else ""


async def test_reads_go_on_when_the_file_system_takes_no_writes_any_more(path: Path) -> None:
    app = build_app(Settings(DATABASE_URL=f"sqlite:///{path}", cache_max_bytes=0))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        assert await _ask(client, _QUERIES[0]) == ""
        with _read_only(path):
            told = [await _ask(client, query) for query in _QUERIES]
        assert told == [""] * len(_QUERIES)


async def test_a_start_on_a_file_system_that_takes_no_writes_is_told_and_forgotten(
    path: Path,
) -> None:
    """SQLite needs a file beside that of the data to know what others write."""
    app = build_app(Settings(DATABASE_URL=f"sqlite:///{path}", cache_max_bytes=0))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        with _read_only(path):
            told = {await _ask(client, query) for query in _QUERIES}
            ready = await client.get("/health/ready")
        assert told == {"SERVICE_UNAVAILABLE"}
        assert ready.status_code == 503
        assert await _ask(client, _QUERIES[0]) == ""
