"""The page on names can fail: its commands are run, its tables compared."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from graph.cli import cli
from seed.who import THRESHOLD, Asked, Register, scores

_PAGE = (Path(__file__).parents[3] / "docs" / "reconciliation.md").read_text(encoding="utf-8")
_COMMANDS = re.findall(r"```console\n\$ terrigraph ([^\n]*)\n(.*?)```", _PAGE, re.DOTALL)
_NAMES = re.findall(r"^\| ([^|`]+) \| (`[A-Z]+:[^`]+`|review) \|$", _PAGE, re.MULTILINE)


@pytest.mark.parametrize(("command", "printed"), _COMMANDS)
def test_each_command_prints_what_the_page_shows(
    committed: Callable[[str], str], command: str, printed: str
) -> None:
    done = CliRunner().invoke(cli, [*shlex.split(command), "--database", committed("sqlite")])
    assert done.output == printed


@pytest.mark.parametrize(("name", "meant"), _NAMES)
def test_each_name_means_what_the_page_tells(register: Register, name: str, meant: str) -> None:
    decision = register.identify(Asked(name))
    found = f"`{decision.kind}:{decision.code}`" if decision.is_sure else "review"
    assert found == meant


def test_the_scores_of_the_page_are_those_in_force() -> None:
    rows = re.findall(r"^\| ([^|]+) \| ([0-9.; ]+)(?: at most)? \|$", _PAGE, re.MULTILINE)
    told = [float(score) for _, row in rows for score in row.split(";")]
    assert told == [
        scores.WHOLE,
        scores.KNOWN_AS,
        *(scores.SPACES, scores.LINKS),
        *(scores.TYPE_UNTOLD, scores.TYPE_OUTGROWN),
        scores.SIGLE,
        scores.DOMINANT,
        scores.NEARLY_LONG,
        *(scores.NEARLY, scores.NEARLY_SHORT),
        scores.SOME_WORDS,
        scores.TIED,
        scores.PARTS,
    ]
    assert f"From **{THRESHOLD}** on" in _PAGE
    multiplied = (scores.WORDS_ASIDE, scores.OUTSIDE, scores.OUT_OF_TIME, scores.BODY)
    words = _PAGE.partition("Words left aside")[2].partition("\n\n")[0]
    assert [float(each) for each in re.findall(r"\b0\.\d+", words)] == [
        *multiplied,
        scores.NEARLY_INSIDE,
    ]
