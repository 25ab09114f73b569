"""Messages to an address on the web, such as the incoming webhook of a chat service."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from typing import Any, Final
from urllib.parse import urlsplit

from lolpop_graph.component.config_reader import Settings
from lolpop_graph.component.notifier.sending import DEFAULTS, SendingNotifier

_PASSING: Final = frozenset((408, 425, 429, 500, 502, 503, 504))
"""Answers after which the same call may go through; see RFC 9110, section 15."""

_WAIT: Final = 0.5


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

    __REQUIRED_CONF__ = {"config": ["webhook_url"]}
    __OPTIONAL_CONF__ = ["webhook_headers"]
    __SECRET_CONF__ = ["webhook_url", "webhook_headers"]
    __DEFAULT_CONF__ = {
        "config": {
            **DEFAULTS,
            "webhook_fields": None,
            "webhook_timeout": 10,
            "webhook_retries": 2,
        }
    }

    failures = (OSError, ValueError, http.client.HTTPException)

    def _configure(self, settings: Settings) -> None:
        self._url = settings.text("webhook_url") or ""
        if not _is_address(self._url):
            settings.fault("`webhook_url` must be an address that begins with https:// or http://")
        headers = settings.mapping("webhook_headers", "{Authorization: a text}")
        if not all(_is_line(part) for item in headers.items() for part in item):
            settings.fault("`webhook_headers` must be a mapping of texts to texts, each a line")
        self._headers = {"User-Agent": "lolpop_graph", **headers}
        self._headers["Content-Type"] = "application/json; charset=utf-8"
        self._fields = settings.mapping("webhook_fields", "{channel: models}")
        self._timeout = settings.number("webhook_timeout", low=0.01)
        self._retries = settings.whole("webhook_retries") or 0
        self._opener = urllib.request.build_opener(_NoRedirection)

    def _send(self, text: str, level: str) -> None:
        body = {"text": text, "level": level, "workflow": self.workflow, **self._fields}
        data = json.dumps(body, default=str).encode()
        for count in range(self._retries + 1):
            try:
                self._post(data)
            except (OSError, http.client.HTTPException) as error:
                if count == self._retries or not _may_pass(error):
                    raise
                time.sleep(_WAIT * 2**count)
            else:
                return

    def _post(self, data: bytes) -> None:
        # The scheme was looked at in `setup`.
        request = urllib.request.Request(self._url, data, self._headers, method="POST")  # noqa: S310
        with self._opener.open(request, timeout=self._timeout) as answer:
            answer.read(1)


class _NoRedirection(urllib.request.HTTPRedirectHandler):
    """Takes an answer that leads elsewhere for a refusal."""

    def redirect_request(self, *_: Any) -> None:
        """Nowhere."""


def _is_address(url: str) -> bool:
    try:
        return urlsplit(url).scheme in {"http", "https"} and bool(urlsplit(url).hostname)
    except ValueError:
        return False


def _is_line(text: object) -> bool:
    return isinstance(text, str) and text.isprintable()


def _may_pass(error: Exception) -> bool:
    return not isinstance(error, urllib.error.HTTPError) or error.code in _PASSING
