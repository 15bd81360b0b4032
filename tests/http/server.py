"""A real server in a process of its own, on a free port of this machine."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
SCRIPT = Path(sys.executable).with_name("terrigraph")
_LONGEST_START_S = 60


@dataclass(frozen=True)
class Server:
    """A running server: a client of it, the file of its messages, the number of its process."""

    client: httpx.Client
    log: Path
    pid: int

    @property
    def port(self) -> int:
        """Where it listens."""
        port = self.client.base_url.port
        assert port is not None
        return port

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")


@contextmanager
def serving(command: list[object], folder: Path, log: Path, **environment: str) -> Iterator[Server]:
    """A server that answers; the port is added to the command."""
    port = free_port()
    ours = ("DATABASE_URL", "TERRIGRAPH_")
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    with (
        log.open("wb") as messages,
        subprocess.Popen(
            [*map(str, command), "--port", str(port)],
            cwd=folder,
            env={**inherited, "PYTHONIOENCODING": "utf-8", **environment},
            stdout=messages,
            stderr=messages,
        ) as process,
    ):
        try:
            # No proxy of the environment stands between a test and its own machine.
            with httpx.Client(
                base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30
            ) as client:
                _wait(client, process, log)
                yield Server(client, log, process.pid)
        finally:
            process.terminate()
            process.wait(30)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(client: httpx.Client, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _LONGEST_START_S
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text(encoding="utf-8")
        try:
            client.get("/")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("no answer: " + log.read_text(encoding="utf-8"))
