"""The endpoint: a question in, an answer out, in the media type that the caller accepts."""

import logging
from typing import Any

import orjson
import strawberry
from starlette.requests import Request
from starlette.responses import Response

from graph.execution.answer import answer
from graph.http.request import Problem, read_question
from graph.storage.read import Database

log = logging.getLogger("terrigraph")

JSON = "application/json; charset=utf-8"
GRAPHQL_JSON = "application/graphql-response+json; charset=utf-8"


class Endpoint:
    """Answers questions over one schema and one database."""

    def __init__(
        self, schema: strawberry.Schema, database: Database, *, body_max_bytes: int
    ) -> None:
        self._schema = schema
        self._database = database
        self._body_max_bytes = body_max_bytes

    async def __call__(self, request: Request) -> Response:
        """The response to one request; nothing that goes wrong shows its insides."""
        try:
            question = await read_question(request, self._body_max_bytes)
            answered = await answer(
                self._schema,
                self._database,
                question.query,
                question.variables,
                question.operation_name,
            )
        except Problem as problem:
            return problem_response(problem.status, problem.code, problem.message)
        media_type = _accepted(request)
        # Callers that know GraphQL's media type learn from the status that nothing was run.
        status = 400 if not answered.is_executed and media_type == GRAPHQL_JSON else 200
        return json_response(answered.body, status, media_type)


def _accepted(request: Request) -> str:
    accept = request.headers.get("accept", "")
    return GRAPHQL_JSON if "application/graphql-response+json" in accept else JSON


def json_response(body: Any, status: int = 200, media_type: str = JSON) -> Response:
    """A response with a JSON body."""
    return Response(orjson.dumps(body), status, media_type=media_type)


def problem_response(status: int, code: str, message: str) -> Response:
    """A response that tells why there is no answer, in the shape of a GraphQL error."""
    return json_response({"errors": [{"message": message, "extensions": {"code": code}}]}, status)


async def not_found(_request: Request, _error: Exception) -> Response:
    """The answer to an address that is none of ours."""
    return problem_response(404, "NOT_FOUND", "nothing is here; the endpoint is /graphql")


async def method_not_allowed(_request: Request, error: Any) -> Response:
    """The answer to a method that an address does not have."""
    allowed = (error.headers or {}).get("Allow", "GET")
    response = problem_response(405, "METHOD_NOT_ALLOWED", f"use one of: {allowed}")
    response.headers["Allow"] = allowed
    return response


async def unexpected(_request: Request, error: Exception) -> Response:
    """The answer to a fault of ours."""
    log.error("unexpected error", exc_info=error)
    return problem_response(500, "INTERNAL_SERVER_ERROR", "an unexpected error occurred")
