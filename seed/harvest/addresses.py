"""Which addresses may be asked: public ones, and private networks that the operator allows.

Nobody connects here; `seed.harvest.connect` checks what names lead to, and connects to just that.
"""

import re
from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

import httpx

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_MAX_CHARACTERS = 2_000
_PORTS = 65_536
_CONTROL = re.compile(r"[\x00-\x20\x7f]")

# Named here although `is_global` refuses most of them: what it knows depends on the version of
# Python. IANA's registries of special-purpose addresses, read in January 2026.
_SPECIAL = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)
# IPv6 networks whose addresses hold an IPv4 address: so many bits from the right.
_EMBEDDING = (
    (IPv6Network("::ffff:0:0/96"), 0),
    (IPv6Network("64:ff9b::/96"), 0),
    (IPv6Network("2002::/16"), 80),
)


class RefusedAddress(ValueError):
    """An address that is not asked; the text says why, and what would be."""


def checked_url(text: str) -> httpx.URL:
    """The address as it may be asked, without its fragment. RefusedAddress otherwise.

    What its host leads to is not looked up.
    """
    if len(text) > _MAX_CHARACTERS:
        raise RefusedAddress(f"is too long; write at most {_MAX_CHARACTERS:,} characters")
    if _CONTROL.search(text):
        raise RefusedAddress("holds a space or a control character; write it as %20 and the like")
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        raise RefusedAddress("is no address; write https://host/path") from None
    if url.scheme not in {"http", "https"}:
        raise RefusedAddress("is neither http nor https; write https://host/path")
    if not url.host:
        raise RefusedAddress("names no host; write https://host/path")
    if url.port is not None and not 0 < url.port < _PORTS:
        raise RefusedAddress(f"names port {url.port}; write one from 1 to 65535, or none")
    if url.userinfo:
        raise RefusedAddress(
            "holds a user name or password, which would end up in logs; write it without"
        )
    return url.copy_with(fragment=None)


def shown_url(url: httpx.URL) -> str:
    """An address for messages: without what may be a secret in its query."""
    shown = str(url.copy_with(query=None, fragment=None, username=None, password=None))
    return f"{shown}?…" if url.query else shown


def parse_networks(text: str) -> tuple[Network, ...]:
    """Networks separated by spaces or commas. ValueError names the one that is none."""
    found = []
    for word in text.replace(",", " ").split():
        try:
            found.append(ip_network(word))
        except ValueError:
            raise ValueError(
                f"{word!r} is no network; write 10.1.0.0/16, fd12::/48 or one address"
            ) from None
    return tuple(found)


def is_askable(address: str, allowed: Iterable[Network] = ()) -> bool:
    """Whether an address is public, or lies in a network that is allowed."""
    found = ip_address(address.partition("%")[0])  # a scope names an interface, not a place
    if any(_lies_in(each, network) for each in (found, *_embedded(found)) for network in allowed):
        return True
    inner = _embedded(found)
    if inner:
        return all(map(_is_public, inner))
    return _is_public(found)


def _is_public(address: Address) -> bool:
    return address.is_global and not any(_lies_in(address, network) for network in _SPECIAL)


def _lies_in(address: Address, network: Network) -> bool:
    return address.version == network.version and address in network


def _embedded(address: Address) -> tuple[IPv4Address, ...]:
    if isinstance(address, IPv4Address):
        return ()
    return tuple(
        IPv4Address((int(address) >> shift) & 0xFFFF_FFFF)
        for network, shift in _EMBEDDING
        if address in network
    )
