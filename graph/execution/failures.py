"""Failures in place: an edge that could not be asked, found again wherever it stands.

Failing costs nothing where nothing fails: the response is walked only when an edge failed.
"""

from dataclasses import dataclass
from typing import Any

from graphql import FieldNode, GraphQLError
from graphql.error import located_error


@dataclass(frozen=True, slots=True)
class Failure:
    """Stands in a response for a value that could not be had."""

    error: Exception
    nodes: list[FieldNode]

    def at(self, path: list[str | int]) -> GraphQLError:
        """The error as the caller sees it, at one place of the response."""
        return located_error(self.error, self.nodes, path)


def take_failures(value: Any, path: list[str | int], errors: list[GraphQLError]) -> Any:
    """A copy of the response with null for each failure, whose errors are added to `errors`."""
    if isinstance(value, Failure):
        errors.append(value.at(path))
        return None
    if isinstance(value, dict):
        return {key: take_failures(part, [*path, key], errors) for key, part in value.items()}
    if isinstance(value, list):
        return [take_failures(part, [*path, at], errors) for at, part in enumerate(value)]
    return value
