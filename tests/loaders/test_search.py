"""First pages of a search read the best of each word, and find what reading all would find."""

from dataclasses import replace
from random import Random

import pytest

from graph.loaders import search
from graph.loaders.batch import load_rows
from graph.resolvers.where import search_query
from graph.storage.read import Database, Reader
from graph.storage.search import HIT, Hits
from graph.storage.selection import ROOT_KEY, Selection, Window

_COLUMNS = (HIT.c.entry_id, HIT.c.score)
_TYPES = ("Award", "Category", "Collectivity", "Initiative")
_QUESTIONS = 120
# How common a word of the committed data is that is looked for among the best.
_COMMON = 60


def hits(reader: Reader, text: str, types: tuple[str, ...], size: int) -> list[tuple[int, int]]:
    source = Hits(search_query(text, "query"), text, types)
    window = Window(size)
    selection = Selection(search.hits, order=search.HIT_ORDER, source=source, window=window)
    return [(row[1], row[2]) for row in search.hits.load(reader, selection, {ROOT_KEY}, _COLUMNS)]  # type: ignore[misc]  # it has one


def every_hit(
    reader: Reader, text: str, types: tuple[str, ...], *, by_sets: bool = False
) -> list[tuple[int, int]]:
    """All hits, by one statement that reads whatever has the words."""
    source = Hits(search_query(text, "query"), text, types, by_sets=by_sets)
    ranked = Selection(search._ranked, order=search.HIT_ORDER, source=source)
    return [(row[1], row[2]) for row in load_rows(reader, ranked, {ROOT_KEY}, _COLUMNS)]


def common_words(reader: Reader) -> list[str]:
    sql = f"SELECT term FROM search_term WHERE entries > {_COMMON} AND length(term) > 2"
    return sorted(term for (term,) in reader.rows(search.Statement(sql, (), {}), {}))


def question(words: list[str], random: Random) -> str:
    """Words that many records have, some with a beginning, a phrase, or one excluded."""
    asked = random.sample(words, random.choice((1, 1, 2, 2, 3)))
    if random.random() < 0.4:
        asked[-1] = asked[-1][: max(3, len(asked[-1]) - random.randrange(4))]
    elif random.random() < 0.3:
        asked[-1] += " "  # a whole word
    text = " ".join(asked)
    if random.random() < 0.2:
        text = f"-{random.choice(words)} {text}"
    if random.random() < 0.2:
        text = f'{text} "{random.choice(("saint denis", "prix territoria", "budget"))}"'
    return text


def is_of_best(statements: list[str]) -> bool:
    """Whether a page was found by one look at the best: after the sizes, before what is shown."""
    return len(statements) == 3 and "best_0_0" in statements[1]


def test_the_best_of_each_word_are_the_best_of_all(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_FEW", 40)
    monkeypatch.setattr(search, "_LOOKS", (12, 50))
    monkeypatch.setattr(search, "_SECOND_LOOK", 200)
    random = Random(53130)
    best = 0
    with database.reader() as reader:
        words = common_words(reader)
        for _ in range(_QUESTIONS):
            text = question(words, random)
            types = _TYPES if random.random() < 0.6 else ("Collectivity",)
            size = random.choice((1, 5, 10))
            before = len(reader.statements)
            found = hits(reader, text, types, size)
            best += is_of_best(reader.statements[before:])
            expected = every_hit(reader, text, types)
            assert found == expected[: size + 1], text
            if reader.dialect == "sqlite" and len(search_query(text, "query").wanted) > 1:
                assert every_hit(reader, text, types, by_sets=True) == expected, text
    assert best * 5 > _QUESTIONS


def test_all_are_read_where_there_is_no_first_page(database: Database) -> None:
    with database.reader() as reader:
        source = Hits(search_query("saint ", "query"), "saint ", _TYPES)
        sizes = search._sizes(reader, source.query)
    assert sizes["saint"] > search._FEW
    ways = {
        window: [way.best_of for way in search._ways(source, sizes, window, reader.dialect)]
        for window in (Window(10), Window(10, after=(1, 2)), Window(10, is_backward=True), None)
    }
    # The best of a single word are in order, so that nothing is left to be read.
    assert ways.pop(Window(10)) == [search._LOOKS[0]]
    assert set(map(tuple, ways.values())) == {(0,)}


def test_a_word_that_nothing_has_ends_a_search(database: Database) -> None:
    with database.reader() as reader:
        assert hits(reader, "saint zzzz", _TYPES, 10) == []
        assert len(reader.statements) == 1


def test_rarest_words_come_first(database: Database) -> None:
    with database.reader() as reader:
        source = Hits(search_query("saint mayenne ", "query"), "saint mayenne ", _TYPES)
        [way] = search._ways(
            source, search._sizes(reader, source.query), Window(10), reader.dialect
        )
    assert way == replace(source, rarest="mayenne")
