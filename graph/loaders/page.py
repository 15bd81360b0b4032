"""Pages: the rows of a window, cut to size, and whether there are more on either side."""

from dataclasses import dataclass

from graph.storage.keyset import encode_cursor, mark
from graph.storage.read import Row
from graph.storage.selection import Selection, Window


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of a page in the order of the list."""

    rows: list[Row]
    has_previous: bool
    has_next: bool


def cut_page(window: Window, rows: list[Row]) -> Page:
    """The page of one key, from its rows as `load_rows` gives them: one more than asked.

    A bound that the caller gave has rows behind it, as the cursor came from one.
    """
    has_more = len(rows) > window.size
    rows = rows[: window.size]
    has_after, has_before = window.after is not None, window.before is not None
    if window.is_backward:
        return Page(rows[::-1], has_more or has_after, has_before)
    return Page(rows, has_after, has_more or has_before)


def cursors(selection: Selection, rows: list[Row]) -> list[str]:
    """The cursor of each row; a row ends with the values of the order's keys."""
    question = mark(selection)
    first = -len(selection.sorted_by)
    return [encode_cursor(question, row[first:]) for row in rows]
