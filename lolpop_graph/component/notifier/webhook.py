"""Messages to an address on the web, such as the incoming webhook of a chat service."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from lolpop_graph.component.config_types import Seconds
from lolpop_graph.component.notifier.sending import SendingNotifier

_PASSING: Final = frozenset((408, 425, 429, 500, 502, 503, 504))
"""Answers after which the same call may go through; see RFC 9110, section 15."""

_WAIT: Final = 0.5


def _line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("it must be a text on one line")
    return text


Line: TypeAlias = Annotated[str, AfterValidator(_line)]


class WebhookNotifier(SendingNotifier):
    """Posts each message as JSON: `text`, as chat services take it, with `level` and `workflow`.

    Config:
    `webhook_url`, secret, since chat services take who knows it for allowed;
    `webhook_headers`, secret, such as `{Authorization: "Bearer ${env:TOKEN}"}`;
    `webhook_fields`, a mapping that is added to the body, such as `{channel: "#models"}`;
    `webhook_timeout` in seconds (default 10), for one call;
    `webhook_retries` (default 2), how often a call is made again after no answer or one that is
    no refusal (408, 425, 429, 500, 502, 503, 504), half a second after the first, twice as long
    after each more;
    `notify_level`, the least serious level that is told (default WARNING).
    A redirection is not followed, which would post to an address that nobody has written.
    """

    @dataclass(kw_only=True)
    class Config(SendingNotifier.Config):
        """The keys that the class describes."""

        webhook_url: Annotated[str, Field(pattern=r"^https?://[\w\[]")]
        webhook_headers: dict[Line, Line] | None = None
        webhook_fields: dict[str, Any] | None = None
        webhook_timeout: Seconds = 10
        webhook_retries: Annotated[int, Field(ge=0)] = 2

    config: Config
    __SECRET_CONF__ = ["webhook_url", "webhook_headers"]

    failures = (OSError, ValueError, http.client.HTTPException)

    def setup(self) -> None:
        """Make what posts; ValueError for an address that only looks like one."""
        urlsplit(self.config.webhook_url)
        self._headers = {"User-Agent": "lolpop_graph", **(self.config.webhook_headers or {})}
        self._headers["Content-Type"] = "application/json; charset=utf-8"
        self._opener = urllib.request.build_opener(_NoRedirection)

    def _send(self, text: str, level: str) -> None:
        body = {"text": text, "level": level, "workflow": self.workflow}
        data = json.dumps(body | (self.config.webhook_fields or {}), default=str).encode()
        for count in range(self.config.webhook_retries + 1):
            try:
                self._post(data)
            except (OSError, http.client.HTTPException) as error:
                if count == self.config.webhook_retries or not _may_pass(error):
                    raise
                time.sleep(_WAIT * 2**count)
            else:
                return

    def _post(self, data: bytes) -> None:
        url, timeout = self.config.webhook_url, self.config.webhook_timeout
        # The scheme was looked at by `Config`.
        request = urllib.request.Request(url, data, self._headers, method="POST")  # noqa: S310
        with self._opener.open(request, timeout=timeout) as answer:
            answer.read(1)


class _NoRedirection(urllib.request.HTTPRedirectHandler):
    """Takes an answer that leads elsewhere for a refusal."""

    def redirect_request(self, *_: Any) -> None:
        """Nowhere."""


def _may_pass(error: Exception) -> bool:
    return not isinstance(error, urllib.error.HTTPError) or error.code in _PASSING
