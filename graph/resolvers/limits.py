"""The limits of the operation that is under way, and the refusal of what is over one of them."""

from graph.domain.errors import OverLimit
from graph.settings import in_force


def most(setting: str) -> int:
    """The most that is taken."""
    value: int = getattr(in_force.get(), setting)
    return value


def over(setting: str, actual: int, message: str) -> OverLimit:
    """The refusal of so much."""
    return OverLimit(message, in_force.get().exceeded(setting, actual))
