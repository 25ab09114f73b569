"""The checks that need classes: what they require, and what their constructors and names take."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lolpop_graph import faults as f
from lolpop_graph.config import ENVIRONMENT, MISSING, candidates, configs_of, look_up, written
from lolpop_graph.declarations import ClassInfo
from lolpop_graph.decorated import is_setting
from lolpop_graph.errors import Fault
from lolpop_graph.links import visible
from lolpop_graph.model import Group, Integration, Place, find_given


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


def secret_values(cast: Cast) -> Iterator[Any]:
    """The values of all keys that classes declare to be secret, wherever they are from."""
    for integration in cast.order:
        info = cast.info(integration)
        if info is not None:
            for key in info.secret_keys:
                yield from (value for _, value in candidates(integration, key, written, info.cls))


def function_keys(cast: Cast) -> Iterator[tuple[Integration, str, type]]:
    """The keys that name a function, each with whose it is and the class that says so."""
    for integration in cast.order:
        info = cast.info(integration)
        if info is not None:
            yield from ((integration, key, info.cls) for key in info.function_keys)


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
        if info.config and info.config.field(name):
            continue
        if look_up(integration, name, written, info.cls, environment=False) is MISSING:
            later = integration.child(name) or integration.peer(name)
            yield f.ParameterMissing(
                place=cast.place(integration),
                path=integration.path,
                class_name=info.cls.__name__,
                parameter=name,
                written=tuple(_written_keys(integration)),
                later=later.path if later else "",
            )


def _check_keys(cast: Cast, integration: Integration, info: ClassInfo) -> Iterator[Fault]:
    """Find config keys that the class requires and no place has."""
    for key in info.keys:
        where, _ = next(candidates(integration, key, written, info.cls), (None, None))
        is_near = is_setting(integration, key)
        if where is None:
            yield f.KeyMissing(
                place=cast.place(integration),
                path=integration.path,
                class_name=info.cls.__name__,
                key=key,
                written=() if is_near else tuple(_written_keys(integration)),
                is_near=is_near,
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
    for _, config in configs_of(integration, written):
        yield from config


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
