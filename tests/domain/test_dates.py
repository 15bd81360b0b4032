"""Partial dates: as precise as written, and days that exist."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.domain.dates import is_partial_date, widest_from_start, widest_to_end


@given(st.dates(datetime.date(1, 1, 1)))
def test_every_day_is_a_date_and_so_are_its_month_and_year(day: datetime.date) -> None:
    text = day.isoformat()
    assert is_partial_date(text)
    assert is_partial_date(text[:7])
    assert is_partial_date(text[:4])


@pytest.mark.parametrize("text", ["2016-02-29", "2000-02-29", "0001", "9999-12-31"])
def test_rare_days_exist(text: str) -> None:
    assert is_partial_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "2017-02-31",
        "2017-02-29",
        "1900-02-29",
        "2017-04-31",
        "2017-13",
        "2017-00",
        "2017-01-00",
        "2017-01-32",
        "0000",
        "0000-01-01",
    ],
)
def test_days_and_months_that_do_not_exist_are_refused(text: str) -> None:
    assert not is_partial_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "17",
        "20170614",
        "2017-6",
        "2017-06-1",
        "2017-06-14T00:00",
        "2017-",
        "-2017",
        " 2017",
        "2017\n",
        "2017-06\n",
        "juin 2017",
        "२०१७",
        "2017-\uff10\uff16",
        "2017-06-१४",
    ],
)
def test_other_forms_are_refused(text: str) -> None:
    assert not is_partial_date(text)


@pytest.mark.parametrize(
    ("text", "from_start", "to_end"),
    [
        ("2017", "2017", "2017"),
        ("2017-01", "2017", "2017-01"),
        ("2017-06", "2017-06", "2017-06"),
        ("2017-12", "2017-12", "2017"),
        ("2017-01-01", "2017", "2017-01-01"),
        ("2017-06-01", "2017-06", "2017-06-01"),
        ("2017-06-15", "2017-06-15", "2017-06-15"),
        ("2017-06-30", "2017-06-30", "2017-06"),
        ("2017-12-31", "2017-12-31", "2017"),
        ("2019-02-28", "2019-02-28", "2019-02"),
        ("2020-02-28", "2020-02-28", "2020-02-28"),
        ("2020-02-29", "2020-02-29", "2020-02"),
        ("0101-01-01", "0101", "0101-01-01"),
    ],
)
def test_a_date_begins_or_ends_a_wider_one(text: str, from_start: str, to_end: str) -> None:
    assert widest_from_start(text) == from_start
    assert widest_to_end(text) == to_end
