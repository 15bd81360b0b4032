"""What is typed into a form field finds the collectivity that was meant, on both engines."""

from bisect import bisect_left
from random import Random
from string import ascii_lowercase

import pytest

from graph.domain.codes import Kind
from graph.domain.suggest import SUGGESTIONS_MAX, SuggestQuery, parse_suggest, squeeze
from graph.domain.text import fold
from graph.loaders.suggestion import Suggestion, load_suggestions
from graph.settings import Limits
from graph.storage.read import Database, Reader, Row
from graph.storage.statements import Statement

# What is typed, and the labels that come first.
FIRST = [
    # Beginnings, the larger first, with everything that people leave out.
    ("saint eti", ["Saint-Étienne Métropole", "Saint-Étienne (Loire)"]),
    ("sainteti", ["Saint-Étienne Métropole", "Saint-Étienne (Loire)"]),
    ("SAINT-ÉTI", ["Saint-Étienne Métropole", "Saint-Étienne (Loire)"]),
    ("aix en prov", ["Aix-en-Provence (Bouches-du-Rhône)"]),
    ("aixenp", ["Aix-en-Provence (Bouches-du-Rhône)"]),
    ("lhay", ["L'Haÿ-les-Roses (Val-de-Marne)"]),
    ("l’haÿ", ["L'Haÿ-les-Roses (Val-de-Marne)"]),
    ("tours", ["Tours (Indre-et-Loire)", "Tours Métropole Val de Loire"]),
    ("bourg en b", ["Bourg-en-Bresse (Ain)"]),
    ("nantes", ["Nantes (Loire-Atlantique)", "Nantes Métropole"]),
    ("dijo", ["Dijon Métropole", "Dijon (Côte-d'Or)"]),
    ("seine", ["Seine-Saint-Denis (93)", "Seine-et-Marne (77)", "Seine-Maritime (76)"]),
    ("cotes", ["Côtes-d'Armor (22)"]),
    ("rhone", ["Rhône (69)"]),
    ("ile de fr", ["Île-de-France"]),
    ("provence alpes", ["Provence-Alpes-Côte d'Azur"]),
    ("villeneuve d ascq", ["Villeneuve-d'Ascq (Nord)"]),
    ("coeur d", ["CA Coeur d'Essonne Agglomération"]),
    # Whole names before longer ones.
    ("y", ["Y (Somme)"]),
    ("paris", ["Paris (Paris)", "Paris (75)"]),
    ("lyon", ["Lyon (Rhône)", "Métropole de Lyon"]),
    ("nant", ["Nant (Aveyron)", "Nantes Métropole"]),
    ("loire", ["Loire (42)", "Loiré (Maine-et-Loire)", "Loire-Atlantique (44)"]),
    ("st etienne", ["Saint-Étienne (Loire)", "Saint-Étienne Métropole"]),
    ("st denis", ["Saint-Denis (La Réunion)", "Saint-Denis (Seine-Saint-Denis)"]),
    # Habits.
    ("st", ["Eurométropole de Strasbourg", "Saint-Étienne Métropole"]),
    ("stras", ["Eurométropole de Strasbourg", "Strasbourg (Bas-Rhin)"]),
    ("stetienne", ["Saint-Étienne (Loire)"]),
    ("st-malo", ["Saint-Malo (Ille-et-Vilaine)"]),
    ("ste marie", ["Sainte-Marie (La Réunion)", "Sainte-Marie (Martinique)"]),
    ("la chapelle st l", ["La Chapelle-Saint-Luc (Aube)"]),
    ("saint", ["Saint-Étienne Métropole", "CA Saint Germain Boucles de Seine"]),
    ("mans", ["Le Mans (Sarthe)", "CU Le Mans Métropole"]),
    ("havre", ["Le Havre (Seine-Maritime)"]),
    ("rochelle", ["La Rochelle (Charente-Maritime)"]),
    ("la loire", ["Loire (42)"]),
    ("communauté d’agglomération du pays basque", ["CA du Pays Basque"]),
    ("communaute urb", ["CU Grand Paris Seine et Oise"]),
    ("grand nancy", ["Métropole du Grand Nancy"]),
    # A label that was chosen finds itself.
    ("Saint-Denis (Seine-Saint-Denis)", ["Saint-Denis (Seine-Saint-Denis)"]),
    ("Berneuil (Charente)", ["Berneuil (Charente)", "Berneuil (Charente-Maritime)"]),
    ("Loire (42)", ["Loire (42)"]),
    ("Loire (4", ["Loire (42)"]),
    # Codes.
    ("53130", ["Laval (Mayenne)"]),
    ("38", ["Isère (38)", "Grenoble (Isère)"]),
    ("3800", ["Grenoble (Isère)"]),
    ("2A", ["Corse-du-Sud (2A)", "Ajaccio (Corse-du-Sud)"]),
    ("2a004", ["Ajaccio (Corse-du-Sud)"]),
    ("20200", ["Bastia (Haute-Corse)"]),
    ("75", ["Paris (75)", "Paris (Paris)"]),
    ("24", ["Dordogne (24)", "Périgueux (Dordogne)"]),
    ("974", ["La Réunion (974)", "Saint-Denis (La Réunion)"]),
    ("244900015", ["CU Angers Loire Métropole"]),
    ("2449000", ["CU Angers Loire Métropole"]),
    # One typo, anywhere.
    ("bordaux", ["Bordeaux (Gironde)", "Bordeaux Métropole"]),
    ("marsielle", ["Marseille (Bouches-du-Rhône)"]),
    ("parsi", ["Paris (Paris)", "Paris (75)"]),
    ("tolouse", ["Toulouse (Haute-Garonne)"]),
    ("grenobble", ["Grenoble (Isère)"]),
    ("xontpellier", ["Montpellier (Hérault)"]),
    ("monpelierr", []),
    ("strasbuorg", ["Strasbourg (Bas-Rhin)", "Eurométropole de Strasbourg"]),
    ("stmartindherse", ["Saint-Martin-d'Hères (Isère)"]),
    ("saint etienne du rouvrey", ["Saint-Étienne-du-Rouvray (Seine-Maritime)"]),
    ("ajaccoi", ["Ajaccio (Corse-du-Sud)"]),
    ("metropole de lyn", ["Métropole de Lyon"]),
]
HOSTILE = [
    "'; DROP TABLE collectivity; --",
    "a%",
    "_a_",
    '{"a": 1}',
    "{a,b}",
    'a"b\\c',
    "a\0b",
    "\ud800a",
    "東京",
    "aaaa\U0010ffff",
    "s" * 1000,
    "st" * 500,
    "la " * 300,
    "st z " * 200,
    "(((((a",
    "١٢٣",
    "ﬀ",
]


