"""The data set: its releases and what it covers."""

from typing import Any

import strawberry
from strawberry import UNSET

from graph.execution.declaration import Cardinality, Edge
from graph.loaders.dataset import COVERAGE, coverage
from graph.loaders.release import releases
from graph.resolvers.paging import select_page
from graph.schema import prices
from graph.schema.connection import (
    After,
    Before,
    Connection,
    First,
    Last,
    bounded_list,
    page_of,
)
from graph.schema.fields import column, declare, embedded
from graph.schema.release import Release
from graph.schema.where import CoverageWhere
from graph.storage import tables
from graph.storage.selection import Selection
from graph.storage.tables import columns_of

_release = columns_of(tables.Release)


@strawberry.type(description="The terms under which the data set may be reused.")
class DatasetLicence:
    name: str = column(_release.licence_name, "The name of the licence.")
    url: str | None = column(_release.licence_url, "Its text.")


@strawberry.type(description="How much of an edition is loaded.")
class Coverage:
    prize: str = column(COVERAGE.c.prize, "The slug of the prize.")
    year: int = column(COVERAGE.c.year, "The year of the edition.")
    announced: int | None = column(
        COVERAGE.c.announced, "How many awards were announced; null when not known."
    )
    loaded: int = column(COVERAGE.c.loaded, "How many awards are loaded.")


def _releases(
    root: Any,
    first: First = UNSET,
    after: After = UNSET,
    last: Last = UNSET,
    before: Before = UNSET,
) -> Any:
    page = page_of(first, after, last, before)
    return select_page(Selection(releases), page).of(root)


@strawberry.type(description="The data set as a whole.")
class Dataset:
    release: str = column(
        _release.version, "The release that answers: its date and its number on that day."
    )
    updated_at: str = column(_release.updated_at, "When it was loaded: ISO 8601, in UTC.")
    licence: DatasetLicence = embedded(
        _release.licence_name, "The licence of the data set as a whole; sources have their own."
    )
    attribution: str = column(_release.attribution, "How to name the sources when reusing it.")
    coverage: list[Coverage] | None = bounded_list(
        coverage,
        _release.id,
        CoverageWhere,
        "How much of each edition is loaded, newest first.",
        prices.COVERAGE,
    )
    releases: Connection[Release] | None = declare(
        Edge(Cardinality.PAGE, _release.id),
        _releases,
        "The releases, newest first: what each did to how many records. `changes` tells to which.",
    )
