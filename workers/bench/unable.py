"""What can go wrong while measuring."""

from workers.runtime.unable import UnableToError


class UnableToMeasureError(UnableToError):
    """What was to be measured did not come to its end: no figure is kept."""
