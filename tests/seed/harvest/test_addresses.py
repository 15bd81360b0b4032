"""Only public addresses are asked, by whatever name, redirect or change of mind they come."""

from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

import pytest

from seed.harvest.addresses import (
    RefusedAddress,
    checked_url,
    is_askable,
    parse_networks,
    shown_url,
)
from seed.harvest.fetch import Failed, Fetched, Fetcher
from tests.seed.harvest.conftest import LIST, SETTINGS, entry
from tests.seed.harvest.server import Site, answer

NewFetcher = Callable[..., Fetcher]

PUBLIC = ["8.8.8.8", "2a01:cb00::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]
OTHER = {
    "loopback": ["127.0.0.1", "127.255.0.9", "::1"],
    "private": ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"],
    "unique local": ["fc00::1", "fd12:3456::1"],
    "link-local": ["169.254.169.254", "fe80::1", "fe80::1%eth0", "fec0::1"],
    "multicast": ["224.0.0.1", "239.255.255.250", "ff02::1", "ff0e::1"],
    "nowhere": ["0.0.0.0", "0.1.2.3", "::", "240.0.0.1", "255.255.255.255"],
    "shared": ["100.64.0.1", "198.18.0.1", "192.0.0.8", "192.0.0.170"],
    "documentation": ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
    "mapped": ["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254"],
    "compatible": ["::127.0.0.1", "::8.8.8.8"],
    "translated": ["64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1"],
    "tunnelled": ["2002:7f00:1::1", "2002:a00:1::", "2001:0:808:808::1"],
}


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_asked(address: str) -> None:
    assert is_askable(address)


@pytest.mark.parametrize("address", [each for some in OTHER.values() for each in some])
def test_others_are_not_unless_their_network_is_allowed(address: str) -> None:
    assert not is_askable(address)
    assert is_askable(address, parse_networks(str(ip_address(address.partition("%")[0]))))
    assert not is_askable(address, parse_networks("10.9.9.0/24, fd99::/16"))


def test_an_allowed_network_holds_for_its_addresses_inside_others() -> None:
    allowed = parse_networks("127.0.0.0/8")
    assert is_askable("::ffff:127.0.0.1", allowed)
    assert not is_askable("::ffff:10.0.0.1", allowed)


def test_a_network_that_is_none_is_told() -> None:
    with pytest.raises(ValueError, match=r"'10.0.0.1/8' is no network; write 10.1.0.0/16"):
        parse_networks("10.0.0.0/8 10.0.0.1/8")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ftp://example.org/a", "neither http nor https"),
        ("file:///etc/passwd", "neither http nor https"),
        ("gopher://example.org/", "neither http nor https"),
        ("//example.org/a", "neither http nor https"),
        ("example.org/a.csv", "neither http nor https"),
        ("https:///a.csv", "names no host"),
        ("http://", "names no host"),
        ("https://name@example.org/", "user name or password"),
        ("https://name:word@example.org/", "user name or password"),
        ("https://:word@example.org/", "user name or password"),
        ("https://example.org/a b", "a space or a control character"),
        ("https://example.org/a\r\nHost: b", "a space or a control character"),
        ("https://example.org:port/", "is no address"),
        ("https://example.org:99999/", "names port 99999"),
        ("https://example.org:0/", "names port 0"),
        ("https://[::1/", "is no address"),
        ("https://example.org/" + "a" * 2000, "is too long"),
    ],
)
def test_an_address_that_is_not_asked_says_what_would_be(text: str, words: str) -> None:
    with pytest.raises(RefusedAddress, match=words):
        checked_url(text)


def test_an_address_is_asked_without_its_fragment() -> None:
    assert str(checked_url("https://example.org/a?b=c#d")) == "https://example.org/a?b=c"


def test_what_may_be_secret_in_an_address_is_not_shown() -> None:
    assert shown_url(checked_url("https://example.org/a?key=secret")) == "https://example.org/a?…"


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.1", "2130706433", "0x7f000001", "017700000001", "[::1]", "[::ffff:7f00:1]"],
)
def test_no_spelling_of_this_machine_is_asked(site: Site, folder: Path, host: str) -> None:
    site.at("/a.csv", answer(LIST))
    fetcher = Fetcher(replace(SETTINGS, networks=()), folder, pause=lambda _seconds: None)
    found = fetcher.fetch(entry(site.url("/a.csv", host)))
    assert isinstance(found, Failed)
    assert "is no public address" in found.reason
    assert "TERRIGRAPH_HARVEST_NETWORKS" in found.reason
    assert not found.is_passing
    assert site.requests == []


def test_a_name_is_looked_up_once_and_what_was_checked_is_connected_to(
    site: Site, folder: Path
) -> None:
    """A name that is harmless when it is checked may lead elsewhere when it is connected to.

    No resolver but this one knows the name, so the connection must go to the checked address.
    """
    answers = iter([["127.0.0.1"], ["127.0.0.2"], ["127.0.0.1"]])
    fetcher = Fetcher(SETTINGS, folder, resolve=lambda _host, _port: next(answers))
    site.at("/a.csv", answer(LIST))
    rebinding = entry(site.url("/a.csv", "rebinding.invalid"))
    assert isinstance(fetcher.fetch(rebinding), Fetched)
    # The next fetch looks the name up anew, and finds where it leads by now.
    found = fetcher.fetch(rebinding)
    assert isinstance(found, Failed)
    assert "rebinding.invalid leads to 127.0.0.2" in found.reason
    assert next(answers) == ["127.0.0.1"]
    assert len(site.requests) == 1


