"""Documents that callers name instead of sending: trusted ones, and automatic persisted queries.

A trusted document lies in a folder as `<sha256>.graphql`; whoever runs the server put it there.
An automatic persisted query was sent once by some client with its hash; it may be forgotten.
"""

import re
from collections import OrderedDict
from hashlib import sha256
from pathlib import Path
from typing import Any

from graph.domain.errors import shown
from graph.http.problem import Problem, bad_request
from graph.http.request import Question

_SHA256 = re.compile(r"(?:sha256:)?([0-9a-f]{64})")
_MAX_BYTES = 4 * 1024 * 1024
# Clients that speak the protocol look for these words.
_NOT_FOUND = "PersistedQueryNotFound"


class NamedDocuments:
    """The documents that are known by a hash."""

    def __init__(self, folder: Path | None = None) -> None:
        self._trusted = read_trusted(folder) if folder else {}
        self._sent: OrderedDict[str, str] = OrderedDict()
        self._sent_bytes = 0

    def text_of(self, question: Question) -> str:
        """The document of a question. Problem when it names one that is not known, or another."""
        if question.document_id is not None:
            return self._trusted_text(question)
        persisted = question.extensions.get("persistedQuery")
        if persisted is None:
            return question.query or ""
        digest = _digest_of(persisted)
        if question.query is None:
            return self._remembered(digest)
        if sha256(question.query.encode()).hexdigest() != digest:
            raise bad_request(
                "`extensions.persistedQuery.sha256Hash` is not the SHA-256 of `query`; send the "
                "hash of the very bytes of the document"
            )
        return question.query

    def remember(self, question: Question, text: str) -> None:
        """Keeps a document that was sent with its hash and answered, while there is room."""
        if "persistedQuery" not in question.extensions or question.query is None:
            return
        digest = sha256(text.encode()).hexdigest()
        if digest in self._sent:
            return
        self._sent[digest] = text
        self._sent_bytes += len(text)
        while self._sent_bytes > _MAX_BYTES:
            _, old = self._sent.popitem(last=False)
            self._sent_bytes -= len(old)

    def _trusted_text(self, question: Question) -> str:
        if question.query is not None:
            raise bad_request("`documentId` and `query` exclude each other; send one of them")
        match = _SHA256.fullmatch(question.document_id or "")
        text = self._trusted.get(match[1]) if match else None
        if text is None:
            raise Problem(
                404,
                "PERSISTED_QUERY_NOT_FOUND",
                f"no trusted document has the id {shown(question.document_id or '')}; "
                "send `query` instead",
                {"Cache-Control": "no-store"},
            )
        return text

    def _remembered(self, digest: str) -> str:
        text = self._sent.get(digest) or self._trusted.get(digest)
        if text is None:
            # A miss is a step of the protocol, not a failure: clients expect it with 200.
            raise Problem(
                200, "PERSISTED_QUERY_NOT_FOUND", _NOT_FOUND, {"Cache-Control": "no-store"}
            )
        if digest in self._sent:
            self._sent.move_to_end(digest)
        return text


def read_trusted(folder: Path) -> dict[str, str]:
    """The documents of a folder by their hash. ValueError for a file that is named by another."""
    documents = {}
    for file in sorted(folder.glob("*.graphql")):
        content = file.read_bytes()
        if sha256(content).hexdigest() != file.stem:
            raise ValueError(
                f"{file.name} is not named by the SHA-256 of its content, which is "
                f"{sha256(content).hexdigest()}"
            )
        documents[file.stem] = content.decode()
    return documents


def _digest_of(persisted: Any) -> str:
    if not isinstance(persisted, dict) or persisted.get("version") != 1:
        raise Problem(
            400,
            "PERSISTED_QUERY_NOT_SUPPORTED",
            "`extensions.persistedQuery` must be `{version: 1, sha256Hash: …}`",
        )
    digest = persisted.get("sha256Hash")
    match = _SHA256.fullmatch(digest) if isinstance(digest, str) else None
    if not match:
        raise bad_request("`extensions.persistedQuery.sha256Hash` must be 64 hexadecimal digits")
    return match[1]
