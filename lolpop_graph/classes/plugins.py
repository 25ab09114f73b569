"""Plug-ins: Python files and folders beside a workflow, imported under names of their own.

`sys.path` stays as it is. A folder becomes a package, so its modules import each other by
`from . import neighbour`; a plain `import neighbour` would need `sys.path`, where the
plug-ins of one workflow would hide those of another and installed modules too.

The name of that package is made from its path and its content: a plug-in that was edited is
another package, imported anew, and what an earlier build made goes on with the old one.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from importlib.machinery import (
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    ModuleSpec,
    SourceFileLoader,
)
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType

from lolpop_graph.classes.sources import Located, Source, walk

PREFIX = "lolpop_graph_plugin_"


class Plugin:
    """One file or folder of `plugin_paths`, as it was when it was read."""

    def __init__(self, path: Path) -> None:
        """Read the plug-in at the absolute `path`; OSError or ValueError says why not."""
        sources = _sources(path)
        self.path = path
        stem = re.sub(r"[^0-9A-Za-z_]", "_", path.stem)
        self.package = f"{PREFIX}{stem}_{_digest(path, sources)}"
        self.sources = [Source(f"{self.package}{name}", file) for name, file in sources]

    def file_of(self, module: str) -> str:
        """The file of one of its modules."""
        files = [source.file for source in self.sources if source.module == module]
        return files[0] if files else module

    def offer(self) -> None:
        """Make its modules importable."""
        folder = self.path.is_dir()
        file = self.path / "__init__.py" if folder else self.path
        _FINDER.roots[self.package] = Located(
            self.package,
            str(file) if file.is_file() else None,
            (str(self.path),) if folder else (),
        )
        if _FINDER not in sys.meta_path:
            # Before Python's own, which would read and write compiled files.
            sys.meta_path.insert(0, _FINDER)

    def remedy(self, missing: str) -> str:
        """What to write where the plug-in imports its neighbour `missing` by a bare name."""
        folder = self.path if self.path.is_dir() else self.path.parent
        if not missing or not ((folder / f"{missing}.py").is_file() or (folder / missing).is_dir()):
            return ""
        listed = "" if folder == self.path else f"let `plugin_paths` name the folder {folder} and "
        return f"{listed}write `from . import {missing}`: a plug-in folder is a package"


class _UncachedLoader(SourceFileLoader):
    """Compiles from the text each time.

    Compiled files are told apart by the second and the size, and so would be taken for those
    of a plug-in that was edited twice within a second.
    """

    def get_code(self, fullname: str) -> CodeType:
        """Compile the text of the module."""
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


class _PluginFinder:
    """Finds the plug-ins that were offered, and the modules in them, and nothing else."""

    def __init__(self) -> None:
        self.roots: dict[str, Located] = {}

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,  # noqa: ARG002 - the signature is Python's
    ) -> ModuleSpec | None:
        if fullname in self.roots:
            return _root_spec(self.roots[fullname])
        if not fullname.startswith(PREFIX) or not path:
            return None
        loaders = (_UncachedLoader, SOURCE_SUFFIXES), (ExtensionFileLoader, EXTENSION_SUFFIXES)
        return FileFinder(path[0], *loaders).find_spec(fullname)


_FINDER = _PluginFinder()


def _root_spec(root: Located) -> ModuleSpec | None:
    folders = list(root.folders) or None
    if root.file is None:
        spec = ModuleSpec(root.name, None, is_package=True)
        spec.submodule_search_locations = folders
        return spec
    return spec_from_file_location(
        root.name,
        root.file,
        loader=_UncachedLoader(root.name, root.file),
        submodule_search_locations=folders,
    )


def _sources(path: Path) -> list[Source]:
    """The plug-in's modules, named from its root on: `.a.b`, and nothing for the root itself."""
    if path.is_dir():
        init = path / "__init__.py"
        return list(walk(Located("", str(init) if init.is_file() else None, (str(path),))))
    if path.suffix != ".py" or not path.is_file():
        problem = "is neither a folder nor a Python file" if path.exists() else "does not exist"
        raise ValueError(problem)
    path.read_bytes()
    return [Source("", str(path))]


def _digest(path: Path, sources: list[Source]) -> str:
    """A short hash of where the plug-in is and of the text of each of its modules."""
    from hashlib import blake2b  # noqa: PLC0415 - a workflow without plug-ins never needs it

    digest = blake2b(os.fsencode(path), digest_size=8)
    for source in sources:
        text = source.read()
        digest.update(f"\0{source.module}\0{len(text)}\0".encode(errors="surrogateescape"))
        digest.update(text)
    return digest.hexdigest()
