"""Requests → what they ask, or a problem that tells how to ask."""

from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request

_PARAMETERS = "`query`, `variables`, `operationName`"


@dataclass(frozen=True, slots=True)
class Problem(Exception):  # an answer, not a fault
    """A request that is no question: the status, the code and the remedy."""

    status: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Question:
    """A document with what belongs to it."""

    query: str
    variables: dict[str, Any] | None
    operation_name: str | None


async def read_question(request: Request, body_max_bytes: int) -> Question:
    """The question of a GET or POST. Problem when there is none."""
    if request.method == "POST":
        return _question(_decoded(await _body(request, body_max_bytes), _media_type(request)))
    parameters: dict[str, Any] = dict(request.query_params)
    if "variables" in parameters:
        parameters["variables"] = _json(parameters["variables"].encode(), "`variables`")
    return _question(parameters)


async def _body(request: Request, max_bytes: int) -> bytes:
    # Read here, so that the refusal has the shape of every other one.
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > max_bytes:
            raise Problem(
                413,
                "BAD_REQUEST",
                f"the body is over {max_bytes} bytes; send a shorter document, "
                "and large values as several questions",
            )
    return bytes(body)


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").split(";")[0].strip().lower()


def _decoded(body: bytes, media_type: str) -> Any:
    if media_type != "application/json":
        raise Problem(415, "BAD_REQUEST", "send the question as `content-type: application/json`")
    return _json(body, "the body")


def _json(text: bytes, what: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Problem(400, "BAD_REQUEST", f"{what} cannot be read as JSON in UTF-8") from None


def _question(parameters: Any) -> Question:
    if not isinstance(parameters, dict):
        raise Problem(400, "BAD_REQUEST", f"send one JSON object with {_PARAMETERS}")
    query = parameters.get("query")
    variables = parameters.get("variables")
    operation_name = parameters.get("operationName")
    if not isinstance(query, str) or not query.strip():
        raise Problem(400, "BAD_REQUEST", "`query` is missing; write a GraphQL document in it")
    if variables is not None and not isinstance(variables, dict):
        raise Problem(400, "BAD_REQUEST", "`variables` must be a JSON object")
    if operation_name is not None and not isinstance(operation_name, str):
        raise Problem(400, "BAD_REQUEST", "`operationName` must be a text")
    return Question(query, variables, operation_name)
