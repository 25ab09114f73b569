"""Which class each integration of a plan has: found once for each name and place to search."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from lolpop_graph import faults as f
from lolpop_graph.block import Block, find_key
from lolpop_graph.classes import ClassFinder
from lolpop_graph.config import PLUGINS_KEY, SEARCH_KEY
from lolpop_graph.declarations import ClassInfo, class_info
from lolpop_graph.document import Document
from lolpop_graph.errors import Fault
from lolpop_graph.expand import class_mark
from lolpop_graph.model import Group, Integration, groups_in
from lolpop_graph.scalars import describe
from lolpop_graph.secrecy import Secrets
from lolpop_graph.showing import Showing
from lolpop_graph.text import suggestion

_BASE_OF_LAYER = {"runner": "BaseRunner", "pipeline": "BasePipeline", "component": "BaseComponent"}


class _Search(NamedTuple):
    """Where a group's classes are searched, and whether a part of that could not be read."""

    layer: str
    plugin_paths: tuple[Path, ...]
    search_paths: tuple[str, ...]
    is_broken: bool


class Casting:
    """The classes of a plan's integrations; `faults` has what kept some from being found."""

    def __init__(
        self,
        order: Sequence[Integration],
        document: Document,
        finder: ClassFinder,
        replaced: Mapping[str, Any],
        plugin_paths: Sequence[Path] = (),
    ) -> None:
        """Find the class of every integration but the replaced ones."""
        self.faults: list[Fault] = []
        self._document = document
        self._finder = finder
        self._plugin_paths = tuple(self._existing(plugin_paths))
        self._found: dict[tuple[str, _Search], ClassInfo | None] = {}
        self._infos: list[ClassInfo | None] = [None] * len(order)
        self._plugins: dict[int, tuple[Path, ...]] = {}
        self._broken: set[int] = set()
        self._failed: set[str] = set()
        for group in groups_in(order):
            search = self._search(group)
            for member in group.members.values():
                if member.path not in replaced:
                    self._infos[member.index] = self._info(member, search)

    def _existing(self, paths: Sequence[Path]) -> Iterator[Path]:
        """The caller's plug-in paths as absolute ones, those that are there."""
        for path in paths:
            if path.exists():
                yield path.resolve()
            else:
                reason = "does not exist"
                self.faults.append(f.PluginPathRefused(path=str(path), reason=reason))

    def info(self, integration: Integration) -> ClassInfo | None:
        """What is known of an integration's class; None if it is replaced or was not found."""
        return self._infos[integration.index]

    def _info(self, integration: Integration, search: _Search) -> ClassInfo | None:
        name = integration.class_name or _base_class(integration)
        key = (name, search)
        if key not in self._found:
            self._found[key] = self._look_for(name, integration, search)
        return self._found[key]

    def _look_for(self, name: str, integration: Integration, search: _Search) -> ClassInfo | None:
        found: object = self._finder.find(
            name,
            search.layer,
            plugin_paths=search.plugin_paths,
            search_paths=search.search_paths,
        )
        if isinstance(found, type):
            found = class_info(found)
        if isinstance(found, Fault) and not self._is_caused(found, search):
            place = self._document.place(class_mark(self._document, integration))
            self.faults.append(self._without_parts(found, name).changed(place=place))
        return found if isinstance(found, ClassInfo) else None

    def _without_parts(self, fault: Fault, class_name: str) -> Fault:
        """A fault without the modules and names in a class name that is secret."""
        shown = self._document.showing.secrets.scrub(class_name)
        if shown == class_name:
            return fault
        secrets, parts = Secrets(), re.split("[.:]", class_name)
        for count in range(1, len(parts) + 1):
            secrets.add([".".join(parts[:count]), *parts[-count:]], shown)
        secrets.add(class_name, shown)
        return Showing([], secrets).fault(fault)

    def _is_caused(self, fault: Fault, search: _Search) -> bool:
        """Whether a fault follows from one that is reported already."""
        if isinstance(fault, f.ImportFailed):
            is_known = fault.module in self._failed
            self._failed.add(fault.module)
            return is_known
        return isinstance(fault, f.ClassMissing) and search.is_broken and not fault.absent

    def _search(self, group: Group) -> _Search:
        """Where the classes of a group are searched, beside the places that all share."""
        plugins: tuple[Path, ...] = ()
        searches: tuple[str, ...] = ()
        for config in _configs_above(group):
            key = find_key(config, PLUGINS_KEY)
            if key is not None and not plugins:
                plugins = self._plugins_of(config, key)
            key = find_key(config, SEARCH_KEY)
            if key is not None and not searches:
                searches = tuple(text for text, _ in self._texts(config, key))
        is_broken = any(id(config) in self._broken for config in _configs_above(group))
        return _Search(group.layer.name, plugins + self._plugin_paths, searches, is_broken)

    def _plugins_of(self, config: Block, key: str) -> tuple[Path, ...]:
        """The plug-in paths of a config, read once; relative to the file that names them."""
        known = self._plugins.get(id(config))
        if known is None:
            folder = self._document.folder(config.value_mark(key)).resolve()
            paths = []
            for text, mark in self._texts(config, key):
                path = _plugin_path(folder, text)
                if isinstance(path, Path):
                    paths.append(path)
                else:
                    self._broken.add(id(config))
                    place = self._document.place(mark)
                    close = _close_path(folder, text)
                    fault = f.PluginPathRefused(place=place, path=text, reason=path, close=close)
                    self.faults.append(fault)
            known = self._plugins[id(config)] = tuple(paths)
        return known

    def _texts(self, config: Block, key: str) -> list[tuple[str, int]]:
        """The texts, with their marks, of a config value that is a text or a list of them."""
        value, mark = config[key], config.value_mark(key)
        texts, marks = [value], [mark]
        if isinstance(value, list):
            texts, marks = value, [*self._document.value_marks(value, mark)]
        marked = list(zip(texts, marks, strict=True))
        wrong = [(text, where) for text, where in marked if not isinstance(text, str)]
        if wrong and id(config) not in self._broken:
            self._broken.add(id(config))
            text, where = wrong[0]
            place = self._document.place(where)
            self.faults.append(f.SearchNotText(place=place, key=key, found=describe(text)))
        return [(text, where) for text, where in marked if isinstance(text, str)]


