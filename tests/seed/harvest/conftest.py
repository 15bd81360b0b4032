"""A misbehaving server, entries that lie there, and a fetcher that need not wait."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from seed.harvest.addresses import parse_networks
from seed.harvest.entry import Format, Frequency, SourceEntry
from seed.harvest.fetch import Fetcher, FetchSettings
from tests.seed.harvest.server import Site, serving

# The server's own address and no other of this machine, so that redirects may be refused.
SETTINGS = FetchSettings(
    contact="list@example.org",
    networks=parse_networks("127.0.0.1"),
    max_bytes=100_000,
    connect_timeout_s=5,
    read_timeout_s=5,
    whole_timeout_s=30,
    version="1.2.3",
)
LIST = b"prize,year\nprix-territoria,2017\n"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as found:
        yield found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "fetched"
    found.mkdir()
    return found


@pytest.fixture
def waits() -> list[float]:
    """How long a fetcher would have waited between its tries, in seconds."""
    return []


@pytest.fixture
def new_fetcher(folder: Path, waits: list[float]) -> Callable[..., Fetcher]:
    """Makes a fetcher; what is named replaces a setting."""

    def new(**changed: object) -> Fetcher:
        return Fetcher(replace(SETTINGS, **changed), folder, pause=waits.append)

    return new


def entry(address: str, key: str = "awards", **changed: object) -> SourceEntry:
    """A list at an address: CSV, looked at each day."""
    usual = SourceEntry(
        key=key,
        name="Palmarès d’essai",
        publisher="Association d’essai",
        licence_name="Licence Ouverte 2.0",
        licence_url=None,
        address=address,
        format=Format.CSV,
        mapping=None,
        table="award",
        frequency=Frequency.DAILY,
        rank=100,
    )
    return replace(usual, **changed)
