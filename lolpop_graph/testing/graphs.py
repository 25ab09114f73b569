"""Golden graphs: what a workflow was when its file was written, and what has changed since."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from lolpop_graph.block import Block, plain
from lolpop_graph.cli.diff_text import Told, lines
from lolpop_graph.errors import WorkflowError
from lolpop_graph.expand import LAYER_FLAGS
from lolpop_graph.files import write_whole
from lolpop_graph.model import FRAMEWORK_KEY, Group, Integration
from lolpop_graph.questions.diff.answer import Difference, Edited, Key, Section
from lolpop_graph.workflow import Plan
from lolpop_graph.workflow import plan as make_plan


def assert_graph(
    plan: Plan, file: str | Path, *, values: bool = False, update: bool = False
) -> None:
    """Fail with what is different where the graph of a plan is not the one in a file.

    The file holds the plan as one document, in JSON: layers, integrations in their order, classes,
    flags and the keys of configs; their `values` as well if that is asked for, but no secrets.
    With `update`, and with pytest's `--update-graphs` where the fixture of this name is used, it
    is written. AssertionError where there is a difference or no such file.
    """
    __tracebackhide__ = True
    path = Path(file)
    if update:
        found = document_of(plan, values=values)
        write_whole(path, (json.dumps(found, indent=2, default=str) + "\n").encode())
        return
    hint = "if that is meant, run: pytest --update-graphs"
    if not path.exists():
        message = f"there is no golden graph {path}; to write it, run: pytest --update-graphs"
        raise AssertionError(message)
    difference = _heeding(_expected(path).diff(plan), values=values)
    if difference:
        raise AssertionError("\n".join([*_told(difference, path, plan, values=values), hint]))


def document_of(plan: Plan, *, values: bool = False) -> dict[str, Any]:
    """A plan as one workflow document, without references and secrets."""
    root = plan.integrations[0]
    document: dict[str, Any] = {FRAMEWORK_KEY: plan.framework.as_tree()}
    config = _config_of_group(plan, root.group, values=values)
    name = plan.shown_class(root)
    if config or root.name != root.layer.name:
        document[root.layer.name] = {root.name: name, **({"config": config} if config else {})}
    elif name is not None:
        document[root.layer.name] = name
    return document | _block(plan, root, values=values)


def _block(plan: Plan, owner: Integration, *, values: bool) -> dict[str, Any]:
    """The block of an integration: its config, its sections, and the blocks of its children."""
    block: dict[str, Any] = {}
    if owner.config:
        block["config"] = _config(plan, owner.config, values=values)
    for group in owner.groups:
        section: dict[str, Any] = {
            name: plan.shown_class(member) for name, member in group.members.items()
        }
        if config := _config_of_group(plan, group, values=values):
            section["config"] = config
        block[group.layer.name] = section
    for group in owner.groups:
        for name, member in group.members.items():
            if below := _block(plan, member, values=values):
                block[name] = below
    return block


def _config_of_group(plan: Plan, group: Group, *, values: bool) -> dict[str, Any]:
    """The config of a layer; its flags have their values, since they decide what is linked."""
    config = _config(plan, group.config, values=values)
    flags = {key: group.config[key] for key in group.config if key.casefold() in LAYER_FLAGS}
    return {**config, **flags}


def _config(plan: Plan, config: Block, *, values: bool) -> dict[str, Any]:
    shown = plan.masked_values if values else plan.masked
    return {
        shown.name(key): _escaped(shown.value(plain(value), key)) if values else None
        for key, value in config.items()
    }


def _escaped(value: Any) -> Any:
    """A value that is read as what it is: a dollar sign begins no reference."""
    if isinstance(value, str):
        return value.replace("$", "$$")
    if isinstance(value, list):
        return [_escaped(each) for each in value]
    if isinstance(value, dict):
        return {str(key): _escaped(each) for key, each in value.items()}
    return value


def _expected(path: Path) -> Plan:
    try:
        return make_plan(path)
    except WorkflowError as error:
        message = f"{path} holds no golden graph:\n{error}"
        raise AssertionError(message) from None


def _heeding(difference: Difference, *, values: bool) -> Difference:
    """A difference without the values of configs that the file does not have, or has masked."""

    def kept(keys: Iterable[Key]) -> tuple[Key, ...]:
        return tuple(
            key for key in keys if key.change != "changed" or (values and key.old != key.new)
        )

    changed = (replace(each, keys=kept(each.keys)) for each in difference.changed)
    sections = (replace(each, keys=kept(each.keys)) for each in difference.sections)
    return replace(
        difference,
        changed=tuple(each for each in changed if _says_something(each)),
        sections=tuple(each for each in sections if _says_something(each)),
    )


def _says_something(change: Edited | Section) -> bool:
    if isinstance(change, Section):
        return bool(change.flags or change.keys)
    return bool(change.name or change.layer or change.class_name or change.keys)


def _told(difference: Difference, path: Path, plan: Plan, *, values: bool) -> list[str]:
    """The difference as the command `diff` tells it, below a line with both names."""
    told = lines(Told(difference, with_values=values))
    _, *rest = ["".join(text for text, _ in line) for line in told]
    return [f"{plan.document.name} is not what {path.name} has", *rest]
