"""Mail: letters written out as RFC 5322 messages, kept on disk or handed to a mail server."""

import asyncio
import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Final, Literal
from urllib.parse import quote

from workers.providers.ports import Letter, NoAnswer, Post, Refused
from workers.runtime.clock import Clock
from workers.runtime.files import kept, replaced

_ANSWER_SECONDS: Final = 20
_PERMANENT: Final = 500


def mail_of(letter: Letter, *, sender: str, clock: Clock) -> EmailMessage:
    """The letter as a mail. Its Message-ID is its reference, so that two copies are known as one."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = letter.address
    mail["Subject"] = letter.title
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{letter.reference}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.body)
    return mail


BEGUN: Final = b"begun"
SENT: Final = b"sent"
"""What a mark says of a mail. One that says anything else was begun."""


def _file_name(letter: Letter) -> str:
    return quote(letter.reference, safe="")


@dataclass(frozen=True, kw_only=True)
class OutboxPost:
    """Keeps each mail as a file in a directory, one per reference: the same reference twice is one file."""

    outbox: Path
    sender: str
    clock: Clock

    async def send(self, letter: Letter) -> bool:
        """The letter is in the outbox, once. A disk that takes nothing may take it later: that is no refusal."""
        mail = mail_of(letter, sender=self.sender, clock=self.clock)
        try:
            await asyncio.to_thread(self._keep, _file_name(letter), mail.as_bytes())
        except OSError:
            raise NoAnswer from None
        return False

    def _keep(self, name: str, mail: bytes) -> None:
        self.outbox.mkdir(parents=True, exist_ok=True)
        replaced(self.outbox / f"{name}.eml", mail)


@dataclass(frozen=True, kw_only=True)
class SmtpPost:
    """Hands each mail to a mail server, and remembers in a directory what it handed over and what it began to."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    user: str
    password: str
    sender: str
    begun: Path
    clock: Clock

    async def send(self, letter: Letter) -> bool:
        """The server took the letter; true when an earlier try under this reference may have gone out as well."""
        mail = mail_of(letter, sender=self.sender, clock=self.clock)
        return await asyncio.to_thread(self._send_once, self.begun / _file_name(letter), mail)

    def _send_once(self, mark: Path, mail: EmailMessage) -> bool:
        begun = mark.exists()
        if begun and mark.read_bytes() == SENT:
            return False
        server = self._connected()
        try:
            self._mark_begun(mark)
            _hand_over(server, mail)
        except Refused:
            mark.unlink()
            raise
        finally:
            _take_leave(server)
        with suppress(OSError):  # else it stays begun, and is sent once more at worst, which is told
            kept(mark, SENT)
        return begun

    def _mark_begun(self, mark: Path) -> None:
        try:
            self.begun.mkdir(parents=True, exist_ok=True)
            kept(mark, BEGUN)
        except OSError:
            raise NoAnswer from None  # nothing was handed over, and a disk that takes nothing may take it later

    def _connected(self) -> smtplib.SMTP:
        """A server that is ready for a mail. `NoAnswer` where it does not get that far: it said nothing of any mail."""
        try:
            server = self._dialled()
        except (OSError, smtplib.SMTPException):
            raise NoAnswer from None
        try:
            self._make_ready(server)
        except (OSError, smtplib.SMTPException):
            _take_leave(server)
            raise NoAnswer from None
        return server

    def _dialled(self) -> smtplib.SMTP:
        if self.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=_ANSWER_SECONDS, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=_ANSWER_SECONDS)

    def _make_ready(self, server: smtplib.SMTP) -> None:
        if self.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        server.ehlo_or_helo_if_needed()
        if self.user:
            server.login(self.user, self.password)


def _hand_over(server: smtplib.SMTP, mail: EmailMessage) -> None:
    """The server took the mail. `Refused` where it said no to this mail, `NoAnswer` where it may have taken it."""
    try:
        server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as no:
        raise _said_no(next(iter(no.recipients.values()))[0]) from None
    except smtplib.SMTPResponseException as no:
        raise _said_no(no.smtp_code) from None
    except (OSError, smtplib.SMTPException):
        raise NoAnswer from None


def _take_leave(server: smtplib.SMTP) -> None:
    # However the goodbye goes, it changes nothing about the mail.
    with suppress(OSError, smtplib.SMTPException):
        server.quit()
    server.close()


def _said_no(code: int) -> Refused | NoAnswer:
    # 4xx asks to try later, so it is no refusal for good (RFC 5321, 4.2.1).
    return Refused(f"smtp-{code}") if code >= _PERMANENT else NoAnswer()


@dataclass(frozen=True)
class EveryPost:
    """Sends by each of these, in this order: a copy in the outbox, then to the one who reads it."""

    posts: Sequence[Post]

    async def send(self, letter: Letter) -> bool:
        """All have the letter; true when any of them may have sent it twice."""
        return any([await post.send(letter) for post in self.posts])
