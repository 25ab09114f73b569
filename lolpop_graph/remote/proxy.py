"""What stands in the driver for an integration that lives on the workers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lolpop_graph.declarations import ClassInfo
    from lolpop_graph.model import Integration
    from lolpop_graph.remote.builder import RemoteBuilder


class Remote:
    """Calls the methods of a remote integration; its children, peers and givens are attributes."""

    def __init__(self, builder: RemoteBuilder, node: Integration, info: ClassInfo) -> None:
        """Stand for an integration whose class is known."""
        self.__dict__.update(_lg_builder=builder, _lg_node=node, _lg_info=info)

    @property
    def name(self) -> str:
        """Its name in the workflow."""
        return self._lg_node.name

    @property
    def path(self) -> str:
        """Its path in the workflow."""
        return self._lg_node.path

    def __getattr__(self, name: str) -> Any:
        """A method to call, or an integration that it has."""
        found = self._lg_node.reach(name)
        if found is not None:
            return self._lg_builder.instance(found)
        if callable(getattr(self._lg_info.cls, name, None)) and not name.startswith("_"):
            return partial(self._lg_builder.call, self._lg_node, name)
        message = f"`{self.path}` lives on a worker: `{name}` cannot be read here"
        raise AttributeError(message, name=name, obj=self)

    def __repr__(self) -> str:
        """`<remote TrainPipeline runner.train>`."""
        return f"<remote {self._lg_info.cls.__name__} {self.path}>"

    if TYPE_CHECKING:
        _lg_builder: RemoteBuilder
        _lg_node: Integration
        _lg_info: ClassInfo
