"""A workflow as lines of text: its tree, its groups, and the same for machines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from lolpop_graph.links import EDGE_KINDS
from lolpop_graph.model import Group, Integration, groups_in

if TYPE_CHECKING:
    from lolpop_graph.workflow import Plan

_WORDS = {"sibling": "given {}", "peer": "each sees the others"}
"""What is said of a group whose members are linked by a kind of edge."""

ClassName = Callable[[Integration], str]


def declared_class(plan: Plan) -> ClassName:
    """What tells the class that the document names."""
    return lambda integration: plan.without_secrets(integration.class_name or "(the base class)")


def tree_lines(root: Integration, class_name: ClassName) -> Iterator[str]:
    """A line for each integration, drawn as a tree: name, layer, class."""
    rows = list(_rows(root, "", ""))
    wide = max(len(name) for name, _, _ in rows)
    layers = max(len(layer) for _, layer, _ in rows)
    for name, layer, integration in rows:
        yield f"{name:<{wide}}  {layer:<{layers}}  {class_name(integration)}"


def _rows(
    integration: Integration, first: str, rest: str
) -> Iterator[tuple[str, str, Integration]]:
    yield first + integration.name, integration.layer.name, integration
    members = [member for group in integration.groups for member in group.members.values()]
    for number, member in enumerate(members):
        last = number == len(members) - 1
        yield from _rows(
            member, rest + ("└─ " if last else "├─ "), rest + ("   " if last else "│  ")
        )


def group_lines(plan: Plan) -> Iterator[str]:
    """A line for each group: what its members are given, and whether they see each other."""
    for group in groups(plan):
        words = [
            _WORDS.get(kind, f"{kind} of {{}}").format(", ".join(sources))
            for kind, sources in _sources(group).items()
        ]
        yield f"{group.id}: {'; '.join(words) or 'given nothing'}"


def groups(plan: Plan) -> Iterator[Group]:
    """The groups of a plan that have members, in build order."""
    root, *below = groups_in(plan.integrations)
    del root
    yield from (group for group in below if group.members)


def _sources(group: Group) -> dict[str, list[str]]:
    """For each kind of edge that reaches the members of a group, the groups it comes from."""
    found = {
        kind.name: [source.id for source in kind.source_groups(group) if source.members]
        for kind in EDGE_KINDS
    }
    return {kind: sources for kind, sources in found.items() if sources}


def as_json(plan: Plan, class_name: ClassName) -> dict[str, Any]:
    """A plan for machines: framework, integrations in build order, groups; no config values."""
    return {
        "name": plan.document.name,
        "framework": plan.framework.as_tree(),
        "integrations": [
            {
                "path": integration.path,
                "name": integration.name,
                "layer": integration.layer.name,
                "layer_path": integration.layer.path,
                "class": class_name(integration),
                "parent": integration.parent.path if integration.parent else None,
                "group": integration.group.id,
                "config_keys": list(integration.config),
                "source": plan.place(integration).as_dict(),
            }
            for integration in plan.integrations
        ],
        "groups": [
            {
                "id": group.id,
                "layer": group.layer.name,
                "members": [member.path for member in group.members.values()],
                "linked": _sources(group),
                "passes": group.passes,
            }
            for group in groups(plan)
        ],
    }
