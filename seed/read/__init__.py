"""Other people's files as sheets of text: CSV, XLSX, JSON, NDJSON; streamed and bounded.

A file is judged by what it holds, not by its name. It knows nothing of what the columns mean.
"""

from collections.abc import Iterator
from importlib.resources.abc import Traversable
from pathlib import Path

from seed.read.content import Content, format_of
from seed.read.delimited import open_delimited
from seed.read.objects import open_json, open_ndjson
from seed.read.sheet import BOUNDS, Bounds, How, Row, Sheet, refused
from seed.read.workbook import open_workbook

__all__ = ["BOUNDS", "Bounds", "How", "Row", "Sheet", "open_sheets"]

_ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".json", ".ndjson", ".jsonl")
_OPENERS = {
    "text": open_delimited,
    "xlsx": open_workbook,
    "json": open_json,
    "ndjson": open_ndjson,
}


def open_sheets(
    path: Path | Traversable, how: How | None = None, bounds: Bounds = BOUNDS
) -> Iterator[Sheet]:
    """The sheets of a file, or of all lists in a folder by name.

    BrokenData, with file, row, column and remedy, if a file cannot be read as a list.
    """
    if path.is_dir():
        for file in sorted(path.iterdir(), key=lambda file: file.name):
            if file.is_file() and _is_list(file.name):
                yield from _open(Content(file, bounds), how or How())
    elif path.is_file():
        yield from _open(Content(path, bounds), how or How())
    else:
        raise refused(path.name, 0, "", "", "is not there; write the path of a file or a folder")


def _is_list(name: str) -> bool:
    return name.removesuffix(".gz").lower().endswith(_ENDINGS) and not name.startswith((".", "~$"))


def _open(content: Content, how: How) -> Iterator[Sheet]:
    head = content.head()
    if not head.strip():
        raise refused(content.name, 0, "", "", "is empty; write a header and rows")
    return _OPENERS[format_of(content, head)](content, how)
