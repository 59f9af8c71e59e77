"""What decides, built as machine code: it decides what the code says, word for word."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DECISIONS = ["tests/core", "tests/scenarios", "tests/contract/test_stored_journals.py", "tests/verify"]
OUT = [
    "tests/core/test_gate_guards.py",
    "tests/verify/test_guards_are_missed.py",
    "tests/contract/test_stored_journals.py::test_a_changed_decision_is_named",
]
"""They change the decisions as these run, which machine code does not bear."""
RUN = """
import sys
sys.path.insert(0, sys.argv.pop(1))
from workers.runtime.compiled import is_compiled
assert is_compiled(), "the tests would be run on Python"
import pytest
sys.exit(pytest.main(sys.argv[1:]))
"""


@pytest.mark.long
def test_every_test_of_the_decisions_passes_on_machine_code(tmp_path: Path) -> None:
    built = tmp_path / "built"
    build = [
        sys.executable,
        "setup.py",
        "--quiet",
        "build",
        "--build-base",
        str(tmp_path / "base"),
        "--build-lib",
        str(built),
    ]
    subprocess.run(build, cwd=ROOT, env=os.environ | {"NAADLOOS_COMPILED": "1"}, check=True)

    options = ["-q", "-p", "no:cacheprovider", *(f"--deselect={each}" for each in OUT)]
    ran = subprocess.run(
        [sys.executable, "-c", RUN, built, *options, *DECISIONS], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0, ran.stdout[-5000:] + ran.stderr[-5000:]
