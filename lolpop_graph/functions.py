"""From `file.py:name` or `package.module:name` to the function, or to the one fault why not.

A file must lie in the folder of the file that names it, or below, and is imported as a plug-in
is: by itself, or as a module of its package where its folder has an `__init__.py`. Modules are
those of trusted packages. What is trusted is decided on the function that was found, by the
module that it comes from, and a workflow file cannot add to it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

from lolpop_graph import faults as f
from lolpop_graph.block import find_key, plain
from lolpop_graph.classes.entries import EntryPoints
from lolpop_graph.classes.loading import (
    ModuleAbsentError,
    import_failed,
    load_module,
    missing_module,
)
from lolpop_graph.classes.names import within
from lolpop_graph.classes.places import is_inner
from lolpop_graph.classes.plugins import Plugin
from lolpop_graph.classes.sources import locate
from lolpop_graph.classes.trust import Trust, holds
from lolpop_graph.config import OwnConfig, class_defaults, configs_of, written
from lolpop_graph.document import Document
from lolpop_graph.errors import Fault, WorkflowError
from lolpop_graph.model import Group, Integration, Place
from lolpop_graph.scalars import describe
from lolpop_graph.searches import close_path, link_out_of, plugin_path

Function = Callable[..., Any]

_FILE = ".py"


class _Module(NamedTuple):
    """A module to import: its name, what it is called in messages, and the plug-in it is of."""

    name: str
    shown: str
    plugin: Plugin | None = None


class Functions:
    """Finds the functions of one workflow; what was found once is kept."""

    def __init__(self, trust: Iterable[str] = ()) -> None:
        """Trust the packages `trust` beside those that need not be named."""
        self._trust = Trust(trust, EntryPoints())
        self._found: dict[tuple[str, str, Path], Function | Fault] = {}

    def find(
        self, text: object, folder: Path, place: Place | None = None, what: str = "this"
    ) -> Function | Fault:
        """The function that a text names, or the fault, at `place`, that says why there is none.

        `folder` is that of the file in which the text stands, and `what` the thing that has it.
        What is no text and can be called, as Python alone can give it, is what it is.
        """
        if callable(text):
            return text
        named = _parsed(text) if isinstance(text, str) else None
        if named is None:
            return _malformed(text, what).changed(place=place)
        key = (*named, folder)
        found = self._found.get(key)
        if found is None:
            found = self._found.setdefault(key, self._find(*key))
        return found.changed(place=place) if isinstance(found, Fault) else found

    def _find(self, holder: str, name: str, folder: Path) -> Function | Fault:
        text = f"{holder}:{name}"
        is_file = holder.endswith(_FILE)
        module = self._of_file(holder, folder.resolve()) if is_file else self._of_package(text)
        return module if isinstance(module, Fault) else self._take(text, module, name)

    def _of_file(self, file: str, folder: Path) -> _Module | Fault:
        """The module that a file below a folder is, as plug-ins are."""
        path = plugin_path(folder, file)
        if isinstance(path, Path) and not path.is_file():
            path = "is no file"
        if isinstance(path, str):
            close = close_path(folder, file)
            return f.FunctionFileRefused(file=file, reason=path, close=close)
        root = _package_of(path, folder)
        if link := link_out_of(root, folder):
            reason = f"is of a package with `{link}`, a link that leads out of {folder.name}"
            return f.FunctionFileRefused(file=file, reason=reason)
        try:
            plugin = Plugin(root)
        except OSError as error:
            return f.FunctionFileRefused(file=file, reason=f"cannot be read: {error.strerror}")
        plugin.offer()
        steps = () if root == path else path.relative_to(root).with_suffix("").parts
        if steps and not all(map(str.isidentifier, steps)):
            return f.FunctionFileRefused(file=file, reason="has a name that no module can have")
        name = ".".join([plugin.package, *(step for step in steps if step != "__init__")])
        return _Module(name, file, plugin)

    def _of_package(self, text: str) -> _Module | Fault:
        """The module of a package, if it may be imported."""
        module, _, name = text.partition(":")
        top = module.partition(".")[0]
        if locate(top) is None:
            return f.FunctionMissing(text=text, name=name, module=top, is_absent=True)
        if not self._trust.allows(module):
            return self._not_trusted(text, module)
        return _Module(module, module)

    def _take(self, text: str, module: _Module, name: str) -> Function | Fault:
        """Import a module, and judge what it has under a name."""
        try:
            imported = load_module(module.name)
        except KeyboardInterrupt:
            raise
        except ModuleAbsentError as error:
            return f.FunctionMissing(text=text, name=name, module=error.name, is_absent=True)
        except BaseException as error:  # noqa: BLE001 - a module's code may raise anything
            remedy = _remedy(module.plugin, missing_module(error))
            return import_failed(text, module.shown, error, remedy)
        known = _functions_in(imported)
        if name not in vars(imported):
            return f.FunctionMissing(text=text, name=name, module=module.shown, known=known)
        return self._judge(text, vars(imported)[name], module, known)

    def _judge(
        self, text: str, held: object, module: _Module, known: tuple[str, ...]
    ) -> Function | Fault:
        """Decide on the object itself: its name says nothing about where it comes from."""
        if type(held) is not FunctionType:
            kind = "a class" if isinstance(held, type) else describe_kind(held)
            return f.NotAFunction(text=text, found=kind, known=known)
        said = held.__module__
        if not isinstance(said, str) or not self._allows(said, module.plugin):
            return self._not_trusted(text, str(said))
        if said != module.name and not holds(sys.modules.get(said), held.__qualname__, held):
            return f.FunctionNotTrusted(text=text, module=said, unproven=True)
        if is_inner(said):
            return f.NotAFunction(text=text, found="a part of lolpop_graph itself")
        return held

    def _allows(self, module: str, plugin: Plugin | None) -> bool:
        return bool(plugin and within(module, plugin.package)) or self._trust.allows(module)

    def _not_trusted(self, text: str, module: str) -> Fault:
        unread = self._trust.project.unread
        return f.FunctionNotTrusted(text=text, module=module, unread=unread)


class ConfigFunctions:
    """Finds the functions that config keys of one document name."""

    def __init__(self, document: Document, functions: Functions) -> None:
        """Find them with `functions`, files below the folders of the files that name them."""
        self._document = document
        self._functions = functions

    def get(self, integration: Integration, key: str, own: OwnConfig, cls: type) -> Any:
        """The function that a key names for an integration; None where no config has the key.

        The key is looked up as any other one, but not in the environment. Raises WorkflowError
        with the fault that says why there is no such function.
        """
        found = self.find(integration, key, own, cls)
        if isinstance(found, Fault):
            raise WorkflowError([self._document.showing.fault(found)])
        return found

    def faults(self, asked: Iterable[tuple[Integration, str, type]]) -> Iterator[Fault]:
        """What is wrong with keys that name functions, of integrations with their classes."""
        for integration, key, cls in asked:
            found = self.find(integration, key, written, cls)
            if isinstance(found, Fault):
                yield found

    def find(
        self, integration: Integration, key: str, own: OwnConfig, cls: type
    ) -> Function | Fault | None:
        """The same, with the fault as an answer."""
        what = f"`{key}` of `{integration.path}`"
        for holder, config in configs_of(integration, own):
            name = find_key(config, key)
            if name is not None:
                mark = _mark(holder, name, config)
                folder = Path.cwd() if mark is None else self._document.folder(mark)
                place = None if mark is None else self._document.place(mark)
                value = config[name]
                return None if value is None else self._functions.find(value, folder, place, what)
        for ancestor in cls.__mro__:
            defaults = class_defaults(ancestor)
            name = find_key(defaults, key)
            if name is not None:
                folder = _folder_of(ancestor)
                return self._functions.find(defaults[name], folder, None, what)
        return None


def _parsed(text: str) -> tuple[str, str] | None:
    """The file or module and the name in it of `file.py:name`, or None where a text is none."""
    holder, _, name = (part.strip() for part in text.rpartition(":"))
    is_holder = holder.endswith(_FILE) or all(map(str.isidentifier, holder.split(".")))
    # A name like `__build_class__` leads to what is Python's own.
    is_name = name.isidentifier() and not name.startswith("__")
    return (holder, name) if is_holder and is_name else None


def _malformed(value: object, what: str) -> Fault:
    """The fault for what names no function."""
    if not isinstance(value, str) or not value.strip():
        found = "an empty text" if isinstance(value, str) else describe(value)
        return f.FunctionMalformed(what=what, found=found)
    text = value.strip().rstrip(":")
    module, dot, name = text.rpartition(".")
    if text.endswith(_FILE):
        meant = f"{text}:name"
    else:
        meant = f"{module}:{name}" if dot and _parsed(f"{module}:{name}") else ""
    return f.FunctionMalformed(what=what, found=f"`{value}`", meant=meant)


def describe_kind(held: object) -> str:
    """`an int`, `a dict`: what something is, without its value."""
    kind = type(held).__name__
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _mark(holder: Integration | Group, key: str, config: Mapping[str, Any]) -> int | None:
    """The mark of a key's value, if it is as the document has it and no code has set it."""
    block = written(holder) if isinstance(holder, Integration) else holder.config
    is_written = key in block and (block is config or plain(block[key]) == config[key])
    return block.value_mark(key) if is_written else None


