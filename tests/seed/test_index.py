"""The search tables follow the records, hold the same on both engines, and weigh words."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from graph.domain.text import STOP_WORDS, stem, words
from graph.storage.engine import open_engine
from graph.storage.search import WEIGHT_STEPS
from seed import index, postings, write
from seed.load import load
from tests.conftest import ENGINES
from tests.seed.conftest import SmallData

_TABLES = ("search_entry", "search_term", "search_posting")
_SOURCES = {
    "Award": "award",
    "Category": "category",
    "Collectivity": "collectivity",
    "Initiative": "initiative",
}

_OF_2018 = "Prix Territoria 2018, Territoria d’Or, Territoires innovants"
_SUMMARY = (
    "Centre de soins ouvert à Laval où exercent des médecins retraités et des internes, "
    "pour les patients sans médecin traitant et les petites urgences."
)


def rows(engine: sa.Engine, statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(statement), values)]


def content(engine: sa.Engine) -> dict[str, list[tuple[Any, ...]]]:
    return {name: rows(engine, f"SELECT * FROM {name} ORDER BY 1, 2") for name in _TABLES}


def entry_of(engine: sa.Engine, uid_of: str) -> tuple[Any, ...]:
    """What is shown of a record that a table and a condition name."""
    (found,) = rows(
        engine,
        "SELECT e.prominence, e.label, e.text FROM search_entry e "
        f"WHERE e.uid = (SELECT uid FROM {uid_of})",
    )
    return found


def weights(engine: sa.Engine, uid_of: str) -> dict[str, int]:
    """The terms of a record with their weights."""
    found = rows(
        engine,
        # What the size or the year adds is less than a step of the weight.
        f"SELECT t.term, p.weight / {WEIGHT_STEPS} FROM search_entry e "
        "JOIN search_posting p ON p.entry_id = e.id JOIN search_term t ON t.id = p.term_id "
        f"WHERE e.uid = (SELECT uid FROM {uid_of})",
    )
    return dict(found)


def assert_follows(engine: sa.Engine) -> None:
    """Each record that can be found has its entry, each word of it a posting, and no more."""
    for type_name, table in _SOURCES.items():
        assert rows(
            engine,
            "SELECT uid, record_id FROM search_entry WHERE type_name = :name ORDER BY record_id",
            name=type_name,
        ) == rows(engine, f"SELECT uid, id FROM {table} ORDER BY id")
    found = content(engine)
    terms = {number: term for number, term, *_ in found["search_term"]}
    of_entries: dict[int, set[str]] = {entry[0]: set() for entry in found["search_entry"]}
    for term, entry, _ in found["search_posting"]:
        of_entries[entry].add(terms[term])
    for number, *_, text, spoken in found["search_entry"]:
        assert spoken == f" {' '.join(words(text))} "
        telling = set(words(text)) - STOP_WORDS
        assert of_entries[number] == telling | {stem(word) for word in telling}
    assert set(terms.values()) == set().union(*of_entries.values())


@pytest.fixture(scope="session")
def both(committed: Callable[[str], str]) -> Iterator[dict[str, sa.Engine]]:
    engines = {name: open_engine(committed(name)) for name in ENGINES}
    yield engines
    for engine in engines.values():
        engine.dispose()


def test_both_engines_hold_the_same_rows(both: dict[str, sa.Engine]) -> None:
    sqlite, postgresql = (content(both[name]) for name in ENGINES)
    for name in _TABLES:
        assert sqlite[name] == postgresql[name]


def test_the_committed_data_are_indexed_whole(loaded: sa.Engine) -> None:
    assert_follows(loaded)
    assert rows(loaded, "SELECT type_name, count(*) FROM search_entry GROUP BY 1 ORDER BY 1") == [
        ("Award", 290),
        ("Category", 32),
        ("Collectivity", 39_009),
        ("Initiative", 180),
    ]


@pytest.mark.parametrize(
    ("uid_of", "prominence", "label", "rest"),
    [
        (
            "collectivity WHERE kind = 'COMMUNE' AND code = '42218'",
            173_136,
            "Saint-Étienne (Loire)",
            ", 42218, 42000 42100 42230",
        ),
        (
            "collectivity WHERE kind = 'DEPARTEMENT' AND code = '45'",
            691_268,
            "Loiret",
            ", département, 45",
        ),
        (
            "collectivity WHERE code = '200071892'",
            79_327,
            "CA du Saint-Quentinois (Aisne)",
            ", communauté d’agglomération, 200071892",
        ),
        (
            "collectivity WHERE kind = 'OTHER' AND code = '78251'",
            0,
            "Fourqueux (Yvelines)",
            ", commune déléguée, 78251",
        ),
        (
            "collectivity WHERE code = 'ccas-de-montpellier'",
            0,
            "CCAS de Montpellier (Hérault)",
            ", centre communal d’action sociale",
        ),
        (
            "category WHERE slug = 'enjeux-environnementaux'",
            0,
            "Enjeux environnementaux",
            ". Environmental challenges. parrain Macif en 2024.",
        ),
        (
            "award WHERE key = 'prix-territoria-2017-gouvernance-or-loiret'",
            2017,
            "Prix Territoria 2017, Territoria d’Or, Gouvernance – Loiret",
            ". Cartographie des projets du mandat 2015-2021.",
        ),
        (
            "award WHERE key = 'prix-territoria-2018-territoires-innovants-or-angouleme'",
            2018,
            f"{_OF_2018} – Angoulême (Charente), Bordeaux (Gironde)",
            ". Consultation conjointe d’opérateurs en vue d’aménager des îlots urbains.",
        ),
        (
            "initiative WHERE slug = 'mayenne-un-medecin-traitant-pour-tous'",
            2017,
            "Un médecin traitant pour tous",
            f". {_SUMMARY} Mayenne. Services aux personnes.",
        ),
    ],
)
def test_a_record_is_shown_in_words(
    loaded: sa.Engine, uid_of: str, prominence: int, label: str, rest: str
) -> None:
    assert entry_of(loaded, uid_of) == (prominence, label, label + rest)


def test_words_of_a_name_weigh_more_the_fewer_they_are(loaded: sa.Engine) -> None:
    found = weights(loaded, "initiative WHERE slug = 'mayenne-un-medecin-traitant-pour-tous'")
    assert found["medecin"] == found["traitant"] == found["trait"] == 166
    assert found["retraites"] == found["retrait"] == found["mayenne"] == 50
    assert not found.keys() & STOP_WORDS
    found = weights(loaded, "category WHERE slug = 'gouvernance'")
    assert found == {"gouvernance": 300, "gouvern": 300, "governance": 50, "govern": 50}
    found = weights(loaded, "collectivity WHERE kind = 'COMMUNE' AND code = '42218'")
    assert found["saint"] == found["etienne"] == 200
    assert found["loire"] == found["42218"] == found["42230"] == 50


def test_the_rarer_a_term_the_higher_its_rarity(loaded: sa.Engine) -> None:
    found = rows(
        loaded,
        "SELECT t.rarity, count(*) FROM search_term t "
        "JOIN search_posting p ON p.term_id = t.id GROUP BY t.id ORDER BY 2, 1",
    )
    rarities = [rarity for rarity, _ in found]
    assert rarities == sorted(rarities, reverse=True)
    assert (rarities[0], found[0][1]) == (1_058, 1)
    assert rarities[-1] >= 1


def test_a_small_world_is_indexed_whole(engine: sa.Engine, small: SmallData) -> None:
    load(engine, small.folder)
    assert_follows(engine)
    assert entry_of(engine, "initiative") == (
        2017,
        "Carte des projets",
        "Carte des projets. Loiret, CCAS d’Orléans (Loiret). Gouvernance, Mobilités.",
    )
    assert entry_of(engine, "award WHERE key = 'prix-2018-fleury'") == (
        2018,
        "Prix 2018 – Fleury (Loiret), Orléans (Loiret)",
        "Prix 2018 – Fleury (Loiret), Orléans (Loiret).",
    )


def test_it_is_the_same_however_often_postings_are_written(
    engine: sa.Engine, small: SmallData, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits is written term by term: some terms are new to every part, others are not."""

    def found() -> list[tuple[Any, ...]]:
        return rows(
            engine,
            "SELECT t.term, t.rarity, t.entries, p.entry_id, p.weight FROM search_posting p "
            "JOIN search_term t ON t.id = p.term_id ORDER BY t.term, p.entry_id",
        )

    load(engine, small.folder)
    at_once = found()
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE release SET checksum = '1 of an older form'"))
    monkeypatch.setattr(postings, "_PHRASES_HELD", 1)
    monkeypatch.setattr(index, "_BATCH", 1)
    monkeypatch.setattr(write, "_MANY_ROWS", 1)
    load(engine, small.folder)
    assert found() == at_once
    assert_follows(engine)
    of_best = [each["name"] for each in sa.inspect(engine).get_indexes("search_posting")]
    assert of_best == ["ix_search_posting_best"]


