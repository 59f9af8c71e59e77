"""What can go wrong with a backup: the file is not to be trusted, or a rule forbids what was asked."""

from __future__ import annotations

from workers.runtime.unable import UnableToError


class UnableToTrustError(UnableToError):
    """The file is no backup, not whole, or not of this programme; or it is damaged, and the place is named."""

    kind = "wrong"


class UnableToKeepError(UnableToError):
    """What was asked is clear, and a rule forbids it: workers run, or other records stand where these would go."""

    kind = "forbidden"


class UnableToReachFileError(UnableToError):
    """A backup's file could not be read or written: its disk is full, or somebody else holds it."""
