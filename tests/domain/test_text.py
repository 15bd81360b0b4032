"""Text as searches compare it: the same whatever accents, case and signs it is written with."""

import html
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.domain.text import (
    STOP_WORDS,
    SearchQuery,
    fold,
    parse_search,
    snippet,
    stem,
)
from graph.domain.text import words as words_of

ANYTHING = st.text(st.characters())
FRENCH = st.text(st.sampled_from("aeéœLD’'- \"«»“”.,0*-\n"))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("L’Haÿ-les-Roses", "l hay les roses"),
        ("L'Haÿ les Roses", "l hay les roses"),
        ("Œuvre, Lætitia & Groß", "oeuvre laetitia gross"),
        ("  Saint–Étienne…(Loire)\n", "saint etienne loire"),
        ("E\u0301cole", "ecole"),
        ("co\u00adopération", "cooperation"),
        ("Łódź", "lodz"),
        ("1ᵉʳ étage, 12 m²", "1er etage 12 m2"),
        ("snake_case", "snake case"),
        ("İzmir", "izmir"),
        ("nul\0", "nul"),
        ("— * %", ""),
        ("", ""),
    ],
)
def test_folded_text_is_plain_words(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(ANYTHING)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert folded == " ".join(folded.split())


@given(st.text(st.sampled_from("aàâäéèêëîïôöùûüÿçœæ -’")))
def test_case_does_not_matter(text: str) -> None:
    assert fold(text.upper()) == fold(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("l’eau qu'on boit", ["eau", "on", "boit"]),
        ("L'Île-d’Yeu", ["ile", "yeu"]),
        ("Jusqu’à lorsqu’elle", ["a", "elle"]),
        ("aujourd’hui, presqu’île", ["aujourd", "hui", "presqu", "ile"]),
        ("plan d", ["plan", "d"]),
        ("l’", []),
        ("d’l’x", ["x"]),
        ("x" * 100, ["x" * 64]),
    ],
)
def test_words_come_without_elisions(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@given(ANYTHING)
def test_words_of_words_are_the_same(text: str) -> None:
    words = words_of(text)
    assert words_of(" ".join(words)) == words


@pytest.mark.parametrize(
    "forms",
    [
        ("développement", "développements"),
        ("citoyen", "citoyens", "citoyenne"),
        ("participation", "participatif", "participatives"),
        ("social", "sociale", "sociaux"),
        ("dématérialisation", "dématérialiser"),
        ("numérique", "numériques"),
    ],
)
def test_forms_of_a_word_share_a_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(fold(form)) for form in forms}) == 1


@given(ANYTHING)
def test_every_word_has_a_stem_that_is_folded_text(text: str) -> None:
    for word in words_of(text):
        assert stem(word)
        assert fold(stem(word)) == stem(word)


def test_threads_may_stem_at_once() -> None:
    words = ["developpement", "participatives", "a", "x" * 64] * 500
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(stem, words)) == [stem(word) for word in words]


def test_stop_words_are_folded_words_without_elision() -> None:
    assert {word for each in STOP_WORDS for word in words_of(each)} == STOP_WORDS
    assert {"l", "d", "qu", "de", "la", "a", "ou"} <= STOP_WORDS
    assert not STOP_WORDS & {"est", "pas", "y", "elle", "saint", "son", "us"}


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("médecin traitant", SearchQuery(("medecin", "traitant"), prefix="traitant")),
        ("médecin traitant ", SearchQuery(("medecin", "traitant"))),
        ("médecin, traitant.", SearchQuery(("medecin", "traitant"))),
        ("eau ab", SearchQuery(("eau", "ab"))),
        ("la place de l’eau", SearchQuery(("place", "eau"), prefix="eau")),
        ("eau de", SearchQuery(("eau",))),
        ("eau Jeunes eau", SearchQuery(("jeunes", "eau"), prefix="eau")),
        ("Saint-Étienne", SearchQuery(("saint", "etienne"), prefix="etienne")),
        ('"conseil d’Orléans"', SearchQuery(phrases=("conseil orleans",))),
        ("« l’eau de la ville » “à deux”", SearchQuery(phrases=("eau de la ville", "a deux"))),
        ('"de la"', SearchQuery(phrases=("de la",))),
        ('eau "" « »', SearchQuery(("eau",))),
        ("eau -Loire", SearchQuery(("eau",), excluded_words=("loire",))),
        ("eau -la", SearchQuery(("eau",))),
        (
            "-Saint-Étienne eau",
            SearchQuery(("eau",), excluded_phrases=("saint etienne",), prefix="eau"),
        ),
        ('eau -"budget vert"', SearchQuery(("eau",), excluded_phrases=("budget vert",))),
        ('eau -"vert"', SearchQuery(("eau",), excluded_phrases=("vert",))),
        ("eau - loire", SearchQuery(("eau", "loire"), prefix="loire")),
        ('eau "de Loire', SearchQuery(("eau", "loire"), prefix="loire")),
        ('12" tuyau', SearchQuery(("12", "tuyau"), prefix="tuyau")),
        ("eau » loire", SearchQuery(("eau", "loire"), prefix="loire")),
        (
            "eau* AND (NOT loire) NEAR/2 {title}:x ^y | & ! <-> \\ % _ '",
            SearchQuery(("eau", "and", "not", "loire", "near", "2", "title", "x", "y")),
        ),
        ("eau'; DROP TABLE award; --", SearchQuery(("eau", "drop", "table", "award"))),
    ],
)
def test_what_people_type_is_words_phrases_and_exclusions(text: str, query: SearchQuery) -> None:
    assert parse_search(text) == query


