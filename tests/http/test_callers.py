"""Who calls, behind proxies that are trusted and behind those that are not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from graph.http.callers import Callers
from graph.settings import Settings

PROXIES = ("10.0.0.0/8", "fd00::/8")


def _caller(peer: str | None, *headers: tuple[str, str], **settings: Any) -> str:
    scope = {
        "client": (peer, 1) if peer is not None else None,
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
    }
    return Callers(Settings(**settings)).of(scope).prefix


def _behind(value: str, peer: str = "10.0.0.1") -> str:
    return _caller(peer, ("x-forwarded-for", value), trusted_proxies=PROXIES)


def test_a_caller_is_its_address_or_the_network_of_a_household() -> None:
    assert _caller("192.0.2.7") == "192.0.2.7/32"
    assert _caller("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64"
    assert _caller("::ffff:192.0.2.7") == "192.0.2.7/32"
    assert _caller("fe80::1%eth0") == "fe80::/64"
    assert _caller(None) == _caller("") == "unknown"
    assert _caller("192.0.2.7", caller_ipv4_bits=24) == "192.0.2.0/24"
    assert _caller("2001:db8:1:2::1", caller_ipv6_bits=48) == "2001:db8:1::/48"


def test_nobody_is_believed_who_is_not_a_proxy_of_the_settings() -> None:
    forged = [("x-forwarded-for", "203.0.113.9"), ("forwarded", "for=203.0.113.9")]
    assert _caller("192.0.2.7", *forged) == "192.0.2.7/32"
    assert _caller("192.0.2.7", *forged, trusted_proxies=PROXIES) == "192.0.2.7/32"
    assert _caller("127.0.0.1", *forged) == "127.0.0.1/32"


@pytest.mark.parametrize(
    ("header", "caller"),
    [
        ("203.0.113.9", "203.0.113.9/32"),
        ("198.51.100.1, 203.0.113.9", "203.0.113.9/32"),
        ("198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9/32"),
        ("203.0.113.9:4711", "203.0.113.9/32"),
        ("[2001:db8::1]:4711", "2001:db8::/64"),
        ("2001:db8::1", "2001:db8::/64"),
        ("10.0.0.3, 10.0.0.2", "10.0.0.3/32"),
        ("", "10.0.0.1/32"),
        ("unknown", "10.0.0.1/32"),
        ("203.0.113.9, hello, 10.0.0.2", "10.0.0.2/32"),
        ("203.0.113.9,", "10.0.0.1/32"),
        ("999.1.1.1", "10.0.0.1/32"),
        ("[2001:db8::1", "10.0.0.1/32"),
        ("203.0.113.9, " * 10_000 + "198.51.100.1", "198.51.100.1/32"),
        ("10.0.0.2, " * 10_000 + "10.0.0.3", "10.0.0.2/32"),
    ],
)
def test_behind_a_proxy_the_caller_is_the_last_address_that_is_no_proxy(
    header: str, caller: str
) -> None:
    assert _behind(header) == caller


def test_lines_of_a_header_are_read_as_one() -> None:
    lines = [("x-forwarded-for", "198.51.100.1"), ("x-forwarded-for", "203.0.113.9, 10.0.0.2")]
    assert _caller("10.0.0.1", *lines, trusted_proxies=PROXIES) == "203.0.113.9/32"


@pytest.mark.parametrize(
    ("header", "caller"),
    [
        ("for=203.0.113.9;proto=https;by=10.0.0.1", "203.0.113.9/32"),
        ('proto=https;For="[2001:db8::1]:4711"', "2001:db8::/64"),
        ("for=198.51.100.1, for=203.0.113.9", "203.0.113.9/32"),
        ("for=_hidden", "10.0.0.1/32"),
        ("proto=https", "10.0.0.1/32"),
        ('for="', "10.0.0.1/32"),
    ],
)
def test_the_other_header_is_read_where_the_proxies_write_it(header: str, caller: str) -> None:
    given = [("forwarded", header), ("x-forwarded-for", "198.51.100.77")]
    settings = {"trusted_proxies": PROXIES, "proxy_header": "forwarded"}
    assert _caller("10.0.0.1", *given, **settings) == caller


def test_a_header_that_the_proxies_do_not_write_is_not_read() -> None:
    # nginx passes on a `Forwarded` that the caller has made up.
    forged = ("forwarded", "for=198.51.100.77")
    told = ("x-forwarded-for", "203.0.113.9")
    assert _caller("10.0.0.1", forged, told, trusted_proxies=PROXIES) == "203.0.113.9/32"


def test_a_proxy_on_a_socket_without_address_is_trusted_where_the_settings_say_so() -> None:
    told = ("x-forwarded-for", "203.0.113.9")
    assert _caller(None, told, trusted_proxies=("unix",)) == "203.0.113.9/32"
    assert _caller(None, told, trusted_proxies=PROXIES) == "unknown"
    assert _caller("192.0.2.7", told, trusted_proxies=("unix",)) == "192.0.2.7/32"


@given(st.text(st.characters(max_codepoint=255), max_size=200), st.booleans())
def test_no_header_breaks_the_reading(header: str, is_forwarded: bool) -> None:  # noqa: FBT001
    name = "forwarded" if is_forwarded else "x-forwarded-for"
    settings = {"trusted_proxies": PROXIES, "proxy_header": name}
    assert _caller("10.0.0.1", (name, header), **settings)


def test_a_network_that_is_none_is_refused_at_the_start() -> None:
    with pytest.raises(ValidationError, match="trusted_proxies"):
        Settings(trusted_proxies=("10.0.0.1/8",))
