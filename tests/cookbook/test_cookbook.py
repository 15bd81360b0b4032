"""The cookbook is answered as printed, and its figures are those of SQL written by hand.

The answer to the question `## How much is loaded?` of `dashboard.md` is compared with the
statements of `dashboard/how-much-is-loaded.sql`. The comment above each of them tells which
part of the answer its rows are: `-- awards.nodes (year, laureates.name)` are the year and the
laureate of each award. A list within a column (`laureates`) multiplies the rows as a LEFT JOIN
does, and rows whose order SQL cannot tell are `in any order`. What it cannot tell at all is
named: `-- not told by SQL (search.nodes.snippet)`.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial, reduce
from itertools import chain, groupby, product
from pathlib import Path
from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from graph.execution.answer import answer
from graph.schema.build import build_schema
from graph.storage.engine import open_engine
from graph.storage.read import Database

_HERE = Path(__file__).parent
_DOCS = _HERE.parents[1] / "docs" / "cookbook"
_INDEX = _DOCS / "README.md"
_SECTION = re.compile(r"^## (.+?)\n(.*?)(?=^## |\Z)", re.DOTALL | re.MULTILINE)
_BLOCKS = re.compile(r"```graphql\n(.*?)```\s+```json\n(.*?)```", re.DOTALL)
_STATEMENT = re.compile(
    r"^-- ([\w.]+) \(([\w., ]+)\)( in any order)?\n(.*?);$", re.DOTALL | re.MULTILINE
)
_NOT_TOLD = re.compile(r"^-- not told by SQL \(([\w., ]+)\)$", re.MULTILINE)

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Question:
    """A question of a page, with its printed answer; `name` is the page and the plain title."""

    name: str
    link: str
    text: str
    answer: Any

    def sql(self) -> str:
        return (_HERE / f"{self.name}.sql").read_text(encoding="utf-8")


def _questions() -> Iterator[Question]:
    for page in sorted({*_DOCS.glob("*.md")} - {_INDEX}):
        for title, body in _SECTION.findall(page.read_text(encoding="utf-8")):
            anchor = re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
            plain = unicodedata.normalize("NFKD", anchor).encode("ascii", "ignore").decode()
            link = f"- [{title}]({page.name}#{anchor})"
            [(text, printed)] = _BLOCKS.findall(body)
            yield Question(f"{page.stem}/{plain}", link, text, orjson.loads(printed))


_QUESTIONS = list(_questions())
_each_question = pytest.mark.parametrize("question", _QUESTIONS, ids=lambda each: each.name)


def test_each_question_has_its_sql_and_no_sql_is_left_over() -> None:
    files = {str(file.relative_to(_HERE).with_suffix("")) for file in _HERE.rglob("*.sql")}
    assert files == {question.name for question in _QUESTIONS}


def test_the_index_lists_each_question() -> None:
    listed = re.findall(r"^- .+$", _INDEX.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(question.link for question in _QUESTIONS)


@_each_question
async def test_a_question_is_answered_as_printed(question: Question, database: Database) -> None:
    answered = await answer(build_schema(), database, question.text)
    assert answered.body == {"data": question.answer}


@pytest.fixture
def connection(database: Database) -> Iterator[sa.Connection]:
    """A connection that takes `%` as it is written."""
    engine = open_engine(database.url.render_as_string(hide_password=False))
    with engine.connect() as opened:
        yield opened.execution_options(no_parameters=True)
    engine.dispose()


@_each_question
def test_the_figures_printed_are_those_of_the_sql(
    question: Question, connection: sa.Connection
) -> None:
    for path, columns, in_any_order, statement in _STATEMENT.findall(question.sql()):
        printed = [*map(_plain, rows(part(question.answer, path), columns.split(", ")))]
        told = [_plain(tuple(row)) for row in connection.exec_driver_sql(statement)]
        in_order = partial(sorted, key=repr) if in_any_order else list
        assert in_order(printed) == in_order(told), f"{path} ({columns})"


@_each_question
def test_all_that_is_printed_is_told_by_the_sql_or_said_not_to_be(question: Question) -> None:
    told = {
        f"{path}.{column}"
        for path, columns, *_ in _STATEMENT.findall(question.sql())
        for column in columns.split(", ")
    }
    for paths in _NOT_TOLD.findall(question.sql()):
        told |= set(paths.split(", "))
    assert {".".join(path) for path in _leaves(question.answer)} <= told


def part(answered: Any, path: str) -> Any:
    """The part of an answer at a path; a list on the way gives the parts of all its items."""
    return reduce(_step, path.split("."), answered)


def _step(value: Any, name: str) -> Any:
    if isinstance(value, list):
        found = [each[name] for each in value]
        return [*chain(*found)] if found and isinstance(found[0], list) else found
    return value[name]


def rows(value: Any, columns: list[str]) -> list[Row]:
    """The columns of an object, or of each object of a list."""
    objects = value if isinstance(value, list) else [value]
    return [row for each in objects for row in _joined(each, columns)]


def _joined(value: Any, columns: list[str]) -> list[Row]:
    if value is None or value == []:
        return [(None,) * len(columns)]
    if isinstance(value, list):
        return [row for each in value for row in _joined(each, columns)]
    if columns == [""]:
        return [(value,)]
    together = groupby((column.partition(".") for column in columns), key=lambda cut: cut[0])
    fields = [_joined(value.get(name), [rest for _, _, rest in cuts]) for name, cuts in together]
    return [tuple(chain(*row)) for row in product(*fields)]


def _leaves(value: Any, path: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    if isinstance(value, dict):
        return {leaf for name, each in value.items() for leaf in _leaves(each, (*path, name))}
    if isinstance(value, list):
        return {leaf for each in value for leaf in _leaves(each, path)}
    return set() if value is None else {path}


def _plain(row: Row) -> Row:
    """A row with its numbers as the exact decimals of the API, whatever type the driver gives."""
    return tuple(
        value if value is None or isinstance(value, str) else round(float(value), 6)
        for value in row
    )


def test_a_list_within_a_column_multiplies_rows_as_a_left_join_does() -> None:
    nodes = [{"year": 1, "won": [{"by": "a"}, {"by": "b"}]}, {"year": 2, "won": []}]
    assert rows(nodes, ["year", "won.by"]) == [(1, "a"), (1, "b"), (2, None)]
    assert rows([], ["year"]) == []
    assert part({"groups": nodes}, "groups.won") == [{"by": "a"}, {"by": "b"}]
