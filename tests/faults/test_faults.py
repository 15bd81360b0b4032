"""The faults of `bench.faults`, made in short: what is counted must hold, whatever it takes.

Times are the machine's; `bench/results/faults.md` has them. Descriptors of a process are known
on Linux alone, and are nought elsewhere.
"""

import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bench.faults.crowds import FAULTS, scarce_descriptors
from bench.faults.ends import ends
from bench.faults.files import files
from bench.faults.outage import outage
from bench.figures import Figure
from bench.served import Served


@pytest.fixture(scope="module")
def served(committed: Callable[[str], str]) -> Iterator[Served]:
    """A server whose patience is short."""
    short = dict.fromkeys(("head_timeout_s", "body_timeout_s", "idle_timeout_s"), 2)
    with Served(committed("sqlite"), **short) as running:
        yield running


def _assert_what_is_counted(figures: Iterable[Figure]) -> None:
    counted = [figure for figure in figures if not figure.unit]
    assert counted
    assert not [figure.cells() for figure in counted if figure.verdict == "not ok"]


@pytest.mark.parametrize("name", FAULTS)
def test_ordinary_questions_are_answered_among_callers_that_nobody_wants(
    served: Served, name: str
) -> None:
    _assert_what_is_counted(FAULTS[name](served, is_quick=True))


def test_a_server_with_few_descriptors_answers_new_callers(committed: Callable[[str], str]) -> None:
    _assert_what_is_counted(scarce_descriptors(committed("sqlite"), is_quick=True))


def test_no_request_that_was_taken_is_lost_when_the_server_ends(
    committed: Callable[[str], str],
) -> None:
    _assert_what_is_counted(ends(committed("sqlite"), is_quick=True))


def test_what_happens_to_the_file_is_told_and_forgotten(
    committed: Callable[[str], str], tmp_path: Path
) -> None:
    path = shutil.copyfile(sa.make_url(committed("sqlite")).database or "", tmp_path / "data.db")
    _assert_what_is_counted(files(Path(path), is_quick=True))


def test_an_outage_of_postgresql_is_told_and_forgotten() -> None:
    _assert_what_is_counted(outage(is_quick=True))
