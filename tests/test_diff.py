"""Differences in meaning: nothing for another layout, and each edit exactly as it was made."""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

import lolpop_graph as lg
from lolpop_graph.questions.sameness import same
from tests.oracle import Link, root_name, wire
from tests.toys import NAMES
from tests.workflows import random_workflow
from visualize import read_graph, to_dot
from visualize.formats import draw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lolpop_graph.questions.diff.answer import Difference, Key

WORKFLOWS, EDITED = 1_000, 1_000
FLAGS = ("pass_integration_to_siblings", "update_peer_integrations")


def shuffled(rng: Random, value: Any, layers: set[str], *, is_section: bool = False) -> Any:
    """The same document with its blocks in another order, each section in its own."""
    if not isinstance(value, dict):
        return value
    items = [
        (key, shuffled(rng, below, layers, is_section=key in layers))
        for key, below in value.items()
    ]
    if not is_section:
        rng.shuffle(items)
    elif "config" in value:
        items = [item for item in items if item[0] != "config"]
        items.insert(rng.randint(0, len(items)), ("config", value["config"]))
    return dict(items)


def layers_of(tree: dict[str, Any] | None) -> set[str]:
    """The names of all layers of a framework."""
    names = set(tree or {})
    return names.union(*map(layers_of, (tree or {}).values()))


@pytest.mark.parametrize("start", range(0, WORKFLOWS, 50))
def test_another_layout_is_no_difference(start: int) -> None:
    """A workflow is the same as itself, however its blocks are shuffled."""
    for seed in range(start, start + 50):
        workflow = random_workflow(seed)
        framework = workflow.document.pop("integration_framework", None)
        other = shuffled(Random(seed), workflow.document, layers_of(workflow.framework))
        given = {"integration_framework": framework} if framework else {}
        difference = lg.plan({**given, **workflow.document}).diff(lg.plan({**other, **given}))
        assert not difference
        assert difference.as_dict()["differs"] is False
        assert list(difference.single_links()) == []


@dataclass
class Expected:
    """What an edit changes: paths, and what is said of each."""

    added: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    classes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    keys: dict[str, dict[str, tuple[str, Any, Any]]] = field(default_factory=dict)
    layer_keys: dict[str, dict[str, tuple[str, Any, Any]]] = field(default_factory=dict)
    flags: dict[str, dict[str, bool]] = field(default_factory=dict)


@dataclass
class Group:
    """A section that declares something: where it stands, and what is below its layer."""

    owner: str
    layer: str
    block: dict[str, Any]
    below: dict[str, Any]

    @property
    def section(self) -> dict[str, Any]:
        """The section itself."""
        return self.block[self.layer]

    @property
    def members(self) -> list[str]:
        """The names that it declares."""
        return [name for name in self.section if name != "config"]


def groups_of(path: str, block: dict[str, Any], layers: dict[str, Any]) -> Iterator[Group]:
    """The sections with members, from the plain document."""
    for layer, below in layers.items():
        if not isinstance(block.get(layer), dict):
            continue
        group = Group(path, layer, block, below or {})
        if group.members:
            yield group
        for name in group.members:
            inner = block.get(name)
            if isinstance(inner, dict):
                yield from groups_of(f"{path}.{name}", inner, below or {})


def own_config(rng: Random, groups: list[Group], document: dict[str, Any]) -> tuple[str, Any]:
    """Any integration, by its path, and its config, which is put there."""
    path, holder = "", document
    if groups and rng.random() < 0.9:
        group = rng.choice(groups)
        name = rng.choice(group.members)
        path = f"{group.owner}.{name}"
        if not isinstance(group.block.get(name), dict):
            group.block[name] = {}
        holder = group.block[name]
    if not isinstance(holder.get("config"), dict):
        holder["config"] = {}
    return path, holder["config"]


def edit_keys(rng: Random, config: dict[str, Any]) -> dict[str, tuple[str, Any, Any]]:
    """Add, remove or change one key."""
    value = rng.choice([None, 1, 1.0, True, "f2", [1], {"a": 1}, float("nan")])
    keys = [key for key in config if key not in FLAGS]
    if not keys or rng.random() < 0.3:
        config["fresh_key"] = value
        return {"fresh_key": ("added", None, value)}
    key = rng.choice(keys)
    old = config[key]
    if rng.random() < 0.5:
        del config[key]
        return {key: ("removed", old, None)}
    config[key] = value
    return {key: ("changed", old, value)}


