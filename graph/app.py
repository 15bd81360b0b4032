"""The application: the one place where settings, storage, schema and HTTP are joined."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from graph.http import graphql
from graph.schema.build import build_schema
from graph.settings import Settings
from graph.storage.read import Database


def build_app(settings: Settings) -> Starlette:
    """The ASGI application over a database that is there already."""
    database = Database(settings.database_url, workers=settings.read_workers)
    schema = build_schema()
    sdl = schema.as_str() + "\n"

    async def schema_file(_request: Request) -> Response:
        return PlainTextResponse(sdl)

    async def index(_request: Request) -> Response:
        return graphql.json_response(
            {"name": "Terrigraph", "graphql": "/graphql", "schema": "/schema.graphql"}
        )

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        # What is alive now stays: walking the schema at each full collection would hold up
        # requests for some 50 ms and take 6 % of the time of nested questions.
        gc.collect()
        gc.freeze()
        yield
        gc.unfreeze()
        database.close()

    endpoint = graphql.Endpoint(schema, database, body_max_bytes=settings.body_max_bytes)
    return Starlette(
        routes=[
            Route("/", index),
            Route("/graphql", endpoint.__call__, methods=["GET", "POST"]),
            Route("/schema.graphql", schema_file),
        ],
        exception_handlers={
            404: graphql.not_found,
            405: graphql.method_not_allowed,
            Exception: graphql.unexpected,
        },
        lifespan=lifespan,
    )
