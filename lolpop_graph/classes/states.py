"""What the methods of a class leave behind in its objects, read from source: nothing is run.

Several processes that have an object each do not share what its methods set. `states_of` says what
that is: for builds that take over objects, for proxies, and for warnings before a run on workers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

from lolpop_graph.classes.asked import Asked
from lolpop_graph.classes.effects import Effect, How
from lolpop_graph.classes.methods import ENDERS, MAKERS, Code, Methods, all_from
from lolpop_graph.classes.roots import ANYTHING, INSIDES
from lolpop_graph.classes.texts import Lineage, TextFinder
from lolpop_graph.wired import Wired

_OF_BASES: Final = frozenset(name for name in vars(Wired) if not name.startswith("__"))
"""What our base classes have, whose code is known and does not change an object unasked."""
_CHANGES: Final[tuple[How, ...]] = ("set", "deleted", "inside")
_OPEN: Final[tuple[How, ...]] = (*_CHANGES, "perhaps", "given")


class Spot(NamedTuple):
    """A place in the code of a class: the function, its file and line, and what is done there.

    `callers` are the public methods of the class through which one gets there.
    """

    function: str
    file: str
    line: int
    how: How
    callers: tuple[str, ...]


Spots = Mapping[str, tuple[Spot, ...]]


@dataclass(frozen=True)
class Doing:
    """What one method or property does with all of the class that it calls, each with a place.

    `asked` has with each what file it stands in.
    """

    changed: Mapping[str, Spot] = field(default_factory=dict)
    read: Mapping[str, Spot] = field(default_factory=dict)
    asked: Mapping[Asked, str] = field(default_factory=dict)


@dataclass(frozen=True)
class States:
    """What methods of a class do to its objects, with all that it inherits; keys are attributes.

    `changed` are set, deleted or changed in place by methods other than `__init__`,
    `__post_init__`, `setup` and `close`, and what these alone call; `perhaps` may be: they are
    given to code that is not read, or a method of theirs is called of which nobody knows what it
    does; `*` among them stands for any attribute. `given` are returned, so that callers may change
    them in place. `made` are set by `__init__`, `__post_init__` or
    `setup`; `read` are read by methods. `properties` has what each property reads, also through
    others.

    `cached` are properties that keep what they were first read as. `changes_anything` says that
    methods set attributes by names that are not written, `hands_out` that the object is given to
    code that is not read, `is_known` that all code of the class was found. `does` has what each
    method and property does by itself.
    """

    changed: Spots = field(default_factory=dict)
    perhaps: Spots = field(default_factory=dict)
    given: Spots = field(default_factory=dict)
    made: Spots = field(default_factory=dict)
    read: Spots = field(default_factory=dict)
    properties: Mapping[str, frozenset[str]] = field(default_factory=dict)
    cached: frozenset[str] = frozenset()
    methods: frozenset[str] = frozenset()
    changes_anything: bool = False
    hands_out: bool = False
    is_known: bool = False
    does: Mapping[str, Doing] = field(default_factory=dict)

    def may_change(self, name: str) -> bool:
        """Whether a method may change an attribute in any way that is seen, or cannot be told."""
        return (
            name in self.changed
            or not {name, ANYTHING}.isdisjoint(self.perhaps)
            or self.changes_anything
            or self.hands_out
            or not self.is_known
        )


_states: WeakKeyDictionary[type, States] = WeakKeyDictionary()


def states_of(cls: type) -> States:
    """What the methods of a class leave behind; each class is read once."""
    found = _states.get(cls)
    if found is None:
        found = _states[cls] = read_states(TextFinder().lineage_of(cls))
    return found


def read_states(lineage: Lineage) -> States:
    """The same of a class as it is written."""
    return _Summary(lineage).states()


class _Summary:
    """Puts together what the methods of one class do, with all that it inherits."""

    def __init__(self, lineage: Lineage) -> None:
        self.is_wired = lineage.is_wired
        self.methods = Methods(lineage)
        self.codes = self.methods.codes
        self.names = self.methods.by_name.keys()

    def states(self) -> States:
        methods, names = self.methods, self.names
        making = methods.reached(methods.named(MAKERS))
        ending = methods.reached(methods.named(ENDERS))
        used = methods.reached(methods.entries(making | ending))
        spots = self._spots(used)
        self._spread(spots)
        properties = {name for name in names if methods.is_property(name)}
        cached = {name for name in properties if "cached_property" in methods.marks(name)}
        apart = {ANYTHING, INSIDES, *(properties - cached)}
        changed = _those(spots, _CHANGES)
        known = _OF_BASES if self.is_wired else frozenset[str]()
        perhaps = _those(spots, ("perhaps",), {INSIDES, *names, *changed, *known})
        return States(
            changed={name: each for name, each in changed.items() if name not in apart},
            perhaps=perhaps,
            given=_those(spots, ("given",), {*names, *known}),
            made=_those(self._spots(making), ("set",), {ANYTHING, INSIDES}),
            read=_those(spots, ("read",), {INSIDES, *(names - properties), *known}),
            properties={name: self._reads_of(name) for name in properties},
            cached=frozenset(cached),
            methods=frozenset(each for each in names if not each.startswith("_")) - properties,
            changes_anything=ANYTHING in changed or bool(_those(spots, _OPEN).get(INSIDES)),
            hands_out=methods.is_marked or any(self.codes[key].effects.hands_out for key in used),
            is_known=methods.is_known,
            does={name: self._doing(name) for name in names if name not in MAKERS},
        )

    def _doing(self, name: str) -> Doing:
        codes = self.methods.run_by(name)
        # Of several places of one kind, the first one is kept.
        found = [(code, each) for code in codes for each in sorted(code.effects.found)][::-1]
        return Doing(
            changed={
                each.name: _spot(code, each, ()) for code, each in found if each.how in _CHANGES
            },
            read={each.name: _spot(code, each, ()) for code, each in found if each.how == "read"},
            asked={each: code.text.file for code in codes for each in sorted(code.asked)},
        )

    def _spots(self, keys: set[str]) -> dict[str, set[Spot]]:
        """What some functions do, by attribute."""
        callers: dict[str, list[str]] = defaultdict(list)
        for code in self.codes.values():
            is_entry = code.level >= 0 and not code.name.startswith("_")
            for key in self.methods.reached({code.key}) if is_entry and code.key in keys else ():
                callers[key].append(code.name)
        spots: dict[str, set[Spot]] = defaultdict(set)
        for key in keys:
            code = self.codes[key]
            through = tuple(sorted({*callers[key]}))
            for effect in code.effects.found:
                spots[effect.name].add(_spot(code, effect, through))
        return spots

    def _spread(self, spots: dict[str, set[Spot]]) -> None:
        """Let a change in place be one of all attributes that share the value."""
        joined = {pair for code in self.codes.values() for pair in code.effects.joined}
        whole = _links((one, other) for one, other, _ in joined)
        sure = _links((one, other) for one, other, is_sure in joined if is_sure)
        for name in list(spots) if joined else ():
            found = [each for each in spots[name] if each.how in {"inside", "perhaps"}]
            surely = _shared_with(name, sure) if found else set()
            for other in _shared_with(name, whole) if found else ():
                how: How = "inside" if other in surely else "perhaps"
                spots[other] |= {
                    each._replace(how=how) if each.how == "inside" else each for each in found
                }

    def _reads_of(self, name: str) -> frozenset[str]:
        """The attributes that a property reads."""
        reads = {each for code in self.methods.run_by(name) for each in code.effects.found}
        return frozenset(each.name for each in reads if each.how == "read") - self.names


def _spot(code: Code, effect: Effect, callers: tuple[str, ...]) -> Spot:
    return Spot(code.name, code.text.file, effect.line, effect.how, callers)


def _those(
    spots: Mapping[str, set[Spot]], how: Iterable[How], apart: Iterable[str] = ()
) -> dict[str, tuple[Spot, ...]]:
    """The attributes to which something is done in one of these ways, but for some."""
    found = {
        name: tuple(sorted(spot for spot in each if spot.how in how))
        for name, each in spots.items()
        if name not in set(apart)
    }
    return {name: found[name] for name in sorted(found) if found[name]}


def _links(pairs: Iterator[tuple[str, str]]) -> dict[str, set[str]]:
    links: dict[str, set[str]] = {}
    for one, other in pairs:
        links.setdefault(one, set()).add(other)
    return links


def _shared_with(name: str, links: dict[str, set[str]]) -> set[str]:
    """All names that one gets to from a name, in one step or several."""
    return all_from({name}, lambda each: links.get(each, set())) - {name}
