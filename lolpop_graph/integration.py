"""The base classes of integrations; calling one builds its part of a workflow."""

from __future__ import annotations

from abc import ABCMeta
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from lolpop_graph.instantiate import Called
from lolpop_graph.planning import CallOptions, Confs
from lolpop_graph.wired import Wired
from lolpop_graph.workflow import build_called

T = TypeVar("T")

_OPTIONS = frozenset(CallOptions.__annotations__)


class IntegrationType(ABCMeta):
    """The class of integration classes: a call builds a workflow around the new object."""

    def __call__(
        cls: type[T],
        *args: Any,
        conf: Confs | None = None,
        is_standalone: bool = False,
        **kwargs: Any,
    ) -> T:
        """Make an object and build the workflow of which it is the root.

        `conf` is what `lolpop_graph.build` takes: a path, a mapping, or several to layer; its
        document is the block of this object. A runner builds the whole framework, another
        class the part below its layer, and with `is_standalone` nothing below it. `overrides`,
        `replace`, `trust` and the other keywords of `build` are accepted; what else is given
        goes to the constructor. Raises WorkflowError.
        """
        options = {name: kwargs.pop(name) for name in _OPTIONS & kwargs.keys()}
        instance = cls.__new__(cls, *args, **kwargs)
        called = Called(instance, args, kwargs)
        build_called(cls, called, conf, is_standalone=is_standalone, **options)
        return instance


class BaseIntegration(Wired, metaclass=IntegrationType):
    """The base of every integration; derive from it for a layer of your own.

    `__LAYER__` names the layer that an object is of when its class is called by a user; None
    stands for the root of the framework. `__REQUIRED_CONF__` and `__DEFAULT_CONF__` declare
    what the class needs and what it brings:

        __REQUIRED_CONF__ = {"config": ["target"], "component": ["metadata_tracker|MyTracker"]}
        __DEFAULT_CONF__ = {"config": {"test_size": 0.2}}
    """

    __LAYER__: ClassVar[str | None] = None

    if TYPE_CHECKING:
        # What a type checker cannot see: the metaclass takes the call, wiring sets attributes.
        def __init__(self, *args: Any, conf: Confs | None = None, **kwargs: Any) -> None:  # noqa: D107
            ...
        def __getattr__(self, name: str) -> Any: ...


class BaseRunner(BaseIntegration):
    """The base of runners, which execute a workflow from end to end."""

    __LAYER__ = "runner"


class BasePipeline(BaseIntegration):
    """The base of pipelines, which execute one task with the components that they have."""

    __LAYER__ = "pipeline"


class BaseComponent(BaseIntegration):
    """The base of components, each of which does one thing, most often with a library."""

    __LAYER__ = "component"


class BaseDecorator(BaseIntegration):
    """The base of decorators, which wrap methods of other integrations; see `docs/decorators.md`.

    Config, each key optional, read in the decorator's own config and in that of its section alone:
    `layers` and `classes` (names) and `select` (a selection) say which integrations are wrapped,
    all of them together; without any, it is everything below the decorator's parent. `methods`
    names the methods; without it, all public ones are wrapped.
    """

    __LAYER__ = "decorator"
    _lg_is_decorator: ClassVar[bool] = True
    __OPTIONAL_CONF__: ClassVar[Sequence[str]] = ("layers", "classes", "select", "methods")

    def wrap(self, method: Callable[..., Any], integration: Any) -> Callable[..., Any]:
        """What is called in the place of `method`, a bound method of `integration`.

        It is called once for each method of each integration that is wrapped, after all objects
        are built and wired and before any `setup`. What it returns is called with the arguments of
        the method, and has to be of its kind: an async function for an async method, a generator
        function for one that yields (`lolpop_graph.wrapping.surround` makes both). The `method`
        itself says that it is not wrapped.
        """
        raise NotImplementedError

    def nearest(self, name: str, integration: Any) -> Any:
        """The integration `name` that another one sees, or one of those above it; None if none."""
        above = integration
        while above is not None:
            found = getattr(above, name, None)
            if isinstance(found, Wired):
                return found
            above = getattr(above, "parent", None)
        return None
