"""What a cell of a workbook shows, as text: its number as a date, a percentage or plain digits."""

import datetime
import re
from decimal import Decimal, InvalidOperation
from enum import Enum

_LETTERS = 26
_DAYS_TO_1970 = 25_569
_DAYS_FROM_1900_TO_1904 = 1462
# 29 February 1900, which spreadsheets believe in.
_NO_DAY = 60
_LAST_DAY = 2_958_465
_SECONDS = 86_400
_MAX_EXPONENT = 30

# More than a spreadsheet can save.
_MAX_STYLES = 70_000
# Formats that have a number and no code, as the standard gives them.
_BUILT_IN_PERCENT = {9, 10}
_BUILT_IN_DAYS = {14, 15, 16, 22}
_BUILT_IN_MONTHS = {17}
_BUILT_IN_TIMES = {18, 19, 20, 21, 45, 46, 47}
# Texts, escapes, colours, currencies and conditions say nothing of what a number is.
_UNMEANT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


class Style(Enum):
    """What a number stands for."""

    NUMBER = "number"
    PERCENT = "percent"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    TIME = "time"


class CellError(ValueError):
    """A cell that cannot be read; the message is the remedy."""

    def __init__(self, value: str, reason: str) -> None:
        super().__init__(reason)
        self.value = value


class Styles:
    """The styles of a workbook by their number, gathered from its XML."""

    def __init__(self) -> None:
        self._codes: dict[int, str] = {}
        self._styles: list[int] = []
        self._is_inside = False

    def start(self, name: str, given: dict[str, str]) -> None:
        """An element begins."""
        if len(self._codes) + len(self._styles) > _MAX_STYLES:
            return
        if name == "numFmt" and given.get("numFmtId", "").isdecimal():
            self._codes[int(given["numFmtId"][:9])] = given.get("formatCode", "")[:500]
        elif name == "cellXfs":
            self._is_inside = True
        elif name == "xf" and self._is_inside:
            number = given.get("numFmtId", "0")
            self._styles.append(int(number[:9]) if number.isdecimal() else 0)

    def end(self, name: str) -> None:
        """An element ends."""
        if name == "cellXfs":
            self._is_inside = False

    def of(self, number: int) -> Style:
        """What numbers of a style stand for."""
        if number >= len(self._styles):
            return Style.NUMBER
        form = self._styles[number]
        return _by_code(self._codes[form]) if form in self._codes else _built_in(form)


def _built_in(form: int) -> Style:
    for numbers, style in (
        (_BUILT_IN_PERCENT, Style.PERCENT),
        (_BUILT_IN_DAYS, Style.DAY),
        (_BUILT_IN_MONTHS, Style.MONTH),
        (_BUILT_IN_TIMES, Style.TIME),
    ):
        if form in numbers:
            return style
    return Style.NUMBER


def _by_code(code: str) -> Style:
    # The first section is that of positive numbers.
    shown = _UNMEANT.sub("", code).partition(";")[0].lower()
    if "%" in shown:
        return Style.PERCENT
    letters = set(shown) & set("ydmhsj")
    if not letters or "general" in shown:
        return Style.NUMBER
    if letters & set("dj"):
        return Style.DAY
    if "y" in letters:
        return Style.MONTH if "m" in letters else Style.YEAR
    return Style.TIME


def value_of(kind: str, text: str, style: Style, *, is_1904: bool) -> str:
    """What a cell shows. CellError for an error, and for a day that does not exist."""
    if kind == "e":
        raise CellError(text, f"is the error {text[:20]}; correct the formula")
    if kind in ("str", "d"):
        return text
    if kind == "b":
        return text.strip()
    if not text.strip():
        return ""
    try:
        # Spreadsheets store 14.9 as 14.899999999999999, and show 15 digits at most.
        number = Decimal(format(float(text), ".15g"))
        is_plain = number.is_finite() and abs(number.adjusted()) <= _MAX_EXPONENT
    except (ValueError, InvalidOperation):
        is_plain = False
    if not is_plain:
        raise CellError(text, "is no number; write it again")
    return _shown(number, style, is_1904=is_1904)


def _shown(number: Decimal, style: Style, *, is_1904: bool) -> str:
    if style is Style.NUMBER:
        return _plain(number)
    if style is Style.PERCENT:
        return f"{_plain(number * 100)} %"
    return _moment(number, style, is_1904=is_1904)


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _moment(number: Decimal, style: Style, *, is_1904: bool) -> str:
    """A date as precise as it is shown, with its time if it has one."""
    days, rest = divmod(number, 1)
    seconds = round(rest * _SECONDS)
    clock = f"{seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if style is Style.TIME and days == 0:
        return clock
    day = int(days) + _DAYS_FROM_1900_TO_1904 * is_1904
    if not 1 <= day <= _LAST_DAY or day == _NO_DAY:
        raise CellError(_plain(number), "is no day; write it as 2017-11-14")
    shift = 1 if day < _NO_DAY else 0
    epoch = datetime.date(1970, 1, 1)
    date = (epoch + datetime.timedelta(days=day - _DAYS_TO_1970 + shift)).isoformat()
    if style is Style.YEAR:
        return date[:4]
    if style is Style.MONTH:
        return date[:7]
    return f"{date}T{clock}" if seconds else date


def number_of(letters: bytes) -> int:
    """The place of a column from 0: A is 0, AA is 26. Far beyond any sheet if it is none."""
    number = 0
    for letter in letters[:4]:
        number = number * _LETTERS + (letter - ord("A") + 1)
    return number - 1 if letters.isalpha() and letters.isupper() else 1 << 20


def letters_of(column: int) -> str:
    """The letters of a column that is counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters
