"""The application without a server."""

from collections.abc import AsyncIterator

import httpx
import pytest_asyncio

from graph.app import build_app
from graph.settings import Settings
from graph.storage.read import Database


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
