"""A folder in the committed form: every native table, each in its file."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from seed import sources
from seed.faults import Fault
from seed.files import FILES, File
from seed.records import Part, Record, parse, parts_of
from seed.sources import Folder


class FolderFile:
    """One file of such a folder."""

    def __init__(self, file: File, content: bytes | None) -> None:
        self.files: tuple[File, ...] = (file,)
        self.name = file.name
        self.table = file.target
        self._content = content

    def records(self) -> Iterator[tuple[File, Record] | Fault]:
        """The rows in their order, and what is wrong with their cells."""
        (file,) = self.files
        records, faults = parse(file, self._content)
        yield from faults
        for record in records:
            yield file, record

    def parts(self) -> Iterator[Part]:
        """The same, some rows at once."""
        return parts_of(self.records())

    def cells(self, lines: Collection[int]) -> Iterator[tuple[int, dict[str, str]]]:
        """Some rows as their values are written; the committed list is never taken in parts."""
        for row in self.records():
            if not isinstance(row, Fault) and row[1].line in lines:
                yield row[1].line, {name: str(value) for name, value in row[1].items()}


def read(folder: Path | Folder) -> tuple[list[FolderFile], str]:
    """The files, and a digest that differs as soon as one of them does."""
    contents: Mapping[str, bytes | None] = sources.read(folder, [file.name for file in FILES])
    files = [FolderFile(file, contents[file.name]) for file in FILES]
    return files, sources.checksum(contents)
