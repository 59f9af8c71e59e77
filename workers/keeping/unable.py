"""What can go wrong with a backup's file: it is not to be trusted, or not to be reached."""

from __future__ import annotations

from workers.runtime.unable import UnableToError


class UnableToTrustError(UnableToError):
    """The file is no backup, not whole, or not of this programme; or it is damaged, and the place is named."""

    kind = "wrong"


class UnableToReachFileError(UnableToError):
    """A backup's file could not be read or written: its disk is full, or somebody else holds it."""
