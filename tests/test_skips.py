"""Where CI=true, a test that is skipped fails the run; elsewhere it does not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TESTS = """
import pytest

def test_that_runs():
    pass

def test_that_skips_itself():
    pytest.skip("no server")

@pytest.mark.skip(reason="later")
def test_that_is_marked():
    pass
"""


@pytest.mark.parametrize("is_ci", [True, False])
def test_a_skip_fails_the_run_in_ci_alone(tmp_path: Path, *, is_ci: bool) -> None:
    (tmp_path / "test_some.py").write_text(TESTS)
    (tmp_path / "test_none.py").write_text(
        "import pytest\npytest.skip('no module', allow_module_level=True)"
    )
    ours = ["-p", "tests.conftest", "--rootdir", str(tmp_path), "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *ours, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "CI": "true" if is_ci else ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == is_ci, done.stdout + done.stderr
    _, _, listed = done.stdout.partition("skipped tests fail when CI=true")
    names = ("test_none.py", "test_that_skips_itself", "test_that_is_marked")
    assert [name for name in names if name in listed] == (list(names) if is_ci else [])
    assert "test_that_runs" not in listed
