"""Who a person is. These messages stand in the compacted `people` topic alone, keyed by an opaque person id."""

from typing import Literal

from events.base import Fact, PersonId


class PersonKnown(Fact):
    """A person's name and addresses. To forget the person, a tombstone with the same key is written."""

    type: Literal["nl.naadloos.people.person-known.v1"] = "nl.naadloos.people.person-known.v1"
    person: PersonId
    name: str
    mail: str
    address: str = ""
    language: Literal["nl", "en"] = "nl"
