"""A real Redis in a process of its own."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import IS_CI


@contextmanager
def redis(port: int, folder: Path) -> Iterator[str]:
    """The address of one that runs. Skips where there is none to start."""
    program = shutil.which("redis-server")
    if program is None:
        reason = "no redis-server: install the package of your system"
        pytest.fail(reason) if IS_CI else pytest.skip(reason)
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
    with (folder / "redis.log").open("wb") as log:
        process = subprocess.Popen([*map(str, command)], stdout=log)
        try:
            _wait_for(port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.kill()
            process.wait(10)


def _wait_for(port: int) -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except ConnectionRefusedError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("redis-server does not answer")
