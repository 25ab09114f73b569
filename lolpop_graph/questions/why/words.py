"""The sentence for each rule by which an integration has another one, or does not."""

from __future__ import annotations

from collections.abc import Callable

from lolpop_graph.decorated import (
    CLASSES_KEY,
    LAYERS_KEY,
    SELECT_KEY,
    DecoratorGroup,
    setting,
    wrapping,
)
from lolpop_graph.expand import PASSES_KEY
from lolpop_graph.model import Group
from lolpop_graph.questions.why import links as rules
from lolpop_graph.questions.why.links import Link
from lolpop_graph.questions.why.switches import below_what, block_of, peers_since
from lolpop_graph.text import counted, quoted

_ASKED = (LAYERS_KEY, CLASSES_KEY, SELECT_KEY)


def sentence(link: Link) -> str:
    """Why a link is as it is, in one sentence or two."""
    return _WORDS[link.rule](link)


def headline(link: Link) -> str:
    """`runner.train` has `metadata_tracker`: it is `runner.metadata_tracker`, given to it."""
    receiver, source = link.receiver, link.source
    if link.is_held:
        how = {rules.CHILD: "its child", rules.PEER: "its peer"}.get(link.rule, "given to it")
        return f"`{receiver.path}` has `{source.name}`: it is `{source.path}`, {how}"
    if link.rule == rules.DECORATES:
        return f"`{receiver.path}` is wrapped by `{source.path}`"
    if link.rule == rules.UNWRAPPED:
        return f"`{receiver.path}` is not wrapped by `{source.path}`"
    return f"`{receiver.path}` does not have `{source.path}` as its attribute `{source.name}`"


def why_passed(group: Group, to: Group, levels: int) -> str:
    """Why a group is given to another one, or to what is some levels below it."""
    below = below_what(group.layer)
    down = f", here {counted(levels, 'level')} down" if levels else ""
    return (
        f"`{group.layer.name}` comes before `{to.layer.name}`{below} in the framework, and what a "
        f"layer has built is passed to the layers after it and to all below them{down}"
    )


def _itself(link: Link) -> str:
    found = link.receiver.reach(link.source.name)
    other = f"; its attribute `{found.name}` is `{found.path}`" if found else ""
    return f"no integration holds itself{other}"


def _child(link: Link) -> str:
    return (
        f"`{link.source.name}` is declared in {block_of(link.source.group)}, "
        "and an integration has what its own block declares"
    )


def _given(link: Link) -> str:
    branch = link.branch or link.receiver
    levels = link.receiver.path.count(".") - branch.path.count(".")
    return why_passed(link.source.group, branch.group, levels)


def _wraps(link: Link) -> str:
    return (
        f"{_given(link)}. Both have the same name: `{link.receiver.path}` hides "
        f"`{link.source.path}` from others, and keeps it under that name to wrap it"
    )


def _peer(link: Link) -> str:
    group = link.source.group
    return f"both are members of the group `{group.id}`, which see each other: {peers_since(group)}"


def _hidden(link: Link) -> str:
    hiding, receiver = link.hiding or link.source, link.receiver
    if hiding.parent is receiver:
        how = "its own child"
    elif hiding.group is receiver.group:
        how = "its peer"
    else:
        how = f"declared nearer to it, in {block_of(hiding.group)}"
    has = "would be its peer" if link.kind == rules.PEER else "is passed on to it"
    return (
        f"`{link.source.path}` {has}, but hidden by `{hiding.path}`, which has the same name "
        f"and is {how}"
    )


def _apart(link: Link) -> str:
    group = link.source.group
    since = f"both are members of the group `{group.id}`, which do not see each other"
    own = link.receiver.child(link.source.name)
    also = f". And its own child `{own.path}` would hide it" if own else ""
    return f"{since}: {peers_since(group)}{also}"


