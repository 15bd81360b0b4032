"""The arguments of connections and lists → windows."""

from dataclasses import dataclass

from graph.domain.errors import BadUserInput
from graph.domain.limits import PAGE_DEFAULT, PAGE_MAX
from graph.storage.criteria import Criterion
from graph.storage.keyset import Position, decode_cursor
from graph.storage.selection import Relation, Selection, Window


@dataclass(frozen=True, slots=True)
class PageArguments:
    """What a caller may say about the page of a connection."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None


def select_page(relation: Relation, where: Criterion | None, page: PageArguments) -> Selection:
    """A page of a relation: the first 20 rows unless told otherwise.

    BadUserInput for a size out of range, both sizes, or a cursor of another question.
    """
    if page.first is not None and page.last is not None:
        raise BadUserInput("`first` and `last` exclude each other; pass one of them")
    is_backward = page.last is not None
    size = _size("last", page.last) if is_backward else _size("first", page.first)
    return Selection(
        relation,
        where,
        Window(
            size,
            is_backward,
            _position("after", page.after, relation, where),
            _position("before", page.before, relation, where),
        ),
    )


def select_list(relation: Relation, where: Criterion | None, first: int | None) -> Selection:
    """All rows of a relation that the domain bounds, or its first ones."""
    window = None if first is None else Window(_size("first", first))
    return Selection(relation, where, window)


def _size(argument: str, size: int | None) -> int:
    if size is None:
        return PAGE_DEFAULT
    if not 0 <= size <= PAGE_MAX:
        raise BadUserInput(
            f"`{argument}: {size}` is out of range; pass 0 to {PAGE_MAX} "
            "and follow the cursors of `pageInfo` for more"
        )
    return size


def _position(
    argument: str, cursor: str | None, relation: Relation, where: Criterion | None
) -> Position | None:
    return None if cursor is None else decode_cursor(argument, cursor, relation, where)
