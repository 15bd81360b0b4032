"""The oracle: one question to both executors on both engines, and what is to be compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
import strawberry
from graphql import GraphQLSchema

from graph.execution.answer import answer
from graph.schema.build import build_schema, build_stock_schema
from graph.storage.read import Database
from tests.execution.arguments import Arguments, grouping_of
from tests.execution.inputs import Values
from tests.execution.rendering import literal
from tests.execution.samples import RECORDS, Samples
from tests.execution.scopes import Cursors, Question

_IDS = 30
# How many sets of arguments each list is asked with for its cursors.
_TRIES = 4


@dataclass(frozen=True)
class Answered:
    """The bodies of one question's answers by who gave them."""

    question: Question
    bodies: dict[str, bytes]

    @property
    def is_unanimous(self) -> bool:
        return len(set(self.bodies.values())) == 1

    @property
    def body(self) -> dict[str, Any]:
        return orjson.loads(next(iter(self.bodies.values())))

    def __str__(self) -> str:
        question = self.question
        asked = f"{question.query}\nvariables: {question.variables}\n"
        return asked + "\n".join(f"{who}: {body.decode()}" for who, body in self.bodies.items())


class Oracle:
    """Asks the breadth-first executor and the stock one, on every engine."""

    def __init__(self, databases: dict[str, Database]) -> None:
        self._databases = databases
        self._schemas: dict[str, strawberry.Schema] = {
            "breadth-first": build_schema(),
            "stock": build_stock_schema(),
        }

    async def ask(self, question: Question) -> Answered:
        bodies = {}
        for executor, schema in self._schemas.items():
            for engine, database in self._databases.items():
                given = await answer(
                    schema, database, question.query, question.variables, question.operation_name
                )
                bodies[f"{executor} on {engine}"] = orjson.dumps(given.body)
        return Answered(question, bodies)

    async def learn(self, samples: Samples, schema: GraphQLSchema) -> Cursors:
        """Cursors of every connection, under several filters and orders, from answers."""
        cursors = Cursors()
        for coordinate, values, question in _probes(samples, schema):
            answered = await self.ask(question)
            assert answered.is_unanimous, answered
            found = list(_cursors_in(answered.body.get("data")))
            if found:
                cursors.known.setdefault(coordinate, []).append((values, found))
        return cursors


def _probes(samples: Samples, schema: GraphQLSchema) -> Iterator[tuple[str, Values, Question]]:
    arguments = Arguments(samples, Cursors())
    for parent in ("Query", "Dataset", *RECORDS):
        kind: Any = schema.type_map[parent]
        for name, field in kind.fields.items():
            if "after" not in field.args:
                continue
            for number in range(_TRIES):
                is_plain = number == 0 and "where" in field.args and "by" not in field.args
                values = {} if is_plain else arguments.without_page(field)
                asked = f"{name}{_given(values)} {{ edges {{ cursor }} }}"
                if parent == "Dataset":
                    asked = f"dataset {{ {asked} }}"
                elif parent != "Query":
                    ids = literal([samples.uid(parent) for _ in range(_IDS)])
                    asked = f"nodes(ids: {ids}) {{ ... on {parent} {{ {asked} }} }}"
                yield f"{parent}.{name}", values, Question(f"{{ {asked} }}")
                if "by" in values:
                    group = field.type.of_type if hasattr(field.type, "of_type") else field.type
                    yield _items_probe(arguments, schema, group.name, name, values)


def _items_probe(
    arguments: Arguments, schema: GraphQLSchema, connection: str, name: str, values: Values
) -> tuple[str, Values, Question]:
    """Cursors of the rows of groups, which belong to what the groups are made of."""
    group = connection.removesuffix("Connection")
    kind: Any = schema.type_map[group]
    asked = arguments.without_page(kind.fields["items"])
    items = f"items{_given(asked)} {{ edges {{ cursor }} }}"
    question = Question(f"{{ {name}{_given(values)} {{ nodes {{ {items} }} }} }}")
    return f"{group}.items of {grouping_of(values)}", asked, question


def _given(values: Values) -> str:
    written = ", ".join(f"{name}: {literal(value)}" for name, value in values.items())
    return f"(first: 4{', ' + written if written else ''})"


def _cursors_in(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for part in value:
            yield from _cursors_in(part)
    elif isinstance(value, dict):
        for name, part in value.items():
            if name == "cursor":
                yield part
            else:
                yield from _cursors_in(part)
