"""The application: the one place where settings, storage, schema and HTTP are joined."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import blake2b
from importlib.metadata import version

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from graph.http import files, limits, pages
from graph.http.callers import Callers
from graph.http.direct import Direct
from graph.http.graphql import Endpoint
from graph.http.headers import PublicHeaders
from graph.http.health import Health
from graph.http.observe import Observer
from graph.http.release import ReleaseWatch
from graph.http.shared import Shared
from graph.schema.build import build_schema
from graph.settings import Settings
from graph.storage.read import Database


def build_app(settings: Settings) -> Starlette:
    """The ASGI application over a database that is there already."""
    database = Database(settings.database_url, workers=settings.read_workers, limits=settings)
    schema = build_schema(settings)
    sdl = schema.as_str() + "\n"
    # Another schema gives other answers to the same question about the same release, and so
    # may another version, as answers that are shared outlive the process.
    contract = blake2b(f"{version('terrigraph')}\n{sdl}".encode(), digest_size=16).hexdigest()
    release = ReleaseWatch(database, contract)
    shared = Shared.of(settings)
    endpoint = Endpoint(schema, database, release, settings, shared)
    health = Health(release, endpoint.budget, endpoint.cache, Callers(settings))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await release.look()
        release.start()
        health.start()
        # What is alive now stays: walking the schema at each full collection would hold up
        # requests for some 50 ms and take 6 % of the time of nested questions.
        gc.collect()
        gc.freeze()
        yield
        gc.unfreeze()
        await health.stop()
        await release.stop()
        await endpoint.answers.close()
        if shared:
            await shared.close()
        database.close()

    app = Starlette(
        routes=[
            Route("/graphql", endpoint),
            *files.ROUTES,
            *pages.routes(sdl),
            limits.route(settings),
            *health.routes(),
        ],
        middleware=[Middleware(PublicHeaders), Middleware(Direct, path="/graphql", to=endpoint)],
        exception_handlers=pages.HANDLERS,
        lifespan=lifespan,
    )
    # Outside of Starlette's own layers, to see the answers that those make of faults.
    app.middleware_stack = Observer(app.build_middleware_stack(), settings)
    return app
