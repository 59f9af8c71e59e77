"""Figures on the screen, with the marks of the chosen language: 1,234.5 in English is 1.234,5 in Dutch."""

from __future__ import annotations

from babel.numbers import format_decimal

from workers.runtime.language import language

WHOLE = "#,##0"
"""Rounded to a whole number, in thousands."""


def figure(value: float, pattern: str = "0.###") -> str:
    """The figure in this pattern (CLDR); as it is, to three decimals, where none is given."""
    return format_decimal(value, pattern, locale=language())
