"""One OpenTelemetry span for each operation, where that is installed and told where to send.

Not one for each field: on a page of thousands of rows that would take longer than the answer.
"""

import logging
import os
from typing import TYPE_CHECKING, Any

from starlette.types import Scope

from graph.http.logs import operation_name

if TYPE_CHECKING:
    from graph.http.observe import Observed

log = logging.getLogger("terrigraph")

_ADDRESSES = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_SERVER_ERROR = 500


class Tracer:
    """Makes spans of operations."""

    def __init__(self, tracer: Any) -> None:
        from opentelemetry import propagate, trace  # noqa: PLC0415  # an extra

        self._tracer = tracer
        self._extract = propagate.extract
        self._trace = trace

    @classmethod
    def of_environment(cls) -> "Tracer | None":
        """The tracer that OpenTelemetry's own variables configure; None without an address."""
        if not any(os.environ.get(name) for name in _ADDRESSES):
            return None
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415  # an extra
                OTLPSpanExporter,
            )
            from opentelemetry.sdk.resources import Resource  # noqa: PLC0415  # an extra
            from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415  # an extra
            from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415  # an extra
        except ImportError:
            log.warning("traces go nowhere; install them: pip install 'terrigraph[otel]'")
            return None
        name = os.environ.get("OTEL_SERVICE_NAME", "terrigraph")
        provider = TracerProvider(resource=Resource.create({"service.name": name}))
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        return cls(provider.get_tracer("terrigraph"))

    def start(self, scope: Scope) -> Any:
        """Begins a span, inside that of the caller where its `traceparent` tells of one."""
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        return self._tracer.start_span(
            "query", context=self._extract(headers), kind=self._trace.SpanKind.SERVER
        )

    def end(self, span: Any, status: int, observed: "Observed") -> None:
        """Ends a span with what became known of the operation."""
        if observed.operation:
            name = operation_name(observed.operation)
            span.update_name(f"query {name}")
            span.set_attribute("graphql.operation.name", name)
        span.set_attribute("graphql.operation.type", "query")
        span.set_attribute("http.response.status_code", status)
        span.set_attribute("terrigraph.request_id", observed.request_id)
        if observed.layer:
            span.set_attribute("terrigraph.answer", observed.layer)
        if observed.points is not None:
            span.set_attribute("terrigraph.points", observed.points)
        if observed.code:
            span.set_attribute("error.type", observed.code)
        if status >= _SERVER_ERROR:
            span.set_status(self._trace.StatusCode.ERROR)
        span.end()
