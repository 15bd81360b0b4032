"""Imports point down the list of layers, never up."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]

# Top to bottom. Layers of one line do not import each other.
_ORDER = (
    ("asgi",),
    ("graph.cli",),
    ("graph.commands",),
    ("graph.app",),
    ("graph.http",),
    ("graph.schema",),
    ("graph.resolvers", "graph.execution"),
    ("graph.loaders",),
    ("graph.storage",),
    ("graph.domain", "graph.settings"),
)
_HEIGHT = {layer: -line for line, layers in enumerate(_ORDER) for layer in layers}
_BESIDE_THE_ORDER = {
    "asgi": {"graph.cli", "graph.app", "graph.http", "graph.settings"},
    "seed": {"seed", "graph.storage", "graph.domain"},
}


def _modules() -> dict[str, Path]:
    files = [_ROOT / "asgi.py", *_ROOT.glob("graph/**/*.py"), *_ROOT.glob("seed/**/*.py")]
    return {_name(file): file for file in sorted(files)}


def _name(file: Path) -> str:
    parts = file.relative_to(_ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


_MODULES = _modules()


def _layer(module: str) -> str | None:
    """The layer of a module of ours; None for the package around all of them."""
    first, _, rest = module.partition(".")
    if first != "graph":
        return first
    return f"graph.{rest.partition('.')[0]}" if rest else None


def _imports(source: str, module: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} has a relative import"
            yield from (_imported(node.module or "", alias.name) for alias in node.names)


def _imported(package: str, name: str) -> str:
    # `from graph import http` and `from graph.http import graphql` name modules, too.
    return f"{package}.{name}" if package in {"graph", "seed"} else package


def _forbidden(module: str, source: str) -> list[str]:
    own = _layer(module)
    imported = [name for name in _imports(source, module) if _is_ours(name)]
    if own is None:
        return imported
    return [name for name in imported if not _may_import(own, _layer(name))]


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] in {"asgi", "graph", "seed"}


def _may_import(own: str, other: str | None) -> bool:
    if other is None:
        return False
    if own in _BESIDE_THE_ORDER:
        return other in _BESIDE_THE_ORDER[own]
    if other == "seed":
        return own in {"graph.cli", "graph.commands"}
    return other == own or _HEIGHT[other] < _HEIGHT[own]


def test_every_module_has_a_layer_and_every_layer_a_module() -> None:
    found = {_layer(name) for name in _MODULES} - {None}
    assert found == {*_HEIGHT, "seed"}


@pytest.mark.parametrize("module", _MODULES)
def test_a_module_imports_only_its_own_layer_and_those_below(module: str) -> None:
    assert _forbidden(module, _MODULES[module].read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("graph.domain.codes", "import graph.storage.read"),
        ("graph.domain.codes", "from graph.settings import Settings"),
        ("graph.storage.read", "from graph.loaders import award"),
        ("graph.resolvers.award", "from graph.execution.plan import Plan"),
        ("graph.execution.plan", "from graph.resolvers.award import FIELDS"),
        ("graph.execution.plan", "def late():\n    from graph import http"),
        ("graph.app", "import seed"),
        ("seed.load", "from graph.loaders.award import awards"),
        ("asgi", "from graph.storage.read import Database"),
        ("graph.schema.query", "from asgi import app"),
    ],
)
def test_an_import_that_points_up_or_aside_is_found(module: str, line: str) -> None:
    assert len(_forbidden(module, line)) == 1


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("graph.cli", "from seed.load import load"),
        ("graph.commands.identify", "from seed.who import Register"),
        ("graph.loaders.award", "from graph.domain import codes\nimport sqlalchemy"),
        ("graph.schema.query", "from graph.schema import lazy"),
        ("seed.load", "from seed import cells\nfrom graph.storage import tables"),
    ],
)
def test_an_import_that_points_down_is_allowed(module: str, line: str) -> None:
    assert _forbidden(module, line) == []
