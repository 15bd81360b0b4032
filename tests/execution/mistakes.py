"""Questions changed: broken, so that no server may run them, or asked with other values."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from tests.execution.scopes import Question


def mistaken(question: Question, random: Random) -> Question:
    """The question with one mistake in it."""
    return random.choice(_MISTAKES)(question)


def varied(question: Question, random: Random) -> Question:
    """The same document with other values of its variables."""
    given = question.variables or {}
    return replace(question, variables={name: _other(given[name], random) for name in given})


def _other(value: Any, random: Random) -> Any:
    """Another value of the same shape; within inputs most stay what they are."""
    if isinstance(value, bool):
        return random.random() < 0.5
    if isinstance(value, dict):
        return {name: _within(part, random) for name, part in value.items()}
    if isinstance(value, list):
        return [_within(part, random) for part in value]
    return random.randint(0, 5) if isinstance(value, int) else value


def _within(value: Any, random: Random) -> Any:
    is_kept = not isinstance(value, dict | list) and random.random() < 0.5
    return value if is_kept else _other(value, random)


def _unknown_field(question: Question) -> Question:
    return replace(question, query=question.query.replace("{ ", "{ nameOfNothing ", 1))


def _unclosed(question: Question) -> Question:
    return replace(question, query=question.query[:-1])


def _unknown_fragment(question: Question) -> Question:
    return replace(question, query=question.query.replace("{ ", "{ ...Missing ", 1))


def _unknown_argument(question: Question) -> Question:
    query = question.query.replace("{ ", "{ dataset(of: 1) { release } ", 1)
    return replace(question, query=query)


def _unfit_literal(question: Question) -> Question:
    query = question.query.replace("{ ", '{ unfit: awards(first: "x") { totalCount } ', 1)
    return replace(question, query=query)


def _unfit_variables(question: Question) -> Question:
    return Question(
        "query ($n: Int!, $w: AwardWhere) { awards(first: $n, where: $w) { totalCount } }",
        {"n": "three", "w": {"year": {"eq": "x"}, "height": 3}},
    )


def _missing_variable(question: Question) -> Question:
    return Question("query ($slug: String!) { prize(slug: $slug) { name } }", {"slog": "x"})


def _unknown_operation(question: Question) -> Question:
    return replace(question, operation_name="Nameless")


def _no_query(question: Question) -> Question:
    return Question("mutation { dataset { release } }")


def _two_codes(question: Question) -> Question:
    return Question('{ collectivity(by: {commune: "02691", region: "32"}) { name } }')


_MISTAKES: tuple[Callable[[Question], Question], ...] = (
    _unknown_field,
    _unclosed,
    _unknown_fragment,
    _unknown_argument,
    _unfit_literal,
    _unfit_variables,
    _missing_variable,
    _unknown_operation,
    _no_query,
    _two_codes,
)
