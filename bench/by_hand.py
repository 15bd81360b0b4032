"""The benchmark's answers without GraphQL: one statement per level, dicts, orjson.

What a careful engineer would write for exactly these questions, with the connection settings
and the key sets of `graph.storage`: the same bytes as the API gives, read in one snapshot.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from graph.domain.decimals import from_micro
from graph.storage.keys import bind_keys
from graph.storage.read import Database

Object = dict[str, Any]
Row = tuple[Any, ...]
Groups = dict[Any, list[Object]]

# The defaults of the documents' variables.
YEAR, COMMUNE, FIRST = 2017, "45234", 100


class ByHand:
    """One connection, and the answers over it."""

    def __init__(self, url: str) -> None:
        self._database = Database(url)
        # Settings of its own could make it faster or slower for reasons that are not GraphQL's.
        self._connection = self._database._connect()  # noqa: SLF001  # see above
        self._is_sqlite = self._database.dialect == "sqlite"
        self._texts: dict[str, str] = {}
        self.statements = 0

    def close(self) -> None:
        """End the connection."""
        self._connection.close()
        self._database.close()

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        self.statements = 0
        self._cursor = self._connection.cursor()
        self._cursor.execute(
            "BEGIN" if self._is_sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        )
        yield
        self._cursor.execute("COMMIT")
        self._cursor.close()

    def _rows(self, text: str, *values: Any) -> list[Row]:
        """The rows of a statement; `?` is a value and `IN ?` a set of whole numbers."""
        self.statements += 1
        known = self._texts.get(text)
        if known is None:
            known = self._texts[text] = self._dialected(text)
        return self._cursor.execute(known, values).fetchall()  # type: ignore[no-any-return]

    def _dialected(self, text: str) -> str:
        if self._is_sqlite:
            return text.replace("IN ?", "IN (SELECT value FROM json_each(?))")
        return text.replace("IN ?", "= ANY (%s::integer[])").replace("?", "%s")

    def _of(self, text: str, ids: Iterable[Any]) -> list[Row]:
        """The rows of a level: those of all `ids` at once."""
        wanted = set(ids)
        wanted.discard(None)
        if not wanted:
            return []
        return self._rows(text, bind_keys(wanted, self._database.dialect))

    def nested(self) -> bytes:
        """100 initiatives with all that hangs on them."""
        with self._snapshot():
            initiatives = self._rows(
                "SELECT id, slug, title FROM initiative ORDER BY slug LIMIT ?", FIRST
            )
            ids = [row[0] for row in initiatives]
            categories = self._categories(ids)
            holders = self._holders(ids)
            awards = self._awards(ids)
            metrics = self._metrics(ids)
        nodes = [
            {
                "slug": slug,
                "title": title,
                "categories": categories[id_],
                "holders": holders[id_],
                "awards": awards[id_],
                "metrics": metrics[id_],
            }
            for id_, slug, title in initiatives
        ]
        return orjson.dumps({"data": {"initiatives": {"nodes": nodes}}})

    def _categories(self, initiative_ids: list[int]) -> Groups:
        rows = self._of(
            "SELECT l.initiative_id, c.slug FROM initiative_category l "
            "JOIN category c ON c.id = l.category_id WHERE l.initiative_id IN ? ORDER BY c.slug",
            initiative_ids,
        )
        return _grouped((id_, {"slug": slug}) for id_, slug in rows)

    def _holders(self, initiative_ids: list[int]) -> Groups:
        rows = self._of(
            "SELECT h.initiative_id, h.role, c.code, c.name, c.parent_id "
            "FROM initiative_holder h JOIN collectivity c ON c.id = h.collectivity_id "
            "WHERE h.initiative_id IN ? ORDER BY h.initiative_id, h.position",
            initiative_ids,
        )
        parents = self._parents(row[4] for row in rows)
        return _grouped(
            (
                id_,
                {
                    "role": role,
                    "collectivity": {"code": code, "name": name, "parent": parents.get(parent_id)},
                },
            )
            for id_, role, code, name, parent_id in rows
        )

    def _parents(self, ids: Iterable[int | None]) -> dict[int, Object]:
        rows = self._of("SELECT id, name, parent_id FROM collectivity WHERE id IN ?", ids)
        above = self._of(
            "SELECT id, name FROM collectivity WHERE id IN ?", (row[2] for row in rows)
        )
        tops = {id_: {"name": name} for id_, name in above}
        return {id_: {"name": name, "parent": tops.get(parent_id)} for id_, name, parent_id in rows}

    def _awards(self, initiative_ids: list[int]) -> Groups:
        rows = self._of(
            "SELECT initiative_id, level, edition_id, category_id FROM award "
            "WHERE initiative_id IN ? "
            "ORDER BY initiative_id DESC, year DESC, level_rank DESC, key DESC",
            initiative_ids,
        )
        found = self._of("SELECT id, year FROM edition WHERE id IN ?", (row[2] for row in rows))
        editions = {id_: {"year": year} for id_, year in found}
        found = self._of("SELECT id, slug FROM category WHERE id IN ?", (row[3] for row in rows))
        categories = {id_: {"slug": slug} for id_, slug in found}
        return _grouped(
            (
                id_,
                {
                    "level": level,
                    "edition": editions[edition_id],
                    "category": categories.get(category_id),
                },
            )
            for id_, level, edition_id, category_id in rows
        )

    def _metrics(self, initiative_ids: list[int]) -> Groups:
        rows = self._of(
            "SELECT initiative_id, name_fr, value_micro, unit FROM metric "
            "WHERE initiative_id IN ? ORDER BY initiative_id, key",
            initiative_ids,
        )
        return _grouped(
            (id_, {"name": name, "value": from_micro(micro), "unit": unit})
            for id_, name, micro, unit in rows
        )

    def winners(self) -> bytes:
        """The winners of a year, best first."""
        with self._snapshot():
            ((total,),) = self._rows("SELECT count(*) FROM award WHERE year = ?", YEAR)
            awards = self._rows(
                "SELECT id, uid, level, level_as_printed, category_as_printed, category_id, "
                "initiative_id FROM award WHERE year = ? "
                "ORDER BY year DESC, level_rank DESC, key DESC LIMIT ?",
                YEAR,
                FIRST,
            )
            found = self._of(
                "SELECT id, slug, label_fr FROM category WHERE id IN ?", (row[5] for row in awards)
            )
            categories = {id_: {"slug": slug, "label": label} for id_, slug, label in found}
            initiatives = self._initiatives(row[6] for row in awards)
            laureates = self._laureates(row[0] for row in awards)
        nodes = [
            {
                "id": uid,
                "level": level,
                "levelAsPrinted": level_printed,
                "categoryAsPrinted": printed,
                "category": categories.get(category_id),
                "initiative": initiatives.get(initiative_id),
                "laureates": laureates[id_],
            }
            for id_, uid, level, level_printed, printed, category_id, initiative_id in awards
        ]
        return orjson.dumps({"data": {"awards": {"totalCount": total, "nodes": nodes}}})

    def _initiatives(self, ids: Iterable[int | None]) -> dict[int, Object]:
        rows = self._of("SELECT id, slug, title, launched_on FROM initiative WHERE id IN ?", ids)
        found = self._of(
            "SELECT initiative_id, name_fr, value_micro, unit, as_of, qualifier FROM metric "
            "WHERE initiative_id IN ? ORDER BY initiative_id, key",
            (row[0] for row in rows),
        )
        metrics = _grouped(
            (
                id_,
                {
                    "name": name,
                    "value": from_micro(micro),
                    "unit": unit,
                    "asOf": as_of,
                    "qualifier": qualifier,
                },
            )
            for id_, name, micro, unit, as_of, qualifier in found
        )
        return {
            id_: {"slug": slug, "title": title, "launchedOn": launched, "metrics": metrics[id_]}
            for id_, slug, title, launched in rows
        }

    def _laureates(self, award_ids: Iterable[int]) -> Groups:
        rows = self._of(
            "SELECT l.award_id, c.kind, c.code, c.name, c.population, c.departement_id "
            "FROM laureate l JOIN collectivity c ON c.id = l.collectivity_id "
            "WHERE l.award_id IN ? ORDER BY l.award_id, l.position",
            award_ids,
        )
        found = self._of(
            "SELECT id, code, name FROM collectivity WHERE id IN ?", (row[5] for row in rows)
        )
        departements = {id_: {"code": code, "name": name} for id_, code, name in found}
        return _grouped(
            (
                id_,
                {
                    "kind": kind,
                    "code": code,
                    "name": name,
                    "population": population,
                    "departement": departements.get(departement_id),
                },
            )
            for id_, kind, code, name, population, departement_id in rows
        )

    def commune(self) -> bytes:
        """One collectivity by its code, with its département."""
        with self._snapshot():
            ((name, siren, population, departement_id),) = self._by_code(
                "name, siren, population, departement_id"
            )
            ((departement,),) = self._rows(
                "SELECT name FROM collectivity WHERE id = ?", departement_id
            )
        shown = {
            "name": name,
            "siren": siren,
            "population": population,
            "departement": {"name": departement},
        }
        return orjson.dumps({"data": {"collectivity": shown}})

    def commune_minimal(self) -> bytes:
        """One collectivity by its code: the least that can be asked."""
        with self._snapshot():
            ((name,),) = self._by_code("name")
        return orjson.dumps({"data": {"collectivity": {"name": name}}})

    def _by_code(self, columns: str) -> list[Row]:
        # A code of the past would take more statements; the usual case takes one.
        return self._rows(
            f"SELECT {columns} FROM collectivity WHERE kind = 'COMMUNE' AND code = ?", COMMUNE
        )


def _grouped(pairs: Iterable[tuple[Any, Object]]) -> Groups:
    """The objects of each key in their order; an empty list for a key without any."""
    groups: Groups = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups
