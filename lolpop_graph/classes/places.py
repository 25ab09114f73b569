"""The places where a bare class name is looked up, in their order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

from lolpop_graph.classes.entries import EntryPoints
from lolpop_graph.classes.names import public, within
from lolpop_graph.classes.plugins import Plugin
from lolpop_graph.classes.sources import Index, Source, children, locate, walk
from lolpop_graph.classes.trust import OWN

_EXTENSION = f"{OWN}.extension"
_NO_LAYERS = frozenset(
    {
        "checks",
        "classes",
        "cli",
        "export",
        "extension",
        "faults",
        "hooks",
        "questions",
        "remote",
        "scaffold",
        "sweeps",
        "templates",
        "testing",
        "typed",
    }
)
"""Packages below our own that hold no integrations, and may well be a layer's name."""
_HERE = Path(__file__).parent.parent


class PluginRefusedError(Exception):
    """A path of `plugin_paths` that holds no plug-in."""

    def __init__(self, path: Path, reason: str) -> None:
        """Carry the path and what is wrong with it."""
        self.path = path
        self.reason = reason
        super().__init__(path, reason)


class Request(NamedTuple):
    """A class name and all that decides where it is looked up."""

    class_name: str
    layer: str
    plugin_paths: tuple[Path, ...]
    search_paths: tuple[str, ...]


class Kind(StrEnum):
    """The places, in the order in which a bare name is looked up."""

    PLUGIN = "plug-in"
    OWN = "this package"
    EXTENSION = "extension"
    ENTRY_POINT = "entry point"
    SEARCH_PATH = "search path"


class Hit(NamedTuple):
    """What a class name stands for: `target` is `module:Class`, or what an entry point says."""

    target: str
    file: str = ""
    plugin: Plugin | None = None


