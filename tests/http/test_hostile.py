"""What is made to hurt is refused over HTTP: by a status, a code, and the limit that it is over."""

from typing import Any

import pytest

from graph.domain.errors import CODES
from graph.settings import Settings
from tests.http.hostile import REQUESTS, Request, exchange
from tests.http.server import Server

EXPECTED: dict[str, tuple[int, str, str | None]] = {
    "fragment bomb": (400, "GRAPHQL_VALIDATION_FAILED", "documentDepth"),
    "wide fragment bomb": (400, "GRAPHQL_VALIDATION_FAILED", "documentAliases"),
    "fragment bomb at one place": (400, "GRAPHQL_VALIDATION_FAILED", "documentRootFields"),
    "fragment cycle": (400, "GRAPHQL_VALIDATION_FAILED", None),
    "cycles of all fragments": (400, "GRAPHQL_VALIDATION_FAILED", None),
    "10,000 aliases": (400, "GRAPHQL_VALIDATION_FAILED", "documentCharacters"),
    "300 aliases": (400, "GRAPHQL_VALIDATION_FAILED", "documentRootFields"),
    "aliases of groups": (400, "GRAPHQL_VALIDATION_FAILED", "documentRootFields"),
    "introspection again and again": (400, "GRAPHQL_VALIDATION_FAILED", "documentRootFields"),
    "introspection in circles": (400, "GRAPHQL_VALIDATION_FAILED", "documentDepth"),
    "overlapping fields": (400, "GRAPHQL_VALIDATION_FAILED", "documentSelections"),
    "overlapping fields within limits": (400, "GRAPHQL_VALIDATION_FAILED", "documentComparisons"),
    "overlapping fragments": (400, "GRAPHQL_VALIDATION_FAILED", "documentComparisons"),
    "overlapping lists": (400, "GRAPHQL_VALIDATION_FAILED", None),
    "500 directives": (400, "GRAPHQL_VALIDATION_FAILED", "documentTokens"),
    "directives everywhere": (400, "GRAPHQL_VALIDATION_FAILED", "documentDirectives"),
    "unknown directives": (400, "GRAPHQL_VALIDATION_FAILED", "documentDirectives"),
    "2,000 operations": (400, "GRAPHQL_VALIDATION_FAILED", "documentCharacters"),
    "200 operations": (400, "GRAPHQL_VALIDATION_FAILED", "documentOperations"),
    "60 fragments": (400, "GRAPHQL_VALIDATION_FAILED", "documentFragments"),
    "comments": (400, "GRAPHQL_VALIDATION_FAILED", "documentComments"),
    "one long comment": (400, "GRAPHQL_VALIDATION_FAILED", "documentCharacters"),
    "commas": (400, "GRAPHQL_VALIDATION_FAILED", "documentCharacters"),
    "spaces": (400, "GRAPHQL_VALIDATION_FAILED", "documentCharacters"),
    "a long name": (400, "GRAPHQL_VALIDATION_FAILED", None),
    "a long name, almost right": (400, "GRAPHQL_VALIDATION_FAILED", None),
    "many names, almost right": (400, "GRAPHQL_VALIDATION_FAILED", None),
    "types, almost right": (400, "GRAPHQL_VALIDATION_FAILED", None),
    "an open string": (400, "GRAPHQL_PARSE_FAILED", None),
    "an open block string": (400, "GRAPHQL_PARSE_FAILED", None),
    "quotes": (400, "GRAPHQL_VALIDATION_FAILED", "documentTokens"),
    "deep fields": (400, "GRAPHQL_VALIDATION_FAILED", "documentDepth"),
    "unclosed braces": (400, "GRAPHQL_VALIDATION_FAILED", "documentTokens"),
    "100,000 braces": (400, "GRAPHQL_VALIDATION_FAILED", "documentCharacters"),
    "deep literal": (400, "GRAPHQL_VALIDATION_FAILED", "literalDepth"),
    "100,000 brackets": (400, "GRAPHQL_VALIDATION_FAILED", "documentCharacters"),
    "deep type": (400, "GRAPHQL_VALIDATION_FAILED", None),
    "a long list": (400, "GRAPHQL_VALIDATION_FAILED", "literalItems"),
    "500 variables": (400, "GRAPHQL_VALIDATION_FAILED", "documentTokens"),
    "undefined variables": (400, "GRAPHQL_VALIDATION_FAILED", "documentTokens"),
    "a lone surrogate": (400, "BAD_REQUEST", None),
    "a surrogate as a name": (400, "BAD_REQUEST", None),
    "a surrogate, escaped": (400, "GRAPHQL_PARSE_FAILED", None),
    "NUL": (400, "GRAPHQL_PARSE_FAILED", None),
    "NUL alone": (400, "GRAPHQL_PARSE_FAILED", None),
    "a huge integer": (400, "GRAPHQL_VALIDATION_FAILED", "literalDigits"),
    "a huge year": (400, "GRAPHQL_VALIDATION_FAILED", "literalDigits"),
    "a huge decimal": (400, "GRAPHQL_VALIDATION_FAILED", "literalDigits"),
    "a schema": (400, "GRAPHQL_VALIDATION_FAILED", None),
    "a mutation": (400, "GRAPHQL_VALIDATION_FAILED", None),
    "a subscription": (400, "GRAPHQL_VALIDATION_FAILED", None),
    "nothing but a comment": (400, "GRAPHQL_PARSE_FAILED", None),
    "100,000-deep variable": (413, "BAD_REQUEST", "bodyBytes"),
    "deep lists in a variable": (400, "BAD_REQUEST", None),
    "a variable that is no number": (400, "BAD_REQUEST", None),
    "an infinite variable": (400, "BAD_REQUEST", None),
    "a body of 5 MB": (413, "BAD_REQUEST", "bodyBytes"),
    "a body of 5 MB in chunks": (413, "BAD_REQUEST", "bodyBytes"),
    "a gzip bomb": (415, "BAD_REQUEST", None),
    "a body of another encoding": (415, "BAD_REQUEST", None),
    "a body in UTF-16": (400, "BAD_REQUEST", None),
    "a charset": (415, "BAD_REQUEST", None),
    "a form": (415, "BAD_REQUEST", None),
    "no UTF-8": (400, "BAD_REQUEST", None),
    "NUL bytes": (400, "BAD_REQUEST", None),
    "100,000 brackets as a body": (400, "BAD_REQUEST", None),
    "null as a body": (400, "BAD_REQUEST", None),
    "a number as a body": (400, "BAD_REQUEST", None),
    "a batch": (400, "BAD_REQUEST", None),
    "an empty batch": (400, "BAD_REQUEST", None),
    "a query that is a list": (400, "BAD_REQUEST", None),
    "an operation of a long name": (400, "OPERATION_RESOLUTION_FAILURE", None),
    "a long id of a document": (404, "PERSISTED_QUERY_NOT_FOUND", None),
    "a long hash of a document": (400, "BAD_REQUEST", None),
    "a variable 100,000 deep": (400, "BAD_REQUEST", None),
    "a variable 1,000 deep": (400, "BAD_REQUEST", "jsonDepth"),
    "a variable 200 deep": (400, "BAD_REQUEST", "jsonDepth"),
    "a list of 100,000 numbers": (400, "BAD_REQUEST", "listItems"),
    "a list of 201 numbers": (400, "BAD_REQUEST", "listItems"),
    "40,000 values in lists": (400, "BAD_REQUEST", "jsonValues"),
    "an object of 20,000 fields": (400, "BAD_REQUEST", "jsonValues"),
    "a text of 200,000 characters": (400, "BAD_REQUEST", "textCharacters"),
    "a name of 200,000 characters": (400, "BAD_REQUEST", "textCharacters"),
    "NUL in a variable": (400, "BAD_REQUEST", None),
    "a lone surrogate in a variable": (400, "BAD_REQUEST", None),
    "a lone surrogate in UTF-8": (400, "BAD_REQUEST", None),
    "NaN": (400, "BAD_REQUEST", None),
    "a number without end": (400, "BAD_REQUEST", None),
    "a number of 100,000 digits": (400, "BAD_REQUEST", None),
    "a long address": (414, "BAD_REQUEST", "urlBytes"),
    "1,000 parameters": (400, "BAD_REQUEST", "urlParameters"),
    "a parameter twice": (400, "BAD_REQUEST", None),
    "escapes of no text": (400, "BAD_REQUEST", None),
    "64 kB of headers": (431, "BAD_REQUEST", "headerBytes"),
    "1,000 headers": (431, "BAD_REQUEST", "headerFields"),
    "30 kB of media types": (406, "NOT_ACCEPTABLE", None),
    "pages inside pages": (400, "GRAPHQL_VALIDATION_FAILED", "operationNodes"),
    "20 times groups": (400, "GRAPHQL_VALIDATION_FAILED", "operationNodes"),
    "a page of 2,000,000,000": (200, "BAD_USER_INPUT", "pageRows"),
    "a long cursor": (200, "BAD_USER_INPUT", None),
    "a long id": (200, "BAD_USER_INPUT", None),
    "a search for nothing": (200, "BAD_USER_INPUT", None),
    "a search for much": (200, "BAD_USER_INPUT", "searchWords"),
    "wildcards": (200, "BAD_USER_INPUT", "textCharacters"),
}
LIMITS = {
    setting.json_schema_extra["name"]: getattr(Settings(), name)  # type: ignore[call-overload]
    for name, setting in Settings.model_fields.items()
    if setting.json_schema_extra
}
_INTERNALS = ("Traceback", "SELECT", ".py", "sqlite", "psycopg", "Maybe[")


