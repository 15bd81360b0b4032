"""What a load has to do to a table: wanted rows against the rows it holds; touches nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from seed.normalise import Row

Values = tuple[Any, ...]
# All rows of tables that are derived as a whole.
Contents = Mapping[sa.Table, list[Values]]


@dataclass(frozen=True)
class Change:
    """What to do to one table. Rows are values in the order of the table's columns.

    The first column identifies a row and never changes; `withdrawn` holds it alone.
    """

    table: sa.Table
    created: list[Values]
    changed: list[Values]
    withdrawn: list[Any]
    unchanged: int

    @property
    def is_empty(self) -> bool:
        """Whether the table already holds what is wanted."""
        return not (self.created or self.changed or self.withdrawn)


def compare(
    table: sa.Table, key: Sequence[str], held: Iterable[Values], wanted: Iterable[Row]
) -> Change:
    """What turns the `held` rows into the `wanted` ones; a row is the same if its `key` is.

    A wanted row without an id takes that of its held row, or the next one.
    """
    names = [column.name for column in table.columns]
    held_key = itemgetter(*(names.index(name) for name in key))
    wanted_key, wanted_values = itemgetter(*key), itemgetter(*names)
    stale = {held_key(values): values for values in held}
    upcoming = _upcoming(stale.values())
    created, changed, unchanged = [], [], 0
    for row in wanted:
        old = stale.pop(wanted_key(row), None)
        if names[0] not in row:
            row[names[0]] = old[0] if old else next(upcoming)
        values = wanted_values(row)
        if old is None:
            created.append(values)
        elif old != values:
            changed.append(values)
        else:
            unchanged += 1
    return Change(table, created, changed, [values[0] for values in stale.values()], unchanged)


def _upcoming(held: Iterable[Values]) -> Iterator[int]:
    return count(1 + max((values[0] for values in held if isinstance(values[0], int)), default=0))
