"""Points an hour for each caller: a bucket that is full at first and fills again evenly.

One number is kept for each caller: the seconds until its bucket is full (the generic cell rate
algorithm). So who has spent all of it waits for what the next question costs, not for an hour,
and who stays below is forgotten. The numbers live in Redis, where several processes share them,
or in memory; a Redis that does not answer is replaced by memory until it does.
"""

import math
from collections import OrderedDict
from collections.abc import Callable
from time import monotonic
from typing import Any, NamedTuple

from graph.http.callers import Caller
from graph.http.problem import Problem
from graph.http.shared import Shared
from graph.settings import Settings

_WINDOW_S = 3600
# 100 bytes each; beyond, those that asked least recently start anew.
_KNOWN_CALLERS = 100_000
_PREFIX = "terrigraph:budget:"

# The clock is that of Redis, so that processes of several machines agree.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local free = tonumber(redis.call('GET', KEYS[1]) or now)
local lacking = math.max(free - now, 0)
local cost, window = tonumber(ARGV[1]), tonumber(ARGV[2])
if lacking + cost > window then return {0, tostring(lacking)} end
if cost > 0 then
  lacking = lacking + cost
  redis.call('SET', KEYS[1], string.format('%.6f', now + lacking), 'PX', math.ceil(lacking * 1000))
end
return {1, tostring(lacking)}
"""


class Decision(NamedTuple):
    """Whether a question may run, what the response tells of the budget, and how long to wait."""

    is_allowed: bool
    headers: list[tuple[bytes, bytes]]
    retry_after_s: int = 0
    message: str = ""
    limit: dict[str, Any] | None = None

    def problem(self) -> Problem:
        """The refusal of a question that may not run; `headers` belong to it, too."""
        told = {"Retry-After": str(self.retry_after_s)} if self.retry_after_s else {}
        told |= {name.decode(): value.decode() for name, value in self.headers}
        return Problem(429, "RATE_LIMITED", self.message, told, {"limit": self.limit})


class Budget:
    """The points of all callers."""

    def __init__(
        self,
        settings: Settings,
        shared: Shared | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._points = settings.points_per_hour
        self._keys = settings.api_keys
        self._memory = _Memory(clock)
        self._shared = shared
        self._together = _Together(shared) if shared else None

    @property
    def kept_in(self) -> str:
        """Where the points are counted now: `memory`, `redis`, or `memory, redis is down`."""
        if self._shared is None:
            return "memory"
        return "memory, redis is down" if self._shared.is_down else "redis"

    async def take(self, caller: Caller, points: float) -> Decision:
        """Spends points of a caller unless that is more than it has; 0 only looks."""
        limit = self._keys.get(caller.key) if caller.key else None
        name, limit = ("default", self._points) if limit is None else ("key", limit)
        if not limit:
            return _UNLIMITED
        account, cost_s = caller.key or caller.prefix, points * _WINDOW_S / limit
        taken = await self._together.take(account, cost_s) if self._together else None
        is_allowed, lacking_s = taken or self._memory.take(account, cost_s)
        return _decision(name, limit, points, lacking_s, is_allowed=is_allowed)


_UNLIMITED = Decision(is_allowed=True, headers=[])


def _decision(
    name: str, limit: int, points: float, lacking_s: float, *, is_allowed: bool
) -> Decision:
    # draft-ietf-httpapi-ratelimit-headers-11: `q` points in `w` seconds; `r` are left, and all
    # of them are back in `t` seconds.
    left = max(0, math.floor(limit * (1 - lacking_s / _WINDOW_S) + 1e-6))
    headers = [
        (b"ratelimit-policy", f'"{name}";q={limit};w={_WINDOW_S}'.encode()),
        (b"ratelimit", f'"{name}";r={left};t={math.ceil(lacking_s)}'.encode()),
    ]
    if is_allowed:
        return Decision(is_allowed=True, headers=headers)
    spent = limit - left + points
    told: dict[str, Any] = {"name": "hourPoints", "max": limit, "actual": spent}
    if points > limit:
        message = f"the question costs {points:g} points, more than the {limit} of an hour"
        return Decision(False, headers, 0, f"{message}; ask for less", told)  # noqa: FBT003  # the tuple's order
    wait_s = math.ceil(lacking_s + points * _WINDOW_S / limit - _WINDOW_S)
    message = (
        f"the question costs {points:g} points and {left} of {limit} are left; "
        f"ask again in {wait_s} s, ask for less, or use the answers' `Cache-Control`"
    )
    return Decision(False, headers, max(1, wait_s), message, told)  # noqa: FBT003  # the tuple's order


class _Memory:
    """The seconds that buckets lack, as times at which they are full."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def take(self, account: str, cost_s: float) -> tuple[bool, float]:
        now = self._clock()
        lacking_s = max(0.0, self._full_at.get(account, now) - now)
        if lacking_s + cost_s > _WINDOW_S:
            return False, lacking_s
        if cost_s > 0:
            lacking_s += cost_s
            self._full_at[account] = now + lacking_s
            self._full_at.move_to_end(account)
            if len(self._full_at) > _KNOWN_CALLERS:
                self._full_at.popitem(last=False)
        return True, lacking_s


class _Together:
    """The same in Redis, as long as it answers."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._take = shared.client.register_script(_TAKE)

    async def take(self, account: str, cost_s: float) -> tuple[bool, float] | None:
        """None when Redis does not answer."""
        taken = await self._shared.ask(lambda: self._take([_PREFIX + account], [cost_s, _WINDOW_S]))
        return taken and (bool(taken[0]), float(taken[1]))
