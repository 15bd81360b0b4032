"""What is wrong with the files, said so that the person who edits them can mend it."""

from dataclasses import dataclass

_SHOWN_CHARACTERS = 60
_SHOWN_FAULTS = 20


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
    return Fault(file, row, column, text, reason)


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
