"""Running a plan: every position once, with all its parents' keys at once."""

from collections.abc import Collection
from typing import Any

from graphql.execution import Executor, get_argument_values
from graphql.pyutils import Path

from graph.execution.declaration import Cardinality, Column
from graph.execution.failures import Failure
from graph.execution.plan import (
    AnyLevel,
    Columns,
    Level,
    Objects,
    PageField,
    PageLevel,
    Plan,
    Position,
    field_nodes,
)
from graph.loaders.batch import load_counts, load_rows
from graph.loaders.page import Page, cursors, cut_page, order_columns
from graph.storage.read import Reader, Row
from graph.storage.selection import Relation, Selection
from graph.storage.statements import ROOT_KEY

Answers = dict[Any, Any]


class _Everywhere(Answers):
    """The same answer for every key."""

    def __init__(self, answer: Any) -> None:
        super().__init__()
        self._answer = answer

    def get(self, _key: Any, _default: Any = None) -> Any:
        return self._answer


class Run:
    """One execution of a plan over one snapshot."""

    def __init__(self, executor: Executor[Any], reader: Reader) -> None:
        self._executor = executor
        self._reader = reader
        self.has_failures = False

    def root(self, plan: Plan) -> dict[str, Any]:
        """The values of the planned root fields."""
        return {position.response_name: self._root_value(position) for position in plan.positions}

    def _root_value(self, position: Position) -> Any:
        try:
            selection = self._selection(position)
        except Exception as error:  # noqa: BLE001  # becomes the error of this field
            return self._failure(error, position)
        if isinstance(selection, list):
            return self._root_list(position, selection)
        key = ROOT_KEY if selection.relation.match is None else selection.parent
        return self._answers(position, selection, {key}).get(key)

    def _root_list(self, position: Position, selections: list[Any]) -> list[Any]:
        """Records of several types by their keys: one statement per type."""
        keys: dict[Relation, set[Any]] = {}
        for selection in selections:
            if isinstance(selection, Selection):
                keys.setdefault(selection.relation, set()).add(selection.parent)
        found = {
            relation: self._answers(position, Selection(relation), wanted)
            for relation, wanted in keys.items()
        }
        return [
            found[selection.relation].get(selection.parent)
            if isinstance(selection, Selection)
            else self._failure(selection, position)
            for selection in selections
        ]

    def _objects(self, level: Level, rows: list[Row]) -> Objects:
        answers = [self._edge(position, rows).get for position in level.edges]
        return level.build(rows, *answers)

    def _edge(self, position: Position, rows: list[Row]) -> Answers:
        index = position.key_index
        keys = {row[index] for row in rows}
        keys.discard(None)
        if not keys:
            return {}
        try:
            selection = self._selection(position)
        except Exception as error:  # noqa: BLE001  # becomes the error of this field
            return _Everywhere(self._failure(error, position))
        if selection.relation.match is None:  # the same rows for every parent
            answers = self._answers(position, selection, {ROOT_KEY})
            return _Everywhere(answers.get(ROOT_KEY))
        return self._answers(position, selection, keys)

    def _selection(self, position: Position) -> Any:
        if position.known is not None:
            return position.known
        executor, definition, details = self._executor, position.field, position.details[0]
        arguments = (
            get_argument_values(
                definition,
                details.node,
                executor.variable_values,
                details.fragment_variable_values,
            )
            if definition.args
            else {}
        )
        info = executor.build_resolve_info(
            definition,
            field_nodes(position.details),
            position.parent_type,
            Path(None, position.response_name, position.parent_type.name),
        )
        assert definition.resolve  # noqa: S101  # an edge has a resolver
        selection = definition.resolve(None, info, **arguments)
        if position.is_constant:
            position.known = selection
        return selection

    def _failure(self, error: Exception, position: Position) -> Failure:
        self.has_failures = True
        return Failure(error, field_nodes(position.details))

    def _answers(self, position: Position, selection: Selection, keys: Collection[Any]) -> Answers:
        target = position.target
        if isinstance(target, AnyLevel):
            target = target.of(self._executor, selection.relation.type_name)
        if isinstance(target, PageLevel):
            return self._pages(target, position.columns, selection, keys)
        columns = position.columns if isinstance(target, Column) else target.columns
        rows = load_rows(self._reader, selection, keys, columns.all())
        if selection.window:
            rows = [
                row for page in _pages_by_key(selection, rows, keys).values() for row in page.rows
            ]
        values: list[Any] = (
            [target.convert(row[1]) if target.convert else row[1] for row in rows]
            if isinstance(target, Column)
            else self._objects(target, rows)
        )
        if position.edge.cardinality is Cardinality.ONE or isinstance(position.target, AnyLevel):
            return {row[0]: value for row, value in zip(rows, values, strict=True)}
        lists: Answers = {key: [] for key in keys}
        for row, value in zip(rows, values, strict=True):
            lists[row[0]].append(value)
        return lists

    def _pages(
        self, level: PageLevel, columns: Columns, selection: Selection, keys: Collection[Any]
    ) -> Answers:
        counts = (
            load_counts(self._reader, selection, keys) if level.asks("totalCount") else Answers()
        )
        pages: dict[Any, Page] = {}
        if level.asks("nodes", "edges", "pageInfo"):
            pages = self._load_pages(columns, selection, keys)
        flat = [row for page in pages.values() for row in page.rows]
        views = [iter(self._objects(view, flat)) for view in level.views]
        answers = {}
        for key in keys:
            page = pages.get(key) or Page([], has_previous=False, has_next=False)
            nodes = [[next(view) for _ in page.rows] for view in views]
            content = _PageContent(selection, page, nodes, counts.get(key, 0))
            answers[key] = content.build(level.fields)
        return answers

    def _load_pages(
        self, columns: Columns, selection: Selection, keys: Collection[Any]
    ) -> dict[Any, Page]:
        # The order's columns come last, where cursors are made from them.
        wanted = (*columns.all(), *order_columns(selection))
        return _pages_by_key(selection, load_rows(self._reader, selection, keys, wanted), keys)


