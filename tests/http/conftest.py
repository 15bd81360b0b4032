"""A running server for the tests of this folder, and the application without a server."""

from collections.abc import AsyncIterator, Callable, Iterator

import httpx
import pytest
import pytest_asyncio

from graph.app import build_app
from graph.settings import Settings
from graph.storage.read import Database
from tests.http.server import SCRIPT, Server, serving


@pytest.fixture(scope="session")
def running(
    committed: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server over the committed data on SQLite."""
    folder = tmp_path_factory.mktemp("running")
    url = committed("sqlite")
    with serving([SCRIPT, "serve"], folder, folder / "log", DATABASE_URL=url) as server:
        yield server


@pytest_asyncio.fixture
async def caller(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application itself, over the committed data on each engine."""
    url = database.url.render_as_string(hide_password=False)
    app = build_app(Settings(DATABASE_URL=url))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://terrigraph") as client,
    ):
        yield client
