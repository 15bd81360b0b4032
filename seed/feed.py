"""A list that is imported again and again: a source of its own, which others may cite too."""

from dataclasses import dataclass

from graph.storage.tables import USUAL_RANK


@dataclass(frozen=True)
class Feed:
    """Who publishes a list and on what terms.

    `key` is a slug or the address, and never changes: what a list no longer holds is
    withdrawn from what came with the same key. Where two lists dispute a record, that of the
    lower `rank` is shown, and of equal ranks that of the first `key` by its letters.
    `retrieved_on` is the day when the list was taken from its publisher, where somebody tells
    it (ISO 8601); otherwise an import takes that of its content.
    """

    key: str
    title: str
    publisher: str | None = None
    licence_name: str | None = None
    licence_url: str | None = None
    url: str | None = None
    rank: int = USUAL_RANK
    retrieved_on: str | None = None


COMMITTED = Feed(
    key="terrigraph",
    title="Palmarès et collectivités réunis par Terrigraph",
    licence_name="Licence Ouverte / Open Licence 2.0",
    licence_url="https://www.etalab.gouv.fr/licence-ouverte-open-licence",
    rank=USUAL_RANK // 2,
)
