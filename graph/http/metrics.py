"""What Prometheus reads at `/metrics`.

Requests are tallied in plain dicts, which takes a fraction of a microsecond, and the tallies
are added to prometheus-client's metrics once a second and when they are read. Several processes
share a folder (`PROMETHEUS_MULTIPROC_DIR`): any of them then tells the figures of all.
"""

import os
from bisect import bisect_left
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

MEDIA_TYPE = CONTENT_TYPE_LATEST

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_POINTS = (1.0, 10.0, 100.0, 1000.0, 10_000.0, 50_000.0)


class _Tally:
    """Observations of a histogram that it has not been told of yet."""

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def add(self, value: float) -> None:
        self._counts[bisect_left(self._bounds, value)] += 1
        self._sum += value

    def move_to(self, histogram: Any) -> None:
        # Its public way takes one observation at a time.
        for bucket, count in zip(histogram._buckets, self._counts, strict=True):  # noqa: SLF001  # held by a test
            if count:
                bucket.inc(count)
        histogram._sum.inc(self._sum)  # noqa: SLF001  # held by a test
        self._counts = [0] * len(self._counts)
        self._sum = 0.0


class Metrics:
    """The figures of this process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._is_shared = "PROMETHEUS_MULTIPROC_DIR" in os.environ
        counter = self._counter
        self._requests = counter("requests", "Requests answered.", "method", "status", "kind")
        self._answers = counter("answers", "Answers by the layer that they came from.", "layer")
        self._refusals = counter("refusals", "Requests refused, by code and limit.", "reason")
        self._statements = counter("statements", "Statements run.")
        self._seconds = Histogram(
            "terrigraph_request_duration_seconds",
            "From the head of a request to the end of its response.",
            ["kind"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._points = Histogram(
            "terrigraph_operation_points",
            "What operations cost that were run.",
            buckets=_POINTS,
            registry=self._registry,
        )
        self._in_flight = self._gauge("requests_in_flight", "Requests being answered.", "livesum")
        self._cache_bytes = self._gauge("cache_bytes", "Memory of answers kept.", "livesum")
        self._redis_down = self._gauge("redis_down", "1 while Redis does not answer.", "livemax")
        self._release = self._gauge(
            "release_info", "1 for the release that is served.", "livemax", "version"
        )
        self._release_time = self._gauge(
            "release_timestamp_seconds", "When the release was loaded.", "livemax"
        )
        if not self._is_shared:
            ProcessCollector(registry=self._registry)
            GCCollector(registry=self._registry)
        self._version = ""
        self.in_flight = 0
        self.cache_bytes = 0
        self.is_redis_down = False
        self._clear()

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"terrigraph_{name}", text, labels, registry=self._registry)

    def _gauge(self, name: str, text: str, mode: Any, *labels: str) -> Gauge:
        name = f"terrigraph_{name}"
        return Gauge(name, text, labels, registry=self._registry, multiprocess_mode=mode)

    def _clear(self) -> None:
        self._tally: defaultdict[tuple[str, int, str], int] = defaultdict(int)
        self._layers: defaultdict[str, int] = defaultdict(int)
        self._reasons: defaultdict[str, int] = defaultdict(int)
        self._ran = 0
        self._waits: defaultdict[str, _Tally] = defaultdict(lambda: _Tally(_SECONDS))
        self._costs = _Tally(_POINTS)

    def finished(self, method: str, status: int, kind: str, seconds: float) -> None:
        """Counts a request."""
        self._tally[method, status, kind] += 1
        self._waits[kind].add(seconds)

    def answered(self, layer: str) -> None:
        """Counts an answer by the layer that it came from."""
        self._layers[layer] += 1

    def ran(self, points: float, statements: int) -> None:
        """Counts an operation that was run."""
        self._costs.add(points)
        self._ran += statements

    def refused(self, reason: str) -> None:
        """Counts a refusal. Reasons are codes and names of limits, so there are few."""
        self._reasons[reason] += 1

    def serves(self, version: str, updated_at: str) -> None:
        """Tells the release that is served."""
        if version != self._version:
            if self._version and not self._is_shared:
                self._release.remove(self._version)
            elif self._version:
                self._release.labels(self._version).set(0)
            self._version = version
            self._release.labels(version).set(1)
            loaded = datetime.fromisoformat(updated_at).astimezone(UTC)
            self._release_time.set(loaded.timestamp())

    def flush(self) -> None:
        """Adds what was tallied."""
        for (method, status, kind), count in self._tally.items():
            self._requests.labels(method, str(status), kind).inc(count)
        for layer, count in self._layers.items():
            self._answers.labels(layer).inc(count)
        for reason, count in self._reasons.items():
            self._refusals.labels(reason).inc(count)
        for kind, waits in self._waits.items():
            waits.move_to(self._seconds.labels(kind))
        self._costs.move_to(self._points)
        self._statements.inc(self._ran)
        self._in_flight.set(self.in_flight)
        self._cache_bytes.set(self.cache_bytes)
        self._redis_down.set(self.is_redis_down)
        self._clear()

    def text(self) -> bytes:
        """All figures as Prometheus reads them; those of all processes where they share them."""
        if not self._is_shared:
            return generate_latest(self._registry)
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # of the library
        return generate_latest(registry)

    def close(self) -> None:
        """Takes back what is true of a living process only."""
        self.flush()
        if self._is_shared:
            mark_process_dead(os.getpid())  # type: ignore[no-untyped-call]  # of the library


disable_created_metrics()  # type: ignore[no-untyped-call]  # twice the lines, which nobody reads
# One for the process: connections are refused before there is an application to ask.
METRICS = Metrics()
