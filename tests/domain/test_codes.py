"""The ranks of levels, which order awards."""

from graph.domain.codes import LEVEL_RANK, Kind, Level, Qualifier, Role


def test_a_better_level_has_a_higher_rank() -> None:
    assert sorted(Level, key=lambda level: -LEVEL_RANK[level]) == [
        Level.GRAND_PRIX,
        Level.GOLD,
        Level.SILVER,
        Level.BRONZE,
        Level.LAUREATE,
        Level.SPECIAL,
        Level.MENTION,
        Level.UNKNOWN,
    ]


def test_ranks_leave_room_for_levels_between_them() -> None:
    ranks = sorted(LEVEL_RANK.values())
    assert ranks == list(range(0, 80, 10))


def test_a_word_is_written_as_it_is_named() -> None:
    for words in (Kind, Level, Role, Qualifier):
        assert [word.value for word in words] == [word.name for word in words]
