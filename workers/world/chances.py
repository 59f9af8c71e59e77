"""How often what goes wrong, and draws that depend on nothing but the seed, the line and the step."""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from workers.world.hours import WorkingHours

Share = Annotated[float, Field(ge=0, le=1)]
Policy = Literal["answers", "none"]
"""Whether the project leader and colleagues do their tasks (`workers/world/leader.py`) or nothing at all."""

_SPAN: Final = float(2**64)


class Rates(BaseModel):
    """Chances and spans of the world. The defaults are planning values for a Dutch organisation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    invalid: Share = 0.01  # a request refused on sight
    failed: Share = 0.01  # a request received, and found wrong later
    blocked: Share = 0.05  # refused by the old provider, first dossier of the line
    blocked_again: Share = 0.02  # the same, for a corrected dossier
    delayed: Share = 0.02  # the old provider says that it needs longer
    unanswered: Share = 0.003  # no answer to a first dossier until somebody chases it
    early: Share = 0.001  # performed without our asking
    missed_batch: Share = 0.03
    answer_hours: tuple[float, float] = (4, 26)  # working hours
    first_possible_days: tuple[int, int] = (2, 20)  # calendar days after the answer
    interruption_seconds: tuple[int, int] = (20, 240)

    parcel_late: Share = 0.13  # a day later than agreed
    parcel_pickup: Share = 0.05  # first attempt fails, so it goes to a pick-up point
    parcel_neighbour: Share = 0.02  # said to be delivered, and not there
    parcel_lost: Share = 0.007
    wrong_sim: Share = 0.01  # another SIM of the stock in the box
    wrong_handset: Share = 0.01

    sim_mute: Share = 0.01  # active in the books, never attaches
    sim_dies: Share = 0.005  # after its first passed test
    death_told: Share = 0.5  # of those that die: whether the network tells
    reset_mends: Share = 0.7
    forward_lost: Share = 0.001
    own_forward: Share = 0.1  # people who have a forward of their own, to voicemail
    sms_days: Annotated[int, Field(ge=0, le=10)] = 3  # working days in which text messages follow the port

    declined: Share = 0.04
    never_answers: Share = 0.01  # an invitation
    no_show: Share = 0.02
    noticed: Share = 0.8  # people who tell that their phone is dead
    no_reply: Share = 0.005  # the counterpart acts, and its answer does not come

    @classmethod
    def calm(cls, **others: float | tuple[float, float]) -> "Rates":
        """A world in which nothing goes wrong, but for what is named."""
        shares = {name: 0.0 for name, field in cls.model_fields.items() if field.annotation is float}
        return cls.model_validate({**shares, "reset_mends": 1.0, **others})


@dataclass(frozen=True, slots=True)
class Chances:
    """What a line's world goes by: the seed, the rates, the working hours and the leader's policy.

    A draw is a hash of who and what, never the next of a stream: the order of processes cannot change it.
    """

    seed: int
    rates: Rates
    hours: WorkingHours
    policy: Policy = "answers"

    def draw(self, line: str, step: str, attempt: str = "") -> float:
        """A number in [0, 1) that belongs to this line, step and attempt."""
        digest = blake2b(f"{self.seed}\0{line}\0{step}\0{attempt}".encode(), digest_size=8).digest()
        return int.from_bytes(digest) / _SPAN

    def hits(self, share: float, line: str, step: str, attempt: str = "") -> bool:
        """Whether a thing that happens this often happens here."""
        return share > 0 and self.draw(line, step, attempt) < share

    def between(self, low: float, high: float, line: str, step: str, attempt: str = "") -> float:
        """A number in [low, high)."""
        return low + (high - low) * self.draw(line, step, attempt)
