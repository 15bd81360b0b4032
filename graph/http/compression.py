"""Bodies in the encodings that callers take."""

import gzip

import brotli  # type: ignore[import-untyped]  # a C module without types
import zstandard

# What is shorter fits one packet, encoded or not.
MIN_BYTES = 1024

# Fast levels: a body is encoded once and then kept, but its first caller waits for it.
_ZSTD_LEVEL, _BROTLI_QUALITY, _GZIP_LEVEL = 3, 4, 5


def encoded(body: bytes, encoding: str) -> bytes:
    """The body in one of our encodings."""
    match encoding:
        case "zstd":
            return zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(body)
        case "br":
            compressed: bytes = brotli.compress(body, quality=_BROTLI_QUALITY)
            return compressed
        case "gzip":
            # Without a time, so that the same answer has the same bytes.
            return gzip.compress(body, _GZIP_LEVEL, mtime=0)
        case _:
            return body