def edited(rng: Random, document: dict[str, Any], framework: dict[str, Any]) -> Expected:
    """Edit a document in one way, and say what that changes."""
    ((root_layer, layers),) = framework.items()
    root = root_name(document, root_layer)
    groups = [*groups_of(root, document, layers or {})]
    kinds = ["key"] if not groups else ["add", "remove", "class", "key", "flag", "layer"]
    kind = rng.choice(kinds)
    if kind == "key":
        path, config = own_config(rng, groups, document)
        return Expected(keys={path or root: edit_keys(rng, config)})
    group = rng.choice(groups)
    name = rng.choice(group.members)
    path, group_id = f"{group.owner}.{name}", f"{group.owner}/{group.layer}"
    if kind == "class":
        old, group.section[name] = group.section[name], "Another"
        return Expected(classes={path: (old, "Another")})
    if kind == "add":
        return Expected(added={add_to(rng, group, layers_of(framework))})
    if kind == "remove":
        paths = {
            each for each in wire(document, framework).order if f"{each}.".startswith(f"{path}.")
        }
        del group.section[name]
        group.block.pop(name, None)
        return Expected(removed=paths)
    if not isinstance(group.section.get("config"), dict):
        group.section["config"] = {}
    config = group.section["config"]
    if kind == "layer":
        return Expected(layer_keys={group_id: edit_keys(rng, config)})
    flag = rng.choice(FLAGS)
    holds = config.get(flag, not group.below if flag == FLAGS[1] else True)
    config[flag] = not holds
    return Expected(flags={group_id: {flag: not holds}})


def add_to(rng: Random, group: Group, layers: set[str]) -> str:
    """Declare one more member of a group, under a name that may hide others."""
    taken = {name for layer in layers for name in group.block.get(layer) or ()}
    taken |= {*group.block}
    name = rng.choice([name for name in (*NAMES, "fresh") if name not in taken])
    items = list(group.section.items())
    items.insert(rng.randint(0, len(items)), (name, "Recorder"))
    group.block[group.layer] = dict(items)
    return f"{group.owner}.{name}"


def told_keys(keys: tuple[Key, ...]) -> dict[str, tuple[str, Any, Any]]:
    """What is said of keys, with None for a side that has none."""
    return {
        key.key: (
            key.change,
            None if key.change == "added" else key.old,
            None if key.change == "removed" else key.new,
        )
        for key in keys
    }


def told(difference: Difference) -> Expected:
    """What a difference says, in the form of what is expected."""
    assert difference.moved == ()
    assert difference.order == ()
    assert not difference.layers
    found = Expected()
    found.added = {each.path for each in difference.added}
    found.removed = {each.path for each in difference.removed}
    for each in difference.changed:
        assert each.name is each.layer is None
        if each.class_name:
            found.classes[each.path] = each.class_name.old, each.class_name.new
        if each.keys:
            found.keys[each.path] = told_keys(each.keys)
    for section in difference.sections:
        if section.keys:
            found.layer_keys[section.group] = told_keys(section.keys)
        if section.flags:
            found.flags[section.group] = {flag.flag: flag.holds for flag in section.flags}
    return found


def links_of(document: dict[str, Any], framework: dict[str, Any]) -> set[Link]:
    """The links of a document by the literal rules, the tree's apart."""
    return {link for link in wire(document, framework).links if link[2] != "child"}


@pytest.mark.parametrize("start", range(0, EDITED, 50))
def test_an_edit_is_told_exactly(start: int) -> None:
    """Whatever is edited, that is told with the links it gains and loses, and nothing else."""
    for seed in range(start, start + 50):
        workflow = random_workflow(seed)
        rng, document = Random(seed), copy.deepcopy(workflow.document)
        expected = edited(rng, document, workflow.framework)
        old, new = lg.plan(workflow.document), lg.plan(document)
        difference = old.diff(new)
        found = told(difference)
        assert repr(found) == repr(expected) if "nan" in repr(expected) else found == expected
        before, after = (
            links_of(each, workflow.framework) for each in (workflow.document, document)
        )
        gained, lost = after - before, before - after
        assert sorted(difference.single_links()) == sorted(
            [("added", *link) for link in gained] + [("removed", *link) for link in lost]
        )
        assert by_group(difference, "gained") == counted(new, gained)
        assert by_group(difference, "lost") == counted(old, lost)


