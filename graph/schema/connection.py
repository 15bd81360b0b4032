"""Connections: lists that grow, paged by keyset cursors, both ways."""

from typing import Annotated, Any, Generic, TypeVar

import sqlalchemy as sa
import strawberry
from strawberry import UNSET, argument

from graph.execution.declaration import PRICE_KEY, Cardinality, Edge, Price
from graph.resolvers.order import to_order
from graph.resolvers.paging import PageArguments, select_list, select_page
from graph.resolvers.where import to_criterion
from graph.schema import prices
from graph.schema.fields import declare
from graph.schema.order import ORDERS
from graph.schema.where import FIELDS
from graph.storage.criteria import Criterion, every
from graph.storage.selection import Relation, Selection

T = TypeVar("T")


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether rows follow this page.")
    has_previous_page: bool = strawberry.field(description="Whether rows precede this page.")
    start_cursor: str | None = strawberry.field(
        description="The cursor of the first row, for `before`; null on an empty page."
    )
    end_cursor: str | None = strawberry.field(
        description="The cursor of the last row, for `after`; null on an empty page."
    )


@strawberry.type(name="Edge", description="A row of a list with its cursor.")
class ConnectionEdge(Generic[T]):
    cursor: str = strawberry.field(
        description=(
            "The place of the row in the list. Opaque; it survives inserts and deletes, and "
            "belongs to this list, order and filter."
        )
    )
    node: T = strawberry.field(description="The record.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    edges: list[ConnectionEdge[T]] = strawberry.field(description="The rows with their cursors.")
    nodes: list[T] = strawberry.field(description="The rows without cursors.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")
    total_count: int = strawberry.field(
        description="How many rows the filter leaves, whatever the page. Counted when selected.",
        metadata={PRICE_KEY: prices.COUNT},
    )


First = Annotated[
    int | None,
    argument(
        description="How many rows from the start, or after `after`: 0 to 100, 20 by default."
    ),
]
After = Annotated[str | None, argument(description="Only rows after this cursor.")]
Last = Annotated[
    int | None,
    argument(description="How many rows from the end, or before `before`: 0 to 100."),
]
Before = Annotated[str | None, argument(description="Only rows before this cursor.")]


def connection(
    relation: Relation,
    key: sa.ColumnElement[Any] | None,
    where_type: type,
    description: str,
    only: Criterion | None = None,
) -> Any:
    """A page of the records that belong to `key` of this one, or of all without a key.

    `only` is a condition that always holds beside the caller's.
    """

    def resolve(  # type: ignore[no-untyped-def]  # noqa: ANN202, PLR0913, PLR0917  # the class says what it returns; the arguments are those of a connection
        root: Any,
        first: First = UNSET,
        after: After = UNSET,
        last: Last = UNSET,
        before: Before = UNSET,
        where: Any = UNSET,
        order_by: Any = UNSET,
    ):
        rows = listed(relation, where_type, only, known(where), known(order_by))
        page = page_of(first, after, last, before)
        return select_page(rows, page).of(root)

    annotate(resolve, where_type, is_of_parent=key is not None)
    return declare(Edge(Cardinality.PAGE, key), resolve, description)


def bounded_list(
    relation: Relation,
    key: sa.ColumnElement[Any],
    where_type: type,
    description: str,
    price: Price | None = None,
) -> Any:
    """The records that belong to `key` of this one: few, so all unless `first` says less."""

    def resolve(  # type: ignore[no-untyped-def]  # noqa: ANN202  # the class says it
        root: Any, first: _Few = UNSET, where: Any = UNSET, order_by: Any = UNSET
    ):
        rows = listed(relation, where_type, None, known(where), known(order_by))
        return select_list(rows, known(first)).of(root)

    annotate(resolve, where_type, is_of_parent=True)
    return declare(Edge(Cardinality.LIST, key), resolve, description, price)


_Few = Annotated[
    int | None, argument(description="How many rows from the start: 0 to 100; all by default.")
]


def page_of(first: Any, after: Any, last: Any, before: Any) -> PageArguments:
    """The page that the arguments of a connection ask for."""
    return PageArguments(known(first), known(after), known(last), known(before))


def known(value: Any) -> Any:
    """The value of an argument; None when it is absent."""
    # Absent and null mean the same for these arguments; the SDL shows no default for either.
    return None if value is UNSET else value


def listed(
    relation: Relation, where_type: type, only: Criterion | None, where: Any, order_by: Any
) -> Selection:
    """The rows of a relation that the arguments ask for, in their order."""
    criterion = every(only, to_criterion(where, FIELDS[where_type]))
    order = to_order(order_by, ORDERS[where_type][1], relation, criterion)
    return Selection(relation, criterion, order=order)


def annotate(resolve: Any, where_type: Any, *, is_of_parent: bool) -> None:
    """Gives the arguments `where` and `orderBy` the types that go together.

    What no index has may read all rows of the list: of all records, or of each parent.
    """
    order_type: Any = ORDERS[where_type][0]
    type_name = where_type.__name__.removesuffix("Where")
    filtering = prices.filtering(type_name, is_of_parent=is_of_parent)
    sorting = prices.sorting(type_name, is_of_parent=is_of_parent)
    resolve.__annotations__["where"] = Annotated[
        where_type | None, argument(description="Only rows that satisfy this.", metadata=filtering)
    ]
    is_searched = "search" in where_type.__annotations__
    by_rank = "; with `search` in `where`, that is the best first" if is_searched else ""
    resolve.__annotations__["order_by"] = Annotated[
        list[order_type] | None,
        argument(
            description="Keys to sort by, the most important first, at most 5. Rows that tie stay "
            f"in the list's own order, which is also the order without this{by_rank}.",
            metadata=sorting,
        ),
    ]