def test_printed_names_and_themes_find_a_record_too(engine: sa.Engine, small: SmallData) -> None:
    small.set("laureates.csv", 2, name_as_printed="Conseil général")
    small.set("awards.csv", 2, level_as_printed="Prix", category_as_printed="Bien gouverner !")
    load(engine, small.folder)
    assert entry_of(engine, "award WHERE key = 'prix-2017-or-loiret'")[2] == (
        "Prix 2017, Gouvernance – Loiret. Bien gouverner ! Carte des projets. Conseil général."
    )
    assert entry_of(engine, "initiative")[2].endswith("Gouvernance, Mobilités. Conseil général.")


def test_the_index_follows_each_change(engine: sa.Engine, small: SmallData) -> None:
    load(engine, small.folder)
    before = rows(engine, "SELECT id FROM search_term WHERE term = 'plan'")
    small.set("initiatives.csv", 2, title="Plan des projets")
    small.remove("bodies.csv", 3)
    small.add("categories.csv", slug="eau", label_fr="Eau", label_en="Water")
    load(engine, small.folder)
    assert_follows(engine)
    assert before == rows(engine, "SELECT id FROM search_term WHERE term = 'carte'") == []
    assert weights(engine, "initiative")["plan"] == 200
    assert rows(engine, "SELECT count(*) FROM search_term WHERE term = 'ehpad'") == [(0,)]


def test_what_changes_no_record_leaves_the_index(engine: sa.Engine, small: SmallData) -> None:
    load(engine, small.folder)
    before = content(engine)
    for name in ("awards.csv", "categories.csv", "initiatives.csv", "bodies.csv"):
        small.reverse(name)
    assert load(engine, small.folder).is_unchanged
    assert content(engine) == before


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM search_entry",
        "DELETE FROM search_posting",
        "UPDATE search_term SET rarity = 1",
    ],
)
def test_an_index_that_is_not_what_it_should_be_is_made_again_in_a_new_release(
    engine: sa.Engine, small: SmallData, statement: str
) -> None:
    first = load(engine, small.folder)
    before = content(engine)
    with engine.begin() as connection:
        connection.execute(sa.text(statement))
        connection.execute(sa.text("UPDATE release SET checksum = '1 of an older form'"))
    report = load(engine, small.folder)
    assert report.release != first.release
    assert all(count.unchanged and not count.changed for count in report.counts.values())
    assert content(engine) == before
