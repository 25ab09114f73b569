"""The names of what is scaffolded: how one name is written for each use, and whether it may be."""

from __future__ import annotations

import keyword
import re
import sys
from pathlib import Path
from typing import NamedTuple

from lolpop_graph.classes.sources import locate
from lolpop_graph.errors import WorkflowError
from lolpop_graph.faults import NameRefused
from lolpop_graph.text import misspelling

_DISTRIBUTION = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
"""The names of https://packaging.python.org/en/latest/specifications/name-normalization/"""
_WORD = re.compile(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+|[A-Z]")
_LONGEST = 40
_LONGEST_PACKAGE = 30
_KNOWN = ("component", "pipeline", "runner", "decorator", "command")
_NO_LAYERS = frozenset({"commands", "config", "extension", "integration_framework"})
_NO_PACKAGES = frozenset({"lolpop_graph", "visualize", "src", "test", "tests"})


class Names(NamedTuple):
    """One name as a module, a class, and a word of a command line."""

    snake: str
    camel: str
    kebab: str

    @property
    def words(self) -> str:
        """The name in plain words: `web form`."""
        return self.snake.replace("_", " ")


def part_names(name: str) -> Names:
    """How a part is called that a user named; WorkflowError where it cannot be called so."""
    names = _split(name)
    reason = ""
    if names.camel.startswith("Base"):
        reason = "cannot be a part's name: classes that begin with `Base` are there to be inherited"
    elif names.camel.startswith("Test"):
        reason = "cannot be a part's name: pytest would take the class for a test"
    if reason:
        raise WorkflowError([NameRefused(name=name, reason=reason, remedy="choose another name")])
    return names


def command_names(name: str) -> Names:
    """How a command is called that a user named; WorkflowError where it cannot be called so."""
    return _split(name)


def layer_name(layer: str) -> str:
    """The layer, if a package can be called so; WorkflowError if not.

    One that looks like a misspelling of those that there are is none either.
    """
    is_known = layer in (*_KNOWN, *_NO_LAYERS)
    meant = None if is_known else misspelling(layer, _KNOWN)
    if meant:
        reason, remedy = f"reads like `{meant}`, and is no layer", f"did you mean `{meant}`?"
        raise WorkflowError([NameRefused(name=layer, reason=reason, remedy=remedy)])
    return _package(layer, "layer", _NO_LAYERS)


def type_name(kind: str) -> str:
    """The type of a part, if a package can be called so; WorkflowError if not."""
    return _package(kind, "type", frozenset())


def _package(name: str, what: str, taken: frozenset[str]) -> str:
    is_plain = _is_module(name) and name.islower() and len(name) <= _LONGEST_PACKAGE
    if not is_plain or name in taken:
        reason = f"cannot be the package of a {what}"
        remedy = f"use at most {_LONGEST_PACKAGE} lower-case letters, digits and underscores"
        if name in taken:
            remedy = "choose another name, since this one has a meaning of its own"
        raise WorkflowError([NameRefused(name=name, reason=reason, remedy=remedy)])
    return name


def project_names(name: str, folder: Path) -> Names:
    """How a project in a folder is called; WorkflowError where a distribution cannot be.

    Its package must not hide another one that is installed, unless that is the folder's own.
    """
    reason, remedy = "", "name the folder otherwise"
    package = re.sub(r"[-_.]+", "_", name).lower()
    if not _DISTRIBUTION.fullmatch(name) or len(name) > _LONGEST:
        reason = "cannot be the name of a project"
        remedy = f"use at most {_LONGEST} letters and digits of ASCII, with - or _ between them"
    elif not _is_module(package) or package in _NO_PACKAGES:
        reason = f"would have the package `{package}`, which cannot be one"
    elif package in sys.stdlib_module_names or _is_elsewhere(package, folder):
        reason = f"would have the package `{package}`, and hide another one of that name"
    if reason:
        raise WorkflowError([NameRefused(name=name, reason=reason, remedy=remedy)])
    camel = "".join(word[0].upper() + word[1:] for word in _WORD.findall(package))
    return Names(package, camel, re.sub(r"[-_.]+", "-", name).lower())


def _split(name: str) -> Names:
    """The words of `web-form`, `web_form` or `WebForm`."""
    words = _WORD.findall(name)
    plain = re.sub(r"[-_]", "", name)
    snake = "_".join(word.lower() for word in words)
    if "".join(words) != plain or not snake.isidentifier() or len(name) > _LONGEST:
        reason = "cannot be the name of a module and a class"
        remedy = (
            f"use at most {_LONGEST} letters and digits of ASCII, no digit first: `web-form`, "
            "`web_form` or `WebForm`"
        )
        raise WorkflowError([NameRefused(name=name, reason=reason, remedy=remedy)])
    camel = "".join(word[0].upper() + word[1:] for word in words)
    if keyword.iskeyword(snake) or keyword.iskeyword(camel):
        reason = "cannot be the name of a module and a class: it is a word of Python's own"
        raise WorkflowError([NameRefused(name=name, reason=reason, remedy="choose another name")])
    return Names(snake, camel, snake.replace("_", "-"))


def _is_module(name: str) -> bool:
    return name.isidentifier() and name.isascii() and not keyword.iskeyword(name)


def _is_elsewhere(package: str, folder: Path) -> bool:
    """Whether a package of this name is installed that is not the one in a folder."""
    found = locate(package)
    if found is None:
        return False
    paths = [Path(path) for path in (found.file, *found.folders) if path]
    return not any(path.is_relative_to(folder) for path in paths)
