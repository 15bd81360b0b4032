"""Ids that callers keep: the same for ever, and recognised without a look-up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.domain.uid import PREFIXES, TYPES, make_uid, make_uids, type_of_uid


@pytest.mark.parametrize(
    ("type_name", "key", "uid"),
    [
        ("Award", "prix-territoria-2017-gouvernance-or-loiret", "awd_qxv3a2sgqn74jar3"),
        ("Category", "biodiversite", "cat_7eimtckrtp7hzicn"),
        ("Collectivity", "DEPARTEMENT:45", "col_ixu5zkplb2xjjax3"),
        ("Edition", "prix-territoria-2017", "edi_ntatkx3csbiknx6a"),
        ("Prize", "prix-territoria", "pri_4fgoyy2fef3ub6ji"),
        ("Source", "clé ; ñ", "src_mtttrltq7k5rw7bg"),
    ],
)
def test_an_id_never_changes(type_name: str, key: str, uid: str) -> None:
    assert make_uid(type_name, key) == uid


def test_every_type_has_a_prefix_of_its_own() -> None:
    assert len(TYPES) == len(PREFIXES) == 8
    assert {len(prefix) for prefix in TYPES} == {3}


@given(st.sampled_from(sorted(PREFIXES)), st.text(st.characters(exclude_categories=["Cs"])))
def test_the_type_of_any_id_is_read_from_it(type_name: str, key: str) -> None:
    uid = make_uid(type_name, key)
    assert len(uid) == 20
    assert type_of_uid(uid) == type_name


_KEYS = st.lists(st.text(st.characters(exclude_categories=["Cs"])))


@given(st.sampled_from(sorted(PREFIXES)), _KEYS)
def test_many_ids_are_those_of_each_key(type_name: str, keys: list[str]) -> None:
    assert make_uids(type_name, keys) == [make_uid(type_name, key) for key in keys]


def test_the_same_key_makes_another_id_for_another_type() -> None:
    ids = {make_uid(name, "same").split("_")[1] for name in PREFIXES}
    assert len(ids) == len(PREFIXES)


@pytest.mark.parametrize("before", ["", " ", "\n", "x"])
@pytest.mark.parametrize("after", ["", " ", "\n", "a", "\0", "="])
def test_an_id_has_nothing_before_or_after_it(before: str, after: str) -> None:
    uid = make_uid("Award", "key")
    assert type_of_uid(before + uid + after) == (None if before or after else "Award")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "awd",
        "awd_",
        "awd_aaaaaaaaaaaaaaa",
        "awd_aaaaaaaaaaaaaaa1",
        "AWD_AAAAAAAAAAAAAAAA",
        "xyz_aaaaaaaaaaaaaaaa",
        "awd-aaaaaaaaaaaaaaaa",
        "awd_éaaaaaaaaaaaaaaa",
    ],
)
def test_what_is_no_id_has_no_type(text: str) -> None:
    assert type_of_uid(text) is None