def by_group(difference: Difference, side: str) -> Counter[tuple[str, str, str]]:
    """The numbers of links that a difference tells between groups."""
    counts = {
        (each.source, each.target, each.kind): getattr(each, side) for each in difference.links
    }
    return +Counter(counts)


def counted(plan: Any, links: set[Link]) -> Counter[tuple[str, str, str]]:
    """The same from single links."""
    group = plan.graph.nodes.data("group")
    return Counter((group[source], group[target], kind) for source, target, kind in links)


@pytest.mark.parametrize("start", range(0, 200, 50))
def test_the_other_way_round_is_the_opposite(start: int) -> None:
    """What one order of two workflows calls added and gained, the other calls removed and lost."""
    for seed in range(start, start + 50):
        one, other = (lg.plan(random_workflow(number).document) for number in (seed, seed + 500))
        there, back = one.diff(other), other.diff(one)
        assert len(there.added) == len(back.removed)
        assert (there.gained, there.lost) == (back.lost, back.gained)
        assert len(there.order) == len(back.order)


@pytest.mark.parametrize("seed", range(100))
def test_both_can_be_drawn(seed: int) -> None:
    """The graph of both has each integration once, coloured, and can be written and read back."""
    one, other = (lg.plan(random_workflow(number).document) for number in (seed, seed + 300))
    graph = one.diff(other).graph()
    start = len(one.order[0])
    paths = {other.order[0] + path[start:] for path in one.order}
    assert {*graph} == {*other.order} | paths
    changes = dict(graph.nodes(data="change"))
    assert {path for path in graph if changes[path] == "added"} == {*other.order} - paths
    assert {path for path in graph if changes[path] == "removed"} == paths - {*other.order}
    assert to_dot(read_graph(draw(graph, "json"))) == to_dot(graph)


# Details --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (1, 1, True), (1, 1.0, False), (1, True, False), (0, None, False), (None, None, True),
        (float("nan"), float("nan"), True), (float("nan"), 1.0, False), (0.0, -0.0, False),
        ("1", 1, False), ([1, 2], [2, 1], False), ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({1: "a"}, {"1": "a"}, False), ({1: "a"}, {True: "a"}, False), ({}, [], False),
        ({"a": [{"b": 1}]}, {"a": [{"b": 1.0}]}, False), (10**30, 10**30, True),
    ],
)  # fmt: skip
def test_values_are_compared_with_their_types(one: Any, other: Any, *, is_same: bool) -> None:
    """What code can tell apart is different; nan is nan, and null is not absent."""
    assert same(one, other) is is_same
    difference = lg.plan({"config": {"a": one}}).diff(lg.plan({"config": {"a": other}}))
    assert bool(difference) is not is_same


