"""What a file of each format may be called by a server, and how its bytes begin."""

import re

from seed.harvest.entry import Format

# So many bytes tell what a file is.
HEAD_BYTES = 512

# What servers call a file that they know nothing of, or want to be saved.
_ANY = frozenset(
    {
        "application/octet-stream",
        "binary/octet-stream",
        "application/download",
        "application/x-download",
        "application/force-download",
    }
)
_TABLE = frozenset({"text/csv", "text/plain", "text/tab-separated-values", "application/csv"})
_EXCEL = frozenset({"application/vnd.ms-excel"})  # which Windows calls CSV files, too
_GZIP = frozenset({"application/gzip", "application/x-gzip"})
_JSON = frozenset({"application/json", "application/geo+json", "text/json", "text/plain"})

_MEDIA_TYPES: dict[Format, frozenset[str]] = {
    Format.CSV: _TABLE | _EXCEL | {"text/x-csv", "text/comma-separated-values"},
    Format.TSV: _TABLE | _EXCEL,
    Format.CSV_GZ: _GZIP | _TABLE,
    Format.XLSX: _EXCEL
    | {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/zip",
    },
    Format.JSON: _JSON,
    Format.NDJSON: _JSON | {"application/x-ndjson", "application/ndjson", "application/jsonl"},
}
_ACCEPT = {
    Format.CSV: "text/csv",
    Format.TSV: "text/tab-separated-values",
    Format.CSV_GZ: "application/gzip",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSON: "application/json",
    Format.NDJSON: "application/x-ndjson",
}

# How the bytes of a format begin; text may have a byte order mark and white space before.
_BEGINNINGS: dict[Format, re.Pattern[bytes]] = {
    Format.XLSX: re.compile(rb"PK\x03\x04"),
    Format.CSV_GZ: re.compile(rb"\x1f\x8b"),
    Format.JSON: re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]"),
    Format.NDJSON: re.compile(rb"(?:\xef\xbb\xbf)?\s*\{"),
}
_OTHERS = (
    (re.compile(rb"PK\x03\x04"), "a ZIP archive or a workbook (XLSX)"),
    (re.compile(rb"\x1f\x8b"), "compressed by gzip"),
    (re.compile(rb"%PDF"), "a PDF"),
    (re.compile(rb"\xd0\xcf\x11\xe0"), "a workbook of the old kind (XLS)"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<", re.IGNORECASE), "a web page or XML"),
    (re.compile(rb"\xff\xfe|\xfe\xff"), "text in UTF-16"),
    (re.compile(rb"[^\x00]*\x00"), "no text"),
)


class WrongKind(ValueError):
    """A file that is not what the entry says; the text says what it is instead."""


def accept(kind: Format) -> str:
    """What to ask a server for."""
    return f"{_ACCEPT[kind]}, */*;q=0.5"


def check_media_type(kind: Format, content_type: str | None) -> None:
    """WrongKind when a server calls the file what a file of this format never is."""
    if content_type is None:
        return
    told = content_type.partition(";")[0].strip().lower()
    if told and told not in _ANY and told not in _MEDIA_TYPES[kind]:
        raise WrongKind(
            f"the server sends {told[:100]!r} where the entry says {kind.value}; "
            "check that the address is that of the file, not of a page about it"
        )


def check_beginning(kind: Format, head: bytes) -> None:
    """WrongKind when the first bytes are not those of the format."""
    if not head:
        raise WrongKind("the file is empty; look at the address in a browser")
    expected = _BEGINNINGS.get(kind)
    if expected is not None and expected.match(head):
        return
    for pattern, name in _OTHERS:
        if pattern.match(head):
            raise WrongKind(
                f"the file is {name}, where the entry says {kind.value}; correct `format`, or "
                "`address` if it is not that of the file"
            )
    if expected is not None:
        raise WrongKind(f"the file does not begin as {kind.value} does; correct `format`")
