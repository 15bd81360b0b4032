"""Requests → what they ask, or a problem that tells how to ask."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from graph.http.problem import Problem, bad_request
from graph.http.strict_json import bounded, decode
from graph.settings import Settings

Receive = Callable[[], Awaitable[Any]]
_PARAMETERS = "`query`, `variables`, `operationName`, `documentId`, `extensions`"
_PARSED = ("variables", "extensions")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a document, or the name of one that is known, with what belongs to it."""

    query: str | None
    variables: dict[str, Any] | None
    operation_name: str | None
    extensions: dict[str, Any]
    document_id: str | None


class ClientGone(Exception):  # nobody is left to be told of an error
    """The caller has left before the request was whole."""


async def read_body(receive: Receive, length: str, settings: Settings) -> bytes:
    """The body of a request; `length` is what its header says, if it says it.

    Problem when it is too long; ClientGone when it breaks off.
    """
    most = settings.body_max_bytes
    if length.isdecimal() and int(length) > most:
        raise _too_long(int(length), settings)
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        body += message.get("body", b"")
        if len(body) > most:
            raise _too_long(len(body), settings)
        if not message.get("more_body", False):
            return bytes(body)


def _too_long(size_bytes: int, settings: Settings) -> Problem:
    return Problem(
        413,
        "BAD_REQUEST",
        f"the body is over {settings.body_max_bytes} bytes; send a shorter document, "
        "and large values as several questions",
        extensions={"limit": settings.exceeded("body_max_bytes", size_bytes)},
    )


@lru_cache(maxsize=128)
def check_content(content_type: str, content_encoding: str) -> None:
    """Problem unless a body is JSON in UTF-8, as it is."""
    kind, *parameters = (part.strip().lower() for part in content_type.split(";"))
    if kind != "application/json":
        raise Problem(
            415,
            "BAD_REQUEST",
            "send the question as `content-type: application/json`",
            {"Accept-Post": "application/json"},
        )
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') not in ("utf-8", "utf8"):
            raise Problem(415, "BAD_REQUEST", "send the question in UTF-8, as JSON always is")
    if content_encoding.strip().lower() not in ("", "identity"):
        raise Problem(
            415,
            "BAD_REQUEST",
            "send the body as it is, without `content-encoding`",
            {"Accept-Encoding": "identity"},
        )


def question_of_body(body: bytes, settings: Settings) -> Question:
    """The question of a POST. Problem when there is none."""
    return _question(decode(body, "the body"), settings)


def question_of_url(query_string: bytes, settings: Settings) -> Question:
    """The question of a GET. Problem when there is none."""
    parameters_given = query_string.count(b"&") + 1
    if parameters_given > settings.url_max_parameters:
        raise bad_request(
            f"the address has over {settings.url_max_parameters} parameters; {_PARAMETERS} do",
            limit=settings.exceeded("url_max_parameters", parameters_given),
        )
    try:
        pairs = parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError:
        raise bad_request("the address cannot be read; encode its parameters in UTF-8") from None
    parameters: dict[str, Any] = dict(pairs)
    if len(parameters) < len(pairs):
        raise bad_request("a parameter of the address is given twice; give each once")
    for name in _PARSED:
        if name in parameters:
            parameters[name] = decode(parameters[name].encode(), f"`{name}`")
    return _question(parameters, settings)


def _question(parameters: Any, settings: Settings) -> Question:
    if not isinstance(parameters, dict):
        raise bad_request(f"send one JSON object with {_PARAMETERS}; batches are not taken")
    query, document_id = parameters.get("query"), parameters.get("documentId")
    extensions = _object(parameters, "extensions", settings) or {}
    is_named = document_id is not None or "persistedQuery" in extensions
    if not (is_named and query is None) and (not isinstance(query, str) or not query.strip()):
        raise bad_request("`query` is missing; write a GraphQL document in it")
    return Question(
        query,
        _object(parameters, "variables", settings),
        _text(parameters, "operationName"),
        extensions,
        _text(parameters, "documentId"),
    )


def _object(parameters: dict[str, Any], name: str, settings: Settings) -> dict[str, Any] | None:
    value = parameters.get(name)
    if value is not None and not isinstance(value, dict):
        raise bad_request(f"`{name}` must be a JSON object")
    return bounded(value, f"`{name}`", settings) if value else value


def _text(parameters: dict[str, Any], name: str) -> str | None:
    value = parameters.get(name)
    if value is not None and not isinstance(value, str):
        raise bad_request(f"`{name}` must be a text")
    return value
