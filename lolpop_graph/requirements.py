"""The checks that need classes: what they require, and what their constructors and names take."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MemberDescriptorType
from typing import Any

from lolpop_graph import faults as f
from lolpop_graph.config import ENVIRONMENT, MISSING, candidates, look_up
from lolpop_graph.errors import Fault
from lolpop_graph.links import visible
from lolpop_graph.model import Group, Integration, Place, find_given
from lolpop_graph.wired import Wired

_NEW = inspect.getattr_static(object, "__new__")
_BY_NAME = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


@dataclass(frozen=True, slots=True)
class ClassInfo:
    """What building needs to know of a class, found out once.

    `parameters` are the constructor's, by name, with whether each is required; `own_names` the
    public names that it defines as methods or descriptors; `keys` and `integrations` what it
    requires: config keys, and (layer, name, allowed class names); `secret_keys` the config keys
    whose values it declares to be secret.
    """

    cls: type
    is_wired: bool
    parameters: tuple[tuple[str, bool], ...]
    own_names: frozenset[str]
    keys: tuple[str, ...]
    integrations: tuple[tuple[str, str, tuple[str, ...]], ...]
    secret_keys: tuple[str, ...]
    has_setup: bool
    has_close: bool

    @property
    def demands(self) -> bool:
        """Whether `check_cast` has anything to look at in an integration of this class."""
        declared = self.parameters or self.own_names or self.keys or self.integrations
        return bool(declared) or not self.is_wired


def class_info(cls: type) -> ClassInfo | Fault:
    """Look at a class; a Fault where its declared requirements cannot be read."""
    is_wired = issubclass(cls, Wired)
    if inspect.isabstract(cls):
        methods = tuple(sorted(getattr(cls, "__abstractmethods__", ())))
        return f.ClassAbstract(class_name=cls.__name__, methods=methods)
    attribute = "__DEFAULT_CONF__"
    try:
        _check_defaults(cls)
        attribute = "__REQUIRED_CONF__"
        keys, integrations = _required(cls) if is_wired else ((), ())
        attribute = "__SECRET_CONF__"
        secret_keys = _secret_keys(cls)
    except (TypeError, ValueError) as error:
        problem = str(error)
        return f.RequirementMalformed(class_name=cls.__name__, attribute=attribute, problem=problem)
    return ClassInfo(
        cls=cls,
        is_wired=is_wired,
        parameters=_parameters(cls),
        own_names=frozenset(_own_names(cls)),
        keys=keys,
        integrations=integrations,
        secret_keys=secret_keys,
        has_setup=_defines(cls, "setup"),
        has_close=_defines(cls, "close"),
    )


def _check_defaults(cls: type) -> None:
    """Raise TypeError for defaults that are no mapping of texts under `config`."""
    for ancestor in cls.__mro__ if issubclass(cls, Wired) else ():
        declared = vars(ancestor).get("__DEFAULT_CONF__", {})
        defaults = declared.get("config", {}) if isinstance(declared, Mapping) else None
        if not isinstance(defaults, Mapping) or not all(isinstance(key, str) for key in defaults):
            raise TypeError("it must be a mapping with a mapping of texts under `config`")


def _required(cls: type) -> tuple[tuple[str, ...], tuple[tuple[str, str, tuple[str, ...]], ...]]:
    """The requirements of a class and of all that it inherits from."""
    keys: dict[str, None] = {}
    integrations: dict[tuple[str, str, tuple[str, ...]], None] = {}
    for ancestor in cls.__mro__:
        declared = vars(ancestor).get("__REQUIRED_CONF__", {})
        if not isinstance(declared, Mapping):
            raise TypeError("it must be a mapping")
        for layer, names in declared.items():
            for text in _names(layer, names):
                if layer == "config":
                    keys[text] = None
                else:
                    name, _, allowed = text.partition("|")
                    classes = tuple(part.strip() for part in allowed.split(",") if part.strip())
                    integrations[str(layer), name.strip(), classes] = None
    return tuple(keys), tuple(integrations)


def _secret_keys(cls: type) -> tuple[str, ...]:
    """The config keys that a class and all that it inherits from declare to be secret."""
    keys: dict[str, None] = {}
    for ancestor in cls.__mro__:
        declared = vars(ancestor).get("__SECRET_CONF__", ())
        named = declared.get("config", ()) if isinstance(declared, Mapping) else declared
        keys |= dict.fromkeys(_names("config", named))
    return tuple(keys)


def secret_values(cast: Cast) -> Iterator[Any]:
    """The values of all keys that classes declare to be secret, wherever they are from."""
    for integration in cast.order:
        info = cast.info(integration)
        if info is not None:
            for key in info.secret_keys:
                yield from (value for _, value in candidates(integration, key, _own, info.cls))


def _names(layer: object, names: object) -> Sequence[str]:
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        message = f"`{layer}` must be a list of texts"
        raise TypeError(message)
    return names


def _parameters(cls: type) -> tuple[tuple[str, bool], ...]:
    """The constructor's parameters that can be filled by name, and whether each must be.

    Where a constructor takes any keyword, the one that it inherits counts as well.
    """
    found: dict[str, bool] = {}
    for ancestor in cls.__mro__[:-1]:
        constructor = vars(ancestor).get("__init__")
        if constructor is None:
            continue
        parameters = _after_self(constructor)
        for name, is_required in _fillable(parameters).items():
            found.setdefault(name, is_required)
        if not any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters):
            break
    return tuple(found.items()) or _parameters_of_call(cls)


def _after_self(constructor: Any) -> list[inspect.Parameter]:
    try:
        return list(inspect.signature(constructor).parameters.values())[1:]
    except (TypeError, ValueError):
        return []


def _parameters_of_call(cls: type) -> tuple[tuple[str, bool], ...]:
    """The parameters of a foreign class that is made otherwise, as a NamedTuple is."""
    if issubclass(cls, Wired) or inspect.getattr_static(cls, "__new__") is _NEW:
        return ()
    try:
        return tuple(_fillable(inspect.signature(cls).parameters.values()).items())
    except (TypeError, ValueError):
        return ()


def _fillable(parameters: Iterable[inspect.Parameter]) -> dict[str, bool]:
    """The parameters that can be given by name, each with whether it must be."""
    return {
        parameter.name: parameter.default is inspect.Parameter.empty
        for parameter in parameters
        if parameter.kind in _BY_NAME
    }


def _own_names(cls: type) -> Iterator[str]:
    """The public names that a class defines beyond the base class and plain values."""
    for ancestor in cls.__mro__:
        if ancestor in {Wired, object}:
            continue
        for name, value in vars(ancestor).items():
            is_slot = isinstance(value, MemberDescriptorType) and not issubclass(cls, Wired)
            if name.startswith("_") or is_slot:
                continue
            if callable(value) or hasattr(value, "__get__"):
                yield name


def _defines(cls: type, method: str) -> bool:
    found = getattr(cls, method, None)
    return callable(found) and found is not getattr(Wired, method)


@dataclass(frozen=True, slots=True)
class Cast:
    """The integrations of a workflow with what is known of their classes.

    `info` answers for an integration its class's info, or None for one that is replaced by
    an object or whose class was not found; `place` where an integration is declared. A root
    whose class a user `is_called` brings its constructor's arguments along.
    """

    order: Sequence[Integration]
    info: Callable[[Integration], ClassInfo | None]
    place: Callable[[Integration], Place]
    is_called: bool = False

    def demanding(self) -> list[tuple[Integration, ClassInfo]]:
        """The integrations whose class has something to check, with its info."""
        found = [(integration, self.info(integration)) for integration in self.order]
        return [(owner, info) for owner, info in found if info is not None and info.demands]


def check_cast(cast: Cast, *, requirements: bool) -> Iterator[Fault]:
    """Find names that clash, parameters that nothing fills and, if asked, what is required."""
    told: set[tuple[Group, type, str]] = set()
    for integration, info in cast.demanding():
        yield from _check_names(cast, integration, info, told)
        if not (cast.is_called and integration.parent is None):
            yield from _check_parameters(cast, integration, info)
        yield from _check_base(cast, integration, info, told)
        if requirements:
            yield from _check_keys(cast, integration, info)
            for required in info.integrations:
                yield from _check_integration(cast, integration, info, required)


def _check_names(
    cast: Cast, integration: Integration, info: ClassInfo, told: set[tuple[Group, type, str]]
) -> Iterator[Fault]:
    """Find integrations that would take the place of a method of their receiver's class.

    What the members of a group are given, and their peers, is told once for each class.
    """
    for name in info.own_names:
        taker = integration.child(name)
        if taker is None and info.is_wired and (integration.group, info.cls, name) not in told:
            taker = integration.peer(name) or find_given(integration.group.given, name)
            if taker is not None:
                told.add((integration.group, info.cls, name))
        if taker is not None:
            yield f.AttributeTaken(
                place=cast.place(taker),
                name=name,
                receiver=integration.path,
                class_name=info.cls.__name__,
            )


def _check_base(
    cast: Cast, integration: Integration, info: ClassInfo, told: set[tuple[Group, type, str]]
) -> Iterator[Fault]:
    """Warn, once a group, of declarations in a class that is none of ours."""
    for attribute in () if info.is_wired else ("__REQUIRED_CONF__", "__DEFAULT_CONF__"):
        key = (integration.group, info.cls, attribute)
        if hasattr(info.cls, attribute) and key not in told:
            told.add(key)
            yield f.DeclaresInVain(
                place=cast.place(integration), class_name=info.cls.__name__, attribute=attribute
            )


def _check_parameters(cast: Cast, integration: Integration, info: ClassInfo) -> Iterator[Fault]:
    """Find parameters of the constructor that neither config nor integrations fill."""
    for name, required in info.parameters:
        if not required or find_given(integration.group.given, name) is not None:
            continue
        if look_up(integration, name, _own, info.cls, environment=False) is MISSING:
            yield f.ParameterMissing(
                place=cast.place(integration),
                path=integration.path,
                class_name=info.cls.__name__,
                parameter=name,
            )


def _check_keys(cast: Cast, integration: Integration, info: ClassInfo) -> Iterator[Fault]:
    """Find config keys that the class requires and no place has."""
    for key in info.keys:
        where, _ = next(candidates(integration, key, _own, info.cls), (None, None))
        if where is None:
            yield f.KeyMissing(
                place=cast.place(integration),
                path=integration.path,
                class_name=info.cls.__name__,
                key=key,
                written=tuple(_written_keys(integration)),
            )
        elif where == ENVIRONMENT:
            yield f.KeyFromEnvironment(
                place=cast.place(integration),
                path=integration.path,
                class_name=info.cls.__name__,
                key=key,
            )


def _written_keys(integration: Integration) -> Iterator[str]:
    """The config keys that an integration finds in the document."""
    for owner in integration.lineage():
        yield from owner.config
        yield from owner.group.config


def _own(integration: Integration) -> Mapping[str, Any]:
    return integration.config


def _check_integration(
    cast: Cast,
    integration: Integration,
    info: ClassInfo,
    required: tuple[str, str, tuple[str, ...]],
) -> Iterator[Fault]:
    layer, name, allowed = required
    found = integration.reach(name)
    if found is None or found.layer.name != layer:
        yield f.IntegrationMissing(
            place=cast.place(integration),
            path=integration.path,
            class_name=info.cls.__name__,
            layer=layer,
            name=name,
            allowed=allowed,
            reachable=tuple(_reachable(integration, layer)),
        )
        return
    known = cast.info(found)
    if allowed and known is not None and not _is_one_of(known.cls, allowed):
        yield f.ClassNotAllowed(
            place=cast.place(integration),
            path=integration.path,
            class_name=info.cls.__name__,
            name=name,
            found=known.cls.__name__,
            allowed=allowed,
        )


def _is_one_of(cls: type, allowed: Sequence[str]) -> bool:
    """Whether a class, or one that it inherits from, has one of the names, bare or in full."""
    names = set()
    for ancestor in cls.__mro__:
        bare, module = ancestor.__qualname__, ancestor.__module__
        names |= {ancestor.__name__, f"{module}:{bare}", f"{module}.{bare}"}
    return not names.isdisjoint(allowed)


def _reachable(integration: Integration, layer: str) -> Iterator[str]:
    """The names of a layer that an integration reaches: its children, its peers, the given."""
    groups: list[Group] = [*integration.groups]
    if integration.group.peers:
        groups.append(integration.group)
    for group in groups:
        if group.layer.name == layer:
            yield from group.members
    for member in visible(integration.group.given):
        if member.layer.name == layer:
            yield member.name
