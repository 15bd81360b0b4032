"""`sources.toml` → the lists to harvest; every fault at once, with its line and what to write."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from graph.storage.tables import USUAL_RANK
from seed import cells
from seed.faults import BrokenData, Fault, fault
from seed.files import TABLES
from seed.habits import did_you_mean
from seed.harvest.addresses import RefusedAddress, checked_url
from seed.harvest.entry import Format, Frequency, SourceEntry
from seed.withdrawals import ALL, USUAL_PERCENT

_MAX_BYTES = 1024 * 1024
_MAX_CONTACT_CHARACTERS = 200
_RANKS = range(1, 1001)
# The committed files are a list of this key.
_RESERVED = frozenset({"terrigraph"})

_TOP = ("contact", "source")
_REQUIRED = ("key", "name", "publisher", "licence", "address", "format", "frequency")
_OPTIONAL = ("licence_url", "mapping", "table", "rank", "quarantine", "allow_withdrawals")
_KNOWN = (*_REQUIRED, *_OPTIONAL)

_EXAMPLES = {
    "contact": 'contact = "name@example.org", whom the asked may write to, as the first line',
    "key": 'key = "trophees-eau", a short name that never changes',
    "name": 'name = "Trophées de l’eau"',
    "publisher": 'publisher = "Agence de l’eau"',
    "licence": 'licence = "Licence Ouverte 2.0"',
    "address": 'address = "https://host/list.csv"',
    "format": f"format = one of {', '.join(Format)}, in quotes",
    "frequency": f"frequency = one of {', '.join(Frequency)}, in quotes",
}

_HEADER = re.compile(r"\s*\[\[\s*source\s*\]\]")
_ASSIGNMENT = re.compile(r"""\s*(?:"([^"]+)"|'([^']+)'|([\w-]+))\s*=""")
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")
_MAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+")


@dataclass(frozen=True)
class Sources:
    """Whom the asked may write to, and the lists in the order of the file."""

    contact: str
    entries: tuple[SourceEntry, ...]

    def named(self, keys: list[str]) -> list[SourceEntry]:
        """The lists of these keys. ValueError names the first that there is not."""
        known = {entry.key: entry for entry in self.entries}
        for key in keys:
            if key not in known:
                hint = did_you_mean(key, known) or f"there are {', '.join(known)}"
                raise ValueError(f"no list has the key {key!r}; {hint}")
        return [known[key] for key in dict.fromkeys(keys)]


def read_sources(path: Path) -> Sources:
    """The lists of a file. BrokenData holds every fault."""
    text = _text(path)
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BrokenData([_of_syntax(path, text, str(error))]) from None
    reading = _Reading(path, _Lines(text))
    sources = reading.sources(content)
    if reading.faults:
        raise BrokenData(reading.faults)
    return sources


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        reason = f"cannot be read ({error.strerror}); name another by --sources"
        raise BrokenData([fault(path.name, 0, "", "", reason)]) from None
    if len(data) > _MAX_BYTES:
        raise BrokenData([fault(path.name, 0, "", "", "is larger than 1 MiB; name another file")])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BrokenData(
            [fault(path.name, line, "", "", "is not UTF-8; save the file in that encoding")]
        ) from None


def _of_syntax(path: Path, text: str, message: str) -> Fault:
    place = _PLACE.search(message)
    line = int(place[1]) if place and place[1] else text.count("\n") + 1
    reason = f'is not TOML: {_PLACE.sub("", message)}; write each line as key = "text"'
    return fault(path.name, line, "", "", reason)


class _Lines:
    """Where the keys stand, which Python's reader of TOML does not tell."""

    def __init__(self, text: str) -> None:
        self._lines: dict[tuple[int, str], int] = {}
        table, quote = -1, ""
        for number, line in enumerate(text.splitlines(), 1):
            if quote:  # within a text of several lines nothing is a key
                quote = "" if line.count(quote) % 2 else quote
                continue
            if _HEADER.match(line):
                table += 1
                self._lines[table, ""] = number
            elif assigned := _ASSIGNMENT.match(line):
                self._lines.setdefault((table, next(filter(None, assigned.groups()))), number)
            quote = next((each for each in ('"""', "'''") if line.count(each) % 2), "")

    def of(self, table: int, key: str) -> int:
        """The line of a key in a table, or of the table; -1 is what stands above all tables."""
        return self._lines.get((table, key)) or self._lines.get((table, "")) or 0


