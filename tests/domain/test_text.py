"""Text as searches compare it: the same whatever accents, case and signs it is written with."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.domain.text import STOP_WORDS, fold, stem
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
