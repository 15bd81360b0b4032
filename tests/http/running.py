"""A real server in a process of its own, as a newcomer starts it."""

import os
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

_PATIENCE_S = 60
TERRIGRAPH = str(Path(sysconfig.get_path("scripts")) / "terrigraph")
UVICORN = [sys.executable, "-m", "uvicorn", "asgi:app"]
ROOT = Path(__file__).parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(**settings: str) -> dict[str, str]:
    """Ours without the settings that the tests may have been started with."""
    own = {
        name: value
        for name, value in os.environ.items()
        if name != "DATABASE_URL" and not name.startswith("TERRIGRAPH_")
    }
    return own | {"PYTHONPATH": str(ROOT)} | settings


@contextmanager
def running(command: list[str], folder: Path, **settings: str) -> Iterator["Server"]:
    """The server of a command that listens on the port of its `--port`."""
    log = folder / "server.log"
    with (
        log.open("w") as output,
        subprocess.Popen(
            command,
            cwd=folder,
            env=environment(**settings),
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        address = f"http://127.0.0.1:{command[command.index('--port') + 1]}"
        try:
            with httpx.Client(base_url=address, trust_env=False, timeout=30) as client:
                _wait(client, process, log)
                yield Server(client, log)
        finally:
            process.terminate()


class Server:
    """A server that answers: a client of it, and all that it has printed."""

    def __init__(self, client: httpx.Client, log: Path) -> None:
        self.client = client
        self._log = log

    @property
    def output(self) -> str:
        return self._log.read_text("utf-8")


def _wait(client: httpx.Client, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text("utf-8")
        try:
            client.get("/")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"no answer in {_PATIENCE_S} s: {log.read_text('utf-8')}")
