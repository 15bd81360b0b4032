"""Texts of callers in messages: short."""

from graph.domain.errors import BadUserInput, ServiceUnavailable, shown


def test_a_short_text_is_shown_whole_and_a_long_one_is_cut() -> None:
    assert shown("a" * 40) == '"' + "a" * 40 + '"'
    assert shown("a" * 41) == '"' + "a" * 40 + '…"'


def test_an_error_carries_its_code() -> None:
    assert BadUserInput("words").extensions == {"code": "BAD_USER_INPUT"}
    assert ServiceUnavailable("words").extensions == {"code": "SERVICE_UNAVAILABLE"}
