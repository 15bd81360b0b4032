"""The bytes of a file: uncompressed, bounded, their format and their encoding detected."""

import codecs
import gzip
import io
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import BinaryIO, cast

from seed.faults import BrokenData, Fault, fault
from seed.read.sheet import BOUNDS, Bounds, refused

_CHUNK_BYTES = 1 << 18
_LINE_BYTES = 1 << 20
_SHOWN_LINES = 20

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
# Files that are sent in place of a list, and what to send.
_FOREIGN = {
    b"\xd0\xcf\x11\xe0": "is an old workbook (.xls) or one with a password; save it as .xlsx, "
    "without password",
    b"%PDF": "is a PDF; ask for the list as CSV or XLSX",
    b"\x89PNG": "is an image; ask for the list as CSV or XLSX",
    b"\xff\xd8\xff": "is an image; ask for the list as CSV or XLSX",
    b"\xff\xfe\x00\x00": "is UTF-32; save the file as UTF-8",
    b"\x00\x00\xfe\xff": "is UTF-32; save the file as UTF-8",
}
_PAGE = (b"<!doctype html", b"<html", b"<?xml")
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# Bytes that Windows-1252 gives no character to.
_UNDEFINED = b"\x81\x8d\x8f\x90\x9d"


@dataclass(frozen=True)
class Content:
    """A file of a folder or of an installed package. A gzip file is uncompressed as it is read."""

    file: Path | Traversable
    bounds: Bounds = field(default=BOUNDS)

    @property
    def name(self) -> str:
        """The name without its folder."""
        return self.file.name

    def open(self) -> BinaryIO:
        """Its bytes; BrokenData, as they are read, once they are more than a list can have."""
        raw = self._open()
        if not self.is_compressed:
            return raw
        opened = gzip.GzipFile(fileobj=raw)
        return cast("BinaryIO", io.BufferedReader(_Bounded(self, raw, opened), _CHUNK_BYTES))

    def open_raw(self) -> BinaryIO:
        """Its bytes as they are stored."""
        return self._open()

    @property
    def is_compressed(self) -> bool:
        """Whether it is gzip, by its first bytes."""
        with self._open() as raw:
            return raw.read(2) == _GZIP

    def head(self) -> bytes:
        """Its first bytes, uncompressed."""
        with self.open() as opened:
            return opened.read(_CHUNK_BYTES)

    def chunks(self) -> Iterator[bytes]:
        """All its bytes in order; BrokenData if they are too many."""
        total = 0
        with self.open() as opened:
            while chunk := opened.read(_CHUNK_BYTES):
                total += len(chunk)
                _check_size(self, total)
                yield chunk

    def _open(self) -> BinaryIO:
        try:
            return cast("BinaryIO", self.file.open("rb"))
        except OSError:
            raise refused(self.name, 0, "", "", "cannot be read; put the file back") from None


class _Bounded(io.RawIOBase):
    """The uncompressed bytes of a gzip file, counted against its own."""

    def __init__(self, content: Content, raw: BinaryIO, opened: gzip.GzipFile) -> None:
        self._content = content
        self._raw = raw
        self._opened = opened
        self._total = 0
        self._stored = raw.seek(0, os.SEEK_END)
        raw.seek(0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]  # narrower than Buffer
        name = self._content.name
        try:
            chunk = self._opened.read(len(buffer))
        except (OSError, EOFError, zlib.error):
            raise refused(
                name, 0, "", "", "is damaged; compress the file again with gzip"
            ) from None
        self._total += len(chunk)
        _check_size(self._content, self._total)
        check_ratio(name, self._total, self._stored, self._content.bounds)
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self._opened.close()
        self._raw.close()
        super().close()


def _check_size(content: Content, total: int) -> None:
    most = content.bounds.file_bytes
    if total > most:
        reason = f"has more than {most >> 20:,} MiB; split the file"
        raise refused(content.name, 0, "", "", reason)


def check_ratio(name: str, size: int, stored: int, bounds: Bounds) -> None:
    """BrokenData if so few bytes give so many: no list compresses that well."""
    if size > bounds.ratio_from_bytes and size > stored * bounds.ratio:
        reason = (
            f"uncompresses to more than {bounds.ratio} times its size, which no list does; "
            "send the file uncompressed"
        )
        raise refused(name, 0, "", "", reason)


