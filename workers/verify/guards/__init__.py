"""The guards that can be taken out, and how each is missed: by a history of the check, or by a story.

A guard that nothing misses is either not needed or not proved to work. `naadloos verify --guards` tries them all.
"""

from typing import Final

from workers.verify.guards.after import AFTER
from workers.verify.guards.cutting import CUTTING
from workers.verify.guards.desks import DESKS
from workers.verify.guards.gates import GATES
from workers.verify.guards.guard import Guard
from workers.verify.guards.knowing import KNOWING_GUARDS

__all__ = ["GUARDS", "Guard"]

GUARDS: Final[dict[str, Guard]] = {**GATES, **CUTTING, **DESKS, **AFTER, **KNOWING_GUARDS}
"""By what each makes sure of, in a sentence."""
