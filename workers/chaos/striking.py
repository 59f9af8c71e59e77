"""A striker at work: in a thread beside the rehearsal, from `start` until `stop`, by whatever fault it may end."""

import threading
from pathlib import Path
from typing import Final

from workers.chaos.striker import Striker
from workers.runtime.language import _
from workers.runtime.unable import UnableToError
from workers.runtime.where import where

_LONGEST: Final = 0.2
"""Seconds between two looks at what is due."""


class UnableToStrikeOnError(UnableToError):
    """A fault of our own ended the striking, or kept something that was struck from being made good."""


class Striking:
    """Gives a striker its turns. What ends them, but for `stop`, is a fault."""

    def __init__(self, striker: Striker, *, folder: Path) -> None:
        self.striker = striker
        self._folder = folder
        """Where the rehearsal keeps what its workers said."""
        self._ending = threading.Event()
        self._faults: list[Exception] = []
        self._thread = threading.Thread(target=self._run, name="striker", daemon=True)

    def start(self) -> None:
        """The first strike falls when the plan has it."""
        self._thread.start()

    def check(self) -> None:
        """Raises `UnableToStrikeOnError` where a fault has ended it."""
        if self._faults:
            raise UnableToStrikeOnError(_told(self._faults, self._folder)) from self._faults[0]

    def stop(self) -> None:
        """Nothing is struck any more, and everything that was is made good. Raises `UnableToStrikeOnError`."""
        self._ending.set()
        if self._thread.ident is not None:
            self._thread.join()
        self.check()

    def _run(self) -> None:
        try:
            while not self._ending.is_set():
                self._ending.wait(min(self.striker.turn(), _LONGEST))
        except Exception as fault:  # noqa: BLE001 - told by `check`, in the thread that runs the rehearsal
            self._faults.append(fault)
        finally:
            self._make_good()

    def _make_good(self) -> None:
        try:
            self.striker.make_good()
        except Exception as fault:  # noqa: BLE001 - as above
            self._faults.append(fault)


def _told(faults: list[Exception], folder: Path) -> str:
    told = dict.fromkeys(_named(each) for fault in faults for each in _leaves(fault))
    ended = _("The striker ended by a fault of its own, and what it struck may not be mended: {faults}.")
    look = _("The workers were stopped, and all was left as it is. Read what they said:  ls {folder}")
    return ended.format(faults="; ".join(told)) + "\n" + look.format(folder=folder / "logs")


def _leaves(fault: Exception) -> list[Exception]:
    inner = fault.exceptions if isinstance(fault, ExceptionGroup) else ()
    return [leaf for each in inner for leaf in _leaves(each)] or [fault]


def _named(fault: Exception) -> str:
    """What it is and where it was raised, for a report that is read long after."""
    return f"{type(fault).__name__}: {fault} ({where(fault)})"
