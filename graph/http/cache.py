"""Answers that are known: kept by release, bounded in bytes, found before anything is parsed.

An answer depends on the release, the document, its variables and the media type, and on
nothing else. A new release has a new mark, so what is kept of the old one is never found.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import orjson

from graph.http.compression import MIN_BYTES, encoded
from graph.http.negotiation import IDENTITY
from graph.http.release import Current

# What Python takes for an entry beside its bytes, roughly.
_ENTRY_BYTES = 600
# Longer requests are known by a hash, so that keys are no way to fill the memory.
_MAX_KEY_BYTES = 2048
_MAX_SPELLINGS = 8
# One answer must not drive out all others.
_LARGEST_PART = 8


@dataclass(slots=True, eq=False)
class Known:
    """An answer with its validator, in the encodings that were asked for so far."""

    media_type: str
    key: str
    body: bytes
    last_modified: str
    operation: str = ""  # its name, for the log
    variants: dict[str, "Variant"] = field(default_factory=dict)
    requests: list[bytes] = field(default_factory=list)

    @property
    def size_bytes(self) -> int:
        """What it takes in memory."""
        variants = sum(len(variant.body) for variant in self.variants.values())
        requests = sum(map(len, self.requests))
        return _ENTRY_BYTES + len(self.body) + variants + requests

    def variant(self, encoding: str) -> "Variant":
        """The answer in an encoding, made when it is first asked for."""
        found = self.variants.get(encoding)
        if found is None:
            found = self.variants[encoding] = self._made(encoding)
        return found

    def _made(self, encoding: str) -> "Variant":
        if encoding == IDENTITY or len(self.body) < MIN_BYTES:
            return Variant(self.body, self._headers(self.body, IDENTITY))
        body = encoded(self.body, encoding)
        return Variant(body, self._headers(body, encoding))

    def _headers(self, body: bytes, encoding: str) -> list[tuple[bytes, bytes]]:
        headers = [
            (b"content-type", f"{self.media_type}; charset=utf-8".encode()),
            (b"content-length", str(len(body)).encode()),
            (b"etag", etag(self.key, encoding).encode()),
            (b"last-modified", self.last_modified.encode()),
        ]
        if encoding != IDENTITY:
            headers.append((b"content-encoding", encoding.encode()))
        return headers


@dataclass(frozen=True, slots=True)
class Variant:
    """The bytes of an answer in one encoding, and the headers that describe them."""

    body: bytes
    headers: list[tuple[bytes, bytes]]


def key_of(
    release: Current,
    text: str,
    operation_name: str | None,
    variables: Mapping[str, Any] | None,
    media_type: str,
) -> str:
    """What an answer depends on, in 22 letters and digits or so."""
    asked = orjson.dumps(
        [text, operation_name, variables or None, media_type], option=orjson.OPT_SORT_KEYS
    )
    return blake2b(release.mark + asked, digest_size=16).hexdigest()


def etag(key: str, encoding: str) -> str:
    """The validator of an answer in an encoding."""
    return f'"{key}-{encoding}"'


class Cache:
    """The latest answers, up to so many bytes, and the very requests that lead to them."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._sizes: dict[str, int] = {}
        self._by_request: dict[bytes, Known] = {}
        self.size_bytes = 0

    def by_request(self, raw: bytes) -> Known | None:
        """The answer to a request that came before, byte for byte."""
        known = self._by_request.get(raw)
        if known is not None:
            self._known.move_to_end(known.key)
        return known

    def by_key(self, key: str) -> Known | None:
        """The answer of a key."""
        known = self._known.get(key)
        if known is not None:
            self._known.move_to_end(key)
        return known

    def keep(self, known: Known) -> None:
        """Keeps an answer, or counts again what it takes since it has grown."""
        size = known.size_bytes
        if size > self._max_bytes // _LARGEST_PART:
            self._forget(known.key)
            return
        self.size_bytes += size - self._sizes.get(known.key, 0)
        self._known[known.key], self._sizes[known.key] = known, size
        while self.size_bytes > self._max_bytes:
            self._forget(next(iter(self._known)))

    def note(self, raw: bytes, key: str) -> None:
        """Remembers that a request is answered by a key; one answer has a few spellings."""
        known = self._known.get(key)
        if known is not None and len(known.requests) < _MAX_SPELLINGS:
            known.requests.append(raw)
            self._by_request[raw] = known
            self.keep(known)

    def _forget(self, key: str) -> None:
        known = self._known.pop(key, None)
        if known is not None:
            self.size_bytes -= self._sizes.pop(key)
            for raw in known.requests:
                self._by_request.pop(raw, None)


def raw_key(release: Current, kind: bytes, media_type: str, request: bytes) -> bytes:
    """What tells a request from others before it is read."""
    head = release.mark + kind + media_type.encode() + b"\n"
    if len(request) <= _MAX_KEY_BYTES:
        return head + request
    return head + blake2b(request, digest_size=32).digest()
