"""A fingerprint of code: it dates snapshots, and names the code behind each decision and each dead letter."""

import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

DECIDING: Final = ("events", "orchestrator")
"""What decides."""
FOLDING: Final = (*DECIDING, "workers.journal", "workers.runtime")
"""What a fold was made by, so that a snapshot of other code is thrown away."""


@cache
def fingerprint(*packages: str) -> str:
    """Twelve hex digits that change with any change in these packages; without any, in what decides."""
    digest = hashlib.blake2b(digest_size=6)
    for package in packages or DECIDING:
        spec = find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        root = Path(spec.origin).parent
        for path in sorted(root.rglob("*.py")):
            digest.update(str(path.relative_to(root)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
