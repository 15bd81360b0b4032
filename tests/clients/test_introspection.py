"""Code generators read the whole schema from the endpoint, by the introspection they ask."""

import subprocess
import sys
from pathlib import Path

import pytest
from graphql import build_schema, lexicographic_sort_schema, print_schema

from tests import node
from tests.http.server import Server

_GQL = Path(sys.executable).with_name("gql-cli")


@pytest.fixture(scope="module")
def sdl(running: Server) -> str:
    return running.client.get("/schema.graphql").text


@pytest.fixture(scope="module")
def endpoint(running: Server) -> str:
    return str(running.client.base_url.join("/graphql"))


def _names(sdl: str) -> set[str]:
    return set(build_schema(sdl).type_map)


def test_the_javascript_tools_build_our_schema(packages: Path, sdl: str, endpoint: str) -> None:
    built = node.run(packages, "introspect.mjs", endpoint)
    ours = print_schema(lexicographic_sort_schema(build_schema(sdl)))
    assert print_schema(lexicographic_sort_schema(build_schema(built["the whole"]))) == ours
    assert _names(built["the default"]) == _names(sdl)
    assert _names(built["the shortest"]) == _names(sdl)


def test_gql_prints_our_schema(sdl: str, endpoint: str) -> None:
    asked = [_GQL, endpoint, "--print-schema", "--transport", "httpx"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert _names(done.stdout) == _names(sdl)


def test_ariadne_codegen_reads_our_schema(
    generator: Path, sdl: str, endpoint: str, tmp_path: Path
) -> None:
    (tmp_path / "pyproject.toml").write_text(
        f'[tool.ariadne-codegen]\nremote_schema_url = "{endpoint}"\n'
        'target_file_path = "read.graphql"\n'
    )
    asked = [generator / "ariadne-codegen", "graphqlschema"]
    done = subprocess.run(
        asked, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert _names((tmp_path / "read.graphql").read_text(encoding="utf-8")) == _names(sdl)
