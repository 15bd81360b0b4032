"""What is typed into a form field is read generously, and one typo is forgiven."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.domain.codes import Kind
from graph.domain.errors import BadUserInput
from graph.domain.suggest import (
    HEAD_LETTERS,
    SUGGESTIONS_MAX,
    Match,
    corrections,
    has_tail,
    is_nearly,
    keys_of,
    label_of,
    meant,
    parse_suggest,
)
from graph.domain.text import fold

# Few letters, so that repeated and swapped ones are common.
LETTERS = st.sampled_from("abc")
WORDS = st.text(LETTERS, min_size=4, max_size=16)


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, str]:
    """A word and the same with one letter more, less or other, or two of them swapped."""
    word = draw(WORDS)
    at = draw(st.integers(0, len(word) - 1))
    letter = draw(LETTERS)
    before, after = word[:at], word[at:]
    edited = draw(
        st.sampled_from(
            [
                before + after[1:],
                before + letter + after,
                before + letter + after[1:],
                before + after[1:2] + after[:1] + after[2:],
            ]
        )
    )
    return word, edited


def distance(one: str, other: str) -> int:
    """The number of edits between two words, by the textbook."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            least = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                least = min(least, rows[-2][j - 2] + 1)
            row.append(least)
        rows.append(row)
    return rows[-1][-1]


@pytest.mark.parametrize(
    ("typed", "prefixes"),
    [
        ("Saint-Éti", ("sainteti",)),
        ("  aix  en prov", ("aixenprov",)),
        ("L’Haÿ", ("lhay",)),
        ("st etienne", ("saintetienne",)),
        ("ste marie", ("saintemarie",)),
        ("st", ("st", "saint")),
        ("ste", ("ste", "sainte")),
        ("la chapelle st", ("lachapellest", "lachapellesaint")),
        ("stetienne", ("stetienne", "saintetienne")),
        ("stmartin", ("saintmartin",)),
        ("strasb", ("strasb", "saintrasb")),
        ("2A", ("2a",)),
        ("Communauté de communes du Pays", ("ccdupays",)),
        ("communauté u", ("communauteu", "cu")),
        ("commun", ("commun", "cc", "ca", "cu")),
        ("Saint-Denis (Réunion)", ("saintdenis",)),
        ("(", None),
        ("", None),
        (" -’ \0", None),
    ],
)
def test_typed_text_is_read_in_every_likely_way(
    typed: str, prefixes: tuple[str, ...] | None
) -> None:
    if prefixes is None:
        with pytest.raises(BadUserInput, match="write the beginning of a name or of a code"):
            parse_suggest(typed)
    else:
        assert parse_suggest(typed).prefixes == prefixes


@pytest.mark.parametrize("first", [0, -1, SUGGESTIONS_MAX + 1])
def test_a_number_out_of_range_is_refused(first: int) -> None:
    with pytest.raises(BadUserInput, match=f"`first: {first}` is out of range; write 1 to 20"):
        parse_suggest("a", first=first)


def test_without_kinds_all_are_asked_for() -> None:
    assert parse_suggest("a").kinds == tuple(Kind)
    assert parse_suggest("a", [Kind.EPCI]).kinds == (Kind.EPCI,)


@given(st.text(st.characters(), min_size=1, max_size=200))
def test_any_text_is_read_or_refused(typed: str) -> None:
    try:
        query = parse_suggest(typed)
    except BadUserInput:
        return
    assert all(0 < len(prefix) <= 80 and prefix.isalnum() for prefix in query.prefixes)
    assert len(corrections(query)) < 2000


@pytest.mark.parametrize(
    ("kind", "code", "name", "postal_codes", "matches"),
    [
        (Kind.COMMUNE, "72181", "Le Mans", "72000 72100", ("lemans 72181", "mans", "72000 72100")),
        (Kind.COMMUNE, "53130", "Laval", "53130", ("laval 53130", "", "")),
        (Kind.DEPARTEMENT, "2A", "Corse-du-Sud", "", ("corsedusud 2a", "", "")),
        (Kind.REGION, "24", "La Réunion", "", ("lareunion", "reunion", "24")),
        (Kind.EPCI, "2", "CC de l'Ay-Ste-Foy", "", ("ccdelaysaintefoy 2", "", "aysaintefoy")),
        (Kind.OTHER, "metz", "Metz", "", ("metz", "", "")),
    ],
)
def test_a_collectivity_has_its_names_and_its_codes_for_keys(
    kind: Kind, code: str, name: str, postal_codes: str, matches: tuple[str, ...]
) -> None:
    keys = keys_of(kind, code, fold(name), postal_codes)
    for match, texts in zip(Match, matches, strict=True):
        assert {key.text for key in keys if key.match == match} == set(texts.split())
    assert len({key.text for key in keys}) == len(keys)


@pytest.mark.parametrize("kind", Kind)
def test_codes_that_few_people_know_find_last(kind: Kind) -> None:
    late = {key.text for key in keys_of(kind, "24", "centre", "45000") if key.is_late}
    assert late == ({"24"} if kind in (Kind.REGION, Kind.EPCI) else set())


@pytest.mark.parametrize(
    ("kind", "code", "name", "departement", "label"),
    [
        (Kind.COMMUNE, "42218", "Saint-Étienne", "Loire", "Saint-Étienne (Loire)"),
        (Kind.COMMUNE, "00000", "Ailleurs", None, "Ailleurs"),
        (Kind.DEPARTEMENT, "42", "Loire", "Loire", "Loire (42)"),
        (Kind.EPCI, "244200770", "Saint-Étienne Métropole", "Loire", "Saint-Étienne Métropole"),
        (Kind.REGION, "84", "Auvergne-Rhône-Alpes", None, "Auvergne-Rhône-Alpes"),
    ],
)
def test_a_label_tells_namesakes_apart(
    kind: Kind, code: str, name: str, departement: str | None, label: str
) -> None:
    assert label_of(kind, code, name, departement) == label


@given(edits())
def test_what_was_meant_is_among_the_corrections(edit: tuple[str, str]) -> None:
    word, typed = edit
    if len(typed) >= 4:
        query = parse_suggest(typed)
        assert any(word.startswith(each) for each in (*query.prefixes, *corrections(query)))
        assert word in meant([word], query)


@given(edits())
def test_a_correction_of_the_first_letters_is_one_edit_away(edit: tuple[str, str]) -> None:
    query = parse_suggest(edit[1])
    for each in corrections(query):
        is_end_cut = edit[1].startswith(each)
        assert is_end_cut or distance(each, edit[1]) == 1


@given(WORDS, st.one_of(WORDS, edits().map(lambda edit: edit[1])))
def test_nearly_is_one_edit_from_some_beginning(key: str, typed: str) -> None:
    nearest = min(distance(key[:end], typed) for end in range(len(key) + 1))
    assert is_nearly(key, typed) == (nearest <= 1)
    if has_tail(query := parse_suggest(typed)) and key[:HEAD_LETTERS] == typed[:HEAD_LETTERS]:
        assert (key in meant([key], query)) == (nearest <= 1)


@pytest.mark.parametrize("typed", ["abc", "38", "53130", "2A004", "75 paris"])
def test_short_texts_and_codes_are_taken_at_their_word(typed: str) -> None:
    assert corrections(parse_suggest(typed)) == []


def test_an_article_may_be_too_much() -> None:
    assert "loire" in corrections(parse_suggest("la loire"))
