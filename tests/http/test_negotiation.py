"""What a caller accepts decides the media type and the encoding, as RFC 9110 weighs it."""

import pytest

from graph.http.negotiation import encoding, media_type, prefers_page

JSON, GRAPHQL = "application/json", "application/graphql-response+json"
_BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", JSON),
        (" ", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        (GRAPHQL.upper(), GRAPHQL),
        (f"{GRAPHQL};charset=utf-8, {JSON};charset=utf-8", JSON),
        (f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL),
        (f"{GRAPHQL};q=0.5, */*;q=0.8", JSON),
        (f"{JSON};q=0, */*", GRAPHQL),
        (_BROWSER, JSON),
        ("text/html", None),
        (f"{JSON};q=0", None),
        (f"{JSON};charset=latin-1", None),
        (f"{JSON};q=x", None),
        (",;=,;q=", None),
    ],
)
def test_the_media_type_is_the_one_with_most_weight(accept: str, expected: str | None) -> None:
    assert media_type(accept) == expected


@pytest.mark.parametrize(
    ("accept", "is_browser"),
    [
        (_BROWSER, True),
        ("text/html", True),
        ("*/*", False),
        ("", False),
        (JSON, False),
        (f"text/html;q=0.5, {JSON}", False),
    ],
)
def test_only_who_names_html_gets_the_page(accept: str, *, is_browser: bool) -> None:
    assert prefers_page(accept) is is_browser


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("", "identity"),
        ("identity", "identity"),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip;q=1, br;q=0.5", "gzip"),
        ("*", "zstd"),
        ("*;q=0", "identity"),
        ("zstd;q=0, *", "br"),
        ("GZIP", "gzip"),
        ("deflate", "identity"),
    ],
)
def test_the_encoding_is_the_one_with_most_weight(accepted: str, expected: str) -> None:
    assert encoding(accepted) == expected
