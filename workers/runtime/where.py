"""Where something failed, and not with which words: those may hold what no log, journal or letter may."""

from __future__ import annotations

import traceback
from pathlib import Path


def where(error: Exception) -> str:
    """The innermost line that raised, as `file.py:12`."""
    *_, frame = traceback.extract_tb(error.__traceback__)
    return f"{Path(frame.filename).name}:{frame.lineno}"