def suggest(
    database: Database, typed: str, kinds: list[Kind] | None = None, first: int = 10
) -> list[Suggestion]:
    query = parse_suggest(typed, kinds, first)
    return database.run_here(lambda reader: load_suggestions(reader, query))


def labels(
    database: Database, typed: str, kinds: list[Kind] | None = None, first: int = 10
) -> list[str]:
    return [each.label for each in suggest(database, typed, kinds, first)]


def rows(reader: Reader, sql: str) -> list[Row]:
    return reader.rows(Statement(sql, (), {}), {})


@pytest.mark.parametrize(("typed", "first"), FIRST)
def test_what_was_meant_comes_first(database: Database, typed: str, first: list[str]) -> None:
    found = labels(database, typed)
    assert found[: len(first)] == first
    assert first or found == []


@pytest.mark.parametrize("typed", [typed for typed, _ in FIRST])
def test_both_engines_suggest_the_same_in_the_same_order(
    databases: dict[str, Database], typed: str
) -> None:
    assert suggest(databases["sqlite"], typed) == suggest(databases["postgresql"], typed)


def test_every_beginning_of_two_characters_is_the_same_on_both_engines(
    databases: dict[str, Database],
) -> None:
    characters = ascii_lowercase + "0123456789"
    for typed in [one + other for one in ["", *characters] for other in characters]:
        answers = [suggest(database, typed, first=20) for database in databases.values()]
        assert answers[0] == answers[1]
        assert len(set(answers[0])) == len(answers[0])


def test_what_is_found_beforehand_is_what_all_keys_would_give(
    databases: dict[str, Database],
) -> None:
    database = databases["sqlite"]
    address = database.url.render_as_string(hide_password=False)
    # All keys are more rows than a response may take.
    whole = Database(address, limits=Limits(response_max_rows=1_000_000))
    with whole, whole.reader() as reader:
        columns = "key, match, place, collectivity_id"
        keys = rows(reader, f"SELECT {columns} FROM suggestion_key ORDER BY key")
        shared = [key for (key,) in rows(reader, "SELECT DISTINCT key FROM suggestion_best")]
    assert {"s", "saint", "62", "saintma"} <= set(shared)
    for beginning in shared:
        end = beginning + "\U0010ffff"
        begun = keys[bisect_left(keys, (beginning,)) : bisect_left(keys, (end,))]
        ranked = sorted(((key, match) != (beginning, 0), *rest) for key, match, *rest in begun)
        expected = list(dict.fromkeys(identity for *_, identity in ranked))[:SUGGESTIONS_MAX]
        with database.reader() as reader:
            query = SuggestQuery((beginning,), tuple(Kind), SUGGESTIONS_MAX)
            found = [each.collectivity_id for each in load_suggestions(reader, query)]
        assert found == expected, beginning


