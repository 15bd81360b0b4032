"""What can go wrong, as the caller is told it.

    TerrigraphError             carries a stable `code` and a message for the public
    ├── BadUserInput            the question cannot be answered as asked; says what to write
    └── ServiceUnavailable      the database cannot be read now; the same question may work later

Anything else that is raised is unexpected: it is logged, and the caller learns nothing of it.
"""

from typing import Any


class TerrigraphError(Exception):
    """An expected failure. The message is public and holds no internals."""

    code = "INTERNAL_SERVER_ERROR"

    @property
    def extensions(self) -> dict[str, Any]:
        """What graphql-core copies into the `extensions` of the located error."""
        return {"code": self.code}


class BadUserInput(TerrigraphError):
    """An argument that is well-typed and still means nothing."""

    code = "BAD_USER_INPUT"


class ServiceUnavailable(TerrigraphError):
    """The storage does not answer."""

    code = "SERVICE_UNAVAILABLE"


_SHOWN_CHARACTERS = 40


def shown(text: str) -> str:
    """`text` quoted for a message: cut, and without what no answer in UTF-8 could hold."""
    cut = text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"
    return '"' + cut.encode("utf-8", "replace").decode().replace("\0", "?") + '"'
