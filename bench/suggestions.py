"""How long suggestions take, by kind of prefix.

python -m bench.suggestions sqlite:///terrigraph.db   # any loaded database
"""

import statistics
import sys
from time import perf_counter

from graph.domain.suggest import parse_suggest
from graph.loaders.suggestion import load_suggestions
from graph.storage.read import Database

PREFIXES = {
    "short": ("s", "sa", "le", "st", "y", "7", "2A"),
    "shared by many": ("saint", "sainte", "saint-ma", "mont", "ville", "champ", "la cha"),
    "long": ("saint eti", "st etienne", "communaute de communes du pays", "aix en provence"),
    "code": ("38", "53130", "2A004", "242500361", "200"),
    "postal code": ("75011", "380", "3800", "130", "13001"),
    "typo": ("parsi", "bordaux", "marx", "cort", "strasbuorg", "saint etinne"),
    "late typo": ("saint martin dherse", "stmartin dherse", "la chapelle saint marx"),
    "no match": ("zzzz", "zzzzzzzz", "st" + "z" * 20, "a" * 1000, "99999"),
}
_WARM_UP_CALLS, _CALLS = 5, 50


def measure(database: Database, prefix: str) -> tuple[float, int]:
    """The median of a call in ms, and its statements."""
    with database.reader() as reader:
        times = []
        for _ in range(_WARM_UP_CALLS + _CALLS):
            reader.statements.clear()
            started = perf_counter()
            load_suggestions(reader, parse_suggest(prefix))
            times.append(perf_counter() - started)
        return statistics.median(times[_WARM_UP_CALLS:]) * 1000, len(reader.statements)


def main(url: str) -> None:
    """Print the slowest prefix of each kind."""
    with Database(url) as database:
        for kind, prefixes in PREFIXES.items():
            ms, prefix = max((measure(database, prefix)[0], prefix) for prefix in prefixes)
            statements = max(measure(database, prefix)[1] for prefix in prefixes)
            print(f"{kind:15} {ms:5.2f} ms ({prefix[:30]}), {statements} statements")


if __name__ == "__main__":
    main(sys.argv[1])
