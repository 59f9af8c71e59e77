"""What an operator may set for the effect workers, beside the settings that all share."""

from datetime import timedelta
from typing import Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from events.messages import Role
from workers.effects.breaker import Patience
from workers.runtime.settings import Place, Settings


class EffectSettings(Settings):
    """Each is read from `NAADLOOS_<NAME>`; the roles' addresses are one JSON object, role to address."""

    post: Literal["outbox", "smtp"] = "outbox"
    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    # Read from the environment alone, never shown.
    smtp_password: str = Field(default="", repr=False)
    mail_from: str = "naadloos@naadloos.invalid"
    # Whom a reader is told to ask.
    mail_contact: str = "servicedesk@naadloos.invalid"
    role_addresses: dict[Role, str] = Field(default_factory=dict)
    # The zone in which people read times.
    zone: str = "Europe/Amsterdam"

    # So many commands in a row without an answer, and the party that should give it is left alone for a while; then it
    # is asked once, and those who wait come back at this rate. By the programme's clock.
    silences: int = Field(default=5, ge=1)
    silence_minutes: float = Field(default=5, gt=0)
    resumed_per_minute: int = Field(default=60, ge=1)

    log_file: Place | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        ZoneInfo(self.zone)
        if self.post == "smtp" and not self.smtp_host:
            message = "NAADLOOS_POST is smtp, and NAADLOOS_SMTP_HOST is not set"
            raise ValueError(message)
        return self

    @property
    def patience(self) -> Patience:
        """When a party counts as silent, and how it is come back to."""
        return Patience(self.silences, timedelta(minutes=self.silence_minutes), self.resumed_per_minute)

    def address_of(self, role: Role) -> str:
        """Where mail for this role goes; an address that leads nowhere (RFC 2606) where none is set."""
        return self.role_addresses.get(role, f"{role.replace('_', '-')}@naadloos.invalid")
