"""Logs: one JSON object a line, on standard error.

A line of a request holds no address beyond its network, no document and no variables.
"""

import asyncio
import logging
import re
import sys
from datetime import UTC, datetime
from functools import lru_cache
from time import time_ns
from typing import Any, BinaryIO

import orjson

from graph.domain.request_id import request_id
from graph.settings import Settings

# Lines of requests are written together: a system call for each would cost more than the rest.
_FLUSH_S = 0.2
_FLUSH_BYTES = 128 * 1024
_NAME = re.compile(r"[^A-Za-z0-9_]")
_MAX_NAME_CHARACTERS = 80


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id.get():
            line["request_id"] = request_id.get()
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return _json(line).decode().rstrip()


def _json(line: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # a lone surrogate, which UTF-8 has no bytes for
        told = {key: str(value).encode("utf-8", "replace").decode() for key, value in line.items()}
        return orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)


def operation_name(name: str) -> str:
    """The name of an operation as logs and traces show it, whatever its caller made it of."""
    return _shown(name[:_MAX_NAME_CHARACTERS])


@lru_cache(maxsize=1024)
def _shown(name: str) -> str:
    return _NAME.sub("?", name)


class Clock:
    """The time as lines tell it. Most lines share their second, whose text takes 2 µs to make."""

    def __init__(self) -> None:
        self._second = 0
        self._text = ""

    def now(self) -> str:
        """ISO 8601 in UTC, to the millisecond."""
        now_ms = time_ns() // 1_000_000
        second, ms = divmod(now_ms, 1000)
        if second != self._second:
            self._second = second
            self._text = datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return f"{self._text}.{ms:03}+00:00"


def configure(settings: Settings) -> None:
    """Everything that is logged in this process goes to standard error as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], True


class RequestLog:
    """Lines of requests, written some at a time."""

    def __init__(self, settings: Settings, out: BinaryIO | None = None) -> None:
        self._kind = settings.log_requests
        self._out = out
        self._waiting = bytearray()  # thousands of small objects take twice as long
        self._timer: asyncio.TimerHandle | None = None

    def is_told(self, status: int) -> bool:
        """Whether a request that ended so gets a line."""
        return self._kind == "all" or (self._kind == "errors" and status >= 500)  # noqa: PLR2004  # faults of ours

    def write(self, line: dict[str, Any]) -> None:
        """A line now or a moment later; the fields are those of `observe.py`."""
        self._waiting += _json(line)
        if len(self._waiting) >= _FLUSH_BYTES:
            self.flush()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_FLUSH_S, self.flush)

    def flush(self) -> None:
        """Writes what is waiting."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._waiting:
            out = self._out or sys.stderr.buffer
            out.write(bytes(self._waiting))
            out.flush()
            self._waiting.clear()
