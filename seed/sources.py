"""The files as bytes, from a folder or from inside the installed package; reads, judges nothing."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

Folder = Traversable

DATA: Folder = files("seed") / "data"


def read(folder: Path | Folder, names: Iterable[str]) -> dict[str, bytes | None]:
    """The content of each file, None for one that is missing or unreadable."""
    return {name: _read(folder / name) for name in names}


def checksum(contents: Mapping[str, bytes | None]) -> str:
    """A digest that differs as soon as one file does; hexadecimal."""
    digest = sha256()
    for name, content in contents.items():
        size = "missing" if content is None else len(content)
        digest.update(f"{name} {size}\n".encode())
        digest.update(content or b"")
    return digest.hexdigest()


def _read(file: Path | Folder) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None
