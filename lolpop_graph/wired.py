"""What every built integration can do: know its place, read its config, log, show itself."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar, Final, NoReturn, Protocol, Self

from lolpop_graph.block import find_key, plain
from lolpop_graph.config import MISSING, PROBLEM_KEY, class_defaults, look_up

if TYPE_CHECKING:
    from lolpop_graph.framework import Framework
    from lolpop_graph.model import Integration


_teller: ContextVar[str] = ContextVar("teller", default="")
"""The path of the integration whose message is being passed on."""


class Assembly(Protocol):
    """What an integration knows of the workflow that it was built in."""

    framework: Framework
    problem_type: str | None

    def instance(self, integration: Integration) -> Any:
        """The object built for an integration, or None while there is none."""

    def config(self, integration: Integration) -> dict[str, Any]:
        """The own config of an integration, as its object may have changed it."""

    def function(self, integration: Integration, key: str, cls: type) -> Any:
        """The function that a config key names for an integration, or None."""

    def close(self, error: BaseException | None = None) -> None:
        """Close all that was built, in reverse order, because of `error` if there is one."""


class Typed(Protocol):
    """The config of an object whose class has a `Config`."""

    instance: Any

    def field(self, key: str) -> str | None:
        """The attribute of the instance that a config key fills, or None."""

    def set(self, key: str, value: Any) -> None:
        """Set a field; WorkflowError where the value does not fit, nothing for other keys."""


class Wired:
    """An integration with its place in a workflow; the base classes derive from it.

    Its children, its peers and what it is given are attributes. Its config and what it is
    given are in place before `__init__` runs; `setup` is called when the whole workflow is
    wired, `close` when it is closed.
    """

    __REQUIRED_CONF__: ClassVar[Mapping[str, Any]] = {}
    __DEFAULT_CONF__: ClassVar[Mapping[str, Any]] = {}
    __OPTIONAL_CONF__: ClassVar[Sequence[str] | Mapping[str, Any]] = ()
    __SECRET_CONF__: ClassVar[Sequence[str] | Mapping[str, Any]] = ()
    __FUNCTION_CONF__: ClassVar[Sequence[str] | Mapping[str, Any]] = ()
    __SHARED__: ClassVar[bool | None] = None

    _lg_node: Integration
    _lg_assembly: Assembly
    _lg_typed: Typed | None = None

    @property
    def name(self) -> str:
        """Its name in the workflow, such as `metadata_tracker`."""
        return self._lg_node.name

    @property
    def path(self) -> str:
        """Its path in the workflow, such as `runner.train.model_trainer`."""
        return self._lg_node.path

    @property
    def integration_type(self) -> str:
        """The layer that it belongs to, such as `component`."""
        return self._lg_node.layer.name

    @property
    def type(self) -> str:
        """What kind of integration its module says that it is, such as `metadata_tracker`.

        That is the package which the module stands in, or the module if it stands in none.
        """
        return self.module.split(".")[-2:][0]

    @property
    def module(self) -> str:
        """The module that defines its class."""
        return type(self).__module__

    @property
    def parent(self) -> Any:
        """The integration whose block declares it; None for the root."""
        parent = self._lg_node.parent
        return None if parent is None else self._lg_assembly.instance(parent)

    @property
    def problem_type(self) -> str | None:
        """What the workflow solves, such as `classification`.

        Its own or its layer's config key `problem_type`, else the default of its class, else
        its parent's; for the root, what the caller gave comes before the rest.
        """
        given = self._lg_assembly.problem_type if self._lg_node.parent is None else None
        if given is not None:
            return given
        declared = (
            self._lg_assembly.config(self._lg_node),
            self._lg_node.group.config,
            *map(class_defaults, type(self).__mro__),
        )
        for config in declared:
            key = find_key(config, PROBLEM_KEY)
            if key is not None:
                return config[key]  # type: ignore[no-any-return]  # the user's value
        return getattr(self.parent, "problem_type", None)

    @property
    def config(self) -> Any:
        """Its own config, a dictionary of its own; of a class with a `Config`, an instance of that.

        Write `config: Config` into the class for checkers of types, which need to be told.
        """
        typed = self._lg_typed
        return self._lg_assembly.config(self._lg_node) if typed is None else typed.instance

    def _get_config(self, key: str, default: Any = None) -> Any:
        """The value of `key`, else `default`; case does not count, and None is a value.

        Looked up in its own config, its layer's config, the same two of its parent and so on
        to the root, the defaults of its class, and the environment variable in upper case. What
        is a field of its class's `Config` is as that has it.
        """
        typed = self._lg_typed
        if typed is not None and (field := typed.field(key)) is not None:
            return getattr(typed.instance, field, default)
        value = look_up(self._lg_node, key, self._lg_assembly.config, type(self))
        return default if value is MISSING else plain(value)

    def _get_function(self, key: str) -> Any:
        """The function that a config key names, or None where no config has the key.

        The key is looked up as `_get_config` does, but not in the environment. It names
        `file.py:name`, a file in the folder of the file that names it or below, or
        `package.module:name` of a trusted package; from Python it may be the function itself.
        Raises WorkflowError where there is no such function. Keys that a class lists in
        `__FUNCTION_CONF__ = ["function"]` are looked at before anything is built.
        """
        return self._lg_assembly.function(self._lg_node, key, type(self))

    def _set_config(self, key: str, value: Any) -> None:
        """Set a key of its own config; case does not count.

        WorkflowError where it is a field of its class's `Config` and the value does not fit.
        """
        if self._lg_typed is not None:
            self._lg_typed.set(key, value)
        config = self._lg_assembly.config(self._lg_node)
        config[find_key(config, key) or key] = value

    def log(self, msg: object, level: str = "INFO") -> None:
        """Write to the nearest integration named `logger`, else to the standard `logging`."""
        self._tell(LOGGER, "log", msg, level)

    def notify(self, msg: object, level: str = "ERROR") -> None:
        """Tell the nearest integration named `notifier`, else the standard `logging`."""
        self._tell(NOTIFIER, "notify", msg, level)

    @property
    def _told_by(self) -> str:
        """In the `log` of a logger and the `notify` of a notifier, the path of whoever says it.

        An empty text where the method is called directly.
        """
        return _teller.get()

    def _tell(self, name: str, method: str, msg: object, level: str) -> None:
        for owner in self._lg_node.lineage():
            receiver = owner.reach(name)
            if receiver is None or receiver is self._lg_node:
                continue
            tell = getattr(self._lg_assembly.instance(receiver), method, None)
            if tell is not None:
                before = _teller.set(self.path)
                try:
                    tell(msg, level)
                finally:
                    _teller.reset(before)
                return
        number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
        logging.getLogger(f"lolpop_graph.{self.path}").log(number, "%s", msg, stacklevel=3)

    def setup(self) -> None:
        """Get ready; called in build order when the whole workflow is wired."""

    def close(self) -> None:
        """Let go of what it holds; called in reverse build order."""

    def _update_integrations(self, integrations: Mapping[str, Any]) -> None:
        """Set each integration as the attribute of its name."""
        for name, integration in integrations.items():
            setattr(self, name, integration)

    def _print_integrations(self) -> None:
        """Print, layer by layer, the integrations that its block declares."""
        for group in self._lg_node.groups:
            print(f"{group.layer.name}:")  # noqa: T201 - printing is what it is for
            for member in group.members.values():
                print(f"  {member.name} ({member.class_name})")  # noqa: T201

    def _print_integration_framework(self) -> None:
        """Print the layers of the workflow's framework, each indented below its parent."""
        print(self._lg_assembly.framework)  # noqa: T201 - printing is what it is for

    def __enter__(self) -> Self:
        """Itself, for a `with` that closes its workflow."""
        return self

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        """Close its workflow; what a `close` raises is a note on an error that is under way."""
        self._lg_assembly.close(error)

    def __dir__(self) -> list[str]:
        """Its attributes without its own name, which its peers alone have."""
        own = {
            name
            for name, value in vars(type(self)).items()
            if isinstance(value, Absent) and name not in self.__dict__
        }
        return [name for name in super().__dir__() if name not in own]

    def __getstate__(self) -> Any:
        """What a copy gets: all but what wraps its methods, which would be bound to this one."""
        state = super().__getstate__()
        if isinstance(state, dict):
            return {name: value for name, value in state.items() if not is_wrapped(value)}
        return state

    def __repr__(self) -> str:
        """`<TrainPipeline runner.train>`."""
        node = self.__dict__.get("_lg_node")
        return f"<{type(self).__name__} {node.path if node else 'not in a workflow'}>"


def is_wrapped(method: object) -> bool:
    """Whether a method stands where it is because something wraps it."""
    return WRAPPED in getattr(method, "__dict__", ())


class Absent:
    """A class attribute that is not there, in front of one that a base class has."""

    def __init__(self, name: str) -> None:
        """Hide `name`."""
        self.name = name

    def __get__(self, instance: object, owner: type | None = None) -> NoReturn:
        """Always AttributeError, in the words of Python."""
        message = f"{(owner or type(instance)).__name__!r} object has no attribute {self.name!r}"
        raise AttributeError(message, name=self.name, obj=instance)


WRAPPED: Final = "_lg_is_wrapped"
"""The attribute of a function that stands on an object for a wrapped method."""

LOGGER: Final = "logger"
NOTIFIER: Final = "notifier"
"""The names of the integrations that `log` and `notify` go to."""

PUBLIC_NAMES = frozenset(name for name in dir(Wired) if not name.startswith("_"))
"""The names that no integration can have, because every integration has them already."""