def test_one_typo_in_a_long_name_of_a_larger_commune_is_forgiven(
    databases: dict[str, Database],
) -> None:
    database = databases["sqlite"]
    with database.reader() as reader:
        sql = (
            "SELECT code, name FROM collectivity WHERE kind = 'COMMUNE' AND is_current "
            "AND population > 20000 ORDER BY code"
        )
        communes = rows(reader, sql)
    random = Random(75056)
    long = [(code, fold(name)) for code, name in communes if len(squeeze(fold(name))) >= 7]
    missed = []
    for code, name in long:
        typed = mistyped(name, random)
        if code not in {each.code for each in suggest(database, typed)}:
            missed.append((name, typed))
    # Ten others may begin with what is typed, as with "saintse" for Saintes.
    assert len(missed) * 100 < len(long), missed


def mistyped(name: str, random: Random) -> str:
    at, letter = random.randrange(len(name)), random.choice(ascii_lowercase)
    before, after = name[:at], name[at:]
    return random.choice(
        [
            before + after[1:],
            before + letter + after,
            before + letter + after[1:],
            before + after[1:2] + after[:1] + after[2:],
        ]
    )


def test_every_label_of_a_commune_finds_it_first(databases: dict[str, Database]) -> None:
    database = databases["sqlite"]
    with database.reader() as reader:
        sql = "SELECT code, name FROM collectivity WHERE kind = 'COMMUNE' AND is_current"
        communes = rows(reader, f"{sql} AND name LIKE 'Saint-M%' ORDER BY code")
    for code, name in communes:
        (found,) = [each for each in suggest(database, name, first=20) if each.code == code]
        assert suggest(database, found.label)[0] == found


def test_kinds_are_kept_to(database: Database) -> None:
    assert labels(database, "sain", [Kind.EPCI], 1) == ["Saint-Étienne Métropole"]
    assert labels(database, "lyon", [Kind.EPCI], 1) == ["Métropole de Lyon"]
    assert labels(database, "75", [Kind.REGION]) == ["Nouvelle-Aquitaine"]
    assert labels(database, "4", [Kind.REGION]) == ["Grand Est"]
    for kind in Kind:
        for typed in ("s", "saint", "saintmar", "bordo", "1"):
            assert {each.kind for each in suggest(database, typed, [kind])} <= {kind}
    assert suggest(database, "paris", []) == []


def test_other_bodies_come_last(database: Database) -> None:
    arrondissements = labels(database, "marseille 1")
    assert arrondissements[0] == "Marseille 13e Arrondissement"
    assert labels(database, "75011") == ["Paris (Paris)", "Paris 11e Arrondissement"]
    kinds = [each.kind for each in suggest(database, "marseille", first=20)]
    assert kinds == sorted(kinds, key=lambda kind: kind == Kind.OTHER)
    assert kinds[-1] == Kind.OTHER


def test_only_current_collectivities_are_suggested(database: Database) -> None:
    with database.reader() as reader:
        kept = rows(
            reader,
            "SELECT name FROM collectivity WHERE kind = 'OTHER' AND NOT is_current "
            "AND name_folded NOT IN (SELECT name_folded FROM collectivity WHERE is_current) "
            "ORDER BY code LIMIT 20",
        )
    for (name,) in kept:
        assert name not in labels(database, name)


@pytest.mark.parametrize("first", [1, 3, SUGGESTIONS_MAX])
@pytest.mark.parametrize("typed", ["s", "saint", "champ", "75", "bordaux"])
def test_fewer_are_the_first_of_more(database: Database, typed: str, first: int) -> None:
    few = suggest(database, typed, first=first)
    assert len(few) <= first
    if len(few) == first:
        assert few == suggest(database, typed, first=SUGGESTIONS_MAX)[:first]


@pytest.mark.parametrize("typed", HOSTILE)
def test_any_text_is_safe(databases: dict[str, Database], typed: str) -> None:
    answers = [suggest(database, typed) for database in databases.values()]
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("typed", "first", "statements"),
    [
        ("s", 10, 2),
        ("saint", 20, 2),
        ("38", 20, 2),
        ("99999", 10, 1),
        ("bordaux", 10, 3),
        ("stmartindherse", 20, 3),
        ("zzzzzz", 10, 2),
    ],
)
def test_statements_are_few_and_their_texts_constant(
    database: Database, typed: str, first: int, statements: int
) -> None:
    texts = []
    for each in (typed, typed.upper()):
        with database.reader() as reader:
            load_suggestions(reader, parse_suggest(each, first=first))
            texts.append(list(reader.statements))
    assert texts[0] == texts[1]
    assert len(texts[0]) == statements
    assert len(typed) < 4 or typed not in "".join(texts[0])
