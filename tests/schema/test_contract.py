"""The contract as a whole: told in words, nullable where it can fail, written down."""

from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    introspection_from_schema,
    is_specified_scalar_type,
)

import graph.schema
from graph.domain import codes
from graph.execution.declaration import Cardinality, Edge, Measure, declaration_of
from graph.schema import enums
from graph.schema.build import Schema, build_schema, build_stock_schema

_SCHEMA = build_schema()._schema
_TYPES = [
    each
    for name, each in sorted(_SCHEMA.type_map.items())
    if not name.startswith("__") and not is_specified_scalar_type(each)
]
_FIELDS = {
    f"{each.name}.{name}": field
    for each in _TYPES
    if isinstance(each, GraphQLObjectType | GraphQLInterfaceType)
    for name, field in each.fields.items()
}
_WITH_ARGUMENTS = {name: field for name, field in _FIELDS.items() if field.args}


def test_the_schema_has_the_types_that_the_tests_below_are_about() -> None:
    names = {each.name for each in _TYPES}
    records = {name for name, each in _SCHEMA.type_map.items() if _is_record(each)}
    assert records == {
        "Award",
        "Category",
        "Collectivity",
        "Edition",
        "Initiative",
        "Metric",
        "Prize",
        "Source",
        "Withdrawn",
    }
    assert {"Query", "PageInfo", "AwardConnection", "AwardEdge", "AwardWhere"} <= names
    assert "Query.awards" in _WITH_ARGUMENTS
    assert "Collectivity.members" in _WITH_ARGUMENTS


def _is_record(each: GraphQLNamedType) -> bool:
    return isinstance(each, GraphQLObjectType) and "Node" in {one.name for one in each.interfaces}


@pytest.mark.parametrize("each", _TYPES, ids=lambda each: each.name)
def test_everything_of_a_type_has_a_description(each: GraphQLNamedType) -> None:
    assert [place for place, text in _descriptions(each) if not (text or "").strip()] == []


def _descriptions(each: GraphQLNamedType) -> Iterator[tuple[str, str | None]]:
    yield each.name, each.description
    if isinstance(each, GraphQLEnumType):
        for name, value in each.values.items():
            yield f"{each.name}.{name}", value.description
    elif isinstance(each, GraphQLInputObjectType):
        for name, entry in each.fields.items():
            yield f"{each.name}.{name}", entry.description
    elif isinstance(each, GraphQLObjectType | GraphQLInterfaceType):
        for name, field in each.fields.items():
            yield f"{each.name}.{name}", field.description
            for label, argument in field.args.items():
                yield f"{each.name}.{name}({label})", argument.description


@pytest.mark.parametrize("name", _WITH_ARGUMENTS)
def test_an_error_of_an_argument_stays_in_its_place(name: str) -> None:
    assert not isinstance(_WITH_ARGUMENTS[name].type, GraphQLNonNull)


@pytest.mark.parametrize(
    "name", [name for name in _WITH_ARGUMENTS if not name.startswith("Query.")]
)
def test_an_edge_with_arguments_has_a_key_that_is_never_null(name: str) -> None:
    # Null keys are not asked, so an error of an argument would be lost with another key. What a
    # list is asked together, and a group by its ids, is never null; nor is an id.
    declared = declaration_of(_WITH_ARGUMENTS[name])
    if isinstance(declared, Edge) and declared.key is not None:
        assert declared.key.key in {"id", "ids"}
    else:
        assert isinstance(declared, Edge | Measure)
        assert name.split(".", maxsplit=1)[0].endswith(("Aggregate", "Facets", "Group"))


# Root fields that read no records.
_OF_THE_SERVER = {"Query.apiLimits", "Query.cost"}


@pytest.mark.parametrize(
    "name", [name for name in _FIELDS if name.startswith("Query.") and name not in _OF_THE_SERVER]
)
def test_a_root_field_has_no_key(name: str) -> None:
    assert _edge(_FIELDS[name]).key is None


@pytest.mark.parametrize("name", _WITH_ARGUMENTS)
def test_a_page_is_declared_where_a_connection_is_shown(name: str) -> None:
    field = _WITH_ARGUMENTS[name]
    declared = declaration_of(field)
    is_page = isinstance(declared, Edge) and declared.cardinality is Cardinality.PAGE
    assert is_page == str(field.type).endswith("Connection")


def _edge(field: GraphQLField) -> Edge:
    edge = declaration_of(field)
    assert isinstance(edge, Edge)
    return edge


def test_the_committed_file_is_the_built_schema(schema: Schema) -> None:
    committed = Path(graph.schema.__path__[0], "schema.graphql")
    assert committed.read_text(encoding="utf-8") == schema.as_str() + "\n"


def test_an_introspection_describes_the_whole_and_lists_types_by_name(schema: Schema) -> None:
    told = introspection_from_schema(schema._schema)["__schema"]
    assert "départements" in told["description"]
    assert f'"""{told["description"]}"""\nschema' in schema.as_str()
    names = [each["name"] for each in told["types"]]
    assert names == sorted(names)


def test_groups_tell_of_the_year_before_where_they_can_have_a_year() -> None:
    for noun in ("Award", "Initiative", "Metric", "Collectivity"):
        has_year = "YEAR" in _SCHEMA.type_map[f"{noun}Dimension"].values
        for suffix in ("Group", "GroupHaving", "GroupOrder"):
            names = set(_SCHEMA.type_map[f"{noun}{suffix}"].fields)
            assert {"previous", "delta"} & names == ({"previous", "delta"} if has_year else set())


def test_both_executors_have_one_contract(schema: Schema) -> None:
    assert build_stock_schema().as_str() == schema.as_str()


@pytest.mark.parametrize(
    "name",
    [
        "Action",
        "Kind",
        "Level",
        "PopulationClass",
        "Qualifier",
        "RecordType",
        "Role",
        "RunStatus",
        "SourceStatus",
    ],
)
def test_an_enum_holds_the_words_of_the_domain_in_their_order(name: str) -> None:
    shown: type[Enum] = getattr(enums, name)
    words: type[Enum] = getattr(codes, name)
    assert [(each.name, each.value) for each in shown] == [
        (each.name, each.value) for each in words
    ]
