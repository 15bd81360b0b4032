"""What lies in each territory follows the records, by a load as by the migration."""

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from graph.storage import migrate
from graph.storage.engine import open_engine

_CONTENT = {
    "award_place": "SELECT * FROM award_place ORDER BY place_id, award_id",
    "initiative_place": "SELECT * FROM initiative_place ORDER BY place_id, initiative_id",
    "search_term": "SELECT id, entries FROM search_term ORDER BY id",
}
_UNDO = (
    "DELETE FROM award_place",
    "DELETE FROM initiative_place",
    "UPDATE search_term SET entries = 0",
)
# Facts of the committed data: Laval, in Mayenne and in Pays de la Loire, won an award in 2005.
_OF_LAVAL = """
    SELECT place.kind, place.code, listed.year, listed.position
    FROM award_place AS listed JOIN collectivity AS place ON place.id = listed.place_id
    WHERE listed.award_id IN (
        SELECT laureate.award_id FROM laureate
        JOIN award ON award.id = laureate.award_id
        JOIN collectivity ON collectivity.id = laureate.collectivity_id
        WHERE collectivity.kind = 'COMMUNE' AND collectivity.code = '53130'
        AND award.year = 2005
    ) ORDER BY place.kind
"""


@pytest.fixture
def content(committed_url: str) -> dict[str, list[tuple[object, ...]]]:
    """What a load derives, before the migration has derived it again."""
    before = _read(committed_url)
    scripts = ScriptDirectory.from_config(migrate._config())
    statements = scripts.get_revision("0005").module.FILL
    engine = open_engine(committed_url)
    with engine.begin() as connection:
        for undo in _UNDO:
            connection.execute(sa.text(undo))
        for statement in statements:
            connection.execute(sa.text(statement))
    engine.dispose()
    return before


def _read(url: str) -> dict[str, list[tuple[object, ...]]]:
    engine = open_engine(url)
    with engine.connect() as connection:
        found = {
            name: [tuple(row) for row in connection.execute(sa.text(statement))]
            for name, statement in _CONTENT.items()
        }
    engine.dispose()
    return found


def test_the_migration_derives_what_a_load_does(
    content: dict[str, list[tuple[object, ...]]], committed_url: str
) -> None:
    assert all(content.values())
    assert _read(committed_url) == content


def test_an_award_is_listed_once_in_each_territory(committed_url: str) -> None:
    engine = open_engine(committed_url)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(sa.text(_OF_LAVAL))]
    engine.dispose()
    assert found == [("DEPARTEMENT", "53", 2005, 0), ("REGION", "52", 2005, 0)]