def told(error: dict[str, Any]) -> tuple[str, str | None]:
    """The code of an error, and the name of the limit that it tells."""
    return error["extensions"]["code"], error["extensions"].get("limit", {}).get("name")


@pytest.mark.parametrize("request_", REQUESTS, ids=str)
def test_what_is_made_to_hurt_is_refused_with_what_it_is_over(
    running: Server, request_: Request
) -> None:
    # A second one, that no cache knows, and the same again, which one may know.
    for number in (1, 2, 2):
        response = exchange(running.port, request_.made(number))
        errors = response.body["errors"]
        assert (response.status, *told(errors[0])) == EXPECTED[request_.name]
        assert len(errors) <= 20
        for error in errors:
            _assert_helpful(error)
        assert not [value for value in (response.body.get("data") or {}).values() if value]


def _assert_helpful(error: dict[str, Any]) -> None:
    extensions = error["extensions"]
    assert extensions["code"] in CODES
    assert extensions["docs"] == f"/errors#{extensions['code']}"
    assert 10 < len(error["message"]) <= 300
    assert not [word for word in _INTERNALS if word in error["message"]]
    if limit := extensions.get("limit"):
        assert limit["max"] == LIMITS[limit["name"]]
        assert limit["actual"] > limit["max"]
        # What is too much, and what to do about it.
        assert ";" in error["message"]


def test_each_request_has_a_name_of_its_own_and_an_answer() -> None:
    assert len({request.name for request in REQUESTS}) == len(REQUESTS)
    assert {request.name for request in REQUESTS} == {*EXPECTED}
