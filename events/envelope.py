"""The envelope: CloudEvents 1.0 with two times, who said it, and what made it be said."""

from datetime import datetime
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict

from events.base import Message, SubjectId

M_co = TypeVar("M_co", bound=Message, covariant=True)


class Said(NamedTuple, Generic[M_co]):
    """A message with its circumstances. A tuple, which is made in a third of the time that a frozen dataclass takes."""

    id: str
    """Unique per source; the same id twice is the same message."""
    source: str
    subject: SubjectId
    time: datetime
    """When it was true. UTC."""
    recorded: datetime
    """When we knew. UTC."""
    message: M_co
    correlation: str = ""
    causation: str = ""
    """The id of the message that made this one be said."""
    trace: str = ""
    """W3C traceparent."""
    actor: str = ""
    """The account that gave the order, where a person did."""


class Wire(BaseModel):
    """The envelope as it stands on the wire: structured-mode CloudEvents JSON."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    subject: SubjectId
    time: AwareDatetime
    recordedtime: AwareDatetime
    correlationid: str = ""
    causationid: str = ""
    traceparent: str = ""
    actor: str = ""
    datacontenttype: str = "application/json"
    data: dict[str, Any]
