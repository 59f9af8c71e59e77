"""Tables and headings on a terminal, which stay readable in a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from typing import Final, Literal

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from workers.runtime.language import _
from workers.runtime.signs import printable

SHORT: Final = 24
"""Characters of a cell that is not broken over lines."""
WIDE: Final = 120
PIPED: Final = 240
"""Columns where there is no terminal: a pipe cuts nothing off."""
NAMED: Final = 6
"""Names on a line before "and so many more"."""


def console() -> Console:
    """Where to print: as wide as the terminal, in colour only there."""
    width = None if sys.stdout.isatty() else PIPED
    return Console(width=width, highlight=False, markup=False, emoji=False)


def narrow() -> bool:
    """Whether the terminal has no room for a wide table."""
    return console().width < WIDE


def aside(text: str) -> None:
    """Tell this beside what was asked for: on stderr, so that no pipe takes it for a result."""
    print(text, file=sys.stderr, flush=True)


def heading(text: str) -> None:
    """A line above what belongs together."""
    console().print()
    console().print(Text(printable(text), style="bold"))


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Rows under headings. A heading that ends in `>` stands to the right, as numbers do; only prose is wrapped."""
    shown = [[printable(str(cell)) for cell in row] for row in rows]
    made = Table(box=None, pad_edge=False, show_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for index, name in enumerate(columns):
        prose = any(len(row[index]) > SHORT for row in shown)
        justify: Literal["left", "right"] = "right" if name.endswith(">") else "left"
        made.add_column(name.removesuffix(">"), justify=justify, overflow="fold", no_wrap=not prose)
    for row in shown:
        made.add_row(*row)
    show(made)


def show(*parts: RenderableType) -> None:
    """Print these below each other, without the blanks that fill a table's lines up."""
    page = console()
    with page.capture() as captured:
        page.print(*parts, sep="\n")
    print("\n".join(line.rstrip() for line in captured.get().splitlines()), flush=True)


def few(names: Sequence[str]) -> str:
    """The first few of these names, and how many more there are."""
    more = len(names) - NAMED
    named = ", ".join(names[:NAMED]) or "–"
    return named if more <= 0 else _("{names} and {count} more").format(names=named, count=more)


def tell(text: str) -> None:
    """Print a line now; where nobody reads any more, whatever tells goes on."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        nobody_reads()


def nobody_reads() -> None:
    """From here on what is printed goes nowhere. Python would complain once more when it flushes at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def progress(what: str, count: object) -> None:
    """How far something is, on a line over which the next is written; nothing where nobody looks on."""
    if sys.stderr.isatty():
        print(f"  {what:<20} {count!s:>10}", end="\r", file=sys.stderr)


def loud(text: str) -> None:
    """A line that nobody overlooks."""
    console().print(Text(printable(text), style="bold red"))