def test_a_name_of_which_one_address_is_private_is_refused(site: Site, folder: Path) -> None:
    settings = replace(SETTINGS, networks=())
    fetcher = Fetcher(settings, folder, resolve=lambda _host, _port: ["8.8.8.8", "127.0.0.1"])
    found = fetcher.fetch(entry(site.url("/a.csv", "mixed.example")))
    assert isinstance(found, Failed)
    assert "mixed.example leads to 127.0.0.1" in found.reason


def test_the_next_address_of_a_name_is_tried_when_one_does_not_answer(
    site: Site, folder: Path
) -> None:
    site.at("/a.csv", answer(LIST))
    settings = replace(SETTINGS, networks=parse_networks("127.0.0.0/8"))
    # Nothing listens there: the server has an address of its own.
    fetcher = Fetcher(settings, folder, resolve=lambda _host, _port: ["127.9.9.9", "127.0.0.1"])
    found = fetcher.fetch(entry(site.url("/a.csv", "several.example")))
    assert isinstance(found, Fetched)


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 64 + ".example"])
def test_a_name_that_leads_nowhere_is_asked_for_once(
    new_fetcher: NewFetcher, waits: list[float], host: str
) -> None:
    found = new_fetcher().fetch(entry(f"http://{host}/a.csv"))
    assert isinstance(found, Failed)
    assert waits == []
    assert "no such host" in found.reason


def test_the_look_up_of_a_name_has_a_time(site: Site, folder: Path) -> None:
    def never(_host: str, _port: int) -> list[str]:
        site.over.wait()
        return []

    fetcher = Fetcher(replace(SETTINGS, connect_timeout_s=0.2, tries=1), folder, resolve=never)
    found = fetcher.fetch(entry("http://slow.example/a.csv"))
    assert isinstance(found, Failed)
    assert "cannot be reached in time" in found.reason


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(site: Site, new_fetcher: NewFetcher, status: int) -> None:
    site.at("/new.csv", answer(LIST))
    url = site.at("/old.csv", answer(status=status, Location="new.csv#part"))
    found = new_fetcher().fetch(entry(url))
    assert isinstance(found, Fetched)
    moved = f"moved for good to {site.url('/new.csv')}; write that address"
    assert found.note == (moved if status in {301, 308} else None)


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("http://127.0.0.2:{port}/a.csv", "127.0.0.2, which is no public address"),
        ("http://[::1]:{port}/a.csv", "which is no public address"),
        ("http://[::ffff:127.0.0.2]:{port}/a.csv", "which is no public address"),
        ("//10.0.0.1/a.csv", "10.0.0.1, which is no public address"),
        ("http://169.254.169.254/latest/", "which is no public address"),
        ("http://user:word@127.0.0.1:{port}/a.csv", "user name or password"),
        ("file:///etc/passwd", "neither http nor https"),
        ("ftp://example.org/a.csv", "neither http nor https"),
        ("http://127.0.0.1:word/a.csv", "what is no address"),
        ("https://example.org/" + "a" * 3000, "too long"),
        ("/" + "a" * 65_530, "what is no address"),
    ],
)
def test_a_redirect_to_what_is_not_asked_is_not_followed(
    site: Site, new_fetcher: NewFetcher, location: str, words: str
) -> None:
    site.at("/a.csv", answer(LIST))
    url = site.at("/old.csv", answer(status=302, Location=location.format(port=site.port)))
    found = new_fetcher().fetch(entry(url))
    assert isinstance(found, Failed), location
    assert words in found.reason
    assert not found.is_passing
    assert site.asked("/a.csv") == []


def test_redirects_in_a_circle_are_left(site: Site, new_fetcher: NewFetcher) -> None:
    site.at("/b.csv", answer(status=302, Location="/a.csv?key=secret"))
    site.at("/a.csv?key=secret", answer(status=302, Location="/b.csv"))
    found = new_fetcher().fetch(entry(site.url("/a.csv?key=secret")))
    assert isinstance(found, Failed)
    assert "in a circle" in found.reason
    assert "secret" not in found.reason
    assert len(site.requests) == 2


def test_redirects_without_end_are_left(site: Site, new_fetcher: NewFetcher) -> None:
    for number in range(10):
        site.at(f"/{number}", answer(status=302, Location=f"/{number + 1}"))
    found = new_fetcher().fetch(entry(site.url("/0")))
    assert isinstance(found, Failed)
    assert "more than 5 redirects" in found.reason
    assert len(site.requests) == 6


def test_a_redirect_is_asked_again_from_its_beginning(site: Site, new_fetcher: NewFetcher) -> None:
    site.at("/new.csv", answer(status=503), answer(LIST))
    url = site.at("/old.csv", answer(status=302, Location="/new.csv"))
    assert isinstance(new_fetcher().fetch(entry(url)), Fetched)
    assert [len(site.asked(target)) for target in ("/old.csv", "/new.csv")] == [2, 2]


def test_a_redirect_without_a_place_to_go_is_refused(site: Site, new_fetcher: NewFetcher) -> None:
    found = new_fetcher().fetch(entry(site.at("/a.csv", answer(status=302))))
    assert isinstance(found, Failed)
    assert "answers 302" in found.reason
