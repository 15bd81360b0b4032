"""Callers who leave before they are answered: nobody works for them any longer."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from graph.http.request import ClientGone, Receive

T = TypeVar("T")


async def unless_gone(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`. ClientGone, and the work cancelled, when the caller leaves before.

    Most work is done when it is first waited for; only what is not is worth a second task.
    """
    task = asyncio.create_task(work)
    leaving: asyncio.Task[None] | None = None
    try:
        await asyncio.sleep(0)
        if not task.done():
            leaving = asyncio.create_task(_left(receive))
            await asyncio.wait((task, leaving), return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise ClientGone
        return task.result()
    finally:
        for each in (task, leaving):
            if each and not each.done():
                each.cancel()
                with suppress(asyncio.CancelledError):
                    await each


async def _left(receive: Receive) -> None:
    """Returns when the caller has left."""
    while (await receive())["type"] != "http.disconnect":
        pass