def _withheld(link: Link) -> str:
    group = link.source.group
    text = (
        f"`{PASSES_KEY}: false` is set for `{group.layer.name}` in {block_of(group)}, so that it "
        "is not passed to the layers after it"
    )
    return text + _also_hidden(link)


def _later(link: Link) -> str:
    branch = link.branch or link.receiver
    first, second = branch.layer, link.source.layer
    text = (
        f"`{second.name}` comes after `{first.name}`{below_what(first)} in the framework, and a "
        "layer is given only what the layers before it have built"
    )
    return text + _also_hidden(link)


def _also_hidden(link: Link) -> str:
    near = rules.nearer(link.receiver, link.source)
    return f". And `{near.path}`, which is nearer, would hide it" if near else ""


def _above(link: Link) -> str:
    is_parent = link.receiver.parent is link.source
    what = "the parent" if is_parent else "an ancestor"
    return (
        f"`{link.source.path}` is {what} of `{link.receiver.path}`: an integration has its "
        "parent as `parent`, and not under its name"
    )


def _below(link: Link) -> str:
    return (
        f"it is declared in {block_of(link.source.group)}, and nothing is passed upwards: "
        "an integration has only what its own block declares, and what is given to it"
    )


def _beside(link: Link) -> str:
    branch = link.branch or link.receiver
    return (
        f"it stands in the same group as `{branch.path}`, in whose block `{link.receiver.name}` "
        "is: members of a group are not given to what is below each other"
    )


def _inside(link: Link) -> str:
    return (
        f"it is declared in {block_of(link.source.group)}, and what is in a block is not passed "
        f"on to others: {_outermost(link)}"
    )


def _outermost(link: Link) -> str:
    """What the receiver could at most be given of all that is above a source."""
    above = link.source
    while above.parent and not above.parent.index <= link.receiver.index < above.parent.end:
        above = above.parent
    has = link.receiver.reach(above.name) is above
    verb = "has" if has else "could be given no more than"
    return f"`{link.receiver.path}` {verb} `{above.path}`"


def _wrapped(link: Link) -> str:
    choice, owner = rules.choice_of(link.source), link.source.parent
    asked = [key for key in _ASKED if setting(link.source, key) is not None]
    whose = f"below `{owner.path}`" if owner else ""
    what = (
        f"{quoted(asked, 'and')} in the config of `{link.source.path}` "
        f"{'ask' if len(asked) > 1 else 'asks'} for it"
        if asked
        else f"a decorator wraps all {whose}, in whose block it is declared, unless its config "
        "asks for less"
    )
    others = [each.decorator.path for each in wrapping(link.receiver)]
    order = f". From the outside in: {quoted(others, 'and')}" if len(others) > 1 else ""
    count = len(choice.methods)
    methods = "those are wrapped that `methods` names" if count else "all public ones are wrapped"
    return f"{what}. Of its methods, {methods}{order}"


def _unwrapped(link: Link) -> str:
    key = rules.choice_of(link.source).missing(link.receiver)
    if key:
        return f"`{key}` in the config of `{link.source.path}` does not ask for it"
    if type(link.receiver.group) is DecoratorGroup:
        return "decorators do not wrap each other"
    return (
        f"it is declared in {block_of(link.source.group)}, and a decorator wraps only what is "
        "below its parent"
    )


_WORDS: dict[str, Callable[[Link], str]] = {
    rules.ITSELF: _itself,
    rules.CHILD: _child,
    rules.SIBLING: _given,
    rules.WRAPS: _wraps,
    rules.PEER: _peer,
    rules.DECORATES: _wrapped,
    rules.UNWRAPPED: _unwrapped,
    rules.HIDDEN: _hidden,
    rules.APART: _apart,
    rules.WITHHELD: _withheld,
    rules.LATER: _later,
    rules.ABOVE: _above,
    rules.BELOW: _below,
    rules.BESIDE: _beside,
    rules.INSIDE: _inside,
}
