"""The command line that makes a file again."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from lolpop_graph.errors import WorkflowError
from lolpop_graph.export.planned import Planned
from lolpop_graph.export.request import Request
from lolpop_graph.limits import Limits
from lolpop_graph.planning import Given, plugin_folders
from lolpop_graph.reader import read_value

_FLAGS = ("skip_config_validation", "lenient")
_TEXTS = ("root_class", "problem_type")


class _NoCommandError(Exception):
    """What was given from Python and no command line can say."""


def command_line(plan: Planned, given: Given, asked: Request) -> str | None:
    """The command that makes a file again; None where the call said what no command can."""
    try:
        words = [*_words(plan, given, asked)]
    except (_NoCommandError, TypeError):
        return None
    return shlex.join(["lolpop-graph", "export", *words])


def _words(plan: Planned, given: Given, asked: Request) -> Iterator[str]:
    conf, *overlays = given.confs
    yield _path(conf)
    if asked.arguments or asked.method != "main":
        yield asked.method
    yield from map(_value, asked.arguments)
    for overlay in overlays:
        yield from ("--overlay", _path(overlay))
    for key, value in given.overrides.items():
        yield from ("--set", f"{key}={_value(value)}")
    yield from _options(plan)
    yield from ("--to", asked.to)
    if asked.steps != "auto":
        yield from ("--steps", asked.steps)
    if asked.name:
        yield from ("--name", asked.name)
    yield from ("-o", _relative(asked.path))


def _options(plan: Planned) -> Iterator[str]:
    for name, option in plan.options.items():
        if option:
            yield from _option(f"--{name.replace('_', '-')}", name, option)
    for path in plugin_folders(plan.options):
        yield from ("--plugin-path", _relative(path))


def _option(flag: str, name: str, option: Any) -> Iterator[str]:
    if name in _FLAGS:
        yield flag
    elif name in _TEXTS and isinstance(option, str):
        yield from (flag, option)
    elif name == "trust":
        for package in [option] if isinstance(option, str) else option:
            yield from (flag, package)
    elif isinstance(option, Limits):
        for field in fields(option):
            if getattr(option, field.name) != field.default:
                yield from ("--limit", f"{field.name}={getattr(option, field.name)}")
    elif name != "plugin_paths":
        raise _NoCommandError


def _path(conf: object) -> str:
    if isinstance(conf, str | Path):
        return _relative(Path(conf))
    raise _NoCommandError


def _relative(path: Path) -> str:
    return Path(os.path.relpath(path)).as_posix() if path.is_absolute() else path.as_posix()


def _value(given: Any) -> str:
    """A value as the command line reads it."""
    for text in (given if isinstance(given, str) else None, json.dumps(given)):
        if text is not None and _reads_as(text, given):
            return text
    raise _NoCommandError


def _reads_as(text: str, given: Any) -> bool:
    try:
        return bool(read_value(text) == given)
    except WorkflowError:
        return False
