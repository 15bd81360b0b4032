"""A reproducible data set for benchmarks: made-up initiatives on the real collectivities.

Scale 1 is 20,000 initiatives, 15,000 awards and 60,000 metrics beside the committed data.
The same scale gives the same rows everywhere: one seeded generator, keys made of numbers.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import accumulate, batched, count
from pathlib import Path
from typing import Any, NamedTuple

