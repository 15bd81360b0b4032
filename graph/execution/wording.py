"""What is wrong with a question, in words of the schema: what graphql-core says, and what would do.

Strawberry and graphql-core explain some values as Python does, which no caller knows; and they
name what is not there without what is, unless a name is almost right.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from graphql import GraphQLSchema

from graph.domain.errors import null_field

_MOST_NAMES = 15

# What graphql-core shows of a variable, as Python writes it; its place is told without that.
_PYTHON_VALUE = re.compile(r"(,?) [Ff]ound: (?:\[?\{'|\[').*$", re.DOTALL)
_PYTHON_TYPE = re.compile(r"(Field|Argument)( '\w+')? of type 'Maybe\[")

Help = Callable[[GraphQLSchema, re.Match[str]], str]


def worded(message: str, schema: GraphQLSchema) -> str:
    """The message, with what to write instead where the schema knows it."""
    told = _PYTHON_TYPE.search(message)
    if told:
        return null_field(f"{told[1]}{told[2] or ''}")
    message = message.replace("not to be None.", "not to be null.")
    message = _PYTHON_VALUE.sub(lambda found: "." if found[1] else "", message)
    for pattern, help_of in _HELP:
        found = pattern.fullmatch(message)
        if found:
            return message.removesuffix(".") + f". {help_of(schema, found)}"
    return message


def _fields(schema: GraphQLSchema, found: re.Match[str]) -> str:
    return f"It has {_names(_type(schema, found).fields)}."


def _page_fields(schema: GraphQLSchema, found: re.Match[str]) -> str:
    if found[1].endswith("Connection"):
        return "Its records are in 'nodes { ... }'."
    if found[1].endswith("Edge"):
        return "Its record is in 'node { ... }'."
    return _fields(schema, found)


def _arguments(schema: GraphQLSchema, found: re.Match[str]) -> str:
    arguments = _type(schema, found).fields[found[2]].args
    return f"It takes {_names(arguments)}." if arguments else "It takes none."


def _values(schema: GraphQLSchema, found: re.Match[str]) -> str:
    return f"It has {_names(_type(schema, found).values)}."


def _inputs(schema: GraphQLSchema, found: re.Match[str]) -> str:
    names = _names(_type(schema, found).fields)
    if found[1].endswith("Filter"):
        return f"Write a condition in braces, one of {names}."
    return f"Write fields of it in braces: {names}."


def _one_of(schema: GraphQLSchema, found: re.Match[str]) -> str:
    if found[1].endswith("Order"):
        return "Write several keys as a list, '[{ ... }, { ... }]'."
    return _fields(schema, found)


def _letter(_schema: GraphQLSchema, found: re.Match[str]) -> str:
    return f"Names are written without '{chr(int(found[1], 16))}': letters a to z, digits and '_'."


def _said(text: str) -> Help:
    return lambda _schema, _found: text


# Whole, as what callers write may be quoted in any message.
_PATTERNS: tuple[tuple[str, Help], ...] = (
    (r"Cannot query field '\w+' on type '(\w+)'\.", _page_fields),
    (r"Unknown argument '\w+' on field '(\w+)\.(\w+)'\.", _arguments),
    (r"Value '\w+' does not exist in '(\w+)' enum\.", _values),
    (r"Expected value of type '(\w+)' to be an object(?:, found: .*)?\.", _inputs),
    (
        r"Expected value of type '(\w+)' not to include unknown field '\w+'(?:, found: .*)?\.",
        _fields,
    ),
    (r"Within OneOf Input Object type '(\w+)', exactly one field must be .*\.", _one_of),
    (r"String cannot represent a non string value: [-\w.]+", _said("Write it in quotes.")),
    (r"Syntax Error: .* found <EOF>\.", _said("A closing bracket may be missing.")),
    (r"Syntax Error: Unexpected character: U\+([0-9A-F]{4})\.", _letter),
    (
        r"The (?:mutation|subscription) operation is not supported by the schema\.",
        _said("Data is only read here, by a query."),
    ),
)
_IN_A_VARIABLE = r"(?:Variable '\$\w+' has invalid value(?: at \S+)?: )?"
_HELP = [(re.compile(_IN_A_VARIABLE + text, re.DOTALL), help_of) for text, help_of in _PATTERNS]


def _type(schema: GraphQLSchema, found: re.Match[str]) -> Any:
    return schema.type_map[found[1]]


def _names(names: Iterable[str]) -> str:
    known = [name for name in names if not name.startswith("__")]
    shown = ", ".join(f"'{name}'" for name in known[:_MOST_NAMES])
    return shown if len(known) <= _MOST_NAMES else f"{shown} …"
