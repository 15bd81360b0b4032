"""The small addresses beside the endpoint: the index, the schema, the codes of errors."""

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from graph.domain.errors import CODES
from graph.execution.answer import masked
from graph.http import texts
from graph.http.files import File, shown
from graph.http.headers import made_public
from graph.http.negotiation import prefers_page
from graph.http.problem import Problem

_JSON = "application/json; charset=utf-8"
VARY = {"Vary": "Accept"}
_INDEX = {
    "name": "Terrigraph",
    "graphql": "/graphql",
    "schema": "/schema.graphql",
    "errors": "/errors",
    "limits": "/limits",
}


def json_response(body: Any, status: int = 200, **headers: str) -> Response:
    """A response with a JSON body."""
    return Response(orjson.dumps(body), status, headers, media_type=_JSON)


def routes(sdl: str) -> list[Route]:
    """The index, the schema and the codes."""

    async def index(request: Request) -> Response:
        return for_people(request, texts.welcome()) or json_response(_INDEX, 200, **VARY)

    async def schema(_request: Request) -> Response:
        return PlainTextResponse(sdl)

    async def errors(request: Request) -> Response:
        # Errors lead here, to the anchor of their code; a program reads the same as JSON.
        told = {code: {"en": english, "fr": french} for code, (english, french) in CODES.items()}
        return for_people(request, texts.codes()) or json_response(told, 200, **VARY)

    return [Route("/", index), Route("/schema.graphql", schema), Route("/errors", errors)]


def for_people(request: Request, page: File) -> Response | None:
    """The page, if it is a browser that asks."""
    return shown(request, page) if prefers_page(request.headers.get("accept", "")) else None


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
