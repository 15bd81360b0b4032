"""What the search shows of each record and finds it by, in French."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from graph.domain.codes import Kind
from graph.domain.text import fold, words

Row = Sequence[Any]

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


class Rows(NamedTuple):
    """What the entries of some records of a type are made of, all in the order it is told in.

    A place is the name of a collectivity, and of its département if that is another. Records are

    - of a collectivity: id, uid, kind, sub-kind, code, inhabitants, postal codes, place;
    - of a category: id, uid, French label, English label, note;
    - of an initiative: id, uid, title, summary, year;
    - of an award: id, uid, prize, year, level as printed, French label of the category, category
      as printed, title of the initiative.

    `places` are the holders of initiatives and the winners of awards, with the id of the record
    before them and, of winners, the printed name behind; `themes` and `printed` are, with the id
    of the initiative, the labels of its categories and the printed names of its winners.
    """

    records: Sequence[Row]
    places: Sequence[Row] = ()
    themes: Sequence[Row] = ()
    printed: Sequence[Row] = ()


class Entry(NamedTuple):
    """A record in words: `text` begins with the `label`, and the label holds the name.

    `named` are the phrases of the name, `more` the others, in the order of the text; a phrase is
    its folded words joined by one space. Most are those of other entries as well.
    """

    type_name: str
    record_id: int
    uid: str
    prominence: int
    label: str
    text: str
    named: Sequence[str]
    more: Sequence[str]

    @property
    def words(self) -> str:
        """All folded words in order."""
        return " ".join(filter(None, (*self.named, *self.more)))


class _Part(NamedTuple):
    folded: str
    phrase: str


# Most parts of texts stand in others as well.
@lru_cache(16_384)
def _part(text: str) -> _Part:
    return _Part(fold(text), _phrase(text))


def entries(type_name: str, rows: Rows) -> Iterator[Entry]:
    """The entries of some records of a type, in the order of the records."""
    return _ENTRIES[type_name](rows)


def _collectivities(rows: Rows) -> Iterator[Entry]:
    for record_id, uid, kind, sub_kind, code, inhabitants, postal_codes, *place in rows.records:
        name, departement = place
        label = _place(name, departement)
        what = _SUB_KINDS.get(sub_kind, sub_kind) or _KINDS.get(kind)
        # The slug of a body repeats its name.
        shown_code = code if code[0].isdigit() else None
        said = (what, shown_code, postal_codes)
        text = ", ".join(filter(None, (label, *said)))
        more = [_phrase(part) for part in (departement, *said) if part]
        yield Entry(
            "Collectivity", record_id, uid, inhabitants or 0, label, text, [_phrase(name)], more
        )


def _categories(rows: Rows) -> Iterator[Entry]:
    for record_id, uid, label, *more in rows.records:
        yield _entry("Category", record_id, uid, 0, label, (label,), more)


def _initiatives(rows: Rows) -> Iterator[Entry]:
    places_of, themes_of, printed_of = map(_lists, (rows.places, rows.themes, rows.printed))
    for record_id, uid, title, summary, year in rows.records:
        more = (
            summary,
            ", ".join(_place(*place) for place in places_of[record_id]),
            ", ".join(sorted(theme for (theme,) in themes_of[record_id])),
            *sorted({name for (name,) in printed_of[record_id]}),
        )
        yield _entry("Initiative", record_id, uid, year or 0, title, (title,), more)


def _awards(rows: Rows) -> Iterator[Entry]:
    winners_of = _lists(rows.places)
    for record_id, uid, prize, year, level, theme, printed, title in rows.records:
        said = (
            f"{prize} {year}",
            # A prize of one trophy may give it its own name.
            level if level and _part(level).folded != _part(prize).folded else None,
            theme or printed,
        )
        what = [*filter(None, said)]
        winners = winners_of[record_id]
        who = [_place(name, departement) for name, departement, _ in winners]
        label = f"{', '.join(what)} – {', '.join(who)}"
        more = (printed, title, *(name for _, _, name in winners))
        yield _entry("Award", record_id, uid, year, label, (*what, *who), more)


_ENTRIES: Final[Mapping[str, Callable[[Rows], Iterator[Entry]]]] = {
    "Collectivity": _collectivities,
    "Category": _categories,
    "Initiative": _initiatives,
    "Award": _awards,
}


def _place(name: str, departement: str | None) -> str:
    """What a collectivity is called: the département tells namesakes apart."""
    return f"{name} ({departement})" if departement else name


def _phrase(text: str) -> str:
    return " ".join(words(text))


def _lists(rows: Iterable[Row]) -> defaultdict[int, list[Row]]:
    lists: defaultdict[int, list[Row]] = defaultdict(list)
    for of, *own in rows:
        lists[of].append(own)
    return lists


def _entry(  # noqa: PLR0913, PLR0917  # what an entry is made of
    type_name: str,
    record_id: int,
    uid: str,
    prominence: int,
    label: str,
    parts: Iterable[str],
    more: Iterable[str | None],
) -> Entry:
    """The entry of a label, which joins `parts`, and more sentences; none says the same again.

    Words do not go over the end of a part, so those of a text are those of its parts.
    """
    known = [_part(part) for part in parts]
    folded = " ".join([part.folded for part in known if part.folded])
    text, said = _sentence(label), []
    for sentence in filter(None, more):
        part = _part(sentence)
        if f" {part.folded} " not in f" {folded} ":
            text += f" {_sentence(sentence)}"
            folded += f" {part.folded}"
            said.append(part.phrase)
    named = [part.phrase for part in known]
    return Entry(type_name, record_id, uid, prominence, label, text.strip(), named, said)


def _sentence(text: str) -> str:
    return text if text.endswith(_ENDS) else f"{text}."
