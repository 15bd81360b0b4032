"""Whom names mean, told by the official code alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.domain.codes import Kind
from seed.who import THRESHOLD, Asked, Body, Register
from seed.who.entries import Entry
from seed.who.numbers import is_sound

SURE = [
    # As it is, and as people write it.
    ("Paris", "COMMUNE:75056"),
    ("Ville de Paris", "COMMUNE:75056"),
    ("VILLE DE PARIS", "COMMUNE:75056"),
    ("St-Étienne", "COMMUNE:42218"),
    ("ST ETIENNE", "COMMUNE:42218"),
    ("Saint Etienne", "COMMUNE:42218"),
    ("Mairie d’Antony", "COMMUNE:92002"),
    ("Ville du Mans", "COMMUNE:72181"),
    ("Ville de Le Mans", "COMMUNE:72181"),
    ("Mans (Le)", "COMMUNE:72181"),
    ("Mans, Le", "COMMUNE:72181"),
    ("Ville des Ponts-de-Cé", "COMMUNE:49246"),
    ("Hôtel de ville (Les Ponts-de-Cé)", "COMMUNE:49246"),
    ("Hôtel de ville de la Mairie de Paris", "COMMUNE:75056"),
    ("Chalon s/ Saône", "COMMUNE:71076"),
    ("La Ville-du-Bois", "COMMUNE:91665"),
    ("L'Haÿ les Roses", "COMMUNE:94038"),
    # Where it is.
    ("Orléans (Loiret)", "COMMUNE:45234"),
    ("Ville d'Orléans (45)", "COMMUNE:45234"),
    ("Orléans, Loiret", "COMMUNE:45234"),
    ("Orléans - 45", "COMMUNE:45234"),
    ("45000 Orléans", "COMMUNE:45234"),
    ("Saint-Denis (La Réunion)", "COMMUNE:97411"),
    ("Saint-Denis (93)", "COMMUNE:93066"),
    ("Saint-Louis (Haut-Rhin)", "COMMUNE:68297"),
    ("Saint-Rémy (en Comté)", "COMMUNE:70472"),
    # Départements and régions.
    ("CD45", "DEPARTEMENT:45"),
    ("CD 45", "DEPARTEMENT:45"),
    ("CG 2A", "DEPARTEMENT:2A"),
    ("Conseil départemental de la Mayenne", "DEPARTEMENT:53"),
    ("Conseil général de la Mayenne", "DEPARTEMENT:53"),
    ("Conseil général (53)", "DEPARTEMENT:53"),
    ("Mayenne (Conseil départemental)", "DEPARTEMENT:53"),
    ("Mayenne (CD53)", "DEPARTEMENT:53"),
    ("Département du Loiret", "DEPARTEMENT:45"),
    ("Conseil départemental du Loirett", "DEPARTEMENT:45"),
    ("Seine St Denis", "DEPARTEMENT:93"),
    ("Côtes-du-Nord", "DEPARTEMENT:22"),
    ("Région Bretagne", "REGION:53"),
    ("Conseil régional d'Île-de-France", "REGION:11"),
    ("Région PACA", "REGION:93"),
    ("Collectivité de Corse", "REGION:94"),
    ("Collectivité territoriale de Martinique", "REGION:02"),
    ("Département de Mayotte", "DEPARTEMENT:976"),
    # Intercommunalités.
    ("Communauté de communes du Pays d’Étain", "EPCI:245501242"),
    ("CC du Pays d'Etain", "EPCI:245501242"),
    ("C.C. du Pays d'Étain", "EPCI:245501242"),
    ("Communauté d’agglomération du Grand Annecy", "EPCI:200066793"),
    ("Grand Annecy agglomération", "EPCI:200066793"),
    ("Communauté urbaine de Strasbourg", "EPCI:246700488"),
    ("Métropole de Lyon", "EPCI:200046977"),
    ("Grand Lyon", "EPCI:200046977"),
    ("Communauté urbaine du Grand Lyon", "EPCI:200046977"),
    ("Lille", "COMMUNE:59350"),
    ("Montpellier", "COMMUNE:34172"),
    ("Montpellier Agglomération", "EPCI:243400017"),
    ("Lille Métropole", "EPCI:200093201"),
    ("CA Plaine Commune", "OTHER:200057867"),
    ("Agglopolys (agglomération de Blois)", "EPCI:200030385"),
    ("CA Territoire de la Côte Ouest", "EPCI:249740101"),
    ("TCO", "EPCI:249740101"),
    ("EPT Plaine Commune", "OTHER:200057867"),
    # What became part of another, and parts.
    ("Fourqueux", "OTHER:78251"),
    ("Mairie du 10e arrondissement de Paris", "OTHER:75110"),
    ("Lyon 1er", "OTHER:69381"),
    ("Région Alsace", "OTHER:ancienne-region-alsace"),
    # Codes.
    ("45234", "COMMUNE:45234"),
    ("2a004", "COMMUNE:2A004"),
    ("COMMUNE:45234", "COMMUNE:45234"),
    ("243 500 139", "EPCI:243500139"),
    ("243 500 139 00014", None),
    ("01003", "COMMUNE:01165"),
    # Bodies.
    ("Centre communal d’action sociale de Gennevilliers", "OTHER:ccas-de-gennevilliers"),
    ("CCAS Gennevilliers", "OTHER:ccas-de-gennevilliers"),
    ("CCAS de la ville de Gennevilliers", "OTHER:ccas-de-gennevilliers"),
    ("Gennevilliers CCAS", "OTHER:ccas-de-gennevilliers"),
    ("CCAS du Mans", "OTHER:ccas-du-mans"),
    ("CIAS du Pays de Gex", "OTHER:cias-du-pays-de-gex"),
    ("Office de tourisme de la Haute-Garonne", "OTHER:office-de-tourisme-de-la-haute-garonne"),
    ("SDIS 45", "OTHER:sdis-45"),
    ("SDIS45", "OTHER:sdis-45"),
    ("SDIS du Loiret", "OTHER:sdis-45"),
    ("Service départemental d'incendie et de secours du Loiret", "OTHER:sdis-45"),
    ("Musée des Beaux-Arts de Brest", "OTHER:musee-des-beaux-arts-de-brest"),
]


def _key(text: str, register: Register, **hints: object) -> str | None:
    decision = register.identify(Asked(text, **hints))  # type: ignore[arg-type]
    return f"{decision.kind}:{decision.code}" if decision.is_sure else None


@pytest.mark.parametrize(("text", "key"), SURE)
def test_a_name_leads_to_its_code(official: Register, text: str, key: str | None) -> None:
    assert _key(text, official) == key


@pytest.mark.parametrize(
    "text",
    [
        "Saint-Martin",  # communes of the same name
        "Mairie de Saint-Denis",
        "Vienne",  # a commune and a département
        "Guadeloupe",  # a département and a région with an assembly each
        "28",  # the code of both
        "CCAS de Saint-Denis",
        "Orléans (Mayenne)",  # not there
        "Parsi",  # too short for a guess
        "Aachen",
        "Pays",
        "Ville de",
        "?",
        "",
    ],
)
def test_what_is_not_certain_goes_to_review(official: Register, text: str) -> None:
    decision = official.identify(Asked(text))
    assert not decision.is_sure
    assert decision.reasons
    assert len(decision.reasons) == len(decision.reasons_en)


def test_two_equals_are_never_chosen_between(official: Register) -> None:
    decision = official.identify(Asked("Mairie de Saint-Denis"))
    assert (decision.kind, decision.code) == (None, None)
    assert decision.score < THRESHOLD
    first = {(each.kind, each.code) for each in decision.others[:2]}
    assert first == {(Kind.COMMUNE, "93066"), (Kind.COMMUNE, "97411")}


@pytest.mark.parametrize("departement", ["974", "La Réunion", "Réunion (974)", "Dép. 974"])
def test_a_departement_beside_the_name_tells_homonyms_apart(
    official: Register, departement: str
) -> None:
    assert _key("Saint-Denis", official, departement=departement) == "COMMUNE:97411"


def test_a_departement_that_is_none_makes_nothing_certain(official: Register) -> None:
    decision = official.identify(Asked("Paris", departement="Bavière"))
    assert not decision.is_sure
    assert "« Bavière » n’est pas un département" in decision.reasons


def test_a_kind_beside_the_name_tells_homonyms_apart(official: Register) -> None:
    assert _key("Vienne", official, kind=Kind.COMMUNE) == "COMMUNE:38544"
    assert _key("Vienne", official, kind=Kind.DEPARTEMENT) == "DEPARTEMENT:86"
    assert _key("Saint-Étienne", official, kind=Kind.EPCI) == "EPCI:244200770"


def test_a_kind_that_the_name_contradicts_makes_nothing_certain(official: Register) -> None:
    assert _key("Ville de Lyon", official, kind=Kind.DEPARTEMENT) is None


def test_a_homonym_is_preferred_only_if_a_hundred_times_larger(official: Register) -> None:
    decision = official.identify(Asked("La Rochelle"))
    assert (decision.code, decision.is_sure) == ("17300", True)
    assert [each.code for each in decision.others][:1] == ["70450"]
    assert not official.identify(Asked("Valence")).is_sure


def test_code_and_name_must_agree(official: Register) -> None:
    assert _key("Mairie d'Orléans", official, code="45234") == "COMMUNE:45234"
    assert _key("Tours", official, code="45234") is None
    assert _key("???", official, code="45234") == "COMMUNE:45234"
    assert _key("Paris", official, code="99999") is None
    # The name of today with the code of a commune that became part of it.
    assert _key("Fourqueux", official, code="78551") == "COMMUNE:78551"


def test_a_code_of_both_kinds_is_told_apart_by_kind_or_name(official: Register) -> None:
    assert _key("", official, code="28") is None
    assert _key("", official, code="28", kind=Kind.REGION) == "REGION:28"
    assert _key("Eure-et-Loir", official, code="28") == "DEPARTEMENT:28"


@pytest.mark.parametrize(
    ("siren", "key"),
    [
        ("217500016", "COMMUNE:75056"),
        ("217 500 016", "COMMUNE:75056"),
        ("217 500 016 00019", "COMMUNE:75056"),
        ("21750001600019", "COMMUNE:75056"),
        ("217500017", None),  # the check digit
        ("21750001600018", None),
        ("552 100 554", None),  # sound, and not of a collectivity
        ("2175", None),
    ],
)
def test_a_siren_or_siret_is_checked(official: Register, siren: str, key: str | None) -> None:
    assert _key("Paris", official, siren=siren) == key
    assert _key("", official, siren=siren) == key


def test_a_body_tells_what_to_create_and_to_whom_it_belongs(
    official: Register, register: Register
) -> None:
    asked = Asked("Centre Communal d’Action Sociale de Montpellier")
    new = official.identify(asked)
    assert new.body == Body(
        "ccas-de-montpellier",
        "centre communal d’action sociale",
        "CCAS de Montpellier",
        Kind.COMMUNE,
        "34172",
    )
    known = register.identify(asked)
    assert (known.kind, known.code, known.body) == (Kind.OTHER, "ccas-de-montpellier", None)


def test_a_body_that_is_known_is_not_created_again_for_an_article(register: Register) -> None:
    asked = Asked("Parc naturel régional Pyrénées Ariégeoises", departement="09")
    decision = register.identify(asked)
    assert (decision.code, decision.body) == ("pnr-pyrenees-ariegeoises", None)


def test_a_body_beside_others_is_not_the_body_of_all(official: Register) -> None:
    assert not official.identify(Asked("Blois/Agglopolys/CIAS")).is_sure


def test_bodies_of_homonyms_have_codes_of_their_own(official: Register) -> None:
    slugs = {
        official.identify(Asked("CCAS de Saint-Denis", departement=each)).code
        for each in ("93", "974")
    }
    assert slugs == {"ccas-de-saint-denis-93066", "ccas-de-saint-denis-97411"}


def test_a_syndicate_belongs_to_its_departement(official: Register) -> None:
    decision = official.identify(Asked("Syndicat départemental de l’eau de l’Orne"))
    assert decision.is_sure
    assert decision.body
    assert (decision.body.parent_kind, decision.body.parent_code) == (Kind.DEPARTEMENT, "61")
    around = official.identify(Asked("Syndicat mixte du Pays de Gex"))
    assert not around.is_sure
    assert around.body
    assert around.body.parent_code == "01"


def test_a_name_of_the_past_holds_for_its_time(official: Register) -> None:
    assert _key("Brest métropole océane", official, year=2010) == "EPCI:242900314"
    assert _key("Brest métropole océane", official, year=2024) is None


def test_one_letter_is_corrected_in_long_names_and_where_a_list_says_where(
    official: Register,
) -> None:
    assert _key("Aulnays-Sous-Bois", official) == "COMMUNE:93005"
    assert _key("Montraeuil", official) is None
    assert _key("Besancon", official) == "COMMUNE:25056"
    assert _key("Bezancon", official) is None
    assert _key("Bezancon", official, departement="25") == "COMMUNE:25056"


def test_several_names_of_a_cell_are_told_apart(official: Register) -> None:
    asked = Asked("Angers/CU Angers Loire Métropole")
    assert not official.identify(asked).is_sure
    codes = [each.code for each in official.identify_each(asked)]
    assert codes == ["49007", "244900015"]
    # Not where one of them is unknown, and not what one name holds.
    assert len(official.identify_each(Asked("Angers / Aachen"))) == 1
    assert len(official.identify_each(Asked("CC Castillon/Pujols"))) == 1


def test_each_official_siren_passes_the_check(entries: list[Entry]) -> None:
    sirens = [entry.siren for entry in entries if entry.siren]
    assert len(sirens) > 36_000
    assert [siren for siren in sirens if not is_sound(siren)] == []


@settings(max_examples=300)
@given(st.text(max_size=80), st.sampled_from([None, *Kind]), st.text(max_size=6) | st.none())
def test_any_text_gets_a_decision(
    official: Register, text: str, kind: Kind | None, departement: str | None
) -> None:
    decision = official.identify(Asked(text, kind, departement))
    assert 0 <= decision.score <= 1
    assert decision.reasons
    assert decision.is_sure <= (decision.code is not None)


def test_a_cell_of_ten_megabytes_is_read_at_its_beginning_only(official: Register) -> None:
    decision = official.identify(Asked("Paris (" * 1_500_000))
    assert not decision.is_sure
