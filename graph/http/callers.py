"""Who calls: the address of a caller behind proxies that are trusted, cut to its prefix.

A header can be written by anyone, so it is read only as far as proxies of the settings vouch
for it. Whatever cannot be read ends the reading; it never raises.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, NamedTuple

from graph.settings import Settings

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Headers = Iterable[tuple[bytes, bytes]]

UNKNOWN = "unknown"
# No chain of proxies is longer; a header that names more is made up.
_MAX_HOPS = 20
_KNOWN_CALLERS = 8192
_LOGGED_BITS = {4: 24, 6: 48}


class Caller(NamedTuple):
    """The prefix that a caller shares with nobody else, and the hash of its key if it has one.

    `is_behind_proxy`: a trusted proxy spoke for it, so the proxy's headers can be believed.
    """

    prefix: str
    is_behind_proxy: bool
    key: str = ""
    network: str = UNKNOWN  # short enough to name nobody, for logs


class Callers:
    """Tells callers apart by the settings of an instance."""

    def __init__(self, settings: Settings) -> None:
        self._trusted = tuple(
            ip_network(each) for each in settings.trusted_proxies if each != "unix"
        )
        self._trusts_unix = "unix" in settings.trusted_proxies
        self._operators = tuple(ip_network(each) for each in settings.operator_networks)
        self._header = settings.proxy_header.encode()
        self._bits = {4: settings.caller_ipv4_bits, 6: settings.caller_ipv6_bits}
        # Reading an address takes 5 µs, more than all else that is done for a known answer.
        self._known = lru_cache(maxsize=_KNOWN_CALLERS)(self._read)
        self._keys = frozenset(settings.api_keys)

    def of(self, scope: Mapping[str, Any]) -> Caller:
        """The caller of a request."""
        client = scope.get("client")
        peer = client[0] if client else ""
        header = b""
        if self._trusted or self._trusts_unix:
            header = b",".join(value for name, value in scope["headers"] if name == self._header)
        caller = self._known(peer, header)
        return caller._replace(key=self._key(scope["headers"])) if self._keys else caller

    def _key(self, headers: Headers) -> str:
        """The hash of the key that a request bears, if it is one of the settings."""
        for name, value in headers:
            if name == b"x-api-key":
                key = value
            elif name == b"authorization" and value[:7].lower() == b"bearer ":
                key = value[7:]
            else:
                continue
            hashed = sha256(key.strip()).hexdigest()
            if hashed in self._keys:
                return hashed
        return ""

    def _read(self, peer: str, header: bytes) -> Caller:
        address = _address(peer)
        if not (self._is_trusted(address) if address else self._trusts_unix and not peer):
            return self._caller(address, is_behind_proxy=False)
        for hop in _hops(header, is_forwarded=self._header == b"forwarded"):
            found = _address(hop)
            if found is None:  # who wrote it is the last one known
                break
            address = found
            if not self._is_trusted(found):
                break
        return self._caller(address, is_behind_proxy=True)

    def is_operator(self, caller: Caller) -> bool:
        """Whether a caller may see what is of no concern to the public."""
        if caller.prefix == UNKNOWN:
            return False
        network = ip_network(caller.prefix)
        return any(
            network.version == each.version and network.subnet_of(each)  # type: ignore[arg-type]  # of one version
            for each in self._operators
        )

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)

    def _caller(self, address: Address | None, *, is_behind_proxy: bool) -> Caller:
        if address is None:
            return Caller(UNKNOWN, is_behind_proxy)
        prefix = _cut(address, self._bits[address.version])
        network = _cut(address, min(_LOGGED_BITS[address.version], self._bits[address.version]))
        return Caller(prefix, is_behind_proxy, network=network)


def _cut(address: Address, bits: int) -> str:
    return ip_network((address, bits), strict=False).with_prefixlen


def _hops(header: bytes, *, is_forwarded: bool) -> Iterator[str]:
    """The addresses that a header names, the nearest first."""
    items = header.decode("latin-1").rsplit(",", _MAX_HOPS)[-_MAX_HOPS:]
    for item in reversed(items):
        yield _forwarded_for(item) if is_forwarded else item.strip()


def _forwarded_for(item: str) -> str:
    """The value of `for` in an element of `Forwarded` (RFC 7239); empty when there is none."""
    for pair in item.split(";"):
        name, _, value = pair.partition("=")
        if name.strip().lower() == "for":
            return value.strip().strip('"')
    return ""


def _address(text: str) -> Address | None:
    """An address with or without a port, in brackets or not; None for anything else."""
    host = text
    if text.startswith("["):
        host, bracket, port = text[1:].partition("]")
        if not bracket or (port and not port.startswith(":")):
            return None
    elif text.count(":") == 1:
        host = text.partition(":")[0]
    if "%" in host:  # a zone means something on one machine only
        host = host.partition("%")[0]
    try:
        address = ip_address(host)
    except ValueError:
        return None
    # The same caller reaches a socket of both families in this form.
    return getattr(address, "ipv4_mapped", None) or address
