"""JSON and NDJSON as sheets: each object of a list is a row, each key a column; streamed.

The keys are gathered in a first reading, the rows in a second. An object inside an object gives
columns named `a.b`, a list of plain values one cell with the values separated by ` ; `.
"""

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from seed.faults import fault
from seed.read.content import Content, check_encoding, encoding_of
from seed.read.sheet import How, Row, Sheet, checked_header, counted, in_parts, refused

_CHUNK_CHARACTERS = 1 << 20
_SPACE = re.compile(r"[ \t\r\n]*")
_MAX_DEPTH = 5
_MAX_EXPONENT = 30

# What `items` has to name where an object holds several lists.
_WHICH = "holds several lists ({}); say in the mapping which one, as items = {!r}"


@dataclass(frozen=True)
class _Object:
    """An object of a list, by its number from 1 or its line; `reason` tells why it is none."""

    number: int
    value: dict[str, Any]
    reason: str = ""
    shown: str = ""


def open_json(content: Content, how: How) -> Iterator[Sheet]:
    """The one sheet of a file with a list of objects, or with an object that holds one."""
    encoding = _encoding(content, how)

    def objects() -> Iterator[_Object]:
        with content.open() as opened, io.TextIOWrapper(opened, encoding) as text:
            yield from _Stream(content, text.read, how.items).objects()

    yield _sheet(content, encoding, "JSON", objects)


def open_ndjson(content: Content, how: How) -> Iterator[Sheet]:
    """The one sheet of a file with an object on each line."""
    encoding = _encoding(content, how)
    yield _sheet(content, encoding, "NDJSON", lambda: _lines(content, encoding))


def _encoding(content: Content, how: How) -> str:
    if how.encoding:
        check_encoding(content, how.encoding)
        return how.encoding
    return encoding_of(content)


def _sheet(
    content: Content, encoding: str, dialect: str, objects: Callable[[], Iterator[_Object]]
) -> Sheet:
    header = _header(content, objects())
    places = {name: place for place, name in enumerate(header)}

    def rows() -> Iterator[Row]:
        for found in objects():
            yield _row(content, found, places)

    return Sheet(
        name=content.name,
        encoding=encoding,
        dialect=dialect,
        header=header,
        header_row=0,
        read=lambda: counted(content.name, in_parts(rows()), content.bounds),
    )


def _header(content: Content, objects: Iterator[_Object]) -> tuple[str, ...]:
    """All keys, in the order in which they are first met."""
    keys: dict[str, None] = {}
    known: set[tuple[str, ...]] = set()
    for found in objects:
        if found.reason:
            continue
        own = tuple(found.value)
        # Objects of a list mostly have the keys of the one before.
        if own in known and not any(isinstance(v, dict) for v in found.value.values()):
            continue
        if len(known) < content.bounds.columns:
            known.add(own)
        keys.update(dict.fromkeys(" ".join(key.split()) for key in _flat(found.value)))
        if len(keys) > content.bounds.columns:
            break
    return checked_header(content.name, 0, list(keys), content.bounds)


def _row(content: Content, found: _Object, places: dict[str, int]) -> Row:
    if found.reason:
        return fault(content.name, found.number, "", found.shown, found.reason)
    cells = [""] * len(places)
    most = content.bounds.cell_characters
    for key, value in _flat(found.value).items():
        text = _text(value)
        if len(text) > most:
            reason = f"is too long; write at most {most:,} characters"
            return fault(content.name, found.number, key, text, reason)
        place = places.get(" ".join(key.split()))
        if place is None:
            return fault(content.name, found.number, key, text, "has no key; write one")
        cells[place] = text
    return found.number, cells


def _flat(value: dict[str, Any]) -> dict[str, Any]:
    if not any(isinstance(inner, dict) for inner in value.values()):
        return value
    flat: dict[str, Any] = {}
    _flatten(value, "", flat, _MAX_DEPTH)
    return flat


def _flatten(value: dict[str, Any], before: str, flat: dict[str, Any], depth: int) -> None:
    for key, inner in value.items():
        if isinstance(inner, dict) and depth:
            _flatten(inner, f"{before}{key}.", flat, depth - 1)
        else:
            flat[before + key] = inner


def _text(value: Any) -> str:
    """A value as a cell: numbers as they are written, but for exponents."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list) and not any(isinstance(each, (list, dict)) for each in value):
        return " ; ".join(map(_text, value))
    return json.dumps(value, ensure_ascii=False)


def _number(text: str) -> str:
    """`1.5e3` as 1500, what is out of reach as it is."""
    if "e" not in text and "E" not in text:
        return text
    number = Decimal(text)
    return format(number, "f") if abs(number.adjusted()) <= _MAX_EXPONENT else text


class _RepeatedKey(ValueError):
    """An object has a key twice; its message is the key."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _RepeatedKey(next(key for key in keys if keys.count(key) > 1))
    return value


# Figures stay as they are written; NaN and Infinity become words that no figure takes.
_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_float=_number, parse_int=str, parse_constant=str
)