class _Reading:
    """Reads the content of one file, and keeps what is wrong with it."""

    def __init__(self, path: Path, lines: _Lines) -> None:
        self._path = path
        self._lines = lines
        self._table = -1
        self.faults: list[Fault] = []

    def sources(self, content: Mapping[str, Any]) -> Sources:
        """What the content says; of use only where there are no faults."""
        self._check_keys(content, _TOP)
        contact = self._contact(content)
        entries = list(self._entries(content.get("source")))
        return Sources(contact, tuple(entry for entry in entries if entry is not None))

    def _fault(self, key: str, value: object, reason: str) -> None:
        line = self._lines.of(self._table, key)
        self.faults.append(fault(self._path.name, line, key, value, reason))

    def _check_keys(self, content: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for key in content:
            if key not in known:
                hint = did_you_mean(key, known) or f"known are {', '.join(known)}"
                self._fault(key, "", f"is not known here; {hint}")

    def _entries(self, tables: object) -> Iterator[SourceEntry | None]:
        if (
            not tables
            or not isinstance(tables, list)
            or not all(isinstance(table, dict) for table in tables)
        ):
            reason = "there is no list; write [[source]], in two brackets, above the keys of each"
            self._fault("source", "", reason)
            return
        seen: dict[str, int] = {}
        for self._table, table in enumerate(tables):
            entry = self._entry(table)
            key = table.get("key")
            if isinstance(key, str):
                line = self._lines.of(self._table, "key")
                if key in seen:
                    reason = f"is the key of the list in line {seen[key]} as well; write another"
                    self._fault("key", key, reason)
                seen.setdefault(key, line)
            yield entry

    def _entry(self, table: Mapping[str, Any]) -> SourceEntry | None:
        before = len(self.faults)
        self._check_keys(table, _KNOWN)
        for key in _REQUIRED:
            if key not in table:
                self._fault(key, "", f"is missing; write {_EXAMPLES[key]}")
        found: dict[str, Any] = {
            "key": self._key(table),
            "name": self._text(table, "name"),
            "publisher": self._text(table, "publisher"),
            "licence_name": self._text(table, "licence"),
            "licence_url": self._address(table, "licence_url"),
            "address": self._address(table, "address"),
            "format": self._word(table, "format", Format),
            "mapping": self._mapping(table),
            "table": self._native_table(table),
            "frequency": self._word(table, "frequency", Frequency),
            "rank": self._rank(table),
            "is_quarantining": self._flag(table, "quarantine"),
            "withdrawals_max_percent": self._percent(table, "allow_withdrawals"),
        }
        self._check_form(table)
        return SourceEntry(**found) if len(self.faults) == before else None

    def _contact(self, content: Mapping[str, Any]) -> str:
        if "contact" not in content:
            self._fault("contact", "", f"is missing; write {_EXAMPLES['contact']}")
        text = self._text(content, "contact") or ""
        if text and not (
            len(text) <= _MAX_CONTACT_CHARACTERS
            and text.isascii()
            and text.isprintable()
            and (_MAIL.fullmatch(text) or _is_page(text))
        ):
            reason = "is neither an e-mail address nor a page; write name@example.org or https://…"
            self._fault("contact", text, reason)
        return text

    def _string(self, table: Mapping[str, Any], key: str) -> str | None:
        """The text of a key; None where there is none, which is a fault unless it is absent."""
        value = table.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            self._fault(key, value, f'is no text; write {key} = "…", in quotes')
            return None
        if not value or value != value.strip() or not value.isprintable():
            reason = "is empty, or begins or ends with a space, or holds more than a line"
            self._fault(key, value, f"{reason}; write the bare text or leave the key out")
            return None
        return value

    def _text(self, table: Mapping[str, Any], key: str) -> str | None:
        return self._read(table, key, cells.NAME)

    def _read(self, table: Mapping[str, Any], key: str, cell: cells.Cell) -> str | None:
        text = self._string(table, key)
        if text is None:
            return None
        try:
            return str(cell.read(text))
        except ValueError as error:
            self._fault(key, text, str(error))
            return None

    def _key(self, table: Mapping[str, Any]) -> str | None:
        key = self._read(table, "key", cells.SLUG)
        if key in _RESERVED:
            self._fault("key", key, "is that of the committed files; write another")
        return key

    def _address(self, table: Mapping[str, Any], key: str) -> str | None:
        text = self._string(table, key)
        if text is None:
            return None
        try:
            url = checked_url(text)
        except RefusedAddress as error:
            self._fault(key, text, str(error))
            return None
        return self._read({key: str(url)}, key, cells.ADDRESS)

    def _word(self, table: Mapping[str, Any], key: str, words: type[StrEnum]) -> StrEnum | None:
        text = self._string(table, key)
        if text is None:
            return None
        try:
            return words(text)
        except ValueError:
            self._fault(key, text, f"is not known; write one of {', '.join(words)}")
            return None

    def _mapping(self, table: Mapping[str, Any]) -> Path | None:
        text = self._string(table, "mapping")
        if text is None:
            return None
        path = self._path.parent / text
        if not path.is_file():
            reason = "is no file; write its path from the folder of this file"
            self._fault("mapping", text, reason)
        return path

    def _native_table(self, table: Mapping[str, Any]) -> str | None:
        text = self._string(table, "table")
        if text is not None and text not in TABLES:
            self._fault("table", text, f"is not known; write one of {', '.join(TABLES)}")
        return text

    def _check_form(self, table: Mapping[str, Any]) -> None:
        if ("mapping" in table) == ("table" in table):
            self._fault(
                "mapping",
                "",
                'write either mapping = "file.toml", which says what the columns mean, or '
                'table = "award" where they are the native ones',
            )

    def _rank(self, table: Mapping[str, Any]) -> int:
        value: object = table.get("rank", USUAL_RANK)
        if not isinstance(value, int) or isinstance(value, bool) or value not in _RANKS:
            reason = f"is no rank; write a number from 1, believed first, to {_RANKS[-1]}"
            self._fault("rank", value, reason)
            return USUAL_RANK
        return value

    def _percent(self, table: Mapping[str, Any], key: str) -> int:
        value: object = table.get(key, USUAL_PERCENT)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= ALL:
            reason = "is no share; write a whole number of percent from 0 to 100, without quotes"
            self._fault(key, value, reason)
            return USUAL_PERCENT
        return value

    def _flag(self, table: Mapping[str, Any], key: str) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            self._fault(key, value, "is neither yes nor no; write true or false, without quotes")
            return False
        return value


def _is_page(text: str) -> bool:
    try:
        checked_url(text)
    except RefusedAddress:
        return False
    return True
