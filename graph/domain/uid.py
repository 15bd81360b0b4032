"""Global ids: opaque, short, and the same wherever and whenever the data is loaded.

An id is the type's prefix and 80 bits of a hash of the natural key, so it can be
recognised without a look-up and never says anything about the database.
"""

import re
from collections.abc import Sequence
from hashlib import blake2b
from itertools import product

PREFIXES = {
    "Award": "awd",
    "Category": "cat",
    "Collectivity": "col",
    "Edition": "edi",
    "Initiative": "ini",
    "Metric": "met",
    "Prize": "pri",
    "Source": "src",
}
TYPES = {prefix: name for name, prefix in PREFIXES.items()}
_SHAPE = re.compile(r"([a-z]{3})_[a-z2-7]{16}")


_DIGITS = b"abcdefghijklmnopqrstuvwxyz234567"
# Two letters at once, by the number that they mean.
_PAIRS = ["".join(pair) for pair in product(_DIGITS.decode(), repeat=2)]
_HASH_BYTES, _LETTERS = 10, 16
_LETTER_OF = _DIGITS.ljust(256)


def make_uid(type_name: str, natural_key: str) -> str:
    """The global id of a record; `natural_key` is unique within `type_name`."""
    digest = blake2b(f"{type_name}:{natural_key}".encode(), digest_size=_HASH_BYTES).digest()
    # Base 32 in lower case, in half the time that `base64` takes.
    pairs, high, low = _PAIRS, int.from_bytes(digest[:5]), int.from_bytes(digest[5:])
    return (
        f"{PREFIXES[type_name]}_{pairs[high >> 30]}{pairs[high >> 20 & 1023]}"
        f"{pairs[high >> 10 & 1023]}{pairs[high & 1023]}{pairs[low >> 30]}"
        f"{pairs[low >> 20 & 1023]}{pairs[low >> 10 & 1023]}{pairs[low & 1023]}"
    )


def make_uids(type_name: str, natural_keys: Sequence[str]) -> list[str]:
    """The same of many records, in half the time: imports make millions."""
    keys = [f"{type_name}:{key}".encode() for key in natural_keys]
    letters = _base_32([blake2b(key, digest_size=_HASH_BYTES).digest() for key in keys])
    prefix = f"{PREFIXES[type_name]}_"
    return [prefix + letters[at : at + _LETTERS] for at in range(0, len(letters), _LETTERS)]


def _base_32(hashes: list[bytes]) -> str:
    """The letters of all hashes, one behind the other.

    All are one number, whose halves are moved apart in four steps, until every five bits are
    in a byte of their own.
    """
    gap = bytes(_LETTERS - _HASH_BYTES)
    bits = int.from_bytes(b"".join([gap + each for each in hashes]))
    size = len(hashes) * _LETTERS
    for room in (16, 8, 4, 2):
        # Of the bits in each room of so many bytes, five in eight are taken.
        half = room * 5 // 2
        low = int.from_bytes(((1 << half) - 1).to_bytes(room) * (size // room))
        bits = (bits & low << half) << room * 4 - half | bits & low
    return bits.to_bytes(size).translate(_LETTER_OF).decode()


def type_of_uid(uid: str) -> str | None:
    """The name of the type that an id belongs to; None if it is no id of ours."""
    match = _SHAPE.fullmatch(uid)
    return TYPES.get(match[1]) if match else None