class Places:
    """Looks names up in texts and in metadata; what was read once is not read again."""

    def __init__(self, entries: EntryPoints) -> None:
        """Look entry points up in `entries`."""
        self._entries = entries
        self._index = cache(_index_of_module)
        self._plugin = cache(_read_plugin)

    def look_up(self, asked: Request) -> list[Hit]:
        """All that the first place with this name has; raises PluginRefusedError."""
        places: tuple[Callable[[Request], list[Hit]], ...] = (
            self._in_plugins,
            self._in_own_package,
            self._in_extensions,
            self._in_entry_points,
            self._in_search_paths,
        )
        for place in places:
            if hits := place(asked):
                return hits
        return []

    def known(self, asked: Request) -> list[str]:
        """All public names that a bare name of this layer could be."""
        indexes = [index for _, index in map(self._plugin, asked.plugin_paths)]
        indexes += self._indexes(_own_packages(asked.layer))
        indexes += self._indexes(_extension_packages(asked.layer))
        indexes += self._indexes(asked.search_paths)
        names = [name for index in indexes for name in index.names()]
        return public(names + self._entries.names(asked.layer))

    def modules(self, asked: Request) -> Iterator[tuple[Kind, Source, Plugin | None]]:
        """The modules in which a bare name of this layer may be defined, place by place."""
        for path in asked.plugin_paths:
            plugin, index = self._plugin(path)
            yield from ((Kind.PLUGIN, source, plugin) for source in index.sources)
        for kind, packages in (
            (Kind.OWN, _own_packages(asked.layer)),
            (Kind.EXTENSION, _extension_packages(asked.layer)),
            (Kind.SEARCH_PATH, asked.search_paths),
        ):
            for index in self._indexes(packages):
                yield from ((kind, source, None) for source in index.sources)

    def layers(self) -> list[str]:
        """The layers that something is installed for, as far as names of packages tell, sorted.

        What lies below `lolpop_graph.extension` is taken for a package with layers in it, unless
        it is called as a known layer is, or has modules alone.
        """
        own = locate(OWN)
        names = children(own.folders) if own else []
        known = {*self._entries.layers, *(name for name in names if _own_packages(name))}
        found = set(known)
        for name in set(_children(_EXTENSION)) - known:
            package = f"{_EXTENSION}.{name}"
            below = _children(package)
            layers = [each for each in below if each in known or _children(f"{package}.{each}")]
            found.update(layers or [name])
        return sorted(found)

    def names_in(self, module: str) -> list[str]:
        """All names that may be a class's in a module or below it."""
        index = self._index(module)
        return public(index.names()) if index else []

    def searched(self, asked: Request) -> tuple[str, ...]:
        """Where a bare name was looked for, and which of it does not exist."""
        paths = [
            name if self._index(name) else f"{name} (which does not exist)"
            for name in asked.search_paths
        ]
        own = [f"{OWN}.{asked.layer}", f"{_EXTENSION}.*.{asked.layer}"]
        plugins = map(str, asked.plugin_paths)
        return (*plugins, *own, f"entry points {OWN}.{asked.layer}", *paths)

    def _in_plugins(self, asked: Request) -> list[Hit]:
        hits: dict[str, Hit] = {}
        for path in asked.plugin_paths:
            plugin, index = self._plugin(path)
            for module, file in index.modules(asked.class_name):
                hit = Hit(f"{module}:{asked.class_name}", file, plugin)
                hits.setdefault(os.path.realpath(file), hit)
        return list(hits.values())

    def _in_own_package(self, asked: Request) -> list[Hit]:
        return self._in_packages(asked.class_name, _own_packages(asked.layer))

    def _in_extensions(self, asked: Request) -> list[Hit]:
        return self._in_packages(asked.class_name, _extension_packages(asked.layer))

    def _in_entry_points(self, asked: Request) -> list[Hit]:
        return [Hit(value) for value in self._entries.values(asked.layer, asked.class_name)]

    def _in_search_paths(self, asked: Request) -> list[Hit]:
        return self._in_packages(asked.class_name, asked.search_paths)

    def _in_packages(self, class_name: str, packages: Iterable[str]) -> list[Hit]:
        found: list[Source] = []
        for index in self._indexes(packages):
            found += index.modules(class_name)
        # Search paths may overlap: what is reached twice is one hit.
        return [Hit(f"{module}:{class_name}", file) for module, file in dict.fromkeys(found)]

    def _indexes(self, packages: Iterable[str]) -> list[Index]:
        return [index for package in packages if (index := self._index(package))]


def _own_packages(layer: str) -> list[str]:
    """`lolpop_graph.<layer>`, unless that is one of the modules that this project is made of."""
    name = f"{OWN}.{layer}"
    found = locate(name) if layer.isidentifier() and layer not in _NO_LAYERS else None
    return [] if found is None or is_inner(name) else [name]


def is_inner(module: str) -> bool:
    """Whether this project is made of a module; those that hold integrations are not meant."""
    if not within(module, OWN):
        return False
    top = module.removeprefix(OWN).lstrip(".").partition(".")[0]
    if top in _NO_LAYERS:
        return top != "extension"
    found = locate(module)
    if found is None or not found.file or (found.folders and module != OWN):
        return False
    return Path(found.file).parent == _HERE


def _extension_packages(layer: str) -> list[str]:
    """`lolpop_graph.extension.<layer>` and the same in each package below `extension`."""
    if not layer.isidentifier():
        return []
    packages = (f"{_EXTENSION}.{child}" for child in _children(_EXTENSION))
    return [f"{_EXTENSION}.{layer}", *(f"{package}.{layer}" for package in packages)]


def _children(package: str) -> list[str]:
    found = locate(package)
    return children(found.folders) if found else []


def _index_of_module(name: str) -> Index | None:
    found = locate(name) if all(map(str.isidentifier, name.split("."))) else None
    return Index(walk(found)) if found else None


def _read_plugin(path: Path) -> tuple[Plugin, Index]:
    try:
        plugin = Plugin(path)
    except OSError as error:
        raise PluginRefusedError(path, f"cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise PluginRefusedError(path, str(error)) from error
    return plugin, Index(plugin.sources)
