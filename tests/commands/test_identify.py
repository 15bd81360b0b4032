"""`terrigraph identify` and `terrigraph review`, as a script sees them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from graph.cli import cli
from tests.test_cli import Terrigraph


@pytest.fixture
def terrigraph(tmp_path: Path) -> Terrigraph:
    return Terrigraph(tmp_path)


def test_identify_tells_whom_why_and_whether_it_is_certain(
    terrigraph: Terrigraph, committed: Callable[[str], str]
) -> None:
    url = committed("sqlite")
    sure = terrigraph("identify", "CCAS d’Orléans", "--departement", "45", DATABASE_URL=url)
    assert (sure.returncode, sure.stderr) == (0, "")
    assert sure.stdout.splitlines()[:2] == [
        "OTHER:ccas-d-orleans  CCAS d’Orléans  (0.97, to be created)",
        "  centre communal d’action sociale, attached to Orléans",
    ]
    unsure = terrigraph("identify", "Saint-Denis", "--json", DATABASE_URL=url)
    told = json.loads(unsure.stdout)
    assert (unsure.returncode, told["is_sure"], told["code"]) == (5, False, None)
    assert told["score"] < told["threshold"]
    assert told["reasons"]["fr"] == ["4 homonymes ; précisez le département ou le genre"]
    assert {"COMMUNE:93066", "COMMUNE:97411"} <= {
        f"{each['kind']}:{each['code']}" for each in told["others"]
    }


def test_what_a_review_decides_is_what_identify_answers(
    terrigraph: Terrigraph, committed: Callable[[str], str]
) -> None:
    url = committed("sqlite")
    terrigraph("identify", "Villepinte", "--review", DATABASE_URL=url)
    (listed,) = json.loads(terrigraph("review", "list", "--json", DATABASE_URL=url).stdout)
    assert (listed["asked"]["text"], listed["status"]) == ("Villepinte", "OPEN")
    number = listed["number"]
    refused = terrigraph("review", "accept", number, DATABASE_URL=url)
    assert refused.returncode == 1
    assert f"terrigraph review correct {number} KIND:CODE" in refused.stderr
    done = terrigraph("review", "correct", number, "COMMUNE:93078", DATABASE_URL=url)
    assert done.returncode == 0, done.stderr
    assert "CORRECTED  Villepinte" in done.stdout
    answer = terrigraph("identify", "VILLEPINTE", DATABASE_URL=url)
    assert (answer.returncode, answer.stdout.splitlines()[0]) == (
        0,
        "COMMUNE:93078  Villepinte  (1.00)",
    )
    assert terrigraph("review", "list", DATABASE_URL=url).stdout == ""


def test_an_empty_database_is_told_in_a_sentence(terrigraph: Terrigraph) -> None:
    done = terrigraph("identify", "Paris", DATABASE_URL="sqlite:///new.db")
    assert (done.returncode, done.stdout) == (1, "")
    assert "no collectivities are loaded; load them first: terrigraph seed" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["correct", "1"], "write whom the name means, KIND:CODE, or else --body NAME"),
        (["correct", "1", "VILLE:45234"], "kinds are REGION, DEPARTEMENT"),
        (["correct", "1", "--body", "?!"], "--body holds no letter or digit"),
        (["accept", "7"], "no name has the number 7; list them: terrigraph review list --all"),
    ],
)
def test_a_wrong_decision_says_what_to_write(
    tmp_path: Path, arguments: list[str], words: str
) -> None:
    database = f"sqlite:///{tmp_path / 'new.db'}"
    done = CliRunner().invoke(cli, ["review", *arguments, "--database", database])
    assert done.exit_code == 1
    assert words in str(done.exception)


@pytest.mark.parametrize(
    "command", ["identify", "review list", "review accept", "review correct", "review reopen"]
)
def test_the_help_of_a_command_shows_examples_and_exit_codes(command: str) -> None:
    done = CliRunner().invoke(cli, [*command.split(), "--help"], env={"COLUMNS": "300"})
    assert done.exit_code == 0
    assert f"terrigraph {command} " in done.output
    assert "Exit codes: 0" in done.output
