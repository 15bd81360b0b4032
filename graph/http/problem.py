"""Problems: requests that get no answer, told in the shape of a GraphQL error."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graph.domain.errors import docs_of


@dataclass(frozen=True, slots=True)
class Problem(Exception):  # an answer, not a fault
    """Why there is no answer: the status, the code, the remedy, headers that go with it."""

    status: int
    code: str
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)
    extensions: Mapping[str, Any] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """The error as GraphQL has them."""
        extensions = {"code": self.code, **self.extensions, "docs": docs_of(self.code)}
        return {"errors": [{"message": self.message, "extensions": extensions}]}


def bad_request(message: str, **extensions: Any) -> Problem:
    """A request that cannot be read."""
    return Problem(400, "BAD_REQUEST", message, extensions=extensions)
