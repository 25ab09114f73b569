"""Messages by mail."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import ExitStack
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from lolpop_graph.component.config_types import Seconds
from lolpop_graph.component.notifier.sending import SendingNotifier
from lolpop_graph.component.settings import Settings

_LONGEST_SUBJECT = 120
_PORTS = {"starttls": 587, "ssl": 465, "none": 25}


def _recipients(addresses: str | list[str]) -> list[str]:
    """One or more addresses as a list; ValueError for what is none."""
    listed = [addresses] if isinstance(addresses, str) else addresses
    if not listed or not all("@" in each and each.isprintable() for each in listed):
        raise ValueError("it must be a mail address, with an `@`, on one line")
    return listed


def _sender(address: str) -> str:
    return _recipients(address)[0]


class SMTPNotifier(SendingNotifier):
    """Sends each message as a mail.

    Config:
    `smtp_host`, the mail server;
    `smtp_security`: `starttls` (default), `ssl`, or `none` for a server on the same machine;
    `smtp_port` (default 587, 465 and 25, in that order);
    `smtp_user` and `smtp_password`, both secret, for a server that asks for them; most are best
    written as `${env:SMTP_PASSWORD}`;
    `smtp_ca_file`, certificates to trust instead of the system's, for a server of your own;
    `mail_from` and `mail_to`, an address, and one or a list of them;
    `mail_subject` (default `{level} in {workflow}: {message}`), in which these three stand for
    the level, the root's name, and the first line of the message;
    `smtp_timeout` in seconds (default 10), for each step of talking to the server;
    `notify_level`, the least serious level that is told (default WARNING).
    """

    @dataclass(kw_only=True)
    class Config(SendingNotifier.Config):
        """The keys that the class describes."""

        smtp_host: str
        mail_from: Annotated[str, AfterValidator(_sender)]
        mail_to: Annotated[str | list[str], AfterValidator(_recipients)]
        smtp_security: Literal["starttls", "ssl", "none"] = "starttls"
        smtp_port: Annotated[int, Field(ge=1, le=65535)] | None = None
        smtp_ca_file: str | None = None
        smtp_timeout: Seconds = 10
        mail_subject: str = "{level} in {workflow}: {message}"

    config: Config

    # No fields, whose defaults would come before environment variables of these names.
    __OPTIONAL_CONF__ = ["smtp_user", "smtp_password"]
    __SECRET_CONF__ = ["smtp_user", "smtp_password"]

    # SMTPException is an OSError; an address that cannot be written is a ValueError.
    failures = (OSError, ValueError)

    def setup(self) -> None:
        """Look at what the keys say together, and read certificates; raises ValueError."""
        with Settings(self._get_config) as settings:
            self._user, self._password = map(settings.text, ("smtp_user", "smtp_password"))
            if (self._user is None) is not (self._password is None):
                settings.fault(
                    "`smtp_user` and `smtp_password` belong together: give both or neither"
                )
            self._trust = _context(settings, self.config.smtp_ca_file)

    def _send(self, text: str, level: str) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"] = self.config.mail_from, ", ".join(self.config.mail_to)
        mail["Subject"] = self._title(text, level)
        mail["Date"], mail["Message-ID"] = formatdate(localtime=True), make_msgid()
        mail.set_content(text)
        with ExitStack() as stack:
            server = stack.enter_context(self._server())
            if self.config.smtp_security == "starttls":
                server.starttls(context=self._trust)
            if self._user is not None and self._password is not None:
                server.login(self._user, self._password)
            server.send_message(mail)

    def _server(self) -> smtplib.SMTP:
        security = self.config.smtp_security
        where: dict[str, Any] = {
            "host": self.config.smtp_host,
            "port": self.config.smtp_port or _PORTS[security],
            "timeout": self.config.smtp_timeout,
        }
        if security == "ssl":
            return smtplib.SMTP_SSL(**where, context=self._trust)
        return smtplib.SMTP(**where)

    def _title(self, text: str, level: str) -> str:
        """The subject: one line, since a header cannot have more."""
        first = next(iter(text.splitlines()), "")
        said = {"level": level, "workflow": self.workflow, "message": first}
        title = self.config.mail_subject
        for name, value in said.items():
            title = title.replace(f"{{{name}}}", value)
        return " ".join(title.split())[:_LONGEST_SUBJECT]


def _context(settings: Settings, file: str | None) -> ssl.SSLContext:
    """Whom to trust: the system's certificates, or those of the file that the config names."""
    try:
        return ssl.create_default_context(cafile=file)
    except OSError as error:
        settings.fault(f"`smtp_ca_file` cannot be read: {type(error).__name__}")
        return ssl.create_default_context()
