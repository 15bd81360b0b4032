"""What is wrong with the files, said so that the person who edits them can mend it."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Protocol

import orjson

_SHOWN_CHARACTERS = 60
_SHOWN_FAULTS = 20
# The columns of an annotated list behind its own; an import leaves them out.
ANNOTATION = ("row", "faults")
# What no database or terminal takes as it is.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")
# What a spreadsheet would calculate, or refuse, rather than show.
_CALCULATED = re.compile(r"[=@]|[+\-](?![0-9 ])")


@dataclass(frozen=True, order=True)
class Fault:
    """One cell, row or file that cannot be loaded.

    `row` is the line in the file, 1 for the header, 0 for the file as a whole.
    `reason` says what to write instead.
    """

    file: str
    row: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        place = self.file
        if self.row:
            place += f", row {self.row}"
        if self.column:
            place += f", {self.column}"
        return f"{place}: {self.value!r} {self.reason}" if self.value else f"{place}: {self.reason}"


def fault(file: str, row: int, column: str, value: object, reason: str) -> Fault:
    """A fault whose value is cut, so that a report never echoes a large cell."""
    text = str(value)
    if len(text) > _SHOWN_CHARACTERS:
        text = text[: _SHOWN_CHARACTERS - 1] + "…"
    text = _printable(text)
    return Fault(file, row, column, text, reason)


def _printable(text: str) -> str:
    """`text` with escapes, such as of NUL, in place of what cannot be shown."""
    return _UNPRINTABLE.sub(lambda found: ascii(found[0])[1:-1], text)


class BrokenData(ValueError):  # it names the files, not the failure of the code
    """The files are refused whole; `errors` holds every fault, ordered by file and row."""

    def __init__(self, errors: list[Fault]) -> None:
        self.errors = tuple(sorted(errors))
        super().__init__(str(self))

    def __str__(self) -> str:
        count = len(self.errors)
        lines = [f"{count} fault{'s' if count > 1 else ''} in the data, nothing was loaded"]
        lines += [f"  {error}" for error in self.errors[:_SHOWN_FAULTS]]
        if count > _SHOWN_FAULTS:
            lines.append(f"  … and {count - _SHOWN_FAULTS} more")
        return "\n".join(lines)


class Table(Protocol):
    """What faults are written beside: a sheet, whose rows come anew each time."""

    @property
    def header(self) -> Sequence[str]:
        """The names of the columns."""

    def rows(self) -> Iterator[tuple[int, list[str]] | Fault]:
        """The number and cells of each row, or why it cannot be read."""


def as_text(faults: Iterable[Fault]) -> str:
    """A line for each fault, in the order given."""
    return "".join(f"{each}\n" for each in faults)


def as_json(faults: Iterable[Fault]) -> str:
    """A JSON array with file, row, column, value and reason of each fault."""
    return orjson.dumps([asdict(each) for each in faults], option=orjson.OPT_INDENT_2).decode()


def annotated(table: Table, faults: Iterable[Fault], *, only_faulty: bool = False) -> Iterator[str]:
    """The lines of a CSV: the rows of a table as they are, with `row` and `faults` behind them.

    Rows that cannot be read are empty but for these two. What a spreadsheet would calculate
    has an apostrophe in front, which an import takes off again.
    """
    by_row: dict[int, list[str]] = defaultdict(list)
    for each in faults:
        by_row[each.row].append(f"{each.column}: {each.reason}" if each.column else each.reason)
    width = len(table.header)
    yield _line([*table.header, *ANNOTATION])
    for row in table.rows():
        number, cells = (row.row, []) if isinstance(row, Fault) else row
        said = by_row.pop(number, [])
        if said or not only_faulty:
            padded = [*cells, *[""] * (width - len(cells))]
            yield _line([*map(_uncalculated, padded), str(number), " | ".join(said)])
    for number, said in sorted(by_row.items()):
        yield _line([*[""] * width, str(number), " | ".join(said)])


def _uncalculated(cell: str) -> str:
    cell = _printable(cell)
    return f"'{cell}" if _CALCULATED.match(cell) else cell


def _line(cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()
