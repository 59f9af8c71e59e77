"""What argparse itself says, and the numbers and days that it reads, in the chosen language."""

from __future__ import annotations

import argparse
import math
import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Final, NoReturn

from workers.imports.moments import moment_of
from workers.imports.taken import UnableToTakeError
from workers.runtime.language import _, marked
from workers.runtime.nearest import nearest
from workers.runtime.unable import UnableToUnderstandError

SAID: Final = (
    marked("usage: "),
    marked("positional arguments"),
    marked("options"),
    marked("show this help message and exit"),
    marked("%(prog)s: error: %(message)s\n"),
    marked("argument %(argument_name)s: %(message)s"),
    marked("the following arguments are required: %s"),
    marked("unrecognized arguments: %s"),
    marked("ambiguous option: %(option)s could match %(matches)s"),
    marked("expected one argument"),
    marked("ignored explicit argument %r"),
    marked("invalid %(type)s value: %(value)r"),
)
"""Every text of argparse that an order to `naadloos` can bring out."""


def speak() -> None:
    """From here on argparse speaks the chosen language: it looks every text of its own up under this name."""
    vars(argparse)["_"] = _said


def _said(text: str | None) -> str | None:
    return _(text) if text else text


YEAR: Final = 366 * 86_400.0
"""Seconds."""


class Parser(argparse.ArgumentParser):
    """A parser that asks what was meant, where a word is none that it knows."""

    def _check_value(self, action: argparse.Action, value: object) -> None:
        if action.choices is not None and value not in action.choices:
            told = _("'{value}' is none of them; {nearest}")
            raise argparse.ArgumentError(action, told.format(value=value, nearest=nearest(value, action.choices)))


class TellVersion(argparse.Action):
    """Print the version of what is installed, and end; what it takes to know it is imported only then."""

    def __call__(self, parser: argparse.ArgumentParser, *_asked: object) -> NoReturn:
        """Tell it."""
        from importlib.metadata import version

        print(f"naadloos {version('naadloos')}")
        parser.exit()


def whole_number(least: int = 1, most: int | None = None) -> Callable[[str], int]:
    """A reader of whole numbers from `least` up to `most`, as the `type` of an argument."""

    def read(text: str) -> int:
        if text.isdecimal() and int(text) >= least and (most is None or int(text) <= most):
            return int(text)
        if most is None:
            raise argparse.ArgumentTypeError(_("give a number from {least}").format(least=least))
        raise argparse.ArgumentTypeError(_("give a number from {least} to {most}").format(least=least, most=most))

    return read


def in_seconds(text: str) -> float:
    """A length of time in seconds, as the `type` of an argument: not for ever."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= YEAR:
        raise argparse.ArgumentTypeError(_("give a number of seconds such as 90"))
    return seconds


def point_in_time(text: str) -> datetime:
    """A moment, as the `type` of an argument; without a zone it is Dutch time."""
    try:
        return moment_of(text)
    except UnableToTakeError:
        raise argparse.ArgumentTypeError(_("give a time such as 2027-02-19T14:00 (Dutch time)")) from None


def add_looking_back(parser: argparse.ArgumentParser) -> None:
    """Add what every command takes that can look back: --at, and by what knowledge."""
    parser.add_argument("--at", type=point_in_time, metavar=_("TIME"), help=_("as it was then, as 2027-02-19T14:00"))
    parser.add_argument(
        "--hindsight", action="store_true", help=_("with --at: also with what was learned later and true by then")
    )


def check_writable(*files: Path | None) -> None:
    """Files that are to be written in the end have a folder to stand in. Raises `UnableToUnderstandError`."""
    for file in filter(None, files):
        folder = file.absolute().parent
        if not (folder.is_dir() and os.access(folder, os.W_OK)):
            told = _("Not begun: {file} cannot be written, since there is no folder {folder} that takes files.")
            make = _("Make it:  mkdir -p {folder}").format(folder=folder)
            raise UnableToUnderstandError(told.format(folder=folder, file=file.name) + "\n" + make)


def an_id(text: str) -> str:
    """An id, as the `type` of an argument. All begin with a capital, so a small letter before the dash is that one."""
    typed = text.strip()
    if not typed:
        raise argparse.ArgumentTypeError(_("give an id such as E-0001, E-0001-1 or W-01"))
    return typed[0].upper() + typed[1:] if typed[1:2] == "-" else typed


def calendar_day(text: str) -> date:
    """A day, as the `type` of an argument."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(_("give a day such as 2027-01-31")) from None
