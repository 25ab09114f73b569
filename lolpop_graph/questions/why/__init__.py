"""Why an integration has another one as an attribute, or why it does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lolpop_graph.decorated import CLASSES_KEY, LAYERS_KEY, SELECT_KEY, DecoratorGroup, setting_in
from lolpop_graph.errors import WorkflowError
from lolpop_graph.expand import PASSES_KEY, PEERS_KEY
from lolpop_graph.faults import NoSuchName
from lolpop_graph.links import edge_kind
from lolpop_graph.model import Integration, Place
from lolpop_graph.questions.why import links as rules
from lolpop_graph.questions.why.links import Link, find_link, left_without, route
from lolpop_graph.questions.why.switches import (
    Switch,
    declared_place,
    flag_place,
    layer_place,
    switches,
)
from lolpop_graph.questions.why.words import headline, sentence
from lolpop_graph.text import printable

if TYPE_CHECKING:
    from lolpop_graph.questions.asked import Questions

_OVERRIDES = "--set"
"""What the document calls the source of single values that were set."""
_MOST_OTHERS = 5


@dataclass(frozen=True)
class Line:
    """A line of the document that has a part in it: what it does, and where it stands."""

    what: str
    place: Place

    def as_dict(self) -> dict[str, Any]:
        """The same for machines."""
        return {"what": self.what, **self.place.as_dict()}


@dataclass(frozen=True, repr=False)
class Why:
    """Why a receiver has a source as the attribute of its name, or does not.

    `receiver` and `source` are paths. `kind` is that of the edge of the graph, None where there is
    none; `rule` is one of `lolpop_graph.questions.why.links`; `is_held` says whether the source is
    what the receiver has under that name. `switches` would, all of them together, turn that round,
    and are empty where no setting would. `route` is how code of the receiver reaches the source.
    `instead` is what the receiver has under the name in its place, or would have without it.
    `reverse` says what the source has of the receiver, if anything. `others` are the answers for
    other integrations of the same name, where a name was asked for; `more` counts those left out.
    """

    receiver: str
    name: str
    source: str
    kind: str | None
    rule: str
    is_held: bool
    headline: str
    sentence: str
    lines: tuple[Line, ...]
    switches: tuple[Switch, ...]
    route: str
    instead: str | None = None
    reverse: str = ""
    others: tuple[Why, ...] = ()
    more: int = 0

    @property
    def change(self) -> str:
        """What would turn it round, in a sentence; empty where no setting would."""
        if not self.switches:
            return ""
        effect = "would remove it" if self.is_held else "would link them"
        settings = " and ".join(map(_with_place, self.switches))
        left = f"; it would have `{self.instead}` instead" if self.is_held and self.instead else ""
        return f"{settings} {effect}, {self.switches[0].reach}{left}"

    def as_dict(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            **{
                key: getattr(self, key)
                for key in ("receiver", "name", "source", "kind", "rule", "is_held")
            },
            "headline": self.headline,
            "sentence": self.sentence,
            "lines": [line.as_dict() for line in self.lines],
            "change": self.change,
            "switches": [switch.as_dict() for switch in self.switches],
            "route": self.route,
            "instead": self.instead,
            "reverse": self.reverse,
            "others": [other.as_dict() for other in self.others],
            "more": self.more,
        }

    def __repr__(self) -> str:
        """The headline alone: `<Why runner.train has logger: ...>`."""
        return f"<Why {printable(self.headline)}>"

    def __str__(self) -> str:
        """The headline and the sentence: `runner.train` has ..., since ..."""
        return f"{self.headline}: {self.sentence}"


def why(plan: Questions, path: str, name: str) -> Why:
    """Why the integration at a path has the one of a name, or at another path, or does not.

    Of several of one name it is about the one that the receiver has, or else the nearest one.
    Raises WorkflowError for a path or a name that the workflow does not have.
    """
    receiver = plan.integration(path)
    first, *rest = _asked(plan, receiver, name)
    others = tuple(_answer(plan, find_link(receiver, each)) for each in rest[:_MOST_OTHERS])
    link = find_link(receiver, first)
    return _answer(plan, link, others, len(rest) - len(others))


def _asked(plan: Questions, receiver: Integration, name: str) -> list[Integration]:
    """The integrations that a name or path stands for, the one that the receiver has first."""
    named = [each for each in plan.integrations if each.name == name]
    if not named and "." in name:
        return [plan.integration(name)]
    if not named:
        known = tuple(dict.fromkeys(each.name for each in plan.integrations))
        raise WorkflowError([NoSuchName(name=name, known=known)])
    held = receiver.reach(name)

    def distance(other: Integration) -> tuple[bool, bool, bool, int]:
        is_linked = edge_kind(other, receiver) is not None
        return other is not held, other is receiver, not is_linked, -_steps_shared(receiver, other)

    return sorted(named, key=distance)


def _steps_shared(one: Integration, other: Integration) -> int:
    """How many steps the paths of two integrations begin with together: more are nearer."""
    lineage = {each.path for each in one.lineage()}
    return sum(1 for each in other.lineage() if each.path in lineage)


def _answer(plan: Questions, link: Link, others: tuple[Why, ...] = (), more: int = 0) -> Why:
    receiver, source = link.receiver, link.source
    instead = left_without(link) if link.is_held else receiver.reach(source.name)
    return Why(
        receiver=receiver.path,
        name=source.name,
        source=source.path,
        kind=link.kind,
        rule=link.rule,
        is_held=link.is_held,
        headline=headline(link),
        sentence=sentence(link),
        lines=tuple(_lines(plan, link)),
        switches=switches(plan, link),
        route=route(receiver, source),
        instead=instead.path if instead else None,
        reverse=_reverse(link),
        others=others,
        more=more,
    )


def _reverse(link: Link) -> str:
    if type(link.source.group) is DecoratorGroup:
        wraps = link.rule == rules.CHILD and rules.choice_of(link.source).covers(link.receiver)
        return f"`{link.source.path}` wraps methods of `{link.receiver.path}`" if wraps else ""
    back = find_link(link.source, link.receiver)
    return f"the other way round, {headline(back)}" if back.is_held else ""


def _lines(plan: Questions, link: Link) -> Iterator[Line]:
    """The lines of the document that make it so."""
    source, branch, hiding = link.source, link.branch, link.hiding
    if source.parent is not None or source.layer.name in plan.document.root:
        yield Line(f"declares `{source.path}`", declared_place(plan, source.mark))
    if branch is not None:
        yield Line(f"declares `{branch.path}`", declared_place(plan, branch.mark))
    if hiding is not None:
        yield Line(f"declares `{hiding.path}`, which hides it", declared_place(plan, hiding.mark))
    if link.rule in {rules.DECORATES, rules.UNWRAPPED}:
        yield from _asking(plan, source)
    if branch is None or link.rule == rules.BESIDE:
        return
    is_group = branch.group is source.group
    place = flag_place(plan, source.group, PEERS_KEY if is_group else PASSES_KEY)
    if place is not None:
        yield Line("says whether they see each other" if is_group else "says what is passed", place)
    for layer in () if is_group else sorted((source.layer, branch.layer), key=_rank):
        written = layer_place(plan, layer)
        if written is not None:
            yield Line(f"orders the layer `{layer.name}`", written)


def _asking(plan: Questions, decorator: Integration) -> Iterator[Line]:
    """The settings that say what a decorator wraps."""
    for key in (LAYERS_KEY, CLASSES_KEY, SELECT_KEY):
        found = setting_in(decorator, key)
        if found is not None:
            place = declared_place(plan, found[0].key_mark(found[1]))
            yield Line("says what it wraps", place)


def _rank(layer: Any) -> int:
    return layer.parent.children.index(layer) if layer.parent else 0


def _with_place(switch: Switch) -> str:
    place = switch.place
    if place is None or not (place.line or place.file == _OVERRIDES):
        return switch.sentence
    where = f"{place.file}:{place.line}" if place.line else place.file
    return f"{switch.sentence} ({where})"
