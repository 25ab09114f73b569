"""Loggers and notifiers, with real files, and with real servers on loopback."""

from __future__ import annotations

import json
import logging
import re
import socket
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from servers import (
    HOST,
    MailServer,
    WebServer,
    free_port,
    mail_server,
    web_server,
    write_certificate,
)

from lolpop_graph import WorkflowError, build, plan
from lolpop_graph.component.logger.standard import StandardLogger
from lolpop_graph.component.notifier.smtp import SMTPNotifier
from lolpop_graph.component.notifier.stdout import StdoutNotifier
from lolpop_graph.component.notifier.webhook import WebhookNotifier
from lolpop_graph.testing import LoggerConformance, NotifierConformance

ADDRESSES = {"mail_from": "lolpop@example.org", "mail_to": ["a@example.org", "b@example.org"]}


def alone(cls: type[Any], **config: Any) -> Any:
    """An integration outside of any workflow."""
    return cls(conf={"config": config}, is_standalone=True)


class TestTextFile(LoggerConformance):
    """Lines of text in a file whose folders are not there."""

    part = StandardLogger

    def settings(self, folder: Path) -> dict[str, Any]:
        """A file of the test."""
        return {"log_file": str(folder / "deep" / "er" / "log.txt")}

    @pytest.fixture
    def written(self, folder: Path) -> Callable[[], str]:
        """What the file holds."""
        return lambda: (folder / "deep" / "er" / "log.txt").read_text(encoding="utf-8")


