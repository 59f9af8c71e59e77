"""Where something failed, and not with which words: those may hold what no log, journal or letter may."""

from __future__ import annotations

from pathlib import Path
from traceback import walk_tb
from typing import Final

import events

_ROOT: Final = Path(events.__file__ or "").parents[1]
_OURS: Final = frozenset({"events", "orchestrator", "workers"})


def where(error: Exception) -> str:
    """The last line of our own code that it came by, as `orchestrator/knowing/cutover.py:41`, whatever library raised.

    Where none of it is ours, the innermost line, as `decoder.py:355`.
    """
    places = [(Path(frame.f_code.co_filename), line) for frame, line in walk_tb(error.__traceback__)]
    ours = [(path.relative_to(_ROOT), line) for path, line in places if _is_ours(path)]
    path, line = ours[-1] if ours else (Path(places[-1][0].name), places[-1][1])
    return f"{path.as_posix()}:{line}"


def _is_ours(path: Path) -> bool:
    return path.is_relative_to(_ROOT) and path.relative_to(_ROOT).parts[0] in _OURS
