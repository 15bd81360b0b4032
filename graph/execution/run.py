"""Running a plan: every position once, with all its parents' keys at once."""

from collections.abc import Callable, Collection
from typing import Any

from graphql.execution import Executor, get_argument_values
from graphql.pyutils import Path

from graph.domain.errors import BadUserInput
from graph.domain.uid import type_of_uid
from graph.execution.declaration import Cardinality, Column, Derived, LookedUp, RecordOfUid
from graph.execution.failures import Failure
from graph.execution.plan import (
    AnyLevel,
    Columns,
    Level,
    MeasureField,
    Objects,
    PageField,
    PageLevel,
    Plan,
    Position,
    field_nodes,
)
from graph.loaders.batch import load_counts, load_rows
from graph.loaders.node import RECORD_BY_UID
from graph.loaders.page import Page, cursors, cut_page
from graph.storage.read import Reader, Row
from graph.storage.selection import ROOT_KEY, Relation, Selection

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
        if isinstance(selection, LookedUp):
            try:
                selection = selection.make(self._reader)
            except BadUserInput as error:  # what the database has to say is of the operation
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

    def _objects(self, level: Level, rows: list[Row], listed: Selection) -> Objects:
        answers = [self._edge(position, rows, listed).get for position in level.edges]
        measures = [self._measure(asked, listed) for asked in level.measures]
        return level.build(rows, *answers, *measures)

    def _measure(self, asked: MeasureField, listed: Selection) -> Callable[..., Any]:
        try:
            derived: Derived = self._resolved(asked)
            made: Callable[..., Any] = derived.make(listed)
        except Exception as error:  # noqa: BLE001  # becomes the error of this field
            failure = self._failure(error, asked)
            return lambda *_: failure
        return made

    def _edge(self, position: Position, rows: list[Row], listed: Selection) -> Answers:
        index = position.key_index
        keys = {row[index] for row in rows}
        keys.discard(None)
        return self._related(position, keys, listed) if keys else {}

    def _related(self, position: Position, keys: Collection[Any], listed: Selection) -> Answers:
        try:
            selection = self._selection(position)
            if isinstance(selection, Derived):
                selection = selection.make(listed)
        except Exception as error:  # noqa: BLE001  # becomes the error of this field
            return _Everywhere(self._failure(error, position))
        if isinstance(selection, RecordOfUid):
            return self._records_of_uids(position, keys)
        if selection.relation.match is None:  # the same rows for every parent
            answers = self._answers(position, selection, {ROOT_KEY})
            return _Everywhere(answers.get(ROOT_KEY))
        return self._answers(position, selection, keys)

    def _records_of_uids(self, position: Position, uids: Collection[str]) -> Answers:
        """Records of several types: one statement per type."""
        by_type: dict[str, list[str]] = {}
        for uid in uids:
            by_type.setdefault(type_of_uid(uid) or "", []).append(uid)
        return {
            uid: record
            for type_name, keys in by_type.items()
            for uid, record in self._answers(
                position, Selection(RECORD_BY_UID[type_name]), keys
            ).items()
        }

    def _selection(self, position: Position) -> Any:
        if position.known is not None:
            return position.known
        selection = self._resolved(position)
        if position.is_constant:
            position.known = selection
        return selection

    def _resolved(self, asked: Position | MeasureField) -> Any:
        executor, definition, details = self._executor, asked.field, asked.details[0]
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
            field_nodes(asked.details),
            asked.parent_type,
            Path(None, asked.response_name, asked.parent_type.name),
        )
        assert definition.resolve  # noqa: S101  # what is declared has a resolver
        return definition.resolve(None, info, **arguments)

    def _failure(self, error: Exception, asked: Position | MeasureField) -> Failure:
        self.has_failures = True
        return Failure(error, field_nodes(asked.details))

    def _answers(self, position: Position, selection: Selection, keys: Collection[Any]) -> Answers:
        found = self._own_answers(position, selection, keys)
        otherwise = selection.relation.otherwise
        if otherwise and (missing := [key for key in keys if key not in found]):
            found |= self._own_answers(position, Selection(otherwise), missing)
        return found

    def _own_answers(
        self, position: Position, selection: Selection, keys: Collection[Any]
    ) -> Answers:
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
            else self._objects(target, rows, selection)
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
        views = [iter(self._objects(view, flat, selection)) for view in level.views]
        derived = {
            id(position): self._related(position, keys, selection) for position in level.positions
        }
        answers = {}
        for key in keys:
            page = pages.get(key) or Page([], has_previous=False, has_next=False)
            nodes = [[next(view) for _ in page.rows] for view in views]
            own = {name: answer.get(key) for name, answer in derived.items()}
            content = _PageContent(selection, page, nodes, counts.get(key, 0), own)
            answers[key] = content.build(level.fields)
        return answers

    def _load_pages(
        self, columns: Columns, selection: Selection, keys: Collection[Any]
    ) -> dict[Any, Page]:
        rows = load_rows(self._reader, selection, keys, columns.all())
        return _pages_by_key(selection, rows, keys)


def _pages_by_key(selection: Selection, rows: list[Row], keys: Collection[Any]) -> dict[Any, Page]:
    grouped: dict[Any, list[Row]] = {key: [] for key in keys}
    for row in rows:
        grouped[row[0]].append(row)
    assert selection.window  # noqa: S101  # what is cut has one
    return {key: cut_page(selection.window, own) for key, own in grouped.items()}


class _PageContent:
    """The values of one connection."""

    def __init__(
        self,
        selection: Selection,
        page: Page,
        nodes: list[Objects],
        count: int,
        derived: dict[int, Any],
    ) -> None:
        self._selection = selection
        self._page = page
        self._nodes = nodes
        self._count = count
        self._derived = derived

    def build(self, fields: list[PageField]) -> dict[str, Any]:
        """The response object of the connection."""
        return {field.response_name: self._value(field) for field in fields}

    def _value(self, field: PageField) -> Any:
        if field.position:
            return self._derived[id(field.position)]
        return self._own_value(field)

    def _own_value(self, field: PageField) -> Any:
        match field.name:
            case "nodes":
                return self._nodes[field.view]
            case "edges":
                return self._edges(field.fields)
            case "pageInfo":
                return {inner.response_name: self._info(inner.name) for inner in field.fields}
            case "facets":
                return self.build(field.fields)
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