def _folder_of(cls: type) -> Path:
    """The folder of the file that defines a class; the current one where there is none."""
    file = getattr(sys.modules.get(cls.__module__), "__file__", None)
    return Path(file).parent if isinstance(file, str) else Path.cwd()


def _package_of(path: Path, folder: Path) -> Path:
    """The topmost package below a folder that a file is in, or the file itself."""
    root = path
    while root.parent != folder and (root.parent / "__init__.py").is_file():
        root = root.parent
    return root


def _functions_in(module: ModuleType) -> tuple[str, ...]:
    """The names of the public functions that a module defines itself, sorted."""
    return tuple(
        sorted(
            name
            for name, held in vars(module).items()
            if type(held) is FunctionType
            and held.__module__ == module.__name__
            and not name.startswith("_")
        )
    )


def _remedy(plugin: Plugin | None, missing: str) -> str:
    """What to write where a file imports its neighbour by a bare name."""
    if plugin is None or not missing:
        return ""
    folder = plugin.path if plugin.path.is_dir() else plugin.path.parent
    if not (folder / f"{missing}.py").is_file() and not (folder / missing).is_dir():
        return ""
    put = "" if plugin.path.is_dir() else "put both into a folder with an `__init__.py`, and "
    return f"{put}write `from . import {missing}`"
