"""What can go wrong, as the caller is told it.

    TerrigraphError             carries a stable `code` and a message for the public
    ├── BadUserInput            the question cannot be answered as asked; says what to write
    │   └── OverLimit           it asks for too much; says of what
    ├── OperationTimeout        it takes too long and is stopped
    └── ServiceUnavailable      the database cannot be read now; the same question may work later

Anything else that is raised is unexpected: it is logged, and the caller learns nothing of it.
"""

from collections.abc import Mapping
from typing import Any

# Every code that an error can carry: what it means, in English and in French.
CODES = {
    "GRAPHQL_PARSE_FAILED": (
        "the document is no GraphQL",
        "le document n’est pas du GraphQL",
    ),
    "GRAPHQL_VALIDATION_FAILED": (
        "the document does not fit the schema, or is over a limit",
        "le document ne correspond pas au schéma, ou dépasse une limite",
    ),
    "BAD_USER_INPUT": (
        "an argument or variable cannot be used; the message says what can",
        "un argument ou une variable est inutilisable ; le message dit quoi écrire",
    ),
    "OPERATION_RESOLUTION_FAILURE": (
        "the document has several operations and none was named",
        "le document a plusieurs opérations et aucune n’est nommée",
    ),
    "BAD_REQUEST": (
        "the request holds no question, or one that cannot be read",
        "la requête ne contient pas de question lisible",
    ),
    "PERSISTED_QUERY_NOT_FOUND": (
        "no document has this hash; send the document itself",
        "aucun document n’a cette empreinte ; envoyez le document lui-même",
    ),
    "PERSISTED_QUERY_NOT_SUPPORTED": (
        "documents are not named in this way here",
        "les documents ne sont pas nommés de cette manière ici",
    ),
    "NOT_FOUND": ("nothing is at this address", "rien n’est à cette adresse"),
    "METHOD_NOT_ALLOWED": (
        "the address has other methods; see the header Allow",
        "l’adresse a d’autres méthodes ; voir l’en-tête Allow",
    ),
    "NOT_ACCEPTABLE": (
        "none of the media types that are accepted can be given",
        "aucun des types de média acceptés ne peut être donné",
    ),
    "RATE_LIMITED": (
        "too many points in this hour; see the header Retry-After",
        "trop de points dans cette heure ; voir l’en-tête Retry-After",
    ),
    "OPERATION_TIMEOUT": (
        "the operation took too long and was stopped; ask for less",
        "l’opération a duré trop longtemps et a été arrêtée ; demandez moins",
    ),
    "SERVICE_UNAVAILABLE": (
        "the database cannot be read now, or too much is asked at once; ask again later",
        "la base ne peut être lue, ou trop est demandé à la fois ; redemandez plus tard",
    ),
    "INTERNAL_SERVER_ERROR": (
        "a fault of ours; the message holds the id of the request, to quote",
        "une faute de notre part ; le message porte le numéro de la requête, à citer",
    ),
}


def docs_of(code: str) -> str:
    """Where a code is explained, on the server that gave it."""
    return f"/errors#{code}"


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


class _Limited(TerrigraphError):
    """Something is over a limit, which `limit` tells: its name, the most, what was met."""

    def __init__(self, message: str, limit: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.limit = limit

    @property
    def extensions(self) -> dict[str, Any]:
        """The code and the limit."""
        return {"code": self.code, "limit": dict(self.limit)}


class OverLimit(_Limited, BadUserInput):
    """What is asked for is over a limit."""


class OperationTimeout(_Limited):
    """The operation was stopped after the time of a limit."""

    code = "OPERATION_TIMEOUT"


class ServiceUnavailable(TerrigraphError):
    """The storage does not answer."""

    code = "SERVICE_UNAVAILABLE"


def null_field(name: str) -> str:
    """What is wrong with a null where something may be left out."""
    return f"{name} cannot be null; leave it out, or give it a value"


_SHOWN_CHARACTERS = 40


def shown(text: str) -> str:
    """`text` quoted for a message: cut, and without what no answer in UTF-8 could hold."""
    cut = text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"
    return '"' + cut.encode("utf-8", "replace").decode().replace("\0", "?") + '"'
