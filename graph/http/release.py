"""The release that is served, looked at often enough that no process is a second late."""

import asyncio
import logging
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import blake2b
from typing import NamedTuple

import sqlalchemy as sa

from graph.domain.errors import TerrigraphError
from graph.storage.read import Database, Reader
from graph.storage.statements import Statement, compiled
from graph.storage.tables import Release, Run, columns_of

log = logging.getLogger("terrigraph")

_EVERY_S = 0.4
_release, _run = columns_of(Release), columns_of(Run)


class Current(NamedTuple):
    """What an answer may depend on beside its question."""

    version: str
    updated_at: str
    mark: bytes

    @property
    def last_modified(self) -> str:
        """The time of the release as HTTP writes it."""
        return format_datetime(datetime.fromisoformat(self.updated_at).astimezone(UTC), usegmt=True)


class ReleaseWatch:
    """Knows the current release; `contract` tells versions of the code apart."""

    def __init__(self, database: Database, contract: str) -> None:
        self._database = database
        self._contract = contract
        self._task: asyncio.Task[None] | None = None
        self.current: Current | None = None

    async def look(self) -> Current | None:
        """Reads the release now; keeps the last one while the database does not answer."""
        with suppress(TerrigraphError):
            found = await self.read()
            if found != self.current:
                self.current = found
        return self.current

    async def read(self) -> Current | None:
        """The release as the database has it. ServiceUnavailable when it does not answer."""
        rows = await self._database.run(lambda reader: reader.rows(_statement(reader), {}))
        return _current(rows[0], self._contract) if rows else None

    def start(self) -> None:
        """Begins to look every now and then."""
        self._task = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Ends looking."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _watch(self) -> None:
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("the release could not be looked at")
            await asyncio.sleep(_EVERY_S)


def _current(row: tuple[str, str, str, int | None, str | None], contract: str) -> Current:
    version, updated_at, checksum, run_id, run_at = row
    # A look at a list that brought nothing new is told all the same.
    digest = blake2b(f"{contract}\n{version}\n{checksum}\n{run_id}".encode(), digest_size=16)
    return Current(version, max(updated_at, run_at or ""), digest.digest())


_statements: dict[str, Statement] = {}


def _statement(reader: Reader) -> Statement:
    if reader.dialect not in _statements:
        last_run = sa.select(sa.func.max(_run.id)).scalar_subquery()
        run_at = sa.select(_run.ended_at).where(_run.id == last_run).scalar_subquery()
        query = sa.select(
            _release.version, _release.updated_at, _release.checksum, last_run, run_at
        )
        query = query.order_by(_release.id.desc()).limit(sa.literal_column("1"))
        _statements[reader.dialect] = compiled(query, reader.dialect)
    return _statements[reader.dialect]
