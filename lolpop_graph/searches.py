"""Where the classes of a group are searched, beside the places that all workflows share."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple, TypedDict

from lolpop_graph import faults as f
from lolpop_graph.block import Block, find_key
from lolpop_graph.config import PLUGINS_KEY, SEARCH_KEY, configs_of, written
from lolpop_graph.document import Document
from lolpop_graph.errors import Fault
from lolpop_graph.model import Group, Integration, groups_in
from lolpop_graph.scalars import describe
from lolpop_graph.text import suggestion


class Paths(TypedDict):
    """Where classes are looked for beside the places that all workflows share."""

    plugin_paths: tuple[Path, ...]
    search_paths: tuple[str, ...]


class Search(NamedTuple):
    """Where a group's classes are searched, and whether a part of that could not be read."""

    layer: str
    plugin_paths: tuple[Path, ...]
    search_paths: tuple[str, ...]
    is_broken: bool

    @property
    def paths(self) -> Paths:
        """The keywords that `ClassFinder` and `TextFinder` take."""
        return {"plugin_paths": self.plugin_paths, "search_paths": self.search_paths}


class Searches:
    """The places to search of a document's groups; `faults` has what is wrong with them."""

    def __init__(self, document: Document, plugin_paths: Sequence[Path] = ()) -> None:
        """Read the places from `document`; `plugin_paths` are those of the caller."""
        self.faults: list[Fault] = []
        self._document = document
        self._plugin_paths = tuple(self._existing(plugin_paths))
        self._plugins: dict[int, tuple[Path, ...]] = {}
        self._broken: set[int] = set()

    def of(self, group: Group) -> Search:
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
        return Search(group.layer.name, plugins + self._plugin_paths, searches, is_broken)

    def of_members(self, order: Sequence[Integration]) -> Iterator[tuple[Integration, Search]]:
        """Every integration of a build order with its group's search, group by group."""
        for group in groups_in(order):
            search = self.of(group)
            for member in group.members.values():
                yield member, search

    def _existing(self, paths: Sequence[Path]) -> Iterator[Path]:
        """The caller's plug-in paths as absolute ones, those that are there."""
        for path in paths:
            if path.exists():
                yield path.resolve()
            else:
                reason = "does not exist"
                self.faults.append(f.PluginPathRefused(path=str(path), reason=reason))

    def _plugins_of(self, config: Block, key: str) -> tuple[Path, ...]:
        """The plug-in paths of a config, read once; relative to the file that names them."""
        known = self._plugins.get(id(config))
        if known is None:
            folder = self._document.folder(config.value_mark(key)).resolve()
            paths = []
            for text, mark in self._texts(config, key):
                path = plugin_path(folder, text)
                if isinstance(path, Path):
                    paths.append(path)
                else:
                    self._broken.add(id(config))
                    place = self._document.place(mark)
                    close = close_path(folder, text)
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


def plugin_path(folder: Path, text: str) -> Path | str:
    """The file or folder that a plug-in path names, or why it is none."""
    try:
        path = (folder / text).resolve()
        if not path.is_relative_to(folder):
            return f"lies outside the folder of the file that names it, {folder.name}"
        if not path.exists():
            return f"does not exist in the folder {folder.name}"
        is_plugin = path.is_dir() or path.suffix == ".py"
        if link := link_out_of(path, folder):
            return f"holds `{link}`, a link that leads out of the folder {folder.name}"
    except (OSError, RuntimeError, ValueError):
        return "is none that a file can have"
    return path if is_plugin else "is neither a folder nor a Python file"


def close_path(folder: Path, text: str) -> str | None:
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
            return str(path) if close and isinstance(plugin_path(folder, str(path)), Path) else None
    return None


def link_out_of(path: Path, folder: Path) -> str | None:
    """The first link to Python files in a plug-in folder that leads out of the workflow's."""
    for here, folders, files in os.walk(path):
        for name in [*folders, *(file for file in files if file.endswith(".py"))]:
            inside = Path(here, name)
            if inside.is_symlink() and not inside.resolve().is_relative_to(folder):
                return str(inside.relative_to(path))
    return None


def _configs_above(group: Group) -> Iterator[Block]:
    """The configs in which a group's search places can stand, nearest first."""
    yield group.config
    # The root's group has one member, whose own config says where its class is searched.
    owner = group.parent or next(iter(group.members.values()))
    yield from (config for _, config in configs_of(owner, written))
