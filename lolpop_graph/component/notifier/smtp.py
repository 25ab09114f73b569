"""Messages by mail."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import ExitStack
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Any

from lolpop_graph.component.config_reader import Settings
from lolpop_graph.component.notifier.sending import DEFAULTS, SendingNotifier

_LONGEST_SUBJECT = 120
_PORTS = {"starttls": 587, "ssl": 465, "none": 25}


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

    __REQUIRED_CONF__ = {"config": ["smtp_host", "mail_from", "mail_to"]}
    __OPTIONAL_CONF__ = ["smtp_user", "smtp_password"]
    __SECRET_CONF__ = ["smtp_user", "smtp_password"]
    __DEFAULT_CONF__ = {
        "config": {
            **DEFAULTS,
            "smtp_security": "starttls",
            "smtp_port": None,
            "smtp_ca_file": None,
            "smtp_timeout": 10,
            "mail_subject": "{level} in {workflow}: {message}",
        }
    }

    # SMTPException is an OSError; an address that cannot be written is a ValueError.
    failures = (OSError, ValueError)

    def _configure(self, settings: Settings) -> None:
        self._host = settings.text("smtp_host") or ""
        self._security = settings.choice("smtp_security", _PORTS) or "starttls"
        self._port = settings.whole("smtp_port", low=1) or _PORTS[self._security]
        self._timeout = settings.number("smtp_timeout", low=0.01)
        self._recipients = settings.names("mail_to")
        self._sender = settings.text("mail_from") or ""
        self._user, self._password = map(settings.text, ("smtp_user", "smtp_password"))
        if (self._user is None) is not (self._password is None):
            settings.fault("`smtp_user` and `smtp_password` belong together: give both or neither")
        self._subject = settings.text("mail_subject") or ""
        _check_addresses(settings, self._sender, self._recipients)
        self._trust = _context(settings)

    def _send(self, text: str, level: str) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"] = self._sender, ", ".join(self._recipients)
        mail["Subject"] = self._title(text, level)
        mail["Date"], mail["Message-ID"] = formatdate(localtime=True), make_msgid()
        mail.set_content(text)
        with ExitStack() as stack:
            server = stack.enter_context(self._server())
            if self._security == "starttls":
                server.starttls(context=self._trust)
            if self._user is not None and self._password is not None:
                server.login(self._user, self._password)
            server.send_message(mail)

    def _server(self) -> smtplib.SMTP:
        where: dict[str, Any] = {"host": self._host, "port": self._port, "timeout": self._timeout}
        if self._security == "ssl":
            return smtplib.SMTP_SSL(**where, context=self._trust)
        return smtplib.SMTP(**where)

    def _title(self, text: str, level: str) -> str:
        """The subject: one line, since a header cannot have more."""
        first = next(iter(text.splitlines()), "")
        said = {"level": level, "workflow": self.workflow, "message": first}
        title = self._subject
        for name, value in said.items():
            title = title.replace(f"{{{name}}}", value)
        return " ".join(title.split())[:_LONGEST_SUBJECT]


def _check_addresses(settings: Settings, sender: str, recipients: list[str]) -> None:
    if not recipients:
        settings.fault("`mail_to` must name at least one address")
    for key, addresses in (("mail_from", [sender]), ("mail_to", recipients)):
        if not all("@" in address and address.isprintable() for address in addresses):
            settings.fault(f"`{key}` must be a mail address, with an `@`, on one line")


def _context(settings: Settings) -> ssl.SSLContext:
    """Whom to trust: the system's certificates, or those of the file that the config names."""
    file = settings.text("smtp_ca_file")
    try:
        return ssl.create_default_context(cafile=file)
    except OSError as error:
        settings.fault(f"`smtp_ca_file` cannot be read: {type(error).__name__}")
        return ssl.create_default_context()
