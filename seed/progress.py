"""How a load tells how far it is."""

from collections.abc import Callable

# A label, the steps done, and all steps of that label.
Progress = Callable[[str, int, int], None]


def silence(_label: str, _done: int, _total: int) -> None:
    """Tells nobody."""
