"""What an operator may set for the effect workers, beside the settings that all share."""

from datetime import timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError, from_json
from pydantic_settings import NoDecode

from events.messages import Role
from workers.effects.breaker import Patience
from workers.runtime.settings import Place, Settings


def _from_json(value: object) -> object:
    """What stands in the variable; in code the roles are given as they are."""
    try:
        return from_json(value) if isinstance(value, str) else value
    except ValueError:
        raise PydanticCustomError("no_addresses", "no JSON") from None


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise PydanticCustomError("no_zone", "no time zone") from None
    return name


class EffectSettings(Settings):
    """Each is read from `NAADLOOS_<NAME>`; the roles' addresses are one JSON object, role to address."""

    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    # Read from the environment alone, never shown.
    smtp_password: str = Field(default="", repr=False)
    post: Literal["outbox", "smtp"] = "outbox"
    mail_from: str = "naadloos@naadloos.invalid"
    # Whom a reader is told to ask.
    mail_contact: str = "servicedesk@naadloos.invalid"
    role_addresses: Annotated[dict[Role, str], NoDecode, BeforeValidator(_from_json)] = Field(default_factory=dict)
    # The zone in which people read times.
    zone: Annotated[str, AfterValidator(_known_zone)] = "Europe/Amsterdam"

    # So many commands in a row without an answer, and the party that should give it is left alone for a while; then it
    # is asked once, and those who wait come back at this rate. By the programme's clock.
    silences: int = Field(default=Patience.silences, ge=1)
    silence_minutes: float = Field(default=Patience.pause // timedelta(minutes=1), gt=0)
    resumed_per_minute: int = Field(default=Patience.resumed_per_minute, ge=1)

    log_file: Place | None = None

    @field_validator("post")
    @classmethod
    def _has_a_server(cls, post: str, others: ValidationInfo) -> str:
        if post == "smtp" and not others.data.get("smtp_host"):
            raise PydanticCustomError("no_mail_server", "no mail server")
        return post

    @property
    def patience(self) -> Patience:
        """When a party counts as silent, and how it is come back to."""
        return Patience(self.silences, timedelta(minutes=self.silence_minutes), self.resumed_per_minute)

    def address_of(self, role: Role) -> str:
        """Where mail for this role goes; an address that leads nowhere (RFC 2606) where none is set."""
        return self.role_addresses.get(role, f"{role.replace('_', '-')}@naadloos.invalid")
