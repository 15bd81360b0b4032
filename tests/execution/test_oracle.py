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
from tests.execution.mistakes import mistaken
from tests.execution.oracle import Answered, Oracle
from tests.execution.questions import Asker, Question
from tests.execution.samples import Samples

# The same seed gives the same questions again; a run without one takes a new one.
SEED = os.environ.get("TERRIGRAPH_ORACLE_SEED") or str(secrets.randbelow(10**9))
QUESTIONS = int(os.environ.get("TERRIGRAPH_ORACLE_QUESTIONS", "500"))


@pytest.fixture(scope="session")
def oracle(databases: dict[str, Database]) -> Oracle:
    return Oracle(databases)


async def test_generated_questions_have_one_answer(
    oracle: Oracle, databases: dict[str, Database]
) -> None:
    random = Random(SEED)
    samples = Samples(random, databases["sqlite"])
    schema = graphql.build_schema(build_schema().as_str())
    cursors = await oracle.learn(samples, schema)
    tally: Counter[str] = Counter()
    for number in range(QUESTIONS):
        question = Asker(schema, samples, cursors).question()
        if samples.chance(0.04):
            question = mistaken(question, random)
        answered = await oracle.ask(question)
        where = f"TERRIGRAPH_ORACLE_SEED={SEED}, question {number}:\n{answered}"
        assert answered.is_unanimous, where
        assert "INTERNAL_SERVER_ERROR" not in str(answered.body), where
        tally.update(_traits(answered))
    assert tally["run"] >= 0.9 * QUESTIONS, tally
    assert tally["filled"] >= 0.6 * QUESTIONS, tally
    assert tally["partly failed"] >= 0.02 * QUESTIONS, tally
    assert tally["merged"] >= 0.1 * QUESTIONS, tally


def _traits(answered: Answered) -> Iterator[str]:
    body = answered.body
    if "data" in body:
        yield "run"
        if "errors" in body:
            yield "partly failed"
    if answered.question.merges:
        yield "merged"
    if any(_leaves(body.get("data"))):
        yield "filled"


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _leaves(part)
    else:
        yield value
