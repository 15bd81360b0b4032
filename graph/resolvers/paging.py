"""The arguments of connections and lists → windows."""

from dataclasses import dataclass, replace

from graph.domain.errors import BadUserInput
from graph.domain.limits import PAGE_DEFAULT
from graph.resolvers.limits import most, over
from graph.storage.keyset import decode_cursor
from graph.storage.selection import Selection, Window


@dataclass(frozen=True, slots=True)
class PageArguments:
    """What a caller may say about the page of a connection."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None


def select_page(listed: Selection, page: PageArguments) -> Selection:
    """A page of a list: the first 20 rows unless told otherwise.

    BadUserInput for a size out of range, both sizes, or a cursor of another question.
    """
    if page.first is not None and page.last is not None:
        raise BadUserInput("`first` and `last` exclude each other; pass one of them")
    is_backward = page.last is not None
    size = _size("last", page.last) if is_backward else _size("first", page.first)
    after = None if page.after is None else decode_cursor("after", page.after, listed)
    before = None if page.before is None else decode_cursor("before", page.before, listed)
    return replace(listed, window=Window(size, is_backward, after, before))


def select_list(listed: Selection, first: int | None) -> Selection:
    """All rows of a list that the domain bounds, or its first ones."""
    return listed if first is None else replace(listed, window=Window(_size("first", first)))


def _size(argument: str, size: int | None) -> int:
    at_most = most("page_max_rows")
    if size is None:
        return min(PAGE_DEFAULT, at_most)
    if 0 <= size <= at_most:
        return size
    message = (
        f"`{argument}: {size}` is out of range; pass 0 to {at_most} "
        "and follow the cursors of `pageInfo` for more"
    )
    raise BadUserInput(message) if size < 0 else over("page_max_rows", size, message)
