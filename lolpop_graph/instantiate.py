"""Integrations to wired objects, in build order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from lolpop_graph.block import plain, plain_config
from lolpop_graph.config import MISSING, look_up
from lolpop_graph.declarations import ClassInfo
from lolpop_graph.decorate import wraps
from lolpop_graph.decorated import DecoratorGroup
from lolpop_graph.errors import Fault, WorkflowError
from lolpop_graph.framework import Framework
from lolpop_graph.holding import Carriers, Holding
from lolpop_graph.interrupts import Held
from lolpop_graph.lifecycle import Lifecycle
from lolpop_graph.links import visible
from lolpop_graph.model import Group, Integration, Place, find_given, has_peers
from lolpop_graph.wired import Typed
from lolpop_graph.wrapping import unwrap_methods

if TYPE_CHECKING:
    from lolpop_graph.functions import ConfigFunctions

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Called:
    """A root whose class a user called: the object made, and what its constructor is given."""

    instance: Any
    positional: tuple[Any, ...]
    keywords: Mapping[str, Any]


class Standing(NamedTuple):
    """What a build has made, for another one that may take over some of it.

    `infos` are the classes in build order, None for what the caller gave; `lifecycle` has the
    objects.
    """

    infos: Sequence[ClassInfo | None]
    typed: Mapping[Integration, Typed]
    lifecycle: Lifecycle
    has_replaced: bool


class Builder:
    """One build of one workflow: makes the objects and wires them.

    `info` answers for each integration the class to build, `replaced` holds objects to take
    instead, by path, `functions` gives what finds functions, `place` tells where an integration
    is declared, and `shown` makes a fault fit to be shown; `typed` has the configs of classes
    with a `Config`. It is the assembly that the built integrations ask for their parents and
    their config.
    """

    def __init__(  # noqa: PLR0913 - one call site, by keyword
        self,
        order: Sequence[Integration],
        *,
        framework: Framework,
        info: Callable[[Integration], ClassInfo | None],
        place: Callable[[Integration], Place],
        shown: Callable[[Fault], Fault],
        replaced: Mapping[str, Any],
        functions: Callable[[], ConfigFunctions],
        problem_type: str | None,
        typed: Mapping[Integration, Typed],
        progress: Progress | None = None,
    ) -> None:
        """Prepare to build the integrations in `order`; nothing is made yet."""
        self.order = order
        self.framework = framework
        self.problem_type = problem_type
        self._info = info
        self._functions = functions
        self._replaced = replaced
        self._typed = typed
        self._progress = progress
        self._lifecycle = Lifecycle(place, shown)
        # Between the end of a constructor and the moment when its object is remembered.
        self._held = Held(__name__, Lifecycle.__module__, is_patient=False)
        self._carriers = Carriers(self.instance)
        self.instances: list[Any] = []
        self._configs: dict[Integration, dict[str, Any]] = {}
        self._decorators: list[DecoratorGroup] = []

    def instance(self, integration: Integration) -> Any:
        """The object built for an integration, or None while there is none."""
        index = integration.index
        return self.instances[index] if index < len(self.instances) else None

    def standing(self) -> Standing:
        """What it has made so far."""
        infos = [self._info(integration) for integration in self.order]
        return Standing(infos, self._typed, self._lifecycle, bool(self._replaced))

    def config(self, integration: Integration) -> dict[str, Any]:
        """The own config of an integration; its object may change it."""
        config = self._configs.get(integration)
        if config is None:
            made = plain_config(integration.config)
            config = self._configs.setdefault(integration, made)
        return config

    def function(self, integration: Integration, key: str, cls: type) -> Any:
        """The function that a config key names for an integration; WorkflowError for none."""
        return self._functions().get(integration, key, self.config, cls)

    def build(self, called: Called | None = None, wired: Callable[[], None] | None = None) -> None:
        """Build everything; `instances` are the objects in build order.

        `wired` is called when all of them are wired, before the first `setup`.

        `called` is the root where a user called its class. When a constructor or `setup`
        raises, what was built is closed in reverse order, and WorkflowError names the
        integration, its place and the cause; what is no Exception is raised as it is.
        A signal that comes when nothing of the user's runs waits until it tears nothing.
        """
        root = self.order[0]
        self._held.begin()
        try:
            self._construct(root, 0, Holding(root.group, self._carriers), called)
            self._descend(root)
            self._decorate()
            if wired is not None:
                wired()
            self._lifecycle.set_up(self._held)
            # A signal that waited is raised here, where what was built is closed.
            self._held.end()
        except BaseException as error:
            try:
                self._lifecycle.abandon(error)
            finally:
                self._undecorate()
                self._held.end()
            raise

    def close(self, error: BaseException | None = None) -> None:
        """Close what was built, in reverse order; all are closed even when some raise.

        Raises WorkflowError with a fault for each `close` that raised; where an `error` is
        under way, that gets them as notes instead. A second call does nothing.
        """
        faults: list[Fault] = []
        try:
            if error is None:
                faults = self._lifecycle.close()
            else:
                self._lifecycle.abandon(error)
        except BaseException as late:
            # It may be a signal that came before the first one was closed.
            self._lifecycle.abandon(late)
            raise
        finally:
            self._undecorate()
        if faults:
            raise WorkflowError(faults)

    def _descend(self, owner: Integration) -> None:
        """Build what is below an integration; it recurses as deep as the framework."""
        parent = self.instances[owner.index]
        for group in owner.groups:
            if type(group) is DecoratorGroup:
                self._decorators.append(group)
            holding = Holding(group, self._carriers)
            for position, member in enumerate(group.members.values()):
                self._construct(member, position, holding)
                attach(parent, member.name, self.instances[member.index])
                if member.groups:
                    self._descend(member)
            self._finish(group, holding)

    def _decorate(self) -> None:
        """Wrap the methods that decorators are to wrap."""
        for wrap in wraps(self._decorators, self.order, self.instance, self._info):
            try:
                wrap.done()
            except (Exception, SystemExit) as error:
                info = self._info(wrap.decorator)
                if info is None:
                    raise
                raise self._lifecycle.failure(wrap.decorator, info, wrap.step, error) from error
            if self._held.waiting:
                self._held.checkpoint()

    def _undecorate(self) -> None:
        """Give the objects back as they were that the caller gave."""
        for integration in self.order if self._decorators and self._replaced else ():
            if integration.path in self._replaced:
                unwrap_methods(self.instance(integration))

    def _construct(
        self,
        integration: Integration,
        position: int,
        holding: Holding,
        called: Called | None = None,
    ) -> None:
        """Make one object; a constructor finds in place what the integration is given."""
        info = self._info(integration)
        if integration.path in self._replaced or info is None:
            instance = self._replaced[integration.path]
            self._give_one_by_one(instance, integration)
        else:
            try:
                instance = self._make(integration, info, position, holding, called)
            except (Exception, SystemExit) as error:
                step = "its constructor"
                raise self._lifecycle.failure(integration, info, step, error) from error
            self._lifecycle.built.append((integration, instance, info))
            if not info.is_wired:
                self._give_one_by_one(instance, integration)
        self.instances.append(instance)
        if self._held.waiting:
            self._held.checkpoint()
        if self._progress is not None:
            self._progress(len(self.instances), len(self.order))

    def _make(
        self,
        integration: Integration,
        info: ClassInfo,
        position: int,
        holding: Holding,
        called: Called | None,
    ) -> Any:
        """Make one object of a class, as far as it is the user's code that makes it."""
        if not info.is_wired:
            return info.cls(**self._arguments(integration, info))
        made = holding.class_for(position, info.cls)
        instance = called.instance if called else _bare(made)
        state = instance.__dict__
        state["_lg_node"] = integration
        state["_lg_assembly"] = self
        if info.config:
            state["_lg_typed"] = self._typed[integration]
        state.update(holding.given(position, info.cls))
        self._initialise(instance, integration, info, called)
        return instance

    def _initialise(
        self, instance: Any, integration: Integration, info: ClassInfo, called: Called | None
    ) -> None:
        """Run the constructor of a wired object."""
        if called is not None:
            keywords = {**self._arguments(integration, info), **called.keywords}
            for name, _ in info.parameters[: len(called.positional)]:
                keywords.pop(name, None)
            instance.__init__(*called.positional, **keywords)
        elif info.parameters:
            instance.__init__(**self._arguments(integration, info))
        else:
            instance.__init__()

    def _arguments(self, integration: Integration, info: ClassInfo) -> dict[str, Any]:
        """A constructor's arguments: from what the integration is given, else from its config."""
        arguments = {}
        typed = self._typed.get(integration) if info.config else None
        for name, _ in info.parameters:
            given = find_given(integration.group.given, name)
            if given is not None:
                arguments[name] = self.instances[given.index]
                continue
            field = typed.field(name) if typed else None
            if typed and field:
                arguments[name] = getattr(typed.instance, field)
                continue
            value = look_up(integration, name, self.config, info.cls, environment=False)
            if value is not MISSING:
                arguments[name] = plain(value)
        return arguments

    def _finish(self, group: Group, holding: Holding) -> None:
        """Let a group that is done be seen, and make its members attributes of each other."""
        self._carriers.fill(group)
        if not has_peers(group):
            return
        for position, member in enumerate(group.members.values()):
            instance, info = self.instances[member.index], self._info(member)
            if info is not None and info.is_wired:
                holding.introduce(member, position, info.cls, instance.__dict__)
                continue
            for peer in group.members.values():
                if peer is not member:
                    _set_if_free(instance, peer.name, self.instances[peer.index])

    def _give_one_by_one(self, instance: Any, integration: Integration) -> None:
        """Set what a foreign object is given: its class is not ours to extend."""
        for given in visible(integration.group.given):
            if integration.reach(given.name) is given:
                _set_if_free(instance, given.name, self.instances[given.index])


def attach(parent: Any, name: str, child: Any) -> None:
    """Make a child an attribute of its parent."""
    if _is_wired(parent):
        parent.__dict__[name] = child
    else:
        _set_if_free(parent, name, child)


def _is_wired(instance: Any) -> bool:
    """Whether this build put the object in its place, and so may write where it holds things."""
    state = getattr(instance, "__dict__", None)
    return type(state) is dict and "_lg_assembly" in state


def _bare(cls: Any) -> Any:
    """An object of a class whose constructor has not run."""
    return cls.__new__(cls)


def _set_if_free(instance: Any, name: str, value: Any) -> None:
    """Set an attribute of a foreign object, where it has none of that name and takes one."""
    try:
        if hasattr(instance, name):
            return
        setattr(instance, name, value)
    except Exception:  # noqa: BLE001 - foreign classes refuse attributes with errors of their own
        # A class with slots takes no more attributes: what it needs, its constructor has.
        return
