"""A headless Chromium for the tests of a module that click, and what they ask of a page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from visualize import draw

if TYPE_CHECKING:
    import networkx as nx
    from playwright.sync_api import Browser, Locator, Page

ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


# Until it ends, Playwright's loop runs in this thread, and no other test can have one there.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's Chromium; a test that needs it fails in CI where there is none."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        message = f"needs one of the programs {', '.join(PROGRAMS)}"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - where there is a browser

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=[*ARGUMENTS])
        yield chromium
        chromium.close()


class Opened:
    """A page in a window of its own, without a network, that remembers what went wrong in it."""

    def __init__(self, browser: Browser, file: Path, **options: Any) -> None:
        """Open a file; motion is off, so that whatever was asked for is done at once."""
        context = browser.new_context(
            **{
                "offline": True,
                "reduced_motion": "reduce",
                "viewport": {"width": 1280, "height": 800},
                **options,
            }
        )
        context.set_default_timeout(10_000)
        self.page: Page = context.new_page()
        self.wrong: list[str] = []
        self.page.on("console", lambda message: self.wrong.append(message.text))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", self._asked)
        self.open(file.as_uri())

    def _asked(self, request: Any) -> None:
        if not request.url.startswith("file:"):
            self.wrong.append(f"asked for {request.url}")

    def open(self, address: str) -> None:
        """Open an address of the file, as a new visit."""
        self.page.goto("about:blank")
        self.page.goto(address)
        self.page.wait_for_selector("html[data-ready]", state="attached")
        self.settle()

    def settle(self) -> None:
        """Wait until what was asked for is drawn."""
        self.page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)
        self.settle()

    def go(self, state: str) -> None:
        """Let the address say what is shown."""
        self.page.evaluate("state => { location.hash = state }", state)
        self.settle()

    def node(self, name: str) -> Locator:
        """The boxes of integrations with a name."""
        return self.page.locator(
            "#drawing .node", has=self.page.locator(f".name:text-is({name!r})")
        )

    def group(self, title: str) -> Locator:
        """The groups with a title."""
        return self.page.locator(
            "#drawing .group", has=self.page.locator(f".heading:text-is({title!r})")
        )

    def names(self) -> list[str]:
        """The names in the boxes that are drawn."""
        return self.page.locator("#drawing .name").all_text_contents()

    def panel(self, part: str) -> list[str]:
        """The paths that a part of the details lists, however long its lists are."""
        while (more := self.page.locator("#panel .more")).count():
            more.first.click()
        found = self.page.locator(f"#panel .part:has(h3:text-matches('^{part}\\\\d'))").locator(
            ".items > li:not(.hides) > .link"
        )
        return found.evaluate_all("links => links.map(link => link.title)")

    def at(self) -> str:
        """The path of what is selected, as the details say it."""
        return self.page.inner_text("#panel .path")

    def said(self) -> str:
        """What those hear who do not see the page."""
        return self.page.inner_text("#said")

    def close(self) -> None:
        """Close the window; nothing may have gone wrong in it."""
        self.page.context.close()
        assert self.wrong == []


def written(graph: nx.DiGraph[str], folder: Path, **view: Any) -> Path:
    """A file with the page of a graph."""
    file = folder / "page.html"
    file.write_bytes(draw(graph, "html", **view))
    return file
