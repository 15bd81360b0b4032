"""Commands in processes of their own that need no start: each is forked off one that is warm."""

import contextlib
import json
import os
import resource
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from graph import cli

ROOT = Path(__file__).parents[2]
COMMIT = "c"
LOCK = "l"
STEP = "s"
_SHOWN = 2_000


@dataclass(frozen=True)
class Fork:
    """A running command: its number, its log, and where it tells its steps, a letter for each."""

    pid: int
    log: Path
    steps: int

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")[-_SHOWN:]


class Forks:
    """The warm process, which starts one command at a time."""

    def __init__(self, process: "subprocess.Popen[bytes]", folder: Path) -> None:
        self._process = process
        self._folder = folder
        self._pipe = folder / "steps"
        os.mkfifo(self._pipe)

    def start(self, *words: str | Path, file_max_bytes: int | None = None) -> Fork:
        """Starts a command that may make files of a size; `end` has to follow."""
        log = self._folder / "log"
        size = resource.RLIM_INFINITY if file_max_bytes is None else file_max_bytes
        order = [size, str(self._pipe), str(log), *map(str, words)]
        self._tell(order)
        # Opened ahead of the first word, so that the command need not wait for a reader.
        steps = os.open(self._pipe, os.O_RDONLY)
        return Fork(int(self._hear()), log, steps)

    def end(self, fork: Fork) -> tuple[int, str]:
        """Waits for the end: its exit code, below 0 for a signal, and the steps not yet read."""
        self._tell([])
        code = int(self._hear())
        steps = b""
        while more := os.read(fork.steps, 1 << 16):
            steps += more
        os.close(fork.steps)
        return code, steps.decode()

    def run(self, *words: str | Path, file_max_bytes: int | None = None) -> tuple[int, str, str]:
        """A command from its start to its end: its exit code, its steps, what it said."""
        fork = self.start(*words, file_max_bytes=file_max_bytes)
        code, steps = self.end(fork)
        return code, steps, fork.said()

    def _tell(self, order: list[Any]) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        self._process.stdin.flush()

    def _hear(self) -> bytes:
        assert self._process.stdout
        return self._process.stdout.readline()


@contextmanager
def forks(folder: Path) -> Iterator[Forks]:
    """A warm process, until the block ends."""
    with subprocess.Popen(
        [sys.executable, "-m", __name__], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        yield Forks(process, folder)
        process.stdin.close()  # type: ignore[union-attr]  # it is a pipe


def _work(pipe: str, log: str, words: list[str]) -> int:
    """The exit code of a command, which tells its steps and writes all it says into a file."""
    steps = os.open(pipe, os.O_WRONLY)
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(said, 1)
    os.dup2(said, 2)

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        is_lock = "advisory" in statement or statement == "BEGIN IMMEDIATE"
        os.write(steps, (LOCK if is_lock else STEP).encode())

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    sa.event.listen(sa.Engine, "commit", lambda _connection: os.write(steps, COMMIT.encode()))
    sys.argv = ["terrigraph", *words]
    try:
        cli.main()
    except SystemExit as ended:
        return int(ended.code or 0)
    except BaseException:  # noqa: BLE001  # as the interpreter would
        traceback.print_exc()
        return 1
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
    return 0


def _serve() -> None:
    for line in sys.stdin.buffer:
        size, pipe, log, *words = json.loads(line)
        child = os.fork()
        if not child:
            code = 1
            try:
                resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
                code = _work(pipe, log, words)
            finally:
                os._exit(code)
        os.write(1, b"%d\n" % child)
        # Until its end is asked for, its number is nobody else's: it may be killed all the while.
        sys.stdin.buffer.readline()
        _, status = os.waitpid(child, 0)
        os.write(1, b"%d\n" % os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    _serve()
