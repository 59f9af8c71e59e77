"""Signs that command a terminal: what others said is shown without them, and what they were shows."""

from __future__ import annotations

from typing import Final

KEPT: Final = "\t\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
"""Signs that Python calls unprintable, and people write."""


def printable(text: str) -> str:
    """The text on one line, and instead of each sign that commands a terminal its number."""
    return "".join(sign if sign.isprintable() or sign in KEPT else _numbered(sign) for sign in text)


def _numbered(sign: str) -> str:
    return sign.encode("unicode_escape").decode("ascii")
