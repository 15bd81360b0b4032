"""Whether the process lives, and whether it can answer: for those who restart and route."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graph.domain.errors import TerrigraphError
from graph.http.budget import Budget
from graph.http.cache import Cache
from graph.http.callers import Callers
from graph.http.metrics import MEDIA_TYPE, METRICS, Metrics
from graph.http.observe import observed_of
from graph.http.pages import json_response, not_found
from graph.http.release import Current, ReleaseWatch

# Whoever asks more often is told what was found a moment ago.
_FRESH_S = 0.5
# Probes commonly wait 3 seconds or more.
_TIMEOUT_S = 2.5
_FLUSH_S = 1.0


class Health:
    """Looks at what the answers depend on."""

    def __init__(
        self,
        release: ReleaseWatch,
        budget: Budget,
        cache: Cache,
        callers: Callers,
        metrics: Metrics = METRICS,
    ) -> None:
        self._release = release
        self._budget = budget
        self._cache = cache
        self._callers = callers
        self._metrics = metrics
        self._looking: asyncio.Task[tuple[int, dict[str, Any]]] | None = None
        self._looked_at = float("-inf")
        self._flushing: asyncio.Task[None] | None = None

    def routes(self) -> list[Route]:
        """The addresses."""
        return [
            Route("/health/live", self._live),
            Route("/health/ready", self._ready),
            Route("/metrics", self._figures),
        ]

    async def _live(self, _request: Request) -> Response:
        return _told(200, {"status": "live"})

    async def _ready(self, _request: Request) -> Response:
        # One look is under way at a time, however many ask.
        if self._looking is None or (
            self._looking.done() and monotonic() - self._looked_at > _FRESH_S
        ):
            self._looking = asyncio.create_task(self._look())
        status, body = await asyncio.shield(self._looking)
        return _told(status, {**body, "budgets": self._budget.kept_in})

    async def _look(self) -> tuple[int, dict[str, Any]]:
        reasons = []
        release: Current | None = None
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                release = await self._release.read()
            if release is None:
                reasons.append("no release is loaded")
        except (TerrigraphError, TimeoutError):
            reasons.append("the database cannot be read")
        self._looked_at = monotonic()
        body: dict[str, Any] = {"status": "unready" if reasons else "ready"}
        if reasons:
            body["reasons"] = reasons
        if release:
            loaded = datetime.fromisoformat(release.updated_at).astimezone(UTC)
            body["release"] = {
                "version": release.version,
                "updatedAt": release.updated_at,
                "ageSeconds": max(0, round((datetime.now(UTC) - loaded).total_seconds())),
            }
        return (503 if reasons else 200), body

    async def _figures(self, request: Request) -> Response:
        if not self._callers.is_operator(observed_of(request.scope).caller):
            return await not_found(request, LookupError())
        self._gauge()
        self._metrics.flush()
        # Reading the figures of many processes takes files and time.
        text = await asyncio.to_thread(self._metrics.text)
        return Response(text, media_type=MEDIA_TYPE, headers={"cache-control": "no-store"})

    def _gauge(self) -> None:
        if self._release.current:
            self._metrics.serves(self._release.current.version, self._release.current.updated_at)
        self._metrics.cache_bytes = self._cache.size_bytes
        self._metrics.is_redis_down = self._budget.kept_in.endswith("down")

    def start(self) -> None:
        """Begins to add up figures every second, for the other processes to tell."""
        self._flushing = asyncio.create_task(self._flush())

    async def _flush(self) -> None:
        while True:
            await asyncio.sleep(_FLUSH_S)
            self._gauge()
            self._metrics.flush()

    async def stop(self) -> None:
        """Ends adding up."""
        if self._flushing:
            self._flushing.cancel()
            with suppress(asyncio.CancelledError):
                await self._flushing
        self._metrics.close()


def _told(status: int, body: dict[str, Any]) -> Response:
    return json_response(body, status, **{"cache-control": "no-store"})
