"""Ids for records: a record keeps the id it has in the database, a new one gets the next."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graph.domain.uid import make_uid
from seed import files
from seed.files import File
from seed.records import Record
from seed.rules import Key, Records, key_of, metric_key


@dataclass(frozen=True)
class _Entity:
    """A table whose rows are named by a natural key, and the files that fill it."""

    type_name: str
    files: tuple[File, ...]
    natural_key: Callable[[Record], str]


def _code(record: Record) -> str:
    return f"{record['kind']}:{record['code']}"


def _edition(record: Record) -> str:
    return f"{record['prize']}-{record['year']}"


def _key(record: Record) -> str:
    return str(record["key"])


def _slug(record: Record) -> str:
    return str(record["slug"])


_ENTITIES = (
    _Entity("Source", (files.SOURCES,), _key),
    _Entity("Collectivity", (files.COLLECTIVITIES, files.BODIES), _code),
    _Entity("Category", (files.CATEGORIES,), _slug),
    _Entity("Prize", (files.PRIZES,), _slug),
    _Entity("Edition", (files.EDITIONS,), _edition),
    _Entity("Initiative", (files.INITIATIVES,), _slug),
    _Entity("Award", (files.AWARDS,), _key),
    _Entity("Metric", (files.METRICS,), metric_key),
)


class Numbers:
    """The ids of all records. `held` are the ids in the database, by table and uid.

    New ids follow the highest held one in file order, so that both engines give the same.
    """

    def __init__(self, records: Records, held: Mapping[str, Mapping[str, int]]) -> None:
        self._ids: dict[str, dict[Key, int]] = {}
        self._heads: dict[str, list[tuple[int, str, str]]] = {}
        for entity in _ENTITIES:
            self._number(entity, records, held[entity.files[0].target])

    def _number(self, entity: _Entity, records: Records, held: Mapping[str, int]) -> None:
        upcoming = max(held.values(), default=0) + 1
        for file in entity.files:
            ids = self._ids.setdefault(file.target, {})
            heads = self._heads[file.name] = []
            for record in records[file.name]:
                natural_key = entity.natural_key(record)
                uid = make_uid(entity.type_name, natural_key)
                number = held.get(uid)
                if number is None:
                    number, upcoming = upcoming, upcoming + 1
                heads.append((number, uid, natural_key))
                ids[key_of(record, file.key)] = number

    def heads(self, file: File) -> list[tuple[int, str, str]]:
        """The id, the uid and the natural key of each record of a file, in its order."""
        return self._heads[file.name]

    def id_of(self, target: str, *key: Any) -> int:
        """The id behind a key that is known to exist."""
        return self._ids[target][key]

    def id_or_none(self, target: str, *key: Any) -> int | None:
        """The same, None where the last part of the key is."""
        return None if key[-1] is None else self._ids[target][key]
