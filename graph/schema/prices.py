"""What fields cost beyond their rows, in points of some 10 µs, as measured on the committed data.

`bench/prices.py` prints what is asked here beside what it takes.
"""

from typing import Any

from graph.execution.declaration import PRICE_KEY, Price, Surcharge

# Of 40,000 collectivities and some hundred records of each other type.
_READING_ALL = {"Collectivity": 800}
_READING_ALL_OF_OTHERS = 20

COUNT = Price(once=50, per_row=0)
SNIPPET = Price(once=0, per_row=10)
SEARCH = Price(once=1000, rows=20, most=100)
SUGGESTIONS = Price(once=50, rows=10, most=20)
SIMILAR = Price(per_row=10, rows=5, most=100)
NODES = Price(keys="ids", rows=100, most=100)
EDITIONS = Price(rows=15, most=15)
SOURCE_RECORDS = Price(once=300, per_row=3)
COVERAGE = Price(rows=50, most=50)
CHANGES = Price(once=50, rows=20, most=100)
CLAIMS = Price(once=30, rows=1, most=1)


def reading_all(type_name: str) -> int:
    """What it costs to read all records of a type once."""
    return _READING_ALL.get(type_name, _READING_ALL_OF_OTHERS)


def aggregate(type_name: str) -> Price:
    """The aggregate of a list."""
    return Price(once=30 + reading_all(type_name) // 8)


def number(type_name: str) -> Price:
    """The summary of a number, for which all values are sorted."""
    return Price(once=30 + reading_all(type_name) * 25)


def facet(type_name: str) -> Price:
    """The values of a list's rows."""
    return Price(once=30 + reading_all(type_name) * 2, rows=20, most=100)


def groups(type_name: str) -> Price:
    """Groups of records."""
    return Price(once=50 + reading_all(type_name), rows=20, most=100)


def items(type_name: str) -> Price:
    """The rows of groups."""
    return Price(once=50 + reading_all(type_name) * 4, rows=20, most=100)


def filtering(type_name: str, *, is_of_parent: bool) -> dict[str, Any]:
    """A filter. Most have an index, and what has none is charged itself."""
    all_rows = reading_all(type_name)
    return charged(per_parent=all_rows // 80) if is_of_parent else charged(all_rows // 8)


def sorting(type_name: str, *, is_of_parent: bool) -> dict[str, Any]:
    """A key of an order, for which all rows of the list may be read."""
    all_rows = reading_all(type_name)
    return charged(per_parent=all_rows // 8) if is_of_parent else charged(all_rows // 2)


def charged(once: int = 0, per_parent: int = 0) -> dict[str, Any]:
    """The metadata of an argument or a field of an input that costs something where given."""
    return {PRICE_KEY: Surcharge(once, per_parent)}


# Reading every text; related records of all rows.
CONTAINS = charged(800)
UNINDEXED = charged(400)
RELATED = charged(50)
# All of the log, which begins with the coming of all records.
LOG_READ = charged(400)
RELATED_TO_ALL = charged(1500)
SEARCHED = charged(50)
WITH_EMPTY_GROUPS = charged(10_000)
