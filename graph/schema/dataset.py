"""The data set: its release and what it covers."""

import strawberry

from graph.loaders.dataset import COVERAGE, coverage
from graph.schema import prices
from graph.schema.connection import bounded_list
from graph.schema.fields import column, embedded
from graph.schema.where import CoverageWhere
from graph.storage.tables import Release, columns_of

_release = columns_of(Release)


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