@pytest.mark.parametrize("text", ["", "  ", "de la", "-eau", '-"de la" le', '""', "…", "« »", "l’"])
def test_a_search_for_nothing_says_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match="write at least one word"):
        parse_search(text)


def test_a_search_knows_how_many_words_it_looks_for() -> None:
    some = [f"mot{number}" for number in range(16)]
    assert parse_search(" ".join([*some, "de", "mot1"])).size == 16
    for more, size in (("mot", 17), ("-mot", 17), ('"un mot"', 18), ('-"un mot"', 18)):
        assert parse_search(" ".join([more, *some])).size == size


def test_wanted_words_are_those_of_phrases_too_and_end_with_the_one_being_typed() -> None:
    query = parse_search('"eau de la ville" propre vil')
    assert query.wanted == ("eau", "ville", "propre", "vil")
    assert parse_search('"ville propre" eau ville').wanted == ("propre", "eau", "ville")
    assert parse_search('"de la"').wanted == ()


@given(st.one_of(ANYTHING, FRENCH))
def test_any_text_is_a_search_or_a_value_error(text: str) -> None:
    try:
        query = parse_search(text)
    except ValueError:
        return
    parts = (*query.words, *query.phrases, *query.excluded_words, *query.excluded_phrases)
    assert all(part and " ".join(words_of(part)) == part for part in parts)
    assert query.words or query.phrases
    assert not STOP_WORDS & set(query.words + query.wanted)
    assert query.prefix in {None, *query.wanted[-1:]}


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("medecins", "Un <mark>médecin</mark> à l’Œuvre, l'eau & les <b>"),
        ("oeuvre", "Un médecin à l’<mark>Œuvre</mark>, l'eau & les <b>"),
        ("EAU -médecin", "Un médecin à l’Œuvre, l'<mark>eau</mark> & les <b>"),
        ("méd", "Un <mark>médecin</mark> à l’Œuvre, l'eau & les <b>"),
        ("méd ", "Un médecin à l’Œuvre, l'eau & les <b>"),
        ('"à l’œuvre" les', "Un médecin <mark>à</mark> l’<mark>Œuvre</mark>, l'eau & les <b>"),
        ('"eau les médecin"', "Un médecin à l’Œuvre, l'eau & les <b>"),
        ("mark", "Un médecin à l’Œuvre, l'eau & les <b>"),
    ],
)
def test_a_snippet_marks_what_was_found_and_escapes_the_rest(search: str, found: str) -> None:
    shown = snippet("Un médecin à l’Œuvre, l'eau & les <b>", parse_search(search))
    marked = re.split("(</?mark>)", found)
    assert shown == "".join(part if "mark>" in part else html.escape(part) for part in marked)


def test_a_snippet_shows_text_as_it_is_written() -> None:
    text = "Cœ\u0301ur ½ L’HAŸ co\u00adopère"
    found = snippet(text, parse_search("coeur hay coopere"))
    assert found == ("<mark>Cœ\u0301ur</mark> ½ L’<mark>HAŸ</mark> <mark>co\u00adopère</mark>")
    assert snippet("½ fois", parse_search('"1 2"')) == "<mark>½</mark> fois"


def test_a_long_text_is_cut_where_most_was_found() -> None:
    text = f"L’eau. {'Rien à voir ici. ' * 20}La rivière et l’eau propre. {'Ni là non plus. ' * 20}"
    found = snippet(text, parse_search("eau rivière propre"))
    assert found.startswith("…")
    assert found.endswith("…")
    assert "La <mark>rivière</mark> et l’<mark>eau</mark> <mark>propre</mark>." in found
    shown = found.replace("<mark>", "").replace("</mark>", "").strip("…")
    assert 120 < len(shown) <= 160
    assert f" {shown} " in text


def test_a_long_text_without_a_hit_is_shown_from_its_beginning() -> None:
    text = "Des mots sans fin. " * 20
    found = snippet(text, parse_search("eau"))
    assert found.startswith("Des mots")
    assert found.endswith("…")
    assert len(found) <= 161


def test_the_end_of_a_text_is_shown_without_an_ellipsis_behind_it() -> None:
    found = snippet(f"{'Des mots sans fin. ' * 20}De l’eau.", parse_search("eau"))
    assert found.startswith("…")
    assert found.endswith("De l’<mark>eau</mark>.")


@given(
    st.lists(st.sampled_from(["eau", "Eaux", "d’œuvre", "½", "<b>", "x" * 200, "l'", "é", "\n"])),
    st.sampled_from(["eau", "oeuvre eau", '"1 2"', "b", "x" * 64, '"eau oeuvre"', "zzz"]),
    st.sampled_from([" ", "", ", "]),
)
def test_any_snippet_is_a_short_part_of_its_text(
    parts: list[str], search: str, separator: str
) -> None:
    text = separator.join(parts)
    found = snippet(text, parse_search(search))
    shown = html.unescape(re.sub("</?mark>", "", found))
    assert shown.removeprefix("…").removesuffix("…") in text
    assert len(shown) <= 162
    assert re.fullmatch(r"([^<>]|<mark>[^<>]+</mark>)*", found)


@given(st.one_of(ANYTHING, FRENCH))
def test_every_word_of_a_text_can_be_marked_in_it(text: str) -> None:
    for word in words_of(text)[:5]:
        found = snippet(text, SearchQuery(phrases=(word,)))
        assert "<mark>" in found
