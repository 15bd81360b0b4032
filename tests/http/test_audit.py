"""The server keeps every MUST and SHOULD of GraphQL over HTTP, by the audit of `graphql-http`."""

from pathlib import Path

import pytest

from tests import node
from tests.http.server import Server

PROJECT = Path(__file__).with_name("audit")
_LEAST = 60


def test_every_audit_passes(running: Server, tmp_path: Path) -> None:
    project = node.install(PROJECT, tmp_path)
    url = str(running.client.base_url.join("/graphql"))
    results = node.run(project, "audit.mjs", url)
    assert len(results) >= _LEAST
    failed = [result for result in results if result["status"] != "ok"]
    if failed:
        pytest.fail("\n".join(f"{one['id']} {one['name']}: {one['reason']}" for one in failed))
