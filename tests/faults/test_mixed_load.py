"""All that an open endpoint meets at once, in the short form of `bench.mixed_load`."""

import shutil
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

from bench.mixed_load import mixed_load

# A quarter of a minute is no warm-up; what leaks with each request would still be more.
_GROWTH_MIB = 60


def test_a_mixed_load_meets_no_fault_and_leaves_nothing(
    committed: Callable[[str], str], tmp_path: Path
) -> None:
    path = shutil.copyfile(sa.make_url(committed("sqlite")).database or "", tmp_path / "data.db")
    figures = list(mixed_load(Path(path), 0.25))
    counted = [figure for figure in figures if not figure.unit]
    assert not [figure.cells() for figure in counted if figure.verdict == "not ok"]
    (growth,) = [figure.value for figure in figures if figure.label == "growth after warm-up"]
    assert growth < _GROWTH_MIB
