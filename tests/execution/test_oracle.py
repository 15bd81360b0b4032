"""Whatever is asked, both executors answer in the same bytes on both engines."""

import os
import secrets
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import graphql
import pytest

from graph.schema.build import build_schema
from graph.storage.read import Database
from tests.execution.mistakes import mistaken, varied
from tests.execution.oracle import Answered, Oracle
from tests.execution.questions import Asker
from tests.execution.samples import Samples
from tests.execution.scopes import Question

# The same seed gives the same questions again; a run without one takes a new one.
SEED = os.environ.get("TERRIGRAPH_ORACLE_SEED") or str(secrets.randbelow(10**9))
QUESTIONS = int(os.environ.get("TERRIGRAPH_ORACLE_QUESTIONS", "500"))

# How many of the questions are to be such; all from `merged` on have an answer with values.
LEAST = {
    "run": 0.9,
    "filled": 0.6,
    "partly failed": 0.02,
    "merged": 0.1,
    "bounded": 0.15,
    "ordered": 0.15,
    "aggregated": 0.1,
    "faceted": 0.1,
    "grouped": 0.05,
    "searched": 0.05,
    "related": 0.03,
    "within": 0.03,
    "suggested": 0.01,
    "alike": 0.01,
    "followed": 0.02,
    "traced": 0.03,
}

REGRESSIONS = [
    # Objects that lose all their fields are still there, empty.
    Question("{ categories(first: 2) { edges { cursor @skip(if: true) } } }"),
    Question("{ categories(first: 2) { edges { node { slug @skip(if: true) } } } }"),
    # The rule for inputs of one key knew only the variables that it had met before.
    Question(
        "fragment F on Query { collectivity(by: {departement: $code}) { name } } "
        "query Q($code: String!) { ...F }",
        {"code": "45"},
    ),
    Question("{ collectivity(by: {departement: $undefined}) { name } }"),
    # One field, merged from several selections, twice with other arguments.
    Question(
        '{ prize(slug: "prix-territoria") { a: editions(first: 1) { year } editions(first: 2) '
        '{ year } ...F } prize(slug: "prix-territoria") { editions(first: 2) { note } } } '
        "fragment F on Prize { editions(first: 2) { prize { editions(first: 2) { id } } } }"
    ),
    # Siblings fail at every place of a list, in the order of the paths.
    Question(
        "{ categories(first: 3) { nodes { b: awards(first: 101) { totalCount } "
        "a: awards(last: -1) { totalCount } slug } } awards(first: 1, last: 1) { totalCount } "
        'node(id: "x") { id } }'
    ),
    # One parent twice, records of several types, unknown and malformed ones.
    Question(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Prize { slug } } }",
        {"ids": ["pri_aaaaaaaaaaaaaaaa", "x", "pri_aaaaaaaaaaaaaaaa", "awd_aaaaaaaaaaaaaaaa"]},
    ),
    # A list of one item whose only value is shown, not its record.
    Question("{ awardGroups(by: [YEAR]) { nodes { share of: share(of: [YEAR]) } } }"),
    # A number of records is always known, and may be compared with nothing.
    Question("{ initiatives(where: {awards: {count: {isNull: true}}}) { totalCount } }"),
    Question("{ initiatives(where: {awards: {count: {isNull: false}}}) { totalCount } }"),
    Question("{ initiatives(where: {awards: {count: {}}}) { totalCount } }"),
    # Groups of what has no laureates or holders.
    Question("{ collectivityGroups(by: [REGION]) { nodes { count } } }"),
    # A column that is called as a record's own attribute.
    Question('{ search(query: "eau") { nodes { label node { __typename } } } }'),
    # Groups of groups: rows that belong to a text, not to a number.
    Question(
        "{ awardGroups(by: [DEPARTEMENT], first: 2) { nodes { items { "
        "aggregate { count year { avg } } facets { kind { value count } } } } } }"
    ),
    # One table twice: for the rows of a list, and for what they are grouped by.
    Question(
        '{ collectivity(by: {departement: "45"}) { initiatives { '
        "facets { kind { value } category { value } } aggregate { holders } } } }"
    ),
    # Fractions among several values.
    Question("{ awardGroups(by: [REGION], having: {perCapita: {in: [0.5, 1]}}) { totalCount } }"),
    # What is not run has no faults.
    Question('{ cost(dryRun: true) { points } awards(after: "x") { totalCount } }'),
    # Objects made of one column, and records of any type or what is left of them.
    Question(
        '{ changes(since: {release: "2026-02-02.1"}, last: 40) { totalCount nodes { action type '
        "label reason reasonCode fields { after name __typename } fields { before } "
        "release { source { url } } node { __typename id "
        "... on Withdrawn { label reason reasonCode type withdrawnIn { version } } } } } }"
    ),
    Question(
        "{ awards(first: 30) { nodes { claims { value field isShown source { title } } "
        "provenance { changedIn { version } source { provenance { source { id } } } } } } }"
    ),
    # What only the database knows to be wrong, beside what is right.
    Question(
        '{ a: changes(since: {release: "x"}) { totalCount } dataset { releases { totalCount } } '
        'b: changes(since: {time: "x"}) { totalCount } changes(types: []) { totalCount } }'
    ),
    # Introspection beside data.
    Question('{ __type(name: "Award") { name } dataset { release } __schema { types { name } } }'),
]


@pytest.fixture(scope="session")
def oracle(lived: dict[str, Database]) -> Oracle:
    return Oracle(lived)


async def test_generated_questions_have_one_answer(
    oracle: Oracle, lived: dict[str, Database]
) -> None:
    random = Random(SEED)
    samples = Samples(random, lived["sqlite"])
    schema = graphql.build_schema(build_schema().as_str())
    cursors = await oracle.learn(samples, schema)
    tally: Counter[str] = Counter()
    for number in range(QUESTIONS):
        question = Asker(schema, samples, cursors).question()
        if samples.chance(0.04):
            question = mistaken(question, random)
        answered = await oracle.ask(question)
        # A document comes again with other values: what was kept of it must not depend on them.
        again = await oracle.ask(varied(question, random)) if question.variables else answered
        for asked in (answered, again):
            where = f"TERRIGRAPH_ORACLE_SEED={SEED}, question {number}:\n{asked}"
            assert asked.is_unanimous, where
            assert "INTERNAL_SERVER_ERROR" not in str(asked.body), where
        tally.update(_traits(answered))
    for trait, least in LEAST.items():
        assert tally[trait] >= least * QUESTIONS, f"too few are {trait}: {tally}"


@pytest.mark.parametrize("question", REGRESSIONS)
async def test_questions_that_once_had_two_answers_have_one(
    oracle: Oracle, question: Question
) -> None:
    answered = await oracle.ask(question)
    assert answered.is_unanimous, answered
    assert "INTERNAL_SERVER_ERROR" not in str(answered.body), answered


def _traits(answered: Answered) -> Iterator[str]:
    body = answered.body
    if "data" in body:
        yield "run"
        if "errors" in body:
            yield "partly failed"
    if any(_leaves(body.get("data"))):
        yield "filled"
        yield from answered.question.asks


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _leaves(part)
    else:
        yield value
