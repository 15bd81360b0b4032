"""Names that are one letter away: one more, less or other, or two that changed places."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

_LAST_CHARACTER = "\U0010ffff"

# With fewer letters one other letter leads anywhere.
MIN_LETTERS = 5


class Neighbours:
    """Finds keys near a text. Holds each key twice, forwards and backwards, in order.

    One half of a text is right at least, so only keys that begin or end like it are compared.
    """

    def __init__(self, keys: Iterable[str]) -> None:
        self._forwards = sorted(keys)
        self._backwards = sorted(key[::-1] for key in self._forwards)

    def near(self, text: str) -> set[str]:
        """The keys that are one letter away from `text`, itself not among them."""
        if len(text) < MIN_LETTERS:
            return set()
        middle = len(text) // 2
        # Two neighbours that change places are both in one of the parts, or both in the other.
        begin, end = text[: middle - 1], text[middle:]
        found = set(_near(_beginning(self._forwards, begin), text))
        backwards = _near(_beginning(self._backwards, end[::-1]), text[::-1])
        return found.union(key[::-1] for key in backwards) - {text}


def _beginning(keys: list[str], begin: str) -> Iterator[str]:
    start = bisect_left(keys, begin)
    return iter(keys[start : bisect_left(keys, begin + _LAST_CHARACTER, start)])


def _near(keys: Iterable[str], text: str) -> Iterator[str]:
    lengths = range(len(text) - 1, len(text) + 2)
    return (key for key in keys if len(key) in lengths and is_near(key, text))


def is_near(one: str, other: str) -> bool:
    """Whether at most one letter is more, less or other, or two neighbours changed places."""
    at = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        at += 1
    rest, rest_of_other = one[at:], other[at:]
    return (
        rest[1:] == rest_of_other[1:]
        or rest == rest_of_other[1:]
        or rest[1:] == rest_of_other
        or (rest[2:] == rest_of_other[2:] and rest[1::-1] == rest_of_other[:2])
    )
