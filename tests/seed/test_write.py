"""Rows that a database does not take fail in one way on both engines, copied or inserted."""

import pytest
import sqlalchemy as sa

from graph.storage.tables import FormerCode, table_of
from seed.write import insert

_TABLE = table_of(FormerCode)
_OF_NOBODY = [("45999", 1)]


def _insert(engine: sa.Engine, *, has_lost: bool) -> None:
    with engine.begin() as connection:
        if has_lost:
            pid = connection.scalar(sa.text("SELECT pg_backend_pid()"))
            with engine.connect() as other:
                other.execute(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        insert(connection, _TABLE, _OF_NOBODY)


def test_rows_that_break_a_constraint_are_an_error_of_sqlalchemy(engine: sa.Engine) -> None:
    with pytest.raises(sa.exc.IntegrityError, match=r"(?i)foreign key constraint"):
        _insert(engine, has_lost=False)
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(_TABLE)) == 0


@pytest.mark.parametrize("engine_url", ["postgresql"], indirect=True)
def test_the_end_of_a_connection_is_told_and_not_that_nothing_can_be_undone(
    engine: sa.Engine,
) -> None:
    with pytest.raises(sa.exc.OperationalError, match="terminating connection due to admin"):
        _insert(engine, has_lost=True)
