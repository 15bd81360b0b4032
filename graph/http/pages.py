"""The small addresses beside the endpoint: the index, the schema, the codes of errors."""

from html import escape
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from graph.domain.errors import CODES
from graph.execution.answer import masked
from graph.http.headers import made_public
from graph.http.negotiation import prefers_page
from graph.http.problem import Problem

_JSON = "application/json; charset=utf-8"
_VARY = {"Vary": "Accept"}


def json_response(body: Any, status: int = 200, **headers: str) -> Response:
    """A response with a JSON body."""
    return Response(orjson.dumps(body), status, headers, media_type=_JSON)


def routes(sdl: str) -> list[Route]:
    """The index, the schema and the codes."""

    async def index(_request: Request) -> Response:
        return json_response(
            {
                "name": "Terrigraph",
                "graphql": "/graphql",
                "schema": "/schema.graphql",
                "errors": "/errors",
                "limits": "/limits",
            }
        )

    async def schema(_request: Request) -> Response:
        return PlainTextResponse(sdl)

    async def errors(request: Request) -> Response:
        # Errors lead here, to the anchor of their code; a program reads the same as JSON.
        if prefers_page(request.headers.get("accept", "")):
            return HTMLResponse(_codes_page(), headers=_VARY)
        return json_response(
            {code: {"en": english, "fr": french} for code, (english, french) in CODES.items()},
            200,
            **_VARY,
        )

    return [Route("/", index), Route("/schema.graphql", schema), Route("/errors", errors)]


def _codes_page() -> str:
    told = "".join(
        f'<dt id="{code}"><code>{code}</code></dt>'
        f'<dd>{escape(english)}</dd><dd lang="fr">{escape(french)}</dd>'
        for code, (english, french) in CODES.items()
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>Terrigraph – Error codes</title></head><body><main><h1>Error codes</h1>"
        f'<dl>{told}</dl><p><a href="graphql">GraphiQL</a> · <a href="limits">Limits</a></p>'
        "</main></body></html>"
    )


def _told(problem: Problem) -> Response:
    return json_response(problem.body(), problem.status, **problem.headers)


async def not_found(_request: Request, _error: Exception) -> Response:
    """The answer to an address that is none of ours."""
    return _told(Problem(404, "NOT_FOUND", "nothing is here; the endpoint is /graphql"))


async def method_not_allowed(_request: Request, error: Any) -> Response:
    """The answer to a method that an address does not have."""
    allowed = (error.headers or {}).get("Allow", "GET")
    problem = Problem(405, "METHOD_NOT_ALLOWED", f"use one of: {allowed}", {"Allow": allowed})
    return _told(problem)


async def unexpected(_request: Request, error: Exception) -> Response:
    """The answer to a fault of ours."""
    message = masked(error)
    # Made outside of all layers; a page of another origin must be able to read it, too.
    return made_public(_told(Problem(500, "INTERNAL_SERVER_ERROR", message)))


HANDLERS: Any = {404: not_found, 405: method_not_allowed, Exception: unexpected}
