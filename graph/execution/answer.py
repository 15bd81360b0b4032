"""An operation's answer as the public sees it: data, and errors that tell no internals."""

import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from graphql import GraphQLError, GraphQLSchema, GraphQLSyntaxError
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError
from strawberry.types.execution import PreExecutionError

from graph.domain.errors import OverLimit, TerrigraphError, docs_of, shown
from graph.domain.request_id import request_id
from graph.execution.context import Context
from graph.execution.cost import Cost
from graph.execution.documents import Documents
from graph.execution.guard import Refused
from graph.execution.wording import worded
from graph.settings import Limits, in_force
from graph.storage.read import Database

log = logging.getLogger("terrigraph")

Admit = Callable[[Cost], Awaitable[None]]

_MAX_ERRORS = 20
_MAX_MESSAGE_CHARACTERS = 300


class Schema(Protocol):
    """A schema that knows its documents."""

    documents: Documents

    async def execute(self, query: str | None, *args: Any, **kwargs: Any) -> Any:
        """The result of an operation."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The data and errors of a response, what it cost, and whether the operation was run at all."""

    body: dict[str, Any]
    is_executed: bool
    statements: list[str]
    cost: Cost | None = None

    @property
    def response(self) -> dict[str, Any]:
        """The whole response: the body, and what the operation cost where that is known."""
        if self.cost is None:
            return self.body
        return {**self.body, "extensions": {"cost": self.cost.told()}}


async def answer(  # noqa: PLR0913  # what is asked, of whom, and who pays for it
    schema: Schema,
    database: Database,
    query: str,
    variables: dict[str, Any] | None = None,
    operation_name: str | None = None,
    *,
    admit: Admit | None = None,
) -> Answer:
    """The answer to an operation; every failure is an error in it.

    `admit` is told the cost before anything is read, and may raise what its caller knows.
    """
    # Resolvers are called by graphql-core, far from here.
    in_force.set(schema.documents.limits)
    told = schema.documents.schema
    try:
        cost = schema.documents.cost(query, operation_name, variables) if query else None
        if admit and cost:
            await admit(cost)
        context = Context(database, cost)
        result = await schema.execute(
            query, variables, context_value=context, operation_name=operation_name
        )
    except Refused as refused:
        errors = [public_error(error, told) for error in refused.errors[:_MAX_ERRORS]]
        return Answer({"errors": errors}, is_executed=False, statements=[], cost=refused.cost)
    except MissingQueryError:
        return _refusal("BAD_REQUEST", "`query` is empty; write a GraphQL document")
    except CannotGetOperationTypeError:
        if operation_name is None:
            return _refusal("BAD_REQUEST", "the document has no operation; write a query in it")
        return _refusal(
            "OPERATION_RESOLUTION_FAILURE",
            f"the document has no operation named {shown(operation_name)}; "
            "set `operationName` to one that it has",
        )
    body: dict[str, Any] = {}
    if result.errors:
        body["errors"] = [public_error(error, told) for error in result.errors[:_MAX_ERRORS]]
    # A request that could not start has no `data`, one whose root failed has null.
    is_executed = not isinstance(result, PreExecutionError) and not _is_refused(result.errors)
    if is_executed:
        body["data"] = result.data
    return Answer(body, is_executed, context.statements, cost)


def too_large(answered: Answer, size_bytes: int, limits: Limits) -> Answer:
    """The answer instead of one that is larger than a response may be."""
    most = limits.response_max_bytes
    error = OverLimit(
        f"the response would have {size_bytes:,} bytes, and at most {most:,} are sent; ask for "
        "smaller pages, or for fewer fields",
        limits.exceeded("response_max_bytes", size_bytes),
    )
    extensions = {**error.extensions, "docs": docs_of(error.code)}
    body = {"errors": [{"message": str(error), "extensions": extensions}]}
    return Answer(body, is_executed=False, statements=answered.statements, cost=answered.cost)


def _is_refused(errors: list[GraphQLError] | None) -> bool:
    # Variables that do not fit are found by the executor, before it starts.
    return bool(errors) and all(error.path is None for error in errors or ())


def _refusal(code: str, message: str) -> Answer:
    extensions = {"code": code, "docs": docs_of(code)}
    body = {"errors": [{"message": message, "extensions": extensions}]}
    return Answer(body, is_executed=False, statements=[])


def public_error(error: GraphQLError, schema: GraphQLSchema) -> dict[str, Any]:
    """An error for the response; what was not expected is logged, and told as an id only."""
    formatted: dict[str, Any] = dict(error.formatted)
    cause = error.original_error
    if cause is None or isinstance(cause, TerrigraphError | GraphQLError):
        extensions = {"code": _code(error), **(error.extensions or {})}
        formatted["message"] = _cut(worded(error.message, schema))
        formatted["extensions"] = {**extensions, "docs": docs_of(extensions["code"])}
        return formatted
    formatted["message"] = masked(cause)
    code = "INTERNAL_SERVER_ERROR"
    formatted["extensions"] = {"code": code, "docs": docs_of(code)}
    return formatted


def masked(fault: BaseException) -> str:
    """Logs a fault of ours, and returns what the public is told of it: an id to quote."""
    reference = request_id.get() or secrets.token_hex(4)
    log.error("unexpected error %s", reference, exc_info=fault)
    return f"an unexpected error occurred; quote {reference} when reporting it"


def _code(error: GraphQLError) -> str:
    if isinstance(error, GraphQLSyntaxError):
        return "GRAPHQL_PARSE_FAILED"
    return "GRAPHQL_VALIDATION_FAILED" if error.path is None else "BAD_USER_INPUT"


def _cut(message: str) -> str:
    if len(message) <= _MAX_MESSAGE_CHARACTERS:
        return message
    return message[: _MAX_MESSAGE_CHARACTERS - 1] + "…"
