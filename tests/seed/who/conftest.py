"""The register of the committed data, and one of a few made-up rows."""

from collections.abc import Callable

import pytest

from graph.storage.engine import open_engine
from seed.who import Register
from seed.who.entries import Entry, read_entries, read_former_codes


@pytest.fixture(scope="session")
def entries(committed: Callable[[str], str]) -> list[Entry]:
    """All collectivities and bodies of the committed data."""
    engine = open_engine(committed("sqlite"))
    with engine.connect() as connection:
        found = read_entries(connection)
    engine.dispose()
    return found


@pytest.fixture(scope="session")
def former_codes(committed: Callable[[str], str]) -> dict[str, str]:
    engine = open_engine(committed("sqlite"))
    with engine.connect() as connection:
        found = read_former_codes(connection)
    engine.dispose()
    return found


@pytest.fixture(scope="session")
def official(entries: list[Entry], former_codes: dict[str, str]) -> Register:
    """The official code alone: no body has been entered by anybody."""
    return Register([entry for entry in entries if entry.is_official], former_codes)


@pytest.fixture(scope="session")
def register(entries: list[Entry], former_codes: dict[str, str]) -> Register:
    """What an import into the committed data has."""
    return Register(entries, former_codes)
