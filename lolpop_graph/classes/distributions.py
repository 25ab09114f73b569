"""Which installed distribution a file belongs to, and which of its extras brings a module."""

from __future__ import annotations

import json
import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from lolpop_graph.classes.loading import EXTRAS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.metadata import Distribution

_OWN = "lolpop-graph"
_EXTRA = re.compile(r"""extra\s*==\s*["']([^"']+)["']""")
_NAME = re.compile(r"[A-Za-z0-9._-]+")


class Origin(NamedTuple):
    """A distribution by its name and version; both are empty where none is known."""

    distribution: str = ""
    version: str = ""

    def __str__(self) -> str:
        """`acme-lolpop 1.0`."""
        return f"{self.distribution} {self.version}".strip()


class Distributions:
    """What is installed, as far as it was asked for."""

    @cached_property
    def own(self) -> Origin:
        """The distribution of this project."""
        from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - slow

        try:
            return Origin(_OWN, version(_OWN))
        except PackageNotFoundError:
            return Origin(_OWN)

    def of_file(self, file: str | None) -> Origin:
        """The distribution that a file of an extension came with."""
        if file is None:
            return Origin()
        path = Path(file)
        for folder, files, origin in self._extending:
            if str(path) in files or (folder is not None and path.is_relative_to(folder)):
                return origin
        return Origin()

    def of_package(self, top: str) -> Origin:
        """The distribution that a top-level package came with."""
        from importlib.metadata import distribution  # noqa: PLC0415 - slow

        names = self._by_package.get(top, [])
        return origin_of(distribution(names[0])) if names else Origin()

    @cached_property
    def _by_package(self) -> Mapping[str, list[str]]:
        from importlib.metadata import packages_distributions  # noqa: PLC0415 - slow

        return packages_distributions()

    def extra_with(self, module: str, origin: Origin) -> tuple[str, str]:
        """The distribution and its extra that bring a missing module; empty where none is known."""
        top = module.partition(".")[0]
        if top in EXTRAS:
            return _OWN, EXTRAS[top]
        for requirement in self._requirements(origin):
            extra, name = _EXTRA.search(requirement), _NAME.match(requirement)
            if extra and name and name[0].lower().replace("-", "_").replace(".", "_") == top:
                return origin.distribution, extra[1]
        return "", ""

    def _requirements(self, origin: Origin) -> list[str]:
        from importlib.metadata import PackageNotFoundError, requires  # noqa: PLC0415 - slow

        try:
            return (requires(origin.distribution) or []) if origin.distribution else []
        except PackageNotFoundError:
            return []

    @cached_property
    def _extending(self) -> list[tuple[Path | None, frozenset[str], Origin]]:
        """The distributions that may add to our package: their folder, or the files they have."""
        from importlib.metadata import distributions  # noqa: PLC0415 - slow

        return [found for each in distributions() for found in _extension(each)]


def origin_of(distribution: Distribution | None) -> Origin:
    """A distribution's name and version; its metadata may be broken."""
    if distribution is None:
        return Origin()
    try:
        return Origin(str(distribution.metadata["Name"]), str(distribution.version))
    except (OSError, KeyError, TypeError, ValueError):
        return Origin()


def _extension(
    distribution: Distribution,
) -> Iterator[tuple[Path | None, frozenset[str], Origin]]:
    folder = _source_folder(distribution)
    record = distribution.read_text("RECORD") or ""
    names = [name for name in record.splitlines() if name.startswith("lolpop_graph/extension/")]
    if folder is not None or names:
        files = (str(distribution.locate_file(name.partition(",")[0])) for name in names)
        yield folder, frozenset(files), origin_of(distribution)


def _source_folder(distribution: Distribution) -> Path | None:
    """The folder that a distribution was installed from so that edits of it count."""
    try:
        direct = json.loads(distribution.read_text("direct_url.json") or "{}")
        is_editable = direct.get("dir_info", {}).get("editable", False)
        return Path(unquote(urlsplit(direct["url"]).path)) if is_editable else None
    except (ValueError, KeyError, AttributeError, OSError):
        return None
