"""A body is unpacked in pieces that stay small, however it was cut and packed."""

import gzip
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seed.harvest.body import Cut, decoded
from seed.harvest.entry import Format

_LARGEST = 64 * 1024


def unpacked(chunks: list[bytes]) -> list[bytes]:
    return list(decoded(chunks, "gzip", Format.CSV))


def test_a_bomb_goes_off_in_small_pieces() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    assert len(bomb) < 60_000
    pieces = unpacked([bomb])
    assert sum(map(len, pieces)) == 50_000_000
    assert max(map(len, pieces)) == _LARGEST


@given(
    members=st.lists(
        st.binary(max_size=300) | st.integers(0, 300_000).map(bytes), min_size=1, max_size=4
    ),
    cuts=st.lists(st.integers(0, 2_000), max_size=6),
)
def test_what_was_packed_comes_out_however_it_is_cut(members: list[bytes], cuts: list[int]) -> None:
    packed = b"".join(map(gzip.compress, members))
    ends = [0, *sorted(min(cut, len(packed)) for cut in cuts), len(packed)]
    chunks = [packed[start:end] for start, end in pairwise(ends)]
    pieces = unpacked(chunks)
    assert b"".join(pieces) == b"".join(members)
    assert all(0 < len(piece) <= _LARGEST for piece in pieces)


@given(st.binary(max_size=300), st.integers(1, 30))
def test_what_ends_too_early_is_cut(body: bytes, missing: int) -> None:
    packed = gzip.compress(body)
    with pytest.raises(Cut):
        unpacked([packed[: max(0, len(packed) - missing)]])
