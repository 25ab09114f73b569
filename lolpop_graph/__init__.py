"""Workflows from parts that change: YAML to a checked graph, to wired objects, to a picture.

>>> import lolpop_graph as lg
>>> class Tracker(lg.BaseComponent):
...     def track(self, **metrics):
...         return f"{self.name} of {self.parent.name}: {metrics}"
>>> class Train(lg.BasePipeline):
...     def fit(self):
...         return self.tracker.track(auc=0.93, depth=self._get_config("max_depth"))
>>> conf = {
...     "component": {"tracker": "Tracker"},
...     "pipeline": {"train": "Train"},
...     "train": {"config": {"max_depth": 8}},
... }
>>> plan = lg.plan(conf, classes=[Tracker, Train])
>>> plan.order
['runner', 'runner.tracker', 'runner.train']
>>> for source, target, kind in plan.graph.edges(data="kind"):
...     print(source, "->", target, kind)
runner -> runner.tracker child
runner -> runner.train child
runner.tracker -> runner.train sibling
>>> with plan.build() as workflow:
...     workflow.root.train.fit()
"tracker of runner: {'auc': 0.93, 'depth': 8}"
"""

from __future__ import annotations

from importlib import import_module as _import_module
from pkgutil import extend_path as _extend_path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lolpop_graph.classes.installed import InstalledPart, installed
    from lolpop_graph.errors import Fault, WorkflowError
    from lolpop_graph.framework import Framework
    from lolpop_graph.integration import (
        BaseComponent,
        BaseDecorator,
        BaseIntegration,
        BasePipeline,
        BaseRunner,
    )
    from lolpop_graph.limits import Limits
    from lolpop_graph.secrecy import Secret
    from lolpop_graph.sweeps.report import SweepReport
    from lolpop_graph.sweeps.sweeping import sweep
    from lolpop_graph.workflow import Plan, Workflow, build, plan, validate

# Other distributions add to `lolpop_graph.extension`, wherever they and this one are installed.
__path__ = _extend_path(__path__, __name__)

_HOME = {
    "BaseComponent": "integration",
    "BaseDecorator": "integration",
    "BaseIntegration": "integration",
    "BasePipeline": "integration",
    "BaseRunner": "integration",
    "Fault": "errors",
    "Framework": "framework",
    "InstalledPart": "classes.installed",
    "Limits": "limits",
    "Plan": "workflow",
    "Secret": "secrecy",
    "SweepReport": "sweeps.report",
    "Workflow": "workflow",
    "WorkflowError": "errors",
    "build": "workflow",
    "installed": "classes.installed",
    "plan": "workflow",
    "sweep": "sweeps.sweeping",
    "validate": "workflow",
}

__all__ = [
    "BaseComponent",
    "BaseDecorator",
    "BaseIntegration",
    "BasePipeline",
    "BaseRunner",
    "Fault",
    "Framework",
    "InstalledPart",
    "Limits",
    "Plan",
    "Secret",
    "SweepReport",
    "Workflow",
    "WorkflowError",
    "build",
    "installed",
    "plan",
    "sweep",
    "validate",
]


if not TYPE_CHECKING:  # A checker of types would take any name for a public one.

    def __getattr__(name: str) -> Any:
        """Import a public name when it is first asked for: importing the package is quick."""
        if name not in _HOME:
            message = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(message, name=name)
        value = getattr(_import_module(f"{__name__}.{_HOME[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return [*globals(), *__all__]


def load_ipython_extension(shell: Any) -> None:
    """Give an IPython shell the cell magic `%%workflow`, as `%load_ext lolpop_graph` asks for."""
    _import_module(f"{__name__}.notebook").load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """Take the magic away again."""
    _import_module(f"{__name__}.notebook").unload(shell)
