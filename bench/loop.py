"""The event loop of the measurements: the one that serves."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

try:
    import uvloop
except ImportError:  # not on every platform
    new_event_loop = asyncio.new_event_loop
else:
    new_event_loop = uvloop.new_event_loop


def run(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine."""
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(work)