def format_of(content: Content, head: bytes) -> str:
    """`text` (a table with delimiters), `json`, `ndjson` or `xlsx`, by what the file holds."""
    for magic, reason in _FOREIGN.items():
        if head.startswith(magic):
            raise refused(content.name, 0, "", "", reason)
    if head.startswith(_ZIP):
        if content.is_compressed:
            raise refused(
                content.name, 0, "", "", "is a workbook in a gzip file; send the .xlsx itself"
            )
        return "xlsx"
    start = head.removeprefix(codecs.BOM_UTF8)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        start = head[: len(head) // 2 * 2].decode("utf-16", "replace").encode()
    start = start.lstrip()
    if start[:64].lower().startswith(_PAGE):
        raise refused(
            content.name, 0, "", "", "is a web page or XML, not a list; send CSV, XLSX or JSON"
        )
    if start.startswith(b"["):
        return "json"
    if start.startswith(b"{"):
        return "ndjson" if _is_lines(content.name, start) else "json"
    return "text"


def _is_lines(name: str, start: bytes) -> bool:
    """Whether each line is an object of its own."""
    if name.removesuffix(".gz").endswith((".ndjson", ".jsonl")):
        return True
    first, _, rest = start.partition(b"\n")
    return first.rstrip().endswith(b"}") and rest.lstrip().startswith(b"{")


def encoding_of(content: Content) -> str:
    """The encoding of a text, by reading all of it: UTF-8, UTF-16 with its mark, or Windows-1252.

    BrokenData where it is none of them, with the lines at fault.
    """
    head = content.head()
    for mark, encoding in _BOMS.items():
        if head.startswith(mark):
            if not _decodes(content, encoding):
                raise BrokenData(_misencoded(content, encoding))
            return encoding
    if head[:1000].count(0) > len(head[:1000]) // 4:
        reason = "is no text, or UTF-16 without its mark; save the file as UTF-8"
        raise refused(content.name, 0, "", "", reason)
    return "utf-8" if _decodes(content, "utf-8") else _one_byte(content)


def check_encoding(content: Content, encoding: str) -> None:
    """BrokenData if the file is not in the encoding that the operator tells."""
    try:
        codecs.lookup(encoding)
    except LookupError:
        reason = f"cannot be read as {encoding!r}; write utf-8, utf-16 or cp1252"
        raise refused(content.name, 0, "", "", reason) from None
    if not _decodes(content, encoding):
        raise BrokenData(_misencoded(content, encoding))


def _decodes(content: Content, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in content.chunks():
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _one_byte(content: Content) -> str:
    """Windows-1252, unless lines with accents are UTF-8 or a byte has no meaning in it."""
    sound = 0
    faults: list[Fault] = []
    undefined: list[Fault] = []
    for number, line in _lines(content):
        if line.isascii():
            continue
        try:
            line.decode()
            sound += 1
        except UnicodeDecodeError as error:
            value = (
                line[max(0, error.start - 20) : error.end + 10].decode("cp1252", "replace").strip()
            )
            reason = "is not UTF-8 while other lines are; write it again and save as UTF-8"
            faults.append(fault(content.name, number, "", value, reason))
            if undefined_at := [byte for byte in line if byte in _UNDEFINED]:
                reason = "is neither UTF-8 nor Windows-1252; save the file as UTF-8"
                shown = f"byte {undefined_at[0]:02X}"
                undefined.append(fault(content.name, number, "", shown, reason))
    if sound >= len(faults):
        raise BrokenData(faults[:_SHOWN_LINES])
    if undefined:
        raise BrokenData(undefined[:_SHOWN_LINES])
    return "cp1252"


def _misencoded(content: Content, encoding: str) -> list[Fault]:
    """The line where a decoding stops, for encodings of one byte or UTF-8; else the file."""
    reason = f"is not {encoding.upper()}; save the file as UTF-8"
    if encoding.startswith("utf-16"):
        return [fault(content.name, 0, "", "", reason)]
    faults = []
    for number, line in _lines(content):
        try:
            line.decode(encoding)
        except UnicodeDecodeError as error:
            value = ascii(line[error.start : error.end])
            faults.append(fault(content.name, number, "", value, reason))
            if len(faults) == _SHOWN_LINES:
                break
    return faults or [fault(content.name, 0, "", "", reason)]


def _lines(content: Content) -> Iterator[tuple[int, bytes]]:
    """The lines with their numbers; a longer one comes in pieces."""
    number = 1
    with content.open() as opened:
        while line := opened.readline(_LINE_BYTES):
            yield number, line
            number += line.endswith(b"\n")
