"""The texts that the cells of a workbook share, in a file beside: there may be a million."""

import re
import tempfile
import weakref
from array import array

from seed.read.cells_of_workbook import CellError
from seed.read.sheet import Bounds, refused

# Texts repeat those just read.
_KEPT_TEXTS = 4096
_IN_MEMORY_BYTES = 1 << 22
# Each takes 8 bytes of memory.
_MAX_TEXTS = 5_000_000
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


class Texts:
    """The shared texts by number. What is too long is known to be so, and not kept."""

    def __init__(self, name: str, bounds: Bounds) -> None:
        self._name = name
        self._most = bounds.cell_characters
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115  # closed below
        weakref.finalize(self, self._file.close)
        # Where each text ends.
        self._ends = array("Q")
        self._too_long: set[int] = set()
        self._known: dict[int, str] = {}
        self._parts: list[str] = []
        self._size = 0
        self._is_text = False
        self._phonetic = 0

    def start(self, name: str, _: dict[str, str]) -> None:
        """An element begins."""
        if name == "t":
            self._is_text = not self._phonetic
        elif name == "rPh":
            self._phonetic += 1

    def characters(self, text: str) -> None:
        """Text of an element."""
        if self._is_text:
            self._size += len(text)
            if self._size <= self._most:
                self._parts.append(text)

    def end(self, name: str) -> None:
        """An element ends."""
        if name == "t":
            self._is_text = False
        elif name == "rPh":
            self._phonetic -= 1
        elif name == "si":
            if self._size > self._most:
                self._too_long.add(len(self._ends))
            if len(self._ends) == _MAX_TEXTS:
                reason = f"has more than {_MAX_TEXTS:,} different texts; split the file"
                raise refused(self._name, 0, "", "", reason)
            self._file.write("".join(self._parts).encode("utf-8", "surrogatepass"))
            self._ends.append(self._file.tell())
            self._parts.clear()
            self._size = 0

    def __getitem__(self, number: int) -> str:
        """A text by its number. CellError if there is none, or it is too long."""
        known = self._known.get(number)
        if known is not None:
            return known
        if not 0 <= number < len(self._ends):
            raise CellError(str(number), "refers to a text that is missing; save it again")
        text = unescaped(self._read(number))
        if number in self._too_long:
            reason = f"is too long; write at most {self._most:,} characters"
            raise CellError(text[:60], reason)
        if len(self._known) == _KEPT_TEXTS:
            self._known.clear()
        self._known[number] = text
        return text

    def _read(self, number: int) -> str:
        start = self._ends[number - 1] if number else 0
        self._file.seek(start)
        return self._file.read(self._ends[number] - start).decode("utf-8", "surrogatepass")


def unescaped(text: str) -> str:
    """`text` with the characters that XML cannot hold, which are written as _x000D_."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
