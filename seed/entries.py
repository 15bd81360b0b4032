"""What the search shows of each record and finds it by, in French."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from graph.domain.codes import Kind
from graph.domain.text import fold, words

Row = Mapping[str, Any]
# Some rows of each table, by its name.
Rows = Mapping[str, Sequence[Row]]

# Said of communes by nothing but their name: such a word would find 35,000 of them.
_KINDS = {
    Kind.REGION.value: "région",
    Kind.DEPARTEMENT.value: "département",
    Kind.EPCI.value: "intercommunalité",
}
_SUB_KINDS = {
    "CC": "communauté de communes",
    "CA": "communauté d’agglomération",
    "CU": "communauté urbaine",
    "METRO": "métropole",
    "MET69": "métropole",
    "EPT": "établissement public territorial",
}
_ENDS = (".", "!", "?", "…")


class Entry(NamedTuple):
    """A record in words: `text` begins with the `label`, and the label holds the name.

    `words` are the folded ones of the text, `named` those of the name.
    """

    type_name: str
    record_id: int
    uid: str
    prominence: int
    label: str
    text: str
    words: Sequence[str]
    named: Sequence[str]


class _Part(NamedTuple):
    folded: str
    words: tuple[str, ...]


# Most parts of texts stand in others as well.
@lru_cache(16_384)
def _part(text: str) -> _Part:
    return _Part(fold(text), tuple(words(text)))


class Names(NamedTuple):
    """How records are called in the entries of others, by their ids.

    `places` are collectivities, `themes` categories; `prizes` go by the id of an edition.
    """

    places: Mapping[int, str]
    themes: Mapping[int, str]
    prizes: Mapping[int, str]


def entries(rows: Rows, names: Names) -> Iterator[Entry]:
    """The entries of some records, in no order.

    With an initiative come its awards and all that links it; with an award its laureates, and
    its initiative as a `title`.
    """
    for row in rows["collectivity"]:
        yield _collectivity(row, names.places[row["id"]])
    for row in rows["category"]:
        label = row["label_fr"]
        yield _entry("Category", row, 0, label, (label,), (row["label_en"], row["note"]))
    laureates = _lists(sorted(rows["laureate"], key=itemgetter("position")), "award_id")
    yield from _initiatives(rows, names, laureates)
    yield from _awards(rows, names, laureates)


def labels(collectivities: Sequence[Row]) -> dict[int, str]:
    """Names by id, with the département that tells namesakes apart."""
    names = {row["id"]: row["name"] for row in collectivities}
    return {
        row["id"]: row["name"]
        if row["departement_id"] in (None, row["id"])
        else f"{row['name']} ({names[row['departement_id']]})"
        for row in collectivities
    }


def _collectivity(row: Row, label: str) -> Entry:
    sub_kind = row["sub_kind"]
    what = _SUB_KINDS.get(sub_kind, sub_kind) or _KINDS.get(row["kind"])
    # The slug of a body repeats its name.
    code = row["code"] if row["code"][0].isdigit() else None
    text = ", ".join(filter(None, (label, what, code, row["postal_codes"])))
    return Entry(
        "Collectivity",
        row["id"],
        row["uid"],
        row["population"] or 0,
        label,
        text,
        words(text),
        words(row["name"]),
    )


def _initiatives(rows: Rows, names: Names, laureates: Mapping[int, list[Row]]) -> Iterator[Entry]:
    themes_of, holders_of = (
        _lists(rows[f"initiative_{link}"], "initiative_id") for link in ("category", "holder")
    )
    awards_of = _lists(rows["award_of_initiative"], "initiative_id")
    for row in rows["initiative"]:
        holders = sorted(holders_of[row["id"]], key=itemgetter("position"))
        printed = {
            laureate["name_as_printed"]
            for award in awards_of[row["id"]]
            for laureate in laureates[award["id"]]
        }
        more = (
            row["summary"],
            ", ".join(names.places[holder["collectivity_id"]] for holder in holders),
            ", ".join(sorted(names.themes[link["category_id"]] for link in themes_of[row["id"]])),
            *sorted(printed),
        )
        title = row["title"]
        yield _entry("Initiative", row, row["year"] or 0, title, (title,), more)


def _awards(rows: Rows, names: Names, laureates: Mapping[int, list[Row]]) -> Iterator[Entry]:
    titles = {row["id"]: row["title"] for row in rows["title"]}
    for row in rows["award"]:
        prize, level = names.prizes[row["edition_id"]], row["level_as_printed"]
        winners = laureates[row["id"]]
        said = (
            f"{prize} {row['year']}",
            # A prize of one trophy may give it its own name.
            level if level and _part(level).folded != _part(prize).folded else None,
            names.themes.get(row["category_id"]) or row["category_as_printed"],
        )
        what = [*filter(None, said)]
        who = [names.places[winner["collectivity_id"]] for winner in winners]
        label = f"{', '.join(what)} – {', '.join(who)}"
        more = (
            row["category_as_printed"],
            titles.get(row["initiative_id"]),
            *(winner["name_as_printed"] for winner in winners),
        )
        yield _entry("Award", row, row["year"], label, (*what, *who), more)


def _lists(rows: Iterable[Row], key: str) -> defaultdict[int, list[Row]]:
    lists: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        lists[row[key]].append(row)
    return lists


def _entry(  # noqa: PLR0913, PLR0917  # what an entry is made of
    type_name: str,
    row: Row,
    prominence: int,
    label: str,
    parts: Iterable[str],
    more: Iterable[str | None],
) -> Entry:
    """The entry of a label, which joins `parts`, and more sentences; none says the same again.

    Words do not go over the end of a part, so those of a text are those of its parts.
    """
    known = [_part(part) for part in parts]
    named = [word for part in known for word in part.words]
    folded = " ".join(filter(None, (part.folded for part in known)))
    text, own = _sentence(label), [*named]
    for sentence in filter(None, more):
        part = _part(sentence)
        if f" {part.folded} " not in f" {folded} ":
            text += f" {_sentence(sentence)}"
            folded += f" {part.folded}"
            own += part.words
    return Entry(type_name, row["id"], row["uid"], prominence, label, text.strip(), own, named)


def _sentence(text: str) -> str:
    return text if text.endswith(_ENDS) else f"{text}."
