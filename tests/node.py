"""Node projects of the tests: their packages installed by their lock file, in a folder apart."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest


def install(project: Path, folder: Path) -> Path:
    """A copy of a project in `folder` with its packages; skips where Node is absent."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("Node and npm are not installed")
    copy = folder / project.name
    shutil.copytree(project, copy, ignore=shutil.ignore_patterns("node_modules"))
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return copy


def run(project: Path, *arguments: str) -> Any:
    """What a script of an installed project prints, read as JSON."""
    done = subprocess.run(
        ["node", *arguments], cwd=project, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)
