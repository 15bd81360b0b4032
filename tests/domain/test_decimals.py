"""Figures: exact from the file to the reader."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.domain.decimals import MICRO, from_micro, parse_micro

# All whole millionths that have at most 15 significant digits.
_FIGURES = st.builds(
    lambda digits, places: Decimal(digits).scaleb(-places),
    st.integers(-(10**12) + 1, 10**12 - 1),
    st.integers(0, 6),
) | st.builds(
    lambda digits, places: Decimal(digits).scaleb(-places),
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.integers(3, 6),
)


@given(_FIGURES)
def test_a_figure_is_kept_exactly(figure: Decimal) -> None:
    assert parse_micro(f"{figure:f}") == int(figure * MICRO)


@given(_FIGURES)
def test_a_reader_of_json_gets_back_the_figure_of_the_file(figure: Decimal) -> None:
    printed = json.dumps(from_micro(parse_micro(f"{figure:f}")))
    assert Decimal(repr(float(printed))) == figure
    assert Decimal(printed) == figure


@pytest.mark.parametrize(
    ("text", "micro", "number"),
    [
        ("0", 0, 0),
        ("-0", 0, 0),
        ("1250", 1_250_000_000, 1250),
        ("8.5", 8_500_000, 8.5),
        ("-8.5", -8_500_000, -8.5),
        ("-0.000001", -1, -0.000001),
        ("2.000000", 2_000_000, 2),
        ("999999999999.999", 999_999_999_999_999_000, 999999999999.999),
        ("-1250", -1_250_000_000, -1250),
    ],
)
def test_known_figures(text: str, micro: int, number: float) -> None:
    assert parse_micro(text) == micro
    assert from_micro(micro) == number
    assert type(from_micro(micro)) is type(number)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        ".5",
        "5.",
        "+5",
        "05",
        "8,5",
        "1 250",
        "1e3",
        "NaN",
        "Infinity",
        "1.0000001",
        "5\n",
        "٣",
        "5.٣",
        "--5",
    ],
)
def test_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a plain decimal such as 1250"):
        parse_micro(text)


@pytest.mark.parametrize("text", ["1000000000000", "9999999999.999999", "9" * 5000])
def test_more_digits_than_a_double_holds_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="at most 12 whole digits and 15 digits in all"):
        parse_micro(text)
