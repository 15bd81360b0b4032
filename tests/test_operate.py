"""What docs/operate.md tells to type and to watch is there and works."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from graph.http.metrics import Metrics
from graph.settings import Settings
from tests.http.server import ROOT, Server, serving

PAGE = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _only(pattern: str) -> str:
    (found,) = re.findall(pattern, PAGE, re.MULTILINE)
    return str(found)


@pytest.mark.parametrize("page", [PAGE, README])
def test_each_setting_that_is_named_exists(page: str) -> None:
    known = {f"TERRIGRAPH_{name.upper()}" for name in Settings.model_fields}
    named = set(re.findall(r"TERRIGRAPH_\w+", page))
    assert named
    assert named <= known


def test_each_metric_is_told_and_none_else() -> None:
    metrics = Metrics()
    metrics.serves("1", "2026-01-31T12:00:00Z")
    metrics.finished("GET", 200, "query", 0.1)
    metrics.answered("raw")
    metrics.refused("code")
    metrics.flush()
    families = text_string_to_metric_families(metrics.text().decode())
    made = {family.name for family in families if family.name.startswith("terrigraph_")}
    told = re.findall(r"`(terrigraph_\w+)(?:\{[^}]*\})?`", PAGE)
    assert {name.removesuffix("_total") for name in told} == made


def test_several_processes_start_as_told(committed: Callable[[str], str], tmp_path: Path) -> None:
    told = _only(r"^(uvicorn asgi:app .*)$")
    # Two tell as much as four, and start in half the time.
    module, *options = told.replace("--workers 4", "--workers 2").split()
    command = [sys.executable, "-m", module, *options]
    with serving(command, ROOT, tmp_path / "log", DATABASE_URL=committed("sqlite")) as running:
        answered = running.client.post("/graphql", json={"query": "{ prizes { totalCount } }"})
        assert answered.json()["data"] == {"prizes": {"totalCount": 4}}
        too_long = running.client.get("/", params={"query": "x" * 20_000})
        assert too_long.status_code == 414
        assert "server" not in too_long.headers


def test_the_check_of_the_container_sees_a_server_and_its_absence(running: Server) -> None:
    script = _only(r'^HEALTHCHECK CMD python -c "(.*)"$')
    command = [sys.executable, "-c"]
    here = script.replace("127.0.0.1:8000", f"127.0.0.1:{running.client.base_url.port}")
    assert subprocess.run([*command, here], check=False).returncode == 0
    nowhere = script.replace("127.0.0.1:8000", "127.0.0.1:1")
    assert subprocess.run([*command, nowhere], check=False, stderr=subprocess.DEVNULL).returncode


def test_the_hash_of_a_key_is_made_as_told() -> None:
    made = subprocess.run(
        ["sh", "-c", _only(r"`(printf %s [^`]*sha256sum)`")],
        env={"KEY": "secret", "PATH": "/usr/bin:/bin"},
        check=True,
        capture_output=True,
        text=True,
    )
    digest = made.stdout.split()[0]
    assert Settings(api_keys={digest: 1}).api_keys == {digest: 1}
    assert digest.startswith("2bb80d53")
