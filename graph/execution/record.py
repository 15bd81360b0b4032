"""Records one by one, for the stock executor: the same loaders behind Strawberry DataLoaders."""

from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

from strawberry.dataloader import DataLoader

from graph.execution.declaration import Cardinality, Derived, Edge, LookedUp
from graph.loaders.batch import load_counts, load_rows
from graph.loaders.page import Page, cursors, cut_page
from graph.storage.read import Reader, Row
from graph.storage.selection import ROOT_KEY, Selection


class Records:
    """The records of one operation: one loader per question, all over one snapshot."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._loaders: dict[tuple[str, Selection], DataLoader[Any, Any]] = {}

    def load(self, selection: Selection, edge: Edge) -> Any:
        """What the edge leads to: a connection, or an awaitable of a record or a list."""
        key = _key_of(selection, edge)
        if edge.cardinality is Cardinality.PAGE:
            return Connection(self, selection, key)
        return self._related(selection, edge, key)

    async def _related(self, selection: Selection, edge: Edge, key: Any) -> Any:
        rows = await self.rows(selection, key) if key is not None else []
        otherwise = selection.relation.otherwise
        if otherwise and not rows:
            return await self._related(Selection(otherwise), edge, key)
        if selection.window:
            rows = cut_page(selection.window, rows).rows
        records = [_record(selection, row) for row in rows]
        values = [edge.item.read(record) for record in records] if edge.item else records
        if edge.cardinality is Cardinality.ONE:
            return values[0] if values else None
        return values

    def looked_up(self, result: LookedUp) -> Selection:
        """The selection that a look at the data makes."""
        return result.make(self._reader)

    def rows(self, selection: Selection, key: Any) -> Awaitable[list[Row]]:
        """The rows of one key, batched with the same question for other keys."""
        return self._loader("rows", selection, self._load_rows).load(key)

    def count(self, selection: Selection, key: Any) -> Awaitable[int]:
        """The number of rows of one key, batched likewise."""
        return self._loader("count", selection, self._load_counts).load(key)

    def _loader(
        self, name: str, selection: Selection, load: Callable[[Selection, list[Any]], list[Any]]
    ) -> DataLoader[Any, Any]:
        async def batch(keys: list[Any]) -> list[Any]:
            return load(selection, keys)

        return self._loaders.setdefault((name, selection), DataLoader(batch))

    def _load_rows(self, selection: Selection, keys: list[Any]) -> list[list[Row]]:
        columns = tuple(selection.relation.target.c)
        grouped: dict[Any, list[Row]] = {key: [] for key in keys}
        for row in load_rows(self._reader, selection, keys, columns):
            grouped[row[0]].append(row)
        return [grouped[key] for key in keys]

    def _load_counts(self, selection: Selection, keys: list[Any]) -> list[int]:
        counts = load_counts(self._reader, selection, keys)
        return [counts.get(key, 0) for key in keys]


def _key_of(selection: Selection, edge: Edge) -> Any:
    if selection.relation.match is None:
        return ROOT_KEY
    return key_of(selection.parent, edge)


def key_of(parent: Any, edge: Edge) -> Any:
    """The key of an edge: a value of its parent, or what the parent itself belongs to."""
    if edge.key is not None:
        return getattr(parent, edge.key.key or "")
    return parent.belongs_to if isinstance(parent, Listed) else parent


def select_derived(derived: Derived) -> Selection:
    """The selection that an edge makes out of the list where its parent stands."""
    selection: Selection = derived.make(derived.parent.listed)
    # The key is the parent's, whatever the selection was made for.
    return selection.of(derived.parent)


class Listed(SimpleNamespace):
    """A record, or a connection, that knows its list and the key that it belongs to there."""

    listed: Selection
    belongs_to: Any


def _record(selection: Selection, row: Row) -> Listed:
    relation = selection.relation
    values = dict(zip(relation.target.c.keys(), row[1:], strict=False))
    # A column may be called the same.
    values |= {"type_name": relation.type_name, "listed": selection, "belongs_to": row[0]}
    return Listed(**values)


class Connection(Listed):
    """The source of a connection's fields; each loads only what it needs."""

    def __init__(self, records: Records, selection: Selection, key: Any) -> None:
        super().__init__(listed=selection, belongs_to=key)
        self._records = records
        self._selection = selection
        self._key = key

    @property
    def total_count(self) -> Awaitable[int]:
        """All rows, whatever the page."""
        return self._records.count(self._selection, self._key)

    @property
    async def nodes(self) -> list[SimpleNamespace]:
        """The records of the page."""
        return [_record(self._selection, row) for row in (await self._page()).rows]

    @property
    async def edges(self) -> list[SimpleNamespace]:
        """The records of the page with their cursors."""
        rows = (await self._page()).rows
        marks = self._cursors(rows)
        return [
            SimpleNamespace(cursor=cursor, node=_record(self._selection, row))
            for cursor, row in zip(marks, rows, strict=True)
        ]

    @property
    async def page_info(self) -> SimpleNamespace:
        """Where the page stands in the list."""
        page = await self._page()
        ends: list[Any] = self._cursors([*page.rows[:1], *page.rows[-1:]]) or [None, None]
        return SimpleNamespace(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=ends[0],
            end_cursor=ends[1],
        )

    async def _page(self) -> Page:
        rows = await self._records.rows(self._selection, self._key)
        assert self._selection.window  # noqa: S101  # a page has one
        return cut_page(self._selection.window, rows)

    def _cursors(self, rows: list[Row]) -> list[str]:
        return cursors(self._selection, rows)