class Odd:
    """An object that cannot be compared."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        raise ValueError("the truth value is ambiguous")


def test_objects_that_cannot_be_compared_are_different() -> None:
    """An object is the same as itself, and no comparison of its own can break the answer."""
    odd = Odd()
    assert same(odd, odd)
    assert not same(odd, Odd())


def test_a_difference_is_shown_in_a_line() -> None:
    """However much is different, what a shell shows of it is short."""
    old, new = lg.plan({"component": {"a": "A"}}), lg.plan({"component": {"a": "B", "c": "C"}})
    shown = "<Difference 'conf' → 'conf': 1 added, 1 changed, 2 links gained>"
    assert repr(old.diff(new)) == shown
    assert repr(old.diff(old)) == "<Difference 'conf' → 'conf': no difference>"


def test_null_is_not_absent() -> None:
    """A key with an explicit null is there, and case does not count in keys."""
    (edit,) = lg.plan({}).diff(lg.plan({"config": {"a": None}})).changed
    assert [(key.key, key.change, key.new) for key in edit.keys] == [("a", "added", None)]
    assert not lg.plan({"config": {"Rate": 1}}).diff(lg.plan({"config": {"rate": 1}}))


def test_values_by_reference_are_effective() -> None:
    """A reference is compared by what it comes to, with the value beside it."""
    conf = {"config": {"base": 1, "rate": "$config.base"}}
    assert not lg.plan(conf).diff(lg.plan({"config": {"base": 1, "rate": 1}}))
    (edit,) = lg.plan(conf).diff(lg.plan(conf, overrides={"config.base": 2})).changed
    assert [key.key for key in edit.keys] == ["base", "rate"]


def test_a_class_in_full_may_be_written_in_two_ways() -> None:
    """A colon or a dot before the class is the same, and two colons elsewhere are not."""

    def differs(one: str, other: str) -> bool:
        old, new = (lg.plan({"component": {"a": name}}) for name in (one, other))
        return bool(old.diff(new))

    assert not differs("package.module:Class", "package.module.Class")
    assert differs("package:module.Class", "package.module:Class")


def test_moves_are_told_where_they_are_certain() -> None:
    """The same integration under another parent has moved; two of a name, or another class, not."""
    part = {"component": {"x": "X"}, "x": {"config": {"a": 1}}}
    base = {"pipeline": {"p": "P", "q": "Q"}}
    old = lg.plan({**base, "p": part})
    (moved,) = old.diff(lg.plan({**base, "q": part})).moved
    assert (moved.old, moved.new) == ("runner.p.x", "runner.q.x")
    for other in (
        {**base, "q": {**part, "component": {"x": "Y"}}},
        {**base, "q": {**part, "x": {"config": {"a": 2}}}},
        {**base, "q": part, "component": {"x": "X"}},
        {"pipeline": {"renamed": "P", "q": "Q"}, "renamed": part},
    ):
        found = old.diff(lg.plan(other))
        assert found.moved == ()
        assert "runner.p.x" in {each.path for each in found.removed}


def test_what_is_below_a_move_moves_along() -> None:
    """Nothing below what has moved is told once more."""
    tree = {"integration_framework": {"r": {"a": {"b": {"c": None}}}}, "a": {"x": "X", "y": "Y"}}
    part = {"b": {"m": "M"}, "m": {"c": {"n": "N"}}}
    difference = lg.plan({**tree, "x": part}).diff(lg.plan({**tree, "y": part}))
    assert [(each.old, each.new) for each in difference.moved] == [("r.x.m", "r.y.m")]
    assert difference.added == difference.removed == ()


def test_a_root_keeps_what_it_is_under_another_name() -> None:
    """There is one root, so that another name of it is a change and no other workflow."""
    conf = {"component": {"a": "A"}, "a": {"config": {"k": 1}}}
    difference = lg.plan({**conf, "runner": {"one": "R"}}).diff(
        lg.plan({**conf, "runner": {"two": "R"}})
    )
    (edit,) = difference.changed
    assert (edit.path, edit.name.old, edit.name.new) == ("two", "one", "two")
    assert difference.added == difference.removed == difference.links == ()


def test_the_order_of_a_section_is_told_by_what_moved() -> None:
    """The fewest members that have to move are told, each with what it now stands after."""
    old, new = (lg.plan({"component": dict.fromkeys(names, "C")}) for names in ("abcdef", "fabced"))
    found = [(each.path[-1], each.after and each.after[-1]) for each in old.diff(new).order]
    assert found in ([("f", None), ("d", "e")], [("f", None), ("e", "c")])


def test_layers_of_the_framework_are_told() -> None:
    """Layers that come, go or stand in another order are told, with what follows from it."""
    old = lg.plan(
        {"integration_framework": {"r": {"a": None, "b": {"c": None}}}, "a": {"x": "X", "y": "Y"}}
    )
    new = lg.plan(
        {"integration_framework": {"r": {"b": None, "a": {"d": None}}}, "a": {"x": "X", "y": "Y"}}
    )
    found = old.diff(new)
    assert (found.layers.added, found.layers.removed) == (("r/a/d",), ("r/b/c",))
    assert found.layers.reordered == ("r",)
    assert [flag.flag for flag in found.sections[0].flags] == [FLAGS[1]]
    assert found.lost == 2


def test_places_are_those_of_both_files() -> None:
    """A change has its place in the old workflow and in the new one."""
    old = lg.plan({"component": {"a": "A"}}, {"config": {"k": 1}})
    new = lg.plan({"component": {"a": "B"}, "config": {"k": 2}})
    by_path = {each.path: each for each in old.diff(new).changed}
    assert by_path["runner.a"].class_name.old_place.trail == "component.a"
    assert by_path["runner"].keys[0].new_place.trail == "config.k"
