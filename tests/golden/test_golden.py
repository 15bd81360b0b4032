"""The questions that the project promises to answer, with their answers and statements.

Each `<name>.graphql` here stands beside `<name>.json`, its answer on the committed data, and
`<name>.sqlite.sql` and `<name>.postgresql.sql`, its statements in the order they run. After
a wanted change, rewrite them and read the difference:

    UPDATE_GOLDEN=1 python -m pytest tests/golden
"""

import os
from pathlib import Path

import orjson
import pytest

from graph.execution.answer import Answer, answer
from graph.schema.build import build_schema
from graph.storage.read import Database

HERE = Path(__file__).parent
NAMES = sorted(path.stem for path in HERE.glob("*.graphql"))
IS_UPDATE = os.environ.get("UPDATE_GOLDEN") == "1"
_HOW = "differs; if that is meant, run UPDATE_GOLDEN=1 python -m pytest tests/golden"

schema = build_schema()


async def answered(name: str, database: Database) -> Answer:
    return await answer(schema, database, (HERE / f"{name}.graphql").read_text("utf-8"))


def compare(name: str, text: str) -> None:
    path = HERE / name
    if IS_UPDATE:
        path.write_text(text, "utf-8", newline="\n")
    assert path.read_text("utf-8") == text, f"{name} {_HOW}"


def as_json(body: object) -> str:
    return orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def as_sql(statements: list[str]) -> str:
    lines = (line.rstrip() for text in statements for line in (*text.split("\n"), ""))
    return "\n".join(lines).rstrip() + "\n"


def test_the_five_promised_questions_are_here() -> None:
    assert NAMES == ["commune", "lists", "loiret", "palmares", "release"]


@pytest.mark.parametrize("name", NAMES)
async def test_the_answer_is_the_committed_one(name: str, database: Database) -> None:
    given = await answered(name, database)
    assert "errors" not in given.body
    compare(f"{name}.json", as_json(given.body))


@pytest.mark.parametrize("name", NAMES)
async def test_the_statements_are_the_committed_ones(name: str, database: Database) -> None:
    given = await answered(name, database)
    compare(f"{name}.{database.dialect}.sql", as_sql(given.statements))
