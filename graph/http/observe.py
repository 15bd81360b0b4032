"""What is told of each request: an id in its answer, a line in the log, figures, a span.

The endpoint fills in an `Observed` on the way; all else is known from outside.
"""

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from itertools import count
from time import perf_counter
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph.domain.request_id import request_id
from graph.http.callers import Caller, Callers
from graph.http.logs import Clock, RequestLog, operation_name
from graph.http.metrics import METRICS, Metrics
from graph.http.tracing import Tracer
from graph.settings import Settings

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_MAX_DOCUMENT_CHARACTERS = 2000
# nginx's word for it: nobody was left to be answered.
_CLIENT_LEFT = 499
_KINDS = {"/graphql": "query", "/health/live": "health", "/health/ready": "health"}
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})


class Observed:
    """What the endpoint knows of a request and the log tells of it."""

    # What is the same for most requests is an attribute of the class.
    operation = ""  # its name
    document = ""
    layer = ""  # where the answer came from: raw, key, shared, validator, computed
    points: float | None = None
    statements = 0
    code = ""  # of the first error
    limit = ""  # the name of the limit that was exceeded

    def __init__(self, caller: Caller, request_id: str, kind: str = "other") -> None:
        self.caller = caller
        self.request_id = request_id
        self.kind = kind


def observed_of(scope: Mapping[str, Any]) -> Observed:
    """The observation of a request; one that nobody reads where there is no observer."""
    found: Observed | None = scope.get("observed")
    return found or Observed(Caller("unknown", is_behind_proxy=False), "")


class Observer:
    """An application with eyes on it."""

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics = METRICS) -> None:
        self._app = app
        self._callers = Callers(settings)
        self._metrics = metrics
        self._log = RequestLog(settings)
        self._clock = Clock()
        self._tells_documents = settings.log_documents
        self._tracer = Tracer.of_environment()
        # Processes do not share a counter, so each has a prefix of its own.
        self._prefix = os.urandom(5).hex()
        self._numbers = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, and tells of it when it is done."""
        if scope["type"] != "http":
            try:
                await self._app(scope, receive, send)
            finally:
                self._log.flush()
            return
        began = perf_counter()
        caller = self._callers.of(scope)
        found = self._given_id(scope) if caller.is_behind_proxy else None
        identity = found or f"{self._prefix}-{next(self._numbers):x}"
        kind = _KINDS.get(scope["path"], "other")
        observed = scope["observed"] = Observed(caller, identity, kind)
        token = request_id.set(identity)
        header = (b"x-request-id", identity.encode())
        status = _CLIENT_LEFT

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), header]
            await send(message)

        span = self._tracer.start(scope) if self._tracer and kind == "query" else None
        self._metrics.in_flight += 1
        try:
            await self._app(scope, receive, told)
        finally:
            self._metrics.in_flight -= 1
            self._tell(scope["method"], status, perf_counter() - began, observed)
            if span is not None and self._tracer:
                self._tracer.end(span, status, observed)
            request_id.reset(token)

    def _given_id(self, scope: Scope) -> str | None:
        for name, value in scope["headers"]:
            if name == b"x-request-id":
                with suppress(UnicodeDecodeError):
                    text: str = value.decode("ascii")
                    return text if _ID.fullmatch(text) else None
        return None

    def _tell(self, method: str, status: int, seconds: float, observed: Observed) -> None:
        method = method if method in _METHODS else "OTHER"
        metrics = self._metrics
        metrics.finished(method, status, observed.kind, seconds)
        if observed.layer:
            metrics.answered(observed.layer)
        if observed.code:
            metrics.refused(observed.limit or observed.code)
        if observed.layer == "computed":
            metrics.ran(observed.points or 0, observed.statements)
        if self._log.is_told(status):
            self._log.write(self._line(method, status, seconds, observed))

    def _line(self, method: str, status: int, seconds: float, observed: Observed) -> dict[str, Any]:
        line: dict[str, Any] = {
            "time": self._clock.now(),
            "level": "error" if status >= 500 else "info",  # noqa: PLR2004  # faults of ours
            "logger": "terrigraph.request",
            "message": "request",
            "request_id": observed.request_id,
            "caller": observed.caller.network,
            "method": method,
            "kind": observed.kind,
            "status": status,
            "duration_ms": round(seconds * 1000, 3),
        }
        if observed.operation:
            line["operation"] = operation_name(observed.operation)
        if observed.layer:
            line["answer"] = observed.layer
        if observed.points is not None:
            line["points"] = observed.points
        if observed.statements:
            line["statements"] = observed.statements
        if observed.code:
            line["code"] = observed.code
        if observed.limit:
            line["limit"] = observed.limit
        if self._tells_documents and observed.document:
            line["document"] = observed.document[:_MAX_DOCUMENT_CHARACTERS]
        return line
