"""A list that is harvested: where it lies, in what format, how often to look."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from seed.withdrawals import USUAL_PERCENT

# Raise it when the same file should be read in another way: what was fetched before is fetched
# and imported again.
_FORM = 1


class Format(StrEnum):
    """What a file is, by the ending of its name."""

    CSV = "csv"
    TSV = "tsv"
    CSV_GZ = "csv.gz"
    XLSX = "xlsx"
    JSON = "json"
    NDJSON = "ndjson"


class Frequency(StrEnum):
    """How often a list is looked at; a manual one only when it is named."""

    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"
    MANUAL = "manual"

    @property
    def period(self) -> timedelta | None:
        """The time between two looks; None when there is no rhythm."""
        return _PERIODS.get(self)


_PERIODS = {
    Frequency.HOURLY: timedelta(hours=1),
    Frequency.DAILY: timedelta(days=1),
    Frequency.WEEKLY: timedelta(weeks=1),
    Frequency.MONTHLY: timedelta(days=30),
    Frequency.QUARTERLY: timedelta(days=91),
    Frequency.YEARLY: timedelta(days=365),
}


@dataclass(frozen=True)
class SourceEntry:
    """A list of `sources.toml`, checked.

    `mapping` is a file that exists and says what the columns mean; without one the columns are
    those of the native `table`. Where two lists dispute a fact, that of the lower `rank` is
    shown. `is_quarantining` says that good rows are imported although others of the file are
    refused. Of each type of record, `withdrawals_max_percent` may go at once.
    """

    key: str
    name: str
    publisher: str
    licence_name: str
    licence_url: str | None
    address: str
    format: Format
    mapping: Path | None
    table: str | None
    frequency: Frequency
    rank: int
    is_quarantining: bool = False
    withdrawals_max_percent: int = USUAL_PERCENT

    def recipe(self) -> str:
        """A digest of how the fetched bytes are read; with another, they may say other things."""
        parts = (_FORM, self.address, self.format, self.table, self.is_quarantining, self.rank)
        digest = sha256("\n".join(map(str, parts)).encode())
        described = (self.name, self.publisher, self.licence_name, self.licence_url)
        digest.update(repr(described).encode())
        if self.mapping:
            digest.update(self.mapping.read_bytes())
        return digest.hexdigest()
