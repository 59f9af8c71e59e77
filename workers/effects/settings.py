"""What an operator may set for the effect workers, beside the settings that all share."""

from typing import Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from events.messages import Role
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

    log_file: Place | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        ZoneInfo(self.zone)
        if self.post == "smtp" and not self.smtp_host:
            message = "NAADLOOS_POST is smtp, and NAADLOOS_SMTP_HOST is not set"
            raise ValueError(message)
        return self

    def address_of(self, role: Role) -> str:
        """Where mail for this role goes; an address that leads nowhere (RFC 2606) where none is set."""
        return self.role_addresses.get(role, f"{role.replace('_', '-')}@naadloos.invalid")
