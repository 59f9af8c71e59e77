"""What no table of pyproject.toml can say: where `NAADLOOS_COMPILED` is 1, what decides is built as machine code.

It decides the same, and takes a quarter less time over it (docs/adr/0021). It needs mypy and a C compiler, and so no
isolated build: `make compiled` builds a copy that runs from a checkout, `deploy/Containerfile` what is in the image.
"""

import os
from itertools import chain
from pathlib import Path

from setuptools import setup

PACKAGES = ("orchestrator/deciding", "orchestrator/knowing")
MODULES = ("orchestrator/subjects.py", "orchestrator/reachability.py")
"""Records stay Python: they are copied by what they hold (`with_`), which machine code keeps out of reach."""


def paths() -> list[str]:
    """The modules that are built."""
    return [*MODULES, *chain(*(sorted(map(str, Path(package).glob("*.py"))) for package in PACKAGES))]


if os.environ.get("NAADLOOS_COMPILED") == "1":
    from mypyc.build import mypycify

    setup(ext_modules=mypycify(["--follow-imports=silent", *paths()]))  # type: ignore[arg-type] # one class, two stubs
else:
    setup()