class TestJsonFile(LoggerConformance):
    """Lines of JSON in a file."""

    part = StandardLogger

    def settings(self, folder: Path) -> dict[str, Any]:
        """A file of the test."""
        return {"log_file": str(folder / "log.jsonl"), "log_format": "json"}

    @pytest.fixture
    def written(self, folder: Path) -> Callable[[], str]:
        """What the file holds, each line read on its own."""

        def read() -> str:
            lines = (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()
            entries = [json.loads(line) for line in lines]
            return "\n".join(f"{each['level']} {each['message']}" for each in entries)

        return read


class TestStandardError(LoggerConformance):
    """Lines of text on standard error."""

    part = StandardLogger

    @pytest.fixture
    def written(self, capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
        """What was printed, each time all of it."""
        found: list[str] = []

        def read() -> str:
            found.append(capsys.readouterr().err)
            return "".join(found)

        return read


class TestStandardOutput(NotifierConformance):
    """Messages on standard output."""

    part = StdoutNotifier

    @pytest.fixture
    def received(self, capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
        """What was printed, each time all of it."""
        found: list[str] = []

        def read() -> str:
            found.append(capsys.readouterr().out)
            return "".join(found)

        return read


class TestMail(NotifierConformance):
    """Messages by mail, to a server without encryption."""

    part = SMTPNotifier
    unreachable = {"smtp_port": free_port()}

    @pytest.fixture(autouse=True)
    def server(self) -> Iterator[MailServer]:
        """A mail server for each test."""
        with mail_server("none") as self.mail:
            yield self.mail

    def settings(self, folder: Path) -> dict[str, Any]:
        """Where the server is."""
        where = {"smtp_host": HOST, "smtp_port": self.mail.port, "smtp_security": "none"}
        return {**ADDRESSES, **where}

    @pytest.fixture
    def received(self) -> Callable[[], str]:
        """The texts of all mails."""
        return lambda: "\n".join(mail.get_content() for mail in self.mail.mails)


class TestPosted(NotifierConformance):
    """Messages posted to a webhook."""

    part = WebhookNotifier
    unreachable = {"webhook_url": f"http://{HOST}:{free_port()}/", "webhook_retries": 0}

    @pytest.fixture(autouse=True)
    def server(self) -> Iterator[WebServer]:
        """A server for each test."""
        with web_server() as self.web:
            yield self.web

    def settings(self, folder: Path) -> dict[str, Any]:
        """Where the server is."""
        return {"webhook_url": self.web.url}

    @pytest.fixture
    def received(self) -> Callable[[], str]:
        """The texts of all that was posted."""
        return lambda: "\n".join(body["text"] for body in self.web.bodies)


class TestLinesOfJson:
    """What programs read."""

    def test_an_exception_keeps_where_it_was_raised(self, tmp_path: Path) -> None:
        """One line, with a time that has an offset, and the traceback as a field."""
        file = tmp_path / "log.jsonl"
        with alone(StandardLogger, log_file=str(file), log_format="json") as logger:
            try:
                raise_it()
            except ValueError as error:
                logger.log(error, "error")
        entry = json.loads(file.read_text(encoding="utf-8"))
        assert entry["message"] == "ValueError: first\nsecond"
        assert "in raise_it" in entry["exception"]
        assert datetime.fromisoformat(entry["time"]).utcoffset() is not None

    def test_who_logs_is_told(self, tmp_path: Path) -> None:
        """The integration that logs is named, not the logger; directly, nobody is."""
        file = tmp_path / "log"
        for form in ("json", "text"):
            conf = {
                "component": {"logger": "StandardLogger", "other": "StdoutNotifier"},
                "logger": {"config": {"log_file": str(file), "log_format": form}},
            }
            with build(conf) as workflow:
                workflow["runner.other"].log("hello")
                workflow["runner.logger"].log("direct")
        first, second, third, fourth = file.read_text(encoding="utf-8").splitlines()
        assert json.loads(first)["integration"] == "runner.other"
        assert json.loads(second)["integration"] == ""
        assert third.endswith(" INFO    runner.other: hello")
        assert fourth.endswith(" INFO    direct")

    def test_lone_surrogates_are_written(self, tmp_path: Path) -> None:
        """A file's name that is no text in any encoding does not end the work."""
        file = tmp_path / "log.txt"
        with alone(StandardLogger, log_file=str(file)) as logger:
            logger.log("name \udcff")
        assert "name \\udcff" in file.read_text(encoding="utf-8")


def raise_it() -> None:
    """Raise, so that there is a traceback."""
    raise ValueError("first\nsecond")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a mail server shows, signed by itself."""
    return write_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")  # it is encrypted from the start
class TestMails:
    """What a mail looks like, and how servers are talked to."""

    @pytest.mark.parametrize("security", ["starttls", "ssl"])
    def test_encrypted_with_a_login(self, certificate: Path, security: str) -> None:
        """The server's certificate is trusted because the config says so, and a mail arrives."""
        with mail_server(security, certificate) as server:
            notifier = alone(
                SMTPNotifier,
                **ADDRESSES,
                smtp_host=HOST,
                smtp_port=server.port,
                smtp_security=security,
                smtp_ca_file=str(certificate),
                smtp_user="me",
                smtp_password="open sesame",
            )
            notifier.notify("first line\nsecond line", "warning")
        assert server.logins == [(b"me", b"open sesame")]
        (mail,) = server.mails
        assert mail["Subject"] == "WARNING in component: first line"
        assert mail["To"] == "a@example.org, b@example.org"
        assert mail["Date"]
        assert mail.get_content().splitlines() == ["first line", "second line"]

    @pytest.mark.parametrize("security", ["starttls", "ssl"])
    def test_a_stranger_gets_no_password(
        self, certificate: Path, security: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        """A server whose certificate nobody trusts is sent nothing."""
        with mail_server(security, certificate) as server:
            alone(
                SMTPNotifier,
                **ADDRESSES,
                smtp_host=HOST,
                smtp_port=server.port,
                smtp_security=security,
                smtp_user="me",
                smtp_password="open sesame",
            ).notify("hello")
        assert not server.logins
        assert "could not be sent (SSLCertVerificationError)" in caplog.text

    @pytest.mark.parametrize("password", ["wrong", "pässword"])
    def test_a_wrong_password_is_logged(
        self, certificate: Path, password: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        """With the code of the server's answer, and without the password."""
        with mail_server("ssl", certificate) as server:
            alone(
                SMTPNotifier,
                **ADDRESSES,
                smtp_host=HOST,
                smtp_port=server.port,
                smtp_security="ssl",
                smtp_ca_file=str(certificate),
                smtp_user="me",
                smtp_password=password,
            ).notify("hello")
        assert re.search("could not be sent .(SMTPAuthenticationError 535|Unicode)", caplog.text)
        assert password not in caplog.text

    def test_a_refusal_is_logged(self, caplog: pytest.LogCaptureFixture) -> None:
        """A server that takes no mail does not end the work."""
        with mail_server("none") as server:
            server.refusal = "552 too much"
            where = {"smtp_host": HOST, "smtp_port": server.port, "smtp_security": "none"}
            alone(SMTPNotifier, **ADDRESSES, **where).notify("hello")
        assert "could not be sent (SMTPDataError 552): hello" in caplog.text

    def test_messages_make_no_headers(self) -> None:
        """A message of several lines is one subject; a long one is cut."""
        with mail_server("none") as server:
            where = {"smtp_host": HOST, "smtp_port": server.port, "smtp_security": "none"}
            notifier = alone(SMTPNotifier, **ADDRESSES, **where, mail_subject="{message}")
            notifier.notify(f"{'x' * 500}\nBcc: c@example.org")
            notifier.notify("")
        assert [len(mail["Subject"]) for mail in server.mails] == [120, 0]
        assert not any(mail["Bcc"] for mail in server.mails)


class TestPosts:
    """What is posted, how often, and where to."""

    def test_the_body_and_the_headers(self) -> None:
        """`text` with what the config adds, as JSON."""
        with web_server() as server:
            alone(
                WebhookNotifier,
                webhook_url=server.url,
                webhook_headers={"Authorization": "Bearer t0ken"},
                webhook_fields={"channel": "#models"},
            ).notify("done", "warning")
        assert server.bodies == [
            {"text": "done", "level": "WARNING", "workflow": "component", "channel": "#models"}
        ]
        assert server.headers[0]["Authorization"] == "Bearer t0ken"
        assert server.headers[0]["Content-Type"] == "application/json; charset=utf-8"

    def test_a_busy_server_is_asked_again(self, caplog: pytest.LogCaptureFixture) -> None:
        """Until it takes the message."""
        with web_server() as server:
            server.answers = [503]
            alone(WebhookNotifier, webhook_url=server.url, webhook_retries=1).notify("done")
        assert len(server.bodies) == 2
        assert not caplog.text

    @pytest.mark.parametrize("code", [404, 302])
    def test_a_refusal_is_final(self, code: int, caplog: pytest.LogCaptureFixture) -> None:
        """It is logged with its code and without the address, and redirections are not followed."""
        with web_server() as server:
            server.answers = [code]
            alone(WebhookNotifier, webhook_url=server.url).notify("done")
        assert len(server.bodies) == 1
        assert f"could not be sent (HTTPError {code}): done" in caplog.text
        assert "s3cr3t" not in caplog.text

    def test_a_server_that_says_nothing(self, caplog: pytest.LogCaptureFixture) -> None:
        """The work goes on after the timeout."""
        with socket.create_server((HOST, 0)) as silent:
            alone(
                WebhookNotifier,
                webhook_url=f"http://{HOST}:{silent.getsockname()[1]}/",
                webhook_timeout=0.05,
                webhook_retries=0,
            ).notify("done")
        assert "could not be sent (TimeoutError): done" in caplog.text


@pytest.mark.parametrize(
    ("part", "config", "said"),
    [
        (StandardLogger, {"log_format": "xml"}, "must be `text` or `json`"),
        (StandardLogger, {"log_level": "LOUD"}, "it must be one of the levels of logging"),
        (SMTPNotifier, {"mail_to": []}, "it must be a mail address"),
        (SMTPNotifier, {"mail_from": "a@b\nBcc: c@d"}, "it must be a mail address"),
        (SMTPNotifier, {"smtp_user": "me"}, "`smtp_user` and `smtp_password` belong together"),
        (SMTPNotifier, {"smtp_security": "tls"}, "must be `starttls`, `ssl` or `none`"),
        (SMTPNotifier, {"smtp_ca_file": "/absent"}, "`smtp_ca_file` cannot be read"),
        (
            WebhookNotifier,
            {"webhook_url": "file:///etc/passwd"},
            "must match the pattern `^https?://",
        ),
        (WebhookNotifier, {"webhook_url": "http://["}, "Invalid IPv6 URL"),
        (WebhookNotifier, {"webhook_headers": {"a": "b\nc"}}, "`webhook_headers.a` of"),
        (WebhookNotifier, {"webhook_retries": -1}, "must be at least 0"),
    ],
)
def test_faults_of_the_config_come_early(part: Any, config: dict[str, Any], said: str) -> None:
    """When the workflow is set up, in words, and without the values."""
    whole = {**ADDRESSES, "smtp_host": HOST, "webhook_url": "http://localhost/"} | config
    with pytest.raises(WorkflowError, match=re.escape(said)) as raised:
        alone(part, **whole)
    assert "passwd" not in str(raised.value)


def test_secrets_are_not_shown() -> None:
    """The address of a webhook and a mail server's password are hidden in the graph."""
    conf = {
        "component": {"notifier": "WebhookNotifier", "mail": "SMTPNotifier"},
        "notifier": {"config": {"webhook_url": "http://chat/s3cr3t"}},
        "mail": {
            "config": {**ADDRESSES, "smtp_host": "h", "smtp_user": "m3", "smtp_password": "pa55"}
        },
    }
    planned = plan(conf)
    planned.find_classes()
    shown = str(dict(planned.graph.nodes(data=True)))
    assert "s3cr3t" not in shown
    assert "pa55" not in shown
    assert "example.org" in shown


def test_the_process_keeps_its_logging(tmp_path: Path) -> None:
    """Neither loggers nor handlers are added to those of the process."""
    before = dict(logging.root.manager.loggerDict), list(logging.root.handlers)
    with alone(StandardLogger, log_file=str(tmp_path / "log.txt")) as logger:
        logger.log("hello")
    assert (dict(logging.root.manager.loggerDict), list(logging.root.handlers)) == before
