"""What processes share in Redis: budgets, and answers that one of them has made.

Redis is a help and never needed: one that fails or keeps silent is left alone for a while, and
each process goes on with its own memory. The log says so once, and once more when it is back.
"""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any, TypeVar

from graph.settings import Settings

T = TypeVar("T")

log = logging.getLogger("terrigraph")

# Waiting for Redis must not take longer than most answers do.
_TIMEOUT_S = 0.25
_PAUSE_S = 5.0
_ANSWERS = "terrigraph:answer:"
# Answers of old releases are never asked for again, and end by themselves.
_KEEP_S = 3600
_MAX_BYTES = 1024 * 1024
_MAX_WRITES = 100


class Shared:
    """One Redis, as long as it answers."""

    def __init__(self, url: str, clock: Callable[[], float] = monotonic) -> None:
        # An extra: who runs one process needs none of it.
        from redis.asyncio import Redis  # noqa: PLC0415
        from redis.asyncio.retry import Retry  # noqa: PLC0415
        from redis.backoff import NoBackoff  # noqa: PLC0415

        self.client: Any = Redis.from_url(
            url,
            socket_timeout=_TIMEOUT_S,
            socket_connect_timeout=_TIMEOUT_S,
            # The library would try for seconds; one more time finds a Redis that was restarted.
            retry=Retry(NoBackoff(), 1),
        )
        self._clock = clock
        self._quiet_until = -math.inf
        self.is_down = False

    @classmethod
    def of(cls, settings: Settings) -> "Shared | None":
        """That of the settings; None where they name none."""
        return cls(settings.redis_url) if settings.redis_url else None

    async def ask(self, ask: Callable[[], Awaitable[T]]) -> T | None:
        """What a command returns; None when Redis does not answer."""
        began = self._clock()
        if began < self._quiet_until:
            return None
        try:
            found = await ask()
        except Exception as error:  # noqa: BLE001  # whatever it is, memory does
            self._quiet_until = self._clock() + _PAUSE_S
            if not self.is_down:
                log.warning("redis fails, memory stands in: %s", type(error).__name__)
            self.is_down = True
            return None
        # What was asked before a failure tells nothing of the time after it.
        if self.is_down and began >= self._quiet_until:
            log.warning("redis answers again")
            self.is_down = False
        return found

    async def close(self) -> None:
        """Ends the connections."""
        await self.client.aclose()


class SharedAnswers:
    """Answers that a process has made, for the others."""

    def __init__(self, shared: Shared | None) -> None:
        self._shared = shared
        self._writing: set[asyncio.Task[None]] = set()

    async def get(self, key: str) -> tuple[str, bytes] | None:
        """The name of the operation and the body of an answer."""
        if self._shared is None:
            return None
        client = self._shared.client
        found: bytes | None = await self._shared.ask(lambda: client.get(_ANSWERS + key))
        if not found:
            return None
        operation, _, body = found.partition(b"\n")
        return operation.decode(), body

    def put(self, key: str, operation: str, body: bytes) -> None:
        """Shares an answer soon; its own caller does not wait for it."""
        if self._shared and len(body) <= _MAX_BYTES and len(self._writing) < _MAX_WRITES:
            value = operation.encode() + b"\n" + body
            task = asyncio.create_task(self._put(self._shared, key, value))
            self._writing.add(task)
            task.add_done_callback(self._writing.discard)

    async def _put(self, shared: Shared, key: str, value: bytes) -> None:
        client = shared.client
        await shared.ask(lambda: client.set(_ANSWERS + key, value, ex=_KEEP_S))

    async def close(self) -> None:
        """Waits for what is being shared."""
        await asyncio.gather(*self._writing)
