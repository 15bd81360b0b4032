"""Files of a given content, opened or refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from seed.faults import BrokenData, Fault
from seed.read import BOUNDS, Bounds, How, Sheet, open_sheets

Open = Callable[..., Sheet]


def opener(folder: Path, usual_name: str) -> Open:
    """Opens a file of the given content, which has one sheet."""

    def open_one(
        content: str | bytes, name: str = usual_name, bounds: Bounds = BOUNDS, **how: object
    ) -> Sheet:
        data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
        (folder / name).write_bytes(data)
        (sheet,) = open_sheets(folder / name, How(**how), bounds)  # type: ignore[arg-type]  # by name
        return sheet

    return open_one


def refused(opened: Open, content: str | bytes, **given: object) -> Fault:
    """The one fault that ends the reading of a file."""
    with pytest.raises(BrokenData) as error:
        list(opened(content, **given).rows())
    (found,) = error.value.errors
    return found
