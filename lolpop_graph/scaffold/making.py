"""What `init` and `new` do: a project, a part of one, or a part in a package of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from lolpop_graph.classes.entries import COMMANDS
from lolpop_graph.classes.installed import installed
from lolpop_graph.classes.sources import Source, parsed, top_level_classes
from lolpop_graph.errors import WorkflowError
from lolpop_graph.faults import NameRefused
from lolpop_graph.scaffold.bases import base_of, suite_of
from lolpop_graph.scaffold.imports import Import, import_lines
from lolpop_graph.scaffold.names import (
    Names,
    command_names,
    layer_name,
    part_names,
    project_names,
    type_name,
)
from lolpop_graph.scaffold.placing import draft_of, place
from lolpop_graph.scaffold.projects import FILE, Entry, Project, find_project, project_of, register
from lolpop_graph.scaffold.rendering import Template, render

COMMAND = "command"
_PATH = Import("pathlib", "Path")
_OURS = Import("lolpop_graph", alias="lg")
_UNFILLED = Import("lolpop_graph.testing.unfilled", "unfilled")
_EXAMPLES = {"component": "Source", "pipeline": "Pipeline", "runner": "Runner"}
"""The classes of the workflow in a new project, after the name of that."""


@dataclass(frozen=True)
class Made:
    """What was made: the folder of the project, and the files in it that are new or changed."""

    folder: Path
    files: tuple[str, ...]
    is_new_project: bool


def make_project(folder: Path, template: Template | None = None, *, force: bool = False) -> Made:
    """Make a project in a folder, which is named as the project is to be called.

    It has a component, a pipeline and a runner, and a workflow of them with two overlays. An own
    template stands in the place of ours. Raises WorkflowError, and then nothing was written.
    """
    folder = folder.absolute().resolve()
    names = project_names(folder.name, folder)
    data = {**_of_project(project_of(names, folder)), "class_name": names.camel}
    with draft_of(folder) as draft:
        if template:
            render(template, draft, data)
        else:
            render(Template("package"), draft, {**data, "has_workflow": True})
            render(Template("workflow"), draft, data)
            _register(draft / FILE, _examples(names), folder / FILE)
        files = place(draft, folder, force=force)
    return Made(folder, tuple(files), is_new_project=True)


@dataclass(frozen=True)
class Wish:
    """A part that is wanted: its layer, or `command`, its name as the user wrote it, its type."""

    layer: str
    name: str
    kind: str = ""

    @property
    def is_command(self) -> bool:
        """Whether it is a command, and no part of a workflow."""
        return self.layer == COMMAND

    def names(self) -> Names:
        """How it is called; WorkflowError where it cannot be."""
        layer_name(self.layer)
        if self.kind:
            type_name(self.kind)
        return command_names(self.name) if self.is_command else part_names(self.name)


def make_part(
    wish: Wish,
    folder: Path,
    template: Template | None = None,
    *,
    force: bool = False,
    commands: Mapping[str, str] = MappingProxyType({}),
) -> Made:
    """Add a part of a layer, or a command, to the project that a folder is in.

    Where the folder is in no project for this package, a package is made in it that has the part
    alone. `commands` are those that there are, with what they came with. Raises WorkflowError,
    and then nothing was written.
    """
    names = wish.names()
    here = folder.absolute().resolve()
    project = find_project(here)
    is_new = project is None
    if project is None:
        own = f"lolpop-{names.kebab}"
        project = project_of(project_names(own, here / own), here / own)
    _check_free(wish, names, project, commands)
    data = {**_of_project(project), **_of_part(wish, names, project)}
    with draft_of(project.folder) as draft:
        if is_new:
            render(Template("package"), draft, {**data, "has_workflow": False})
        else:
            (draft / FILE).write_bytes((project.folder / FILE).read_bytes())
        render(template or Template(COMMAND if wish.is_command else "part"), draft, data)
        _register(draft / FILE, _entries(draft, wish, names, project), project.folder / FILE)
        edited = [] if is_new else [FILE]
        files = place(draft, project.folder, force=force, edited=edited)
    return Made(project.folder, tuple(files), is_new_project=is_new)


def _examples(names: Names) -> list[Entry]:
    """The entry points of the workflow in a new project."""
    return [
        Entry(f"lolpop_graph.{layer}", name, f"{names.snake}.{layer}.{names.snake}:{name}")
        for layer, end in _EXAMPLES.items()
        for name in [f"{names.camel}{end}"]
    ]


def _of_project(project: Project) -> dict[str, Any]:
    """What templates know of a project."""
    return {
        "project": project.distribution,
        "package": project.package,
        "source": project.source.as_posix(),
    }


def _of_part(wish: Wish, names: Names, project: Project) -> dict[str, Any]:
    """What templates know of a part."""
    layer, kind = wish.layer, wish.kind
    folders = [layer, *([kind] if kind else [])]
    module = ".".join([project.package, *folders, names.snake])
    base = base_of(layer, kind)
    suite = suite_of(kind) if layer == "component" and base.methods else None
    if wish.is_command:
        tested = {Import(module, COMMAND), Import("click.testing", "CliRunner"), _PATH}
    else:
        suites = {Import(suite.module, suite.name), _UNFILLED, Import("pytest")} if suite else set()
        met = suites or {_OURS}
        tested = {Import(module, names.camel), *met}
    return {
        "layer": layer,
        "type": kind,
        "name": names.kebab if wish.is_command else names.snake,
        "words": names.words,
        "module": module,
        "module_name": names.snake,
        "class_name": names.camel,
        "folders": "/".join(folders),
        "base": base.name,
        "methods": list(base.methods),
        "imports": import_lines(base.imports, project.package),
        "suite": suite.name if suite else "",
        "test_imports": import_lines(tested, project.package),
    }


def _check_free(wish: Wish, names: Names, project: Project, commands: Mapping[str, str]) -> None:
    """Refuse a name that something installed has, unless that is of the project itself."""
    if wish.is_command:
        name, taken = names.kebab, "is a command already, that of {}"
        owners = [origin for command, origin in commands.items() if command == name]
    else:
        name, taken = names.camel, f"is a class of the layer `{wish.layer}` already, that of {{}}"
        owners = [part.origin for part in installed(wish.layer) if part.name == name]
    others = [owner for owner in owners if owner.partition(" ")[0] != project.distribution]
    if others:
        reason = taken.format(others[0])
        fault = NameRefused(name=name, reason=reason, remedy="choose another name")
        raise WorkflowError([fault])


def _entries(draft: Path, wish: Wish, names: Names, project: Project) -> list[Entry]:
    """The entry point of what was rendered; none where an own template has no such class."""
    for file in sorted((draft / project.source).rglob("*.py")):
        below = file.relative_to(draft / project.source).with_suffix("")
        module = ".".join([project.package, *below.parts])
        tree = parsed(Source(module, str(file)).read())
        classes = {node.name for node in top_level_classes(tree)} if tree else set()
        if wish.is_command and file.stem == names.snake:
            return [Entry(COMMANDS, names.kebab, f"{module}:{COMMAND}")]
        if not wish.is_command and names.camel in classes:
            return [Entry(f"lolpop_graph.{wish.layer}", names.camel, f"{module}:{names.camel}")]
    return []


def _register(file: Path, entries: list[Entry], shown: Path) -> None:
    file.write_text(register(file.read_text(encoding="utf-8"), entries, shown), encoding="utf-8")
