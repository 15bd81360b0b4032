"""The body of an answer → a file: decoded, bounded, hashed and checked on the way.

The file has its name only once all of it is there. Memory stays flat: whatever the compression,
a piece that is unpacked has at most so many bytes.
"""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from seed.harvest.connect import TooLarge
from seed.harvest.entry import Format
from seed.harvest.kinds import HEAD_BYTES, check_beginning

_PIECE_BYTES = 64 * 1024
# Also reads the header of gzip.
_GZIP_BITS = 31


class Cut(Exception):
    """A body that ends too early or makes no sense; another try may bring a whole one."""


class UnknownCoding(Exception):
    """A content coding that was not asked for."""


@dataclass(frozen=True)
class Saved:
    """A file that is whole; `digest` is the SHA-256 of its bytes, in hexadecimal."""

    path: Path
    digest: str
    size_bytes: int


def save(pieces: Iterable[bytes], path: Path, kind: Format, max_bytes: int) -> Saved:
    """Writes the pieces to `path`. TooLarge, WrongKind, Cut or OSError: then there is no file."""
    partial = path.with_name(f"{path.name}.part")
    try:
        digest, size = _write(pieces, partial, kind, max_bytes)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return Saved(path, digest, size)


def _write(pieces: Iterable[bytes], partial: Path, kind: Format, max_bytes: int) -> tuple[str, int]:
    digest, size, head, is_checked = sha256(), 0, b"", False
    with partial.open("xb") as file:
        for piece in pieces:
            size += len(piece)
            if size > max_bytes:
                raise TooLarge
            if not is_checked:
                head += piece[:HEAD_BYTES]
                is_checked = len(head) >= HEAD_BYTES
                if is_checked:
                    check_beginning(kind, head)
            digest.update(piece)
            file.write(piece)
    if not is_checked:
        check_beginning(kind, head)
    return digest.hexdigest(), size


def decoded(chunks: Iterable[bytes], coding: str | None, kind: Format) -> Iterator[bytes]:
    """The chunks of a body without its content coding. UnknownCoding when it is not gzip."""
    word = (coding or "identity").strip().lower()
    if word in {"", "identity"}:
        return iter(chunks)
    if word not in {"gzip", "x-gzip"}:
        raise UnknownCoding(word[:40])
    # Servers tell of a file that is kept compressed as if they had compressed it.
    return iter(chunks) if kind is Format.CSV_GZ else _unzipped(chunks)


def _unzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    member = zlib.decompressobj(_GZIP_BITS)
    try:
        for chunk in chunks:
            rest = chunk
            while True:
                if member.eof:  # another member may follow; padding may not
                    if not rest:
                        break
                    member = zlib.decompressobj(_GZIP_BITS)
                piece = member.decompress(rest, _PIECE_BYTES)
                if piece:
                    yield piece
                rest = member.unused_data if member.eof else member.unconsumed_tail
                # A full piece may have left some behind although all of the chunk was taken.
                if not rest and len(piece) < _PIECE_BYTES:
                    break
    except zlib.error as error:
        raise Cut("what is compressed cannot be unpacked") from error
    if not member.eof:
        raise Cut("what is compressed ends too early")
