"""What the methods of a class leave behind in its objects, read from source: nothing is run.

Several processes that have an object each do not share what its methods set. `states_of` says what
that is: for builds that take over objects, for proxies, and for warnings before a run on workers.
"""

from __future__ import annotations

import ast
import inspect
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal, NamedTuple
from weakref import WeakKeyDictionary

from lolpop_graph.classes.asked import Asked, asked_in
from lolpop_graph.classes.effects import (
    ANYTHING,
    INSIDES,
    ITSELF,
    NOTHING,
    Effect,
    Effects,
    EffectsReader,
    Function,
    How,
    Roots,
)
from lolpop_graph.classes.literals import assigned, statements_in
from lolpop_graph.classes.texts import Definition, Lineage, ModuleText, TextFinder, dotted
from lolpop_graph.wired import Wired

MAKERS: Final = frozenset(("__init__", "__post_init__", "setup"))
"""The methods that make an object ready."""
_ENDERS: Final = frozenset(("close",))
_PROPERTIES: Final = frozenset(("property", "cached_property", "getter", "setter", "deleter"))
_KNOWN_MARKS: Final = _PROPERTIES | {
    *("staticmethod", "classmethod", "abstractmethod", "override", "overload", "final"),
    *("contextmanager", "asynccontextmanager", "wraps", "cache", "lru_cache", "dataclass"),
}
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
    constants: frozenset[str] = frozenset()
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

    @property
    def is_constant(self) -> bool:
        """Whether surely no method changes anything that its object holds."""
        is_open = self.changes_anything or self.hands_out or not self.is_known
        return not (is_open or self.changed or self.perhaps)


class AttributeKind(NamedTuple):
    """What an attribute of objects of a class is.

    A `method` is public; a `constant` is an attribute of the class, or one that only `__init__`,
    `__post_init__` or `setup` set; a `state` is set or changed by methods, `through` these public
    ones; what a `property` reads is `state` if it `reads_state`, or if that cannot be told;
    `unknown` is what no code of the class sets, such as an integration that it is given.
    """

    kind: Literal["method", "constant", "state", "property", "unknown"]
    reads_state: bool = False
    through: tuple[str, ...] = ()


def attribute_kind(cls: type, name: str) -> AttributeKind:
    """What the attribute `name` is of objects of a class, as far as its source says it."""
    states = states_of(cls)
    found = inspect.getattr_static(cls, name, None)
    if name in _OF_BASES and found is vars(Wired).get(name) and name not in states.changed:
        return AttributeKind("method" if callable(found) else "property")
    if isinstance(found, property | cached_property):
        reads = states.properties.get(name, frozenset({ANYTHING}))
        at_fault = [each for each in sorted(reads) if not _is_settled(cls, states, each)]
        return AttributeKind("property", bool(at_fault), _through(states, at_fault))
    if name in states.changed or states.changes_anything:
        return AttributeKind("state", reads_state=True, through=_through(states, [name]))
    if callable(found) and not isinstance(found, type):
        return AttributeKind("unknown" if name.startswith("_") else "method")
    if name in states.made or hasattr(cls, name):
        return AttributeKind("constant", reads_state=states.may_change(name))
    return AttributeKind("unknown", reads_state=not states.is_known)


def _is_settled(cls: type, states: States, name: str) -> bool:
    """Whether what a property reads is the same in all processes that have built the workflow."""
    if name in _OF_BASES and issubclass(cls, Wired):
        return name not in states.changed
    is_own = name in states.made or hasattr(cls, name)
    return is_own and not states.may_change(name)


def _through(states: States, names: Iterable[str]) -> tuple[str, ...]:
    """The public methods that change attributes."""
    spots = (spot for name in names for spot in states.changed.get(name, ()))
    return tuple(sorted({caller for spot in spots for caller in spot.callers}))


_states: WeakKeyDictionary[type, States] = WeakKeyDictionary()


def states_of(cls: type) -> States:
    """What the methods of a class leave behind; each class is read once."""
    found = _states.get(cls)
    if found is None:
        found = _states[cls] = read_states(TextFinder().lineage_of(cls))
    return found


def read_states(lineage: Lineage) -> States:
    """The same of a class as it is written."""
    return _Reader(lineage).states()


