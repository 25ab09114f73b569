"""Integrations to wired objects, in build order, and closing them in the reverse."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lolpop_graph import faults as f
from lolpop_graph.block import plain_config
from lolpop_graph.config import MISSING, look_up, received
from lolpop_graph.errors import Fault, WorkflowError
from lolpop_graph.framework import Framework
from lolpop_graph.links import visible
from lolpop_graph.model import Group, Integration, Place, find_given, has_peers
from lolpop_graph.requirements import ClassInfo
from lolpop_graph.scopes import Scopes

Progress = Callable[[int, int], None]

_BARE = 2
"""How many attributes of an object are ours before its constructor runs."""


@dataclass(frozen=True, slots=True)
class Called:
    """A root whose class a user called: the object made, and what its constructor is given."""

    instance: Any
    positional: tuple[Any, ...]
    keywords: Mapping[str, Any]


class Builder:
    """One build of one workflow: makes the objects, wires them, and closes them.

    `info` answers for each integration the class to build, `replaced` holds objects to take
    instead, by path, and `place` tells where an integration is declared. It is the assembly
    that the built integrations ask for their parents and their config.
    """

    def __init__(  # noqa: PLR0913 - one call site, by keyword
        self,
        order: Sequence[Integration],
        *,
        framework: Framework,
        info: Callable[[Integration], ClassInfo | None],
        place: Callable[[Integration], Place],
        replaced: Mapping[str, Any],
        problem_type: str | None,
        progress: Progress | None = None,
    ) -> None:
        """Prepare to build the integrations in `order`; nothing is made yet."""
        self.order = order
        self.framework = framework
        self.problem_type = problem_type
        self._found = info
        self._place = place
        self._replaced = replaced
        self._progress = progress
        self._scopes = Scopes(self.instance)
        self._instances: list[Any] = []
        self._built: list[bool] = []
        self._configs: dict[Integration, dict[str, Any]] = {}
        self._closed = False

    def instance(self, integration: Integration) -> Any:  # noqa: ANN401 - any class can be built
        """The object built for an integration, or None while there is none."""
        index = integration.index
        return self._instances[index] if index < len(self._instances) else None

    def config(self, integration: Integration) -> dict[str, Any]:
        """The own config of an integration; its object may change it."""
        config = self._configs.get(integration)
        if config is None:
            made = plain_config(integration.config)
            config = self._configs.setdefault(integration, made)
        return config

    def build(self, called: Called | None = None) -> list[Any]:
        """Build everything and return the objects in build order.

        `called` is the root where a user called its class. When a constructor or `setup`
        raises, what was built is closed in reverse order, and WorkflowError names the
        integration, its place and the cause; what is no Exception is raised as it is.
        """
        root = self.order[0]
        try:
            self._construct(root, 0, called)
            self._descend(root)
            self._set_up()
        except WorkflowError:
            raise
        except BaseException:
            self.close_quietly()
            raise
        return self._instances

    def close(self) -> None:
        """Close what was built, in reverse order; all are closed even when some raise.

        Raises WorkflowError with a fault for each `close` that raised. A second call does
        nothing.
        """
        faults = self._close_all()
        if faults:
            raise WorkflowError(faults)

    def close_quietly(self) -> tuple[str, ...]:
        """Close what was built, in reverse order, and return the paths of what was closed."""
        paths = [self.order[index].path for index, built in enumerate(self._built) if built]
        self._close_all()
        return tuple(reversed(paths))

    def _close_all(self) -> list[Fault]:
        if self._closed:
            return []
        self._closed = True
        faults: list[Fault] = []
        for index in reversed(range(len(self._built))):
            integration = self.order[index]
            if not self._built[index] or not self._info(integration).has_close:
                continue
            try:
                self._instances[index].close()
            except Exception as error:  # noqa: BLE001 - every other one must be closed all the same
                faults.append(
                    f.CloseRaised(
                        place=self._place(integration),
                        path=integration.path,
                        class_name=self._info(integration).cls.__name__,
                        cause=describe_error(error),
                    )
                )
        return faults

    def _info(self, integration: Integration) -> ClassInfo:
        info = self._found(integration)
        assert info is not None  # noqa: S101 - every class was found before the first is built
        return info

    def _descend(self, owner: Integration) -> None:
        """Build what is below an integration; it recurses as deep as the framework."""
        parent = self._instances[owner.index]
        for group in owner.groups:
            for position, member in enumerate(group.members.values()):
                self._construct(member, position, None)
                self._attach(parent, member.name, self._instances[member.index])
                if member.groups:
                    self._descend(member)
            self._finish(group)

    def _construct(self, integration: Integration, position: int, called: Called | None) -> None:
        """Make one object and put it in its place in the order."""
        if integration.path in self._replaced:
            instance, built = self._replaced[integration.path], False
            self._give_all(instance, integration)
        else:
            info = self._info(integration)
            built = True
            try:
                if info.is_wired:
                    instance = self._construct_wired(integration, position, info, called)
                else:
                    instance = info.cls(**self._arguments(integration, info))
                    self._give_all(instance, integration)
            except Exception as error:
                raise self._raised(integration, "its constructor", error) from error
        self._keep(integration, instance, built=built)
        if self._progress is not None:
            self._progress(len(self._built), len(self.order))

    def _construct_wired(
        self,
        integration: Integration,
        position: int,
        info: ClassInfo,
        called: Called | None,
    ) -> Any:  # noqa: ANN401
        """Wire an object of our base classes first, and call its constructor then."""
        made = self._scopes.class_for(integration.group, position, info.cls)
        instance: Any = called.instance if called else _bare(made)
        state = instance.__dict__
        state["_node"] = integration
        state["_assembly"] = self
        state.update(self._scopes.given(integration.group, position))
        if called is not None:
            known = {**self._arguments(integration, info), **called.keywords}
            instance.__init__(*called.positional, **known)
        elif info.parameters:
            instance.__init__(**self._arguments(integration, info))
        else:
            instance.__init__()
        return instance

    def _arguments(self, integration: Integration, info: ClassInfo) -> dict[str, Any]:
        """A constructor's arguments: from what the integration is given, else from its config."""
        arguments = {}
        for name, _ in info.parameters:
            given = find_given(integration.group.given, name)
            if given is not None:
                arguments[name] = self._instances[given.index]
                continue
            value = look_up(integration, name, self.config, info.cls)
            if value is not MISSING:
                arguments[name] = received(value)
        return arguments

    def _keep(self, integration: Integration, instance: Any, *, built: bool) -> None:  # noqa: ANN401
        """Note the object; a hole is left for an integration that comes before it in no case."""
        assert integration.index == len(self._instances)  # noqa: S101 - the build order's promise
        self._instances.append(instance)
        self._built.append(built)

    def _finish(self, group: Group) -> None:
        """Publish a group that is done, and make its members attributes of each other."""
        self._scopes.publish(group)
        if not has_peers(group):
            return
        instances = {name: self._instances[m.index] for name, m in group.members.items()}
        for position, member in enumerate(group.members.values()):
            self._introduce(member, position, instances)

    def _introduce(self, member: Integration, position: int, instances: dict[str, Any]) -> None:
        """Make the other members attributes of one member."""
        instance = instances[member.name]
        if member.path in self._replaced or not self._info(member).is_wired:
            for name, other in instances.items():
                if name != member.name:
                    _set_if_free(instance, name, other)
            return
        state = instance.__dict__
        mates = self._scopes.mates(member.group, position)
        # A name that the constructor set itself would hide the one that its class carries.
        names = {*mates, *(state.keys() & instances.keys())} if len(state) > _BARE else mates
        own_children = member.groups
        for name in names:
            if name != member.name and not (own_children and member.child(name)):
                state[name] = instances[name]

    def _give_all(self, instance: Any, integration: Integration) -> None:  # noqa: ANN401
        """Set what a foreign object is given, one by one: its class is not ours to extend."""
        for given in visible(integration.group.given):
            _set_if_free(instance, given.name, self._instances[given.index])

    def _attach(self, parent: Any, name: str, child: Any) -> None:  # noqa: ANN401
        state = getattr(parent, "__dict__", None)
        if state is not None and "_assembly" in state:
            state[name] = child
        else:
            _set_if_free(parent, name, child)

    def _set_up(self) -> None:
        """Call `setup` in build order."""
        for integration, instance, built in zip(
            self.order, self._instances, self._built, strict=True
        ):
            if built and self._info(integration).has_setup:
                try:
                    instance.setup()
                except Exception as error:
                    raise self._raised(integration, "`setup`", error) from error

    def _raised(self, integration: Integration, step: str, error: Exception) -> WorkflowError:
        """Close what was built, and say who raised."""
        closed = self.close_quietly()
        return WorkflowError(
            [
                f.StepRaised(
                    place=self._place(integration),
                    path=integration.path,
                    class_name=self._info(integration).cls.__name__,
                    step=step,
                    cause=describe_error(error),
                    closed=closed,
                )
            ]
        )


def _bare(cls: Any) -> Any:  # noqa: ANN401 - the user's class
    """An object of a class whose constructor has not run."""
    return cls.__new__(cls)


def describe_error(error: BaseException) -> str:
    """The kind of an error and its first line: `ValueError: no such column`."""
    lines = str(error).splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def _set_if_free(instance: Any, name: str, value: Any) -> None:  # noqa: ANN401
    """Set an attribute of a foreign object, where it has none of that name and takes one."""
    if hasattr(instance, name):
        return
    try:
        setattr(instance, name, value)
    except (AttributeError, TypeError):
        # A class with slots takes no more attributes: what it needs, its constructor has.
        return
