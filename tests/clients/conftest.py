"""What clients are made with: their npm packages, and the generator of typed clients."""

import subprocess
import venv
from pathlib import Path

import pytest

from tests import node

HERE = Path(__file__).parent
# Its versions of graphql-core and ours exclude each other, so it has an environment of its own.
GENERATOR = "ariadne-codegen>=0.19,<0.20"


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the npm packages of the recipes."""
    return node.install(HERE, tmp_path_factory.mktemp("npm"))


@pytest.fixture(scope="session")
def generator(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the command that makes typed clients; skips where it cannot be installed."""
    folder = tmp_path_factory.mktemp("generator")
    venv.create(folder, with_pip=True)
    pip = [folder / "bin" / "python", "-m", "pip", "install", "-q", GENERATOR]
    done = subprocess.run(pip, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        pytest.skip(f"{GENERATOR} cannot be installed: {done.stderr.strip().splitlines()[-1]}")
    return folder / "bin"