@dataclass(eq=False)
class _Code:
    """A function that is read: a method of a class of the lineage, or one of a module."""

    key: str
    name: str
    node: Function
    text: ModuleText
    level: int
    """The number of its class in the lineage; -1 for a function of a module."""
    owner: str = ""
    given: dict[str, Roots] = field(default_factory=dict)
    effects: Effects = field(default_factory=Effects)
    reader: EffectsReader | None = None
    known: tuple[dict[str, Roots], dict[str, Roots]] | None = None

    def is_outdated(self, codes: Mapping[str, _Code]) -> bool:
        """Whether more is known than when it was read of what it is given, and what it calls."""
        if self.known is None:
            return True
        given, returns = self.known
        return given != self.given or any(
            codes[key].effects.returned != roots for key, roots in returns.items()
        )

    @cached_property
    def asked(self) -> frozenset[Asked]:
        return asked_in(self.reader) if self.reader else frozenset()

    @property
    def parameters(self) -> list[str]:
        args = self.node.args
        rest = [args.vararg, args.kwarg]
        named = [*args.posonlyargs, *args.args, *args.kwonlyargs]
        return [each.arg for each in (*named, *filter(None, rest))]

    @cached_property
    def marks(self) -> set[str]:
        """The last words of its decorators."""
        return {(dotted(_called(mark)) or ["?"])[-1] for mark in self.node.decorator_list}


class _View:
    """What the code of one function can call."""

    def __init__(self, reader: _Reader, code: _Code) -> None:
        self.reader = reader
        self.code = code
        self.returns: dict[str, Roots] = {}

    def method(self, name: str, *, above: bool) -> Iterable[str]:
        levels = self.reader.methods.get(name, {})
        if above:
            return [
                key for level, keys in levels.items() if level > self.code.level for key in keys
            ]
        return levels[min(levels)] if levels else []

    def function(self, name: str) -> str | None:
        if name not in self.code.text.functions:
            return None
        return self.reader.add_function(self.code.text, name)

    def returned(self, key: str) -> Roots:
        found = self.returns[key] = self.reader.codes[key].effects.returned
        return found

    def parameters(self, key: str) -> list[str]:
        return self.reader.codes[key].parameters


