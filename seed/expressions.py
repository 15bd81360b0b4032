"""What a mapping says of one field: which cells it comes from, and what is done with them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from graph.domain.text import fold
from seed.habits import did_you_mean, slug_of

Made = Mapping[str, str]
Step = Callable[[str], str]

_SLUG_CHARACTERS = 120
_DIGEST_BYTES = 4
_PLACE = re.compile(r"\{([^{}]+)\}")
_SPACES = re.compile("[ \u00a0\u2009\u202f]")
_DATE_PARTS = {"yyyy": "[0-9]{4}", "yy": "[0-9]{2}", "mm": "[0-9]{1,2}", "dd": "[0-9]{1,2}"}
_DATE_PART = re.compile("yyyy|yy|mm|dd")
# A year of two digits is that of the century which these begin.
_FIRST_YEAR_OF_1900 = 70

JOINT = " ; "


class Misused(ValueError):
    """A field of a mapping is not what it can be; `key` is the part at fault."""

    def __init__(self, reason: str, key: str = "") -> None:
        super().__init__(reason)
        self.key = key


class Unreadable(ValueError):
    """A cell does not fit what the mapping says; `value` is the cell."""

    def __init__(self, value: str, reason: str) -> None:
        super().__init__(reason)
        self.value = value


@dataclass(frozen=True)
class Field:
    """How a field is made. `needs` are the columns and fields that it is made of."""

    needs: tuple[str, ...]
    make: Callable[[Made], str]
    shown: str


def field_of(given: Any, values: Mapping[str, Mapping[str, str]]) -> Field:
    """The field that a mapping declares: a column by its name, or a table of keys.

    `values` are the named tables of values. Misused if it cannot be read.
    """
    if isinstance(given, str):
        given = {"column": given}
    if not isinstance(given, dict):
        raise Misused('write the name of a column, or a table such as { constant = "x" }')
    for key in given:
        if key not in KEYS:
            meant = did_you_mean(key, KEYS) or f"write one of {', '.join(KEYS)}"
            raise Misused(f"is not known; {meant}", key)
    origins = [key for key in _ORIGINS if key in given]
    if len(origins) != 1:
        raise Misused(f"needs one of {', '.join(_ORIGINS)}")
    origin = origins[0]
    needs, shown, start = _ORIGINS[origin](given[origin])
    steps = [_STEPS[key](given, values) for key in _STEPS if key in given]
    if any(key in given for key in _FINISHING):
        steps.append(_finishing(given, values))
    default = str(given.get("default", ""))

    def make(made: Made) -> str:
        text = start(made)
        try:
            for step in steps:
                text = step(text) if text else ""
        except ValueError as error:
            raise Unreadable(text, str(error)) from None
        return text or default

    return Field(needs, make, shown)


def pieces_of(text: str, separators: Sequence[str], keep: Sequence[str]) -> list[str]:
    """The parts of a joint cell. What is to be kept is not cut, whatever stands in it."""
    kept = "|".join(re.escape(each) for each in sorted(keep, key=len, reverse=True))
    cuts = "|".join(re.escape(each) for each in sorted(separators, key=len, reverse=True))
    pieces, start = [], 0
    for match in re.finditer(f"{kept}|({cuts})" if kept else f"({cuts})", text):
        if match[1] is not None:
            pieces.append(text[start : match.start()])
            start = match.end()
    pieces.append(text[start:])
    return [piece.strip() for piece in pieces if piece.strip()]


def separators_of(given: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """What a cell is cut at, and what is kept whole."""
    cut, keep = given.get("split", []), given.get("keep", [])
    cut = [cut] if isinstance(cut, str) else cut
    for key, texts in (("split", cut), ("keep", keep)):
        if not isinstance(texts, list) or not all(isinstance(t, str) and t for t in texts):
            raise Misused('write a list of texts, such as [" et ", ","]', key)
    return cut, keep


Origin = tuple[tuple[str, ...], str, Callable[[Made], str]]


def _column(given: Any) -> Origin:
    if not isinstance(given, str) or not given:
        raise Misused("write the name of a column", "column")
    return (given,), given, lambda made: made[given]


def _constant(given: Any) -> Origin:
    if isinstance(given, bool):
        given = int(given)
    if not isinstance(given, (str, int, float)):
        raise Misused("write a text or a number", "constant")
    text = str(given)
    return (), "", lambda _: text


def _text(given: Any) -> Origin:
    needs = _places(given, "text")

    def start(made: Made) -> str:
        # Where all of it is empty, the words around it say nothing.
        if not any(made[need] for need in needs):
            return ""
        return _PLACE.sub(lambda found: made[found[1]], given)

    return needs, " + ".join(needs), start


def _slug(given: Any) -> Origin:
    needs = _places(given, "slug")

    def start(made: Made) -> str:
        return shortened(slug_of(_PLACE.sub(lambda found: f" {made[found[1]]} ", given)))

    return needs, " + ".join(needs), start


def shortened(slug: str) -> str:
    """A slug that is short enough; what is cut off is told by a digest, so that none meet."""
    if len(slug) <= _SLUG_CHARACTERS:
        return slug
    digest = blake2b(slug.encode(), digest_size=_DIGEST_BYTES).hexdigest()
    return f"{slug[: _SLUG_CHARACTERS - len(digest) - 1].rstrip('-')}-{digest}"


def _places(given: Any, key: str) -> tuple[str, ...]:
    if not isinstance(given, str) or not given:
        raise Misused("write a text with columns in braces, such as {Année}", key)
    needs = tuple(dict.fromkeys(_PLACE.findall(given)))
    if not needs:
        raise Misused("names no column; write {Année}, or use constant", key)
    return needs


def _extracting(given: Mapping[str, Any], _: Any) -> Step:
    try:
        pattern = re.compile(given["extract"])
    except (re.error, TypeError) as error:
        raise Misused(
            f"is no pattern ({error}); write one such as ([0-9]{{4}})", "extract"
        ) from None

    def extract(text: str) -> str:
        found = pattern.search(text)
        return (found[1] if pattern.groups else found[0]) or "" if found else ""

    return extract


def _replacing(given: Mapping[str, Any], _: Any) -> Step:
    pairs = given["replace"]
    if not isinstance(pairs, dict) or not all(isinstance(text, str) for text in pairs.values()):
        raise Misused('write a table such as { "St " = "Saint " }', "replace")

    def replace(text: str) -> str:
        for old, new in pairs.items():
            text = text.replace(old, new)
        return text.strip()

    return replace


def _valuing(given: Mapping[str, Any], tables: Mapping[str, Mapping[str, str]]) -> Step:
    named = given["values"]
    table = tables.get(named) if isinstance(named, str) else named
    if table is None:
        meant = did_you_mean(named, tables) or f"write a table [values.{named}]"
        raise Misused(f"names no table of values; {meant}", "values")
    if not isinstance(table, dict):
        raise Misused("write the name of a table of values, or the table", "values")
    known = {fold(key) or key: _as_text(value) for key, value in table.items()}
    otherwise = given.get("otherwise")
    place = f"values.{named}" if isinstance(named, str) else "values"

    def value(text: str) -> str:
        found = known.get(fold(text) or text)
        if found is not None:
            return found
        if otherwise is not None:
            return _as_text(otherwise)
        meant = did_you_mean(text, table) or f"add it to {place} in the mapping"
        raise ValueError(f"is not among the values; {meant}")

    return value


def _dating(given: Mapping[str, Any], _: Any) -> Step:
    forms = given["date"]
    forms = [forms] if isinstance(forms, str) else forms
    if not isinstance(forms, list) or not all(isinstance(f, str) and "yy" in f for f in forms):
        raise Misused("write the form of the date, such as dd/mm/yyyy", "date")
    patterns = [_date_pattern(form) for form in forms]

    def date(text: str) -> str:
        for pattern in patterns:
            match = pattern.fullmatch(text)
            if match:
                return _iso(match.groupdict())
        raise ValueError(f"is not of the form {' or '.join(forms)}; correct it, or the mapping")

    return date


def _date_pattern(form: str) -> re.Pattern[str]:
    pattern, start = "", 0
    for part in _DATE_PART.finditer(form):
        pattern += re.escape(form[start : part.start()])
        pattern += f"(?P<{part[0]}>{_DATE_PARTS[part[0]]})"
        start = part.end()
    try:
        return re.compile(pattern + re.escape(form[start:]))
    except re.error:
        raise Misused("names a part twice; write dd/mm/yyyy", "date") from None


def _iso(parts: Mapping[str, str]) -> str:
    year = parts.get("yyyy")
    if year is None:
        short = int(parts["yy"])
        year = str(short + (1900 if short >= _FIRST_YEAR_OF_1900 else 2000))
    rest = [parts[part].zfill(2) for part in ("mm", "dd") if part in parts]
    return "-".join((year, *rest))


def _decimals(given: Mapping[str, Any], _: Any) -> Step:
    mark = given["decimal"]
    if mark not in (",", "."):
        raise Misused('write "," or "."', "decimal")
    groups = "." if mark == "," else ","
    return lambda text: _SPACES.sub("", text).replace(groups, "").replace(mark, ".")


def _finishing(given: Mapping[str, Any], _: Any) -> Step:
    """Cuts a joint cell, and fills up each of its parts; or the whole cell."""
    cut, keep = separators_of(given)
    width, prefix = given.get("pad", 1), str(given.get("prefix", ""))
    if not isinstance(width, int) or not 0 < width < _SLUG_CHARACTERS:
        raise Misused("write a number of characters, such as 5", "pad")
    if not cut:
        return lambda text: prefix + text.zfill(width)
    return lambda text: JOINT.join(
        prefix + each.zfill(width) for each in pieces_of(text, cut, keep)
    )


def _as_text(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


_ORIGINS = {"column": _column, "text": _text, "slug": _slug, "constant": _constant}
# In the order in which they are done.
_STEPS = {
    "extract": _extracting,
    "replace": _replacing,
    "values": _valuing,
    "date": _dating,
    "decimal": _decimals,
}
_FINISHING = ("pad", "prefix", "split")
_BESIDE = ("otherwise", "keep", "default")
KEYS = (*_ORIGINS, *_STEPS, *_FINISHING, *_BESIDE)
