"""What can happen to a SQLite file that is being read: to it, beside it, and to its neighbours."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from time import perf_counter

from bench.figures import Figure
from bench.served import ORDINARY, Reply, Served, ask, ordinary

_SECTION = "The SQLite file"
_PATIENCE_S = 20
_AFTERWARDS = 20


def files(path: Path, *, is_quick: bool) -> Iterator[Figure]:
    """Each fault in turn, on a server that keeps no answers."""
    seconds = 0.7 if is_quick else 3
    with Served(f"sqlite:///{path}", cache_max_bytes=0) as served:
        for name, fault in _FAULTS.items():
            ask(served.port, ORDINARY, ordinary(0))
            with fault(path):
                during = _asked(served, seconds)
            began = perf_counter()
            healed_s = _healed_after_s(served, began)
            after = [ask(served.port, ORDINARY, ordinary(number)) for number in range(_AFTERWARDS)]
            good = sum(reply.is_good for reply in during)
            unclean = sum(not reply.is_clean for reply in during)
            yield Figure(_SECTION, f"{name}: answered meanwhile", good / len(during) * 100, "%")
            yield Figure(_SECTION, f"{name}: neither answered nor told", unclean, at_most=0)
            yield Figure(_SECTION, f"{name}: answers again after", healed_s, "s", at_most=5)
            failed = sum(not reply.is_good for reply in after)
            yield Figure(_SECTION, f"{name}: failed after that", failed, at_most=0)


def _asked(served: Served, seconds: float) -> list[Reply]:
    end, replies = perf_counter() + seconds, list[Reply]()
    while perf_counter() < end:
        replies.append(ask(served.port, ORDINARY, ordinary(len(replies))))
        time.sleep(0.02)
    return replies


def _healed_after_s(served: Served, began: float) -> float:
    number = 0
    while perf_counter() - began < _PATIENCE_S:
        number += 1
        if ask(served.port, ORDINARY, ordinary(number)).is_good:
            break
        time.sleep(0.02)
    return perf_counter() - began


@contextmanager
def _writer(path: Path) -> Iterator[None]:
    """Another process that writes all the time."""
    is_over = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(path, timeout=10)) as connection:
            while not is_over.is_set():
                with connection:
                    connection.execute("UPDATE release SET licence_name = licence_name || ''")

    thread = threading.Thread(target=write)
    thread.start()
    yield
    is_over.set()
    thread.join()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Another process that holds the lock of writers."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("UPDATE release SET licence_name = licence_name || ''")
        yield
        connection.execute("ROLLBACK")


def _companions(path: Path) -> list[Path]:
    found = [path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")]
    return [each for each in found if each.exists()]


@contextmanager
def _missing(path: Path) -> Iterator[None]:
    """A file that is gone, and comes back."""
    elsewhere = path.with_name("elsewhere")
    elsewhere.mkdir()
    moved = [(each, elsewhere / each.name) for each in _companions(path)]
    for here, there in moved:
        here.rename(there)
    yield
    for here, there in moved:
        there.replace(here)
    elsewhere.rmdir()


@contextmanager
def _overwritten(path: Path, at: int, length: int) -> Iterator[None]:
    """A file in which another program has written."""
    with path.open("r+b") as file:
        file.seek(at)
        content = file.read(length)
        file.seek(at)
        file.write(os.urandom(len(content)))
        file.flush()
        yield
        file.seek(at)
        file.write(content)


def _head_damaged(path: Path) -> AbstractContextManager[None]:
    return _overwritten(path, 0, 4096)


def _all_damaged(path: Path) -> AbstractContextManager[None]:
    return _overwritten(path, 0, path.stat().st_size)


@contextmanager
def _truncated(path: Path) -> Iterator[None]:
    """A file that is cut short, as on a full disk."""
    copy = path.read_bytes()
    with path.open("r+b") as file:
        file.truncate(len(copy) // 2)
        yield
        file.seek(0)
        file.write(copy)


_FAULTS: dict[str, Callable[[Path], AbstractContextManager[None]]] = {
    "another process writes": _writer,
    "an exclusive lock": _locked,
    "missing": _missing,
    "its head overwritten": _head_damaged,
    "all overwritten": _all_damaged,
    "cut in half": _truncated,
}
