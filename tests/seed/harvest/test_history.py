"""The history tells what is known of a list and when to look again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from graph.domain.codes import RunStatus
from graph.storage.engine import open_engine
from graph.storage.migrate import upgrade
from seed.harvest.entry import Frequency
from seed.harvest.fetch import UNKNOWN, Validators
from seed.harvest.history import Past, Run, instant, pasts, record, written
from tests.seed.harvest.conftest import entry

_START = datetime(2026, 1, 31, 12, 0, 0, tzinfo=UTC)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
LIST = entry("https://example.org/a.csv")


@pytest.fixture
def engine(engine_url: str) -> Iterator[sa.Engine]:
    engine = open_engine(engine_url)
    upgrade(engine)
    yield engine
    engine.dispose()


def run(status: RunStatus, key: str = "awards", hours: int = 0, **changed: object) -> Run:
    when = written(_START + hours * _HOUR)
    return replace(Run(key, when, when, status), **changed)


def past(engine: sa.Engine, key: str = "awards") -> Past:
    with engine.connect() as connection:
        return pasts(connection).get(key, Past())


def test_a_list_that_was_never_looked_at_has_no_past_and_is_due(engine: sa.Engine) -> None:
    assert past(engine) == Past()
    assert past(engine).is_due(LIST, _START)
    assert past(engine).validators("recipe") == UNKNOWN


def test_runs_are_kept_whole(engine: sa.Engine) -> None:
    whole = run(
        RunStatus.IMPORTED,
        release="2026-01-31.1",
        created=1,
        changed=2,
        withdrawn=3,
        quarantined=4,
        size_bytes=5_000_000_000,
        message="moved for good",
        etag='"1"',
        last_modified="Sat, 31 Jan 2026 12:00:00 GMT",
        digest="d",
        recipe="r",
        not_before=written(_START),
    )
    record(engine, whole)
    assert past(engine) == Past(whole, whole, 0)


def test_a_message_is_cut_and_holds_nothing_that_a_database_refuses(engine: sa.Engine) -> None:
    record(engine, run(RunStatus.FAILED, message="\0" + "x" * 5_000))
    found = past(engine).last
    assert found is not None
    assert found.message == "x" * 1_999


def test_each_list_has_its_own_past(engine: sa.Engine) -> None:
    runs = [
        run(RunStatus.IMPORTED, "a", 1),
        run(RunStatus.FAILED, "b", 2),
        run(RunStatus.REFUSED, "a", 3),
        run(RunStatus.UNCHANGED, "c", 4),
        run(RunStatus.FAILED, "a", 5),
        run(RunStatus.FAILED, "c", 6),
        run(RunStatus.UNCHANGED, "c", 7),
    ]
    for each in runs:
        record(engine, each)
    assert past(engine, "a") == Past(runs[4], runs[0], 2)
    assert past(engine, "b") == Past(runs[1], None, 1)
    assert past(engine, "c") == Past(runs[6], runs[6], 0)


def test_validators_are_those_of_the_last_good_run_read_in_the_same_way(engine: sa.Engine) -> None:
    good = run(RunStatus.IMPORTED, etag='"1"', digest="d", recipe="r")
    record(engine, good)
    record(engine, run(RunStatus.REFUSED, hours=1, etag='"2"', digest="e", recipe="r"))
    assert past(engine).validators("r") == Validators('"1"', None, "d")
    assert past(engine).validators("other") == UNKNOWN


@pytest.mark.parametrize(
    ("frequency", "hours"),
    [
        (Frequency.HOURLY, 1),
        (Frequency.DAILY, 24),
        (Frequency.WEEKLY, 7 * 24),
        (Frequency.MONTHLY, 30 * 24),
        (Frequency.QUARTERLY, 91 * 24),
        (Frequency.YEARLY, 365 * 24),
    ],
)
def test_a_list_is_due_by_its_frequency_or_a_tenth_sooner(frequency: Frequency, hours: int) -> None:
    good = run(RunStatus.UNCHANGED)
    known, what = Past(good, good), replace(LIST, frequency=frequency)
    assert known.is_due(what, _START + hours * _HOUR)
    assert known.is_due(what, _START + 0.91 * hours * _HOUR)
    assert not known.is_due(what, _START + 0.89 * hours * _HOUR)


def test_a_manual_list_is_never_due() -> None:
    manual = replace(LIST, frequency=Frequency.MANUAL)
    assert Past().due_at(manual) is None
    assert not Past().is_due(manual, _START)


def test_a_list_that_failed_is_due_sooner_then_ever_less_often() -> None:
    last = run(RunStatus.FAILED)
    waits = [
        instant(written(due)) - _START
        for failures in range(1, 9)
        if (due := Past(last, None, failures).due_at(LIST))
    ]
    assert waits[:5] == [1 * _HOUR, 2 * _HOUR, 4 * _HOUR, 8 * _HOUR, 16 * _HOUR]
    assert set(waits[5:]) == {0.9 * _DAY}
    assert Past(last, None, 10_000).due_at(LIST) == _START + 0.9 * _DAY


def test_no_list_is_due_before_its_server_wants() -> None:
    last = run(RunStatus.FAILED, not_before=written(_START + 5 * _HOUR))
    assert Past(last, None, 1).due_at(LIST) == _START + 5 * _HOUR