class _Reader:
    """Reads one class with all that it inherits."""

    def __init__(self, lineage: Lineage) -> None:
        self.lineage = lineage
        self.codes: dict[str, _Code] = {}
        self.methods: dict[str, dict[int, list[str]]] = {}
        self.constants: set[str] = set()
        self.is_known = lineage.is_whole
        self.is_marked = False
        for level, definition in enumerate(lineage.definitions):
            self._add_class(level, definition)

    def _add_class(self, level: int, definition: Definition) -> None:
        for number, node in enumerate(definition.nodes):
            marks = [(dotted(_called(mark)) or ["?"])[-1] for mark in node.decorator_list]
            self.is_marked |= not _KNOWN_MARKS.issuperset(marks)
            for index, statement in enumerate(statements_in(node.body)):
                if isinstance(statement, Function):
                    name = statement.name
                    key = f"{level}.{number}.{index}.{name}"
                    code = _Code(key, name, statement, definition.text, level, node.name)
                    self._add_method(code)
                for name, value in assigned([statement]):
                    self.constants.add(name)
                    is_function = isinstance(value, ast.Lambda) or (
                        isinstance(value, ast.Name) and value.id in definition.text.functions
                    )
                    self.is_known &= not is_function

    def _add_method(self, code: _Code) -> None:
        self.codes[code.key] = code
        self.methods.setdefault(code.name, {}).setdefault(code.level, []).append(code.key)
        self.is_marked |= not all(
            mark in _KNOWN_MARKS or code.text.is_of_python(mark) for mark in code.marks
        )
        if "staticmethod" not in code.marks and code.name != "__new__" and code.parameters:
            code.given[code.parameters[0]] = ITSELF

    def add_function(self, text: ModuleText, name: str) -> str:
        """Let a function of a module be read as well; its key."""
        key = f"{text.name}:{name}"
        if key not in self.codes:
            self.codes[key] = _Code(key, name, text.functions[name], text, -1)
        return key

    def states(self) -> States:
        self._read_all()
        making = self._reached(self._named(MAKERS))
        ending = self._reached(self._named(_ENDERS))
        used = self._reached(self._entries(making | ending))
        spots = self._spots(used)
        self._spread(spots)
        properties = {name for name in self.methods if self._is_property(name)}
        cached = {name for name in properties if "cached_property" in self._marks(name)}
        apart = {ANYTHING, INSIDES, *(properties - cached)}
        changed = _those(spots, _CHANGES)
        known = _OF_BASES if self.lineage.is_wired else frozenset[str]()
        perhaps = _those(spots, ("perhaps",), {INSIDES, *self.methods, *changed, *known})
        return States(
            changed={name: each for name, each in changed.items() if name not in apart},
            perhaps=perhaps,
            given=_those(spots, ("given",), {*self.methods, *known}),
            made=_those(self._spots(making), ("set",), {ANYTHING, INSIDES}),
            read=_those(spots, ("read",), {INSIDES, *(self.methods.keys() - properties), *known}),
            properties={name: self._reads_of(name) for name in properties},
            cached=frozenset(cached),
            methods=frozenset(each for each in self.methods if not each.startswith("_"))
            - properties,
            constants=frozenset(self.constants - self.methods.keys()),
            changes_anything=ANYTHING in changed or bool(_those(spots, _OPEN).get(INSIDES)),
            hands_out=self.is_marked or any(self.codes[key].effects.hands_out for key in used),
            is_known=self.is_known,
            does={name: self._doing(name) for name in self.methods if name not in MAKERS},
        )

    def _doing(self, name: str) -> Doing:
        levels = self.methods[name]
        codes = [self.codes[key] for key in sorted(self._reached({*levels[min(levels)]}))]
        # Of several places of one kind, the first one is kept.
        found = [(code, each) for code in codes for each in sorted(code.effects.found)][::-1]
        return Doing(
            changed={
                each.name: _spot(code, each, ()) for code, each in found if each.how in _CHANGES
            },
            read={each.name: _spot(code, each, ()) for code, each in found if each.how == "read"},
            asked={each: code.text.file for code in codes for each in sorted(code.asked)},
        )

    def _read_all(self) -> None:
        """Read every function, until nothing new is known of what they give each other."""
        while new := [code for code in self.codes.values() if code.is_outdated(self.codes)]:
            for code in new:
                view = _View(self, code)
                code.reader = EffectsReader(code.node, dict(code.given), view, code.owner)
                code.effects = code.reader.read()
                code.known = dict(code.given), view.returns
                for key, given in code.effects.calls.items():
                    into = self.codes[key].given
                    for name, roots in given.items():
                        into[name] = into.get(name, NOTHING) | roots

    def _named(self, names: Iterable[str]) -> set[str]:
        return {
            key for name in names for keys in self.methods.get(name, {}).values() for key in keys
        }

    def _entries(self, made: set[str]) -> set[str]:
        """The methods that are called from outside: all but those that make and end objects."""
        apart = self._named(MAKERS | _ENDERS)
        # What a subclass overrides is not called, unless that does it.
        first = {name: levels[min(levels)] for name, levels in self.methods.items() if levels}
        private = {
            key for name, keys in first.items() for key in keys if _is_private(name) and key in made
        }
        return {key for keys in first.values() for key in keys} - apart - private

    def _reached(self, start: set[str]) -> set[str]:
        found, waiting = set(start), list(start)
        while waiting:
            new = self.codes[waiting.pop()].effects.calls.keys() - found
            found |= new
            waiting += new
        return found

    def _spots(self, keys: set[str]) -> dict[str, set[Spot]]:
        callers: dict[str, list[str]] = defaultdict(list)
        for code in self.codes.values():
            is_entry = code.level >= 0 and not code.name.startswith("_")
            for key in self._reached({code.key}) if is_entry and code.key in keys else ():
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
            surely = _all_from(name, sure) if found else set()
            for other in _all_from(name, whole) if found else ():
                how: How = "inside" if other in surely else "perhaps"
                spots[other] |= {
                    each._replace(how=how) if each.how == "inside" else each for each in found
                }

    def _is_property(self, name: str) -> bool:
        return bool(self._marks(name) & _PROPERTIES)

    def _marks(self, name: str) -> set[str]:
        levels = self.methods[name]
        return {mark for key in levels[min(levels)] for mark in self.codes[key].marks}

    def _reads_of(self, name: str) -> frozenset[str]:
        levels = self.methods[name]
        keys = self._reached({*levels[min(levels)]})
        reads = (each for key in keys for each in self.codes[key].effects.found)
        own = self.methods.keys()
        return frozenset(each.name for each in reads if each.how == "read" and each.name not in own)


def _called(mark: ast.expr) -> ast.expr:
    return mark.func if isinstance(mark, ast.Call) else mark


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


def _spot(code: _Code, effect: Effect, callers: tuple[str, ...]) -> Spot:
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


def _all_from(name: str, links: dict[str, set[str]]) -> set[str]:
    """All names that one gets to from a name, in one step or several."""
    found, waiting = {name}, [name]
    while waiting:
        new = links.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found - {name}