def _pages_by_key(selection: Selection, rows: list[Row], keys: Collection[Any]) -> dict[Any, Page]:
    grouped: dict[Any, list[Row]] = {key: [] for key in keys}
    for row in rows:
        grouped[row[0]].append(row)
    assert selection.window  # noqa: S101  # what is cut has one
    return {key: cut_page(selection.window, own) for key, own in grouped.items()}


class _PageContent:
    """The values of one connection."""

    def __init__(self, selection: Selection, page: Page, nodes: list[Objects], count: int) -> None:
        self._selection = selection
        self._page = page
        self._nodes = nodes
        self._count = count

    def build(self, fields: list[PageField]) -> dict[str, Any]:
        """The response object of the connection."""
        return {field.response_name: self._value(field) for field in fields}

    def _value(self, field: PageField) -> Any:
        match field.name:
            case "nodes":
                return self._nodes[field.view]
            case "edges":
                return self._edges(field.fields)
            case "pageInfo":
                return {inner.response_name: self._info(inner.name) for inner in field.fields}
            case "totalCount":
                return self._count
            case type_name:
                return type_name

    def _edges(self, fields: list[PageField]) -> Objects:
        if not fields:  # all of them skipped
            return [{} for _ in self._page.rows]
        names = [field.response_name for field in fields]
        values = [self._edge_values(field) for field in fields]
        return [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]

    def _edge_values(self, field: PageField) -> list[Any]:
        match field.name:
            case "node":
                return self._nodes[field.view]
            case "cursor":
                return self._cursors(self._page.rows)
            case type_name:
                return [type_name] * len(self._page.rows)

    def _info(self, name: str) -> Any:
        rows = self._page.rows
        match name:
            case "hasNextPage":
                return self._page.has_next
            case "hasPreviousPage":
                return self._page.has_previous
            case "startCursor":
                return self._cursors(rows[:1])[0] if rows else None
            case "endCursor":
                return self._cursors(rows[-1:])[0] if rows else None
            case type_name:
                return type_name

    def _cursors(self, rows: list[Row]) -> list[str]:
        return cursors(self._selection, rows)
