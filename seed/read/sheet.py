"""One table of a file, read as a stream: its header, its rows as text, and what was noticed."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from seed.faults import BrokenData, Fault, fault

# The number of a row and its cells, or why it cannot be read. Rows are as wide as they are.
Row = tuple[int, list[str]] | Fault

_MIB = 1 << 20
# So many go through an import at once: enough for what a part costs, few enough for a cache.
_PART_ROWS = 1000
PART_CHARACTERS = 1 << 15


@dataclass(frozen=True)
class Bounds:
    """What a file may hold at most. They stop what is no list; a real one is far below."""

    # Of the whole file, uncompressed.
    file_bytes: int = 4096 * _MIB
    # Uncompressed to compressed, asked once a part is larger than `ratio_from_bytes`. Lists reach
    # 40; what is made to fill a disk reaches 1,000.
    ratio: int = 200
    ratio_from_bytes: int = 16 * _MIB
    rows: int = 5_000_000
    columns: int = 500
    # The longest text that a column takes has 10,000.
    cell_characters: int = 100_000
    row_characters: int = _MIB
    # A quote that nothing closes takes in the lines behind it.
    row_lines: int = 500
    unclosed_quotes: int = 100


BOUNDS = Bounds()


@dataclass(frozen=True)
class How:
    """What the operator tells of a file; what is None is detected.

    `sheet` is the name or the number of a sheet of a workbook, `header_row` the row of the
    names of the columns, `items` the key of the list in a JSON object.
    """

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    items: str | None = None


@dataclass(frozen=True)
class Sheet:
    """A table of a file. `read` goes through it anew each time, some rows at once.

    `header_row` is the row of the header, 0 where there is none (JSON: the first object is row
    1). `notes` says what the operator should know; some are known once the rows are read.
    """

    name: str
    encoding: str | None
    dialect: str
    header: tuple[str, ...]
    header_row: int
    read: Callable[[], Iterator[list[Row]]]
    notes: list[str] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """Each row behind the header that is not empty, in order."""
        return chain.from_iterable(self.read())


def refused(name: str, row: int, column: str, value: object, reason: str) -> BrokenData:
    """What ends the reading of a file."""
    return BrokenData([fault(name, row, column, value, reason)])


def checked_header(name: str, row: int, cells: list[str], bounds: Bounds) -> tuple[str, ...]:
    """The names of the columns without the empty ones behind them."""
    header = [" ".join(cell.split()) for cell in cells]
    while header and not header[-1]:
        header.pop()
    if not header:
        raise refused(name, row, "", "", "has no header; write the names of the columns first")
    if len(header) > bounds.columns:
        reason = f"has {len(header):,} columns; keep at most {bounds.columns}"
        raise refused(name, row, "", "", reason)
    return tuple(header)


def in_parts(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows in lists, which end early where cells are long."""
    part: list[Row] = []
    size = 0
    for row in rows:
        part.append(row)
        size += 0 if isinstance(row, Fault) else sum(map(len, row[1]))
        if len(part) == _PART_ROWS or size > PART_CHARACTERS:
            yield part
            part, size = [], 0
    if part:
        yield part


def counted(name: str, parts: Iterable[list[Row]], bounds: Bounds) -> Iterator[list[Row]]:
    """The same rows; ends the reading at one too many."""
    number = 0
    for part in parts:
        number += len(part)
        if number > bounds.rows:
            yield part[: bounds.rows - number]
            reason = f"has more than {bounds.rows:,} rows; split the file"
            raise refused(name, 0, "", "", reason)
        yield part