class _Stream:
    """Reads values one after the other from a text of any length."""

    def __init__(self, content: Content, read: Callable[[int], str], items: str | None) -> None:
        self._content = content
        self._read = read
        self._items = items
        self._buffer = ""
        self._place = 0
        self._line = 1
        self._is_whole = False
        self._number = 0
        self._lists: list[str] = []

    def objects(self) -> Iterator[_Object]:
        """The objects of the one list."""
        first = self._peek()
        if first == "[":
            yield from self._list()
        else:
            yield from self._members()
        if self._peek():
            raise self._refusal("goes on behind its end; send one list")

    def _members(self) -> Iterator[_Object]:
        """The list among the members of an object; other members are left out."""
        self._take("{")
        while self._peek() != "}":
            key = self._value()
            if not isinstance(key, str):
                raise self._refusal("is no JSON; write a key in quotes")
            self._take(":")
            is_wanted = key == self._items if self._items else self._is_list_of_objects()
            if is_wanted and self._peek() == "[":
                self._lists.append(key)
                if len(self._lists) > 1:
                    shown = ", ".join(self._lists)
                    raise self._refusal(_WHICH.format(shown, self._lists[0]))
                yield from self._list()
            else:
                self._value()
            if self._peek() != ",":
                break
            self._take(",")
        self._take("}")
        if not self._lists:
            wanted = f"no list {self._items!r}" if self._items else "no list of objects"
            raise refused(self._content.name, 0, "", "", f"holds {wanted}; send one")

    def _is_list_of_objects(self) -> bool:
        if self._peek() != "[":
            return False
        behind = _SPACE.match(self._buffer, self._place + 1)
        return behind is not None and self._buffer.startswith("{", behind.end())

    def _list(self) -> Iterator[_Object]:
        self._take("[")
        while self._peek() != "]":
            self._number += 1
            yield self._object()
            if self._peek() != ",":
                break
            self._take(",")
        self._take("]")

    def _object(self) -> _Object:
        start = self._place
        try:
            value = self._value()
        except _RepeatedKey as repeated:
            return self._skipped(start, str(repeated))
        if isinstance(value, dict):
            return _Object(self._number, value)
        return _Object(self._number, {}, 'is no object; write {"column": value}', str(value)[:60])

    def _skipped(self, start: int, key: str) -> _Object:
        """Goes behind an object that repeats a key."""
        _, self._place = json.JSONDecoder().raw_decode(self._buffer, start)
        reason = "stands twice in one object; keep one of the two"
        return _Object(self._number, {}, reason, key)

    def _value(self) -> Any:
        self._peek()
        try:
            value, self._place = _DECODER.raw_decode(self._buffer, self._place)
        except RecursionError:
            raise self._refusal("is nested too deeply; send a flat list") from None
        except json.JSONDecodeError as error:
            most = self._content.bounds.row_characters
            if not self._is_whole and len(self._buffer) - self._place > most:
                reason = f"is too long; write at most {most:,} characters for an object"
                raise self._refusal(reason) from None
            self._place = error.pos
            raise self._refusal(f"is no JSON ({error.msg}); export the list again") from None
        return value

    def _take(self, sign: str) -> None:
        if self._peek() != sign:
            raise self._refusal(f"is no JSON (expecting {sign!r}); export the list again")
        self._place += 1

    def _peek(self) -> str:
        """The next sign that is not space, with a whole row behind it; empty at the end."""
        most = self._content.bounds.row_characters
        while True:
            space = _SPACE.match(self._buffer, self._place)
            self._place = space.end() if space else self._place
            if self._is_whole or len(self._buffer) - self._place > most:
                return self._buffer[self._place : self._place + 1]
            self._fill()

    def _fill(self) -> None:
        more = self._read(_CHUNK_CHARACTERS)
        self._is_whole = not more
        self._line += self._buffer.count("\n", 0, self._place)
        self._buffer = self._buffer[self._place :] + more
        self._place = 0

    def _refusal(self, reason: str) -> Exception:
        line = self._line + self._buffer.count("\n", 0, self._place)
        shown = self._buffer[self._place : self._place + 40].partition("\n")[0]
        where = f"line {line}"
        return refused(self._content.name, self._number, where, shown, reason)


def _lines(content: Content, encoding: str) -> Iterator[_Object]:
    """The object of each line that is not empty."""
    most = content.bounds.row_characters
    number = 0
    with content.open() as opened, io.TextIOWrapper(opened, encoding) as text:
        while line := text.readline(most + 1):
            number += 1
            if len(line) > most and not line.endswith("\n"):
                while (rest := text.readline(most + 1)) and not rest.endswith("\n"):
                    pass
                reason = f"is too long; write at most {most:,} characters on a line"
                yield _Object(number, {}, reason, line[:60])
            elif line.strip():
                yield _of_line(number, line)


def _of_line(number: int, line: str) -> _Object:
    try:
        value = _DECODER.decode(line)
    except _RepeatedKey as repeated:
        reason = "stands twice in one object; keep one of the two"
        return _Object(number, {}, reason, str(repeated))
    except RecursionError:
        return _Object(number, {}, "is nested too deeply; write a flat object", line[:60])
    except json.JSONDecodeError as error:
        reason = f"is no JSON (column {error.colno}: {error.msg}); write one object on a line"
        return _Object(number, {}, reason, line.strip()[:60])
    if isinstance(value, dict):
        return _Object(number, value)
    return _Object(number, {}, 'is no object; write {"column": value}', line.strip()[:60])
