"""Asking the schema that serves, on the committed data of both engines."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from graph.execution.answer import Answer, answer
from graph.schema.build import Schema, build_schema
from graph.storage.read import Database
from tests.schema.plain import Plain

Ask = Callable[..., Awaitable[Answer]]
Data = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture(scope="session")
def schema() -> Schema:
    return build_schema()


@pytest.fixture
def ask(schema: Schema, database: Database) -> Ask:
    """Gives the answer to a document, its variables and the name of its operation."""

    def asked(
        document: str, variables: dict[str, Any] | None = None, operation_name: str | None = None
    ) -> Awaitable[Answer]:
        return answer(schema, database, document, variables, operation_name)

    return asked


@pytest.fixture
def data(ask: Ask) -> Data:
    """Gives the data of an answer that has no errors."""

    async def asked(document: str, **variables: Any) -> dict[str, Any]:
        answered = await ask(document, variables)
        assert "errors" not in answered.body, answered.body["errors"]
        found: dict[str, Any] = answered.body["data"]
        return found

    return asked


@pytest.fixture(scope="session")
def plain(databases: dict[str, Database]) -> Plain:
    """The same committed data in plain Python."""
    return Plain(databases["sqlite"].url.render_as_string(hide_password=False))
