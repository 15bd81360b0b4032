"""A server is asked while a list is imported, in the short form of `bench.readers`."""

from pathlib import Path

from bench import lists
from bench.readers import counts, observe
from graph.storage.engine import open_engine

_ROWS = 2_000


def test_answers_are_of_the_old_release_then_of_the_new_and_none_is_an_error(
    committed_url: str, tmp_path: Path
) -> None:
    engine = open_engine(committed_url)
    with engine.connect() as connection:
        lists.write(connection, tmp_path / "list", _ROWS)
    engine.dispose()
    figures = list(counts("", observe(committed_url, tmp_path / "list", 0.5)))
    assert not [figure.cells() for figure in figures if figure.verdict != "ok"]