def _plugin_path(folder: Path, text: str) -> Path | str:
    """The file or folder that a plug-in path names, or why it is none."""
    try:
        path = (folder / text).resolve()
        if not path.is_relative_to(folder):
            return f"lies outside the folder of the file that names it, {folder.name}"
        if not path.exists():
            return f"does not exist in the folder {folder.name}"
        is_plugin = path.is_dir() or path.suffix == ".py"
        if link := _link_out_of(path, folder):
            return f"holds `{link}`, a link that leads out of the folder {folder.name}"
    except (OSError, RuntimeError, ValueError):
        return "is none that a file can have"
    return path if is_plugin else "is neither a folder nor a Python file"


def _close_path(folder: Path, text: str) -> str | None:
    """The path below a folder that exists, and of which one part is like one of a path."""
    parts = PurePosixPath(text).parts
    for number, part in enumerate(parts):
        here = folder.joinpath(*parts[:number])
        try:
            inside = sorted(path.name for path in here.iterdir())
        except (OSError, ValueError):
            return None
        if part not in inside:
            close = suggestion(part, inside) or ""
            path = PurePosixPath(*parts[:number], close, *parts[number + 1 :])
            return (
                str(path) if close and isinstance(_plugin_path(folder, str(path)), Path) else None
            )
    return None


def _link_out_of(path: Path, folder: Path) -> str | None:
    """The first link to Python files in a plug-in folder that leads out of the workflow's."""
    for here, folders, files in os.walk(path):
        for name in [*folders, *(file for file in files if file.endswith(".py"))]:
            inside = Path(here, name)
            if inside.is_symlink() and not inside.resolve().is_relative_to(folder):
                return str(inside.relative_to(path))
    return None


def _base_class(integration: Integration) -> str:
    """The class of a root for which nobody names one."""
    base = _BASE_OF_LAYER.get(integration.layer.name, "BaseIntegration")
    return f"lolpop_graph.integration:{base}"


def _configs_above(group: Group) -> Iterator[Block]:
    """The configs in which a group's search places can stand, nearest first."""
    yield group.config
    owner = group.parent
    if owner is None:
        (root,) = group.members.values()
        yield root.config
    while owner is not None:
        yield owner.config
        yield owner.group.config
        owner = owner.parent
