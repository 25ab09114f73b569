"""The integrations that the tests build: small, and with a memory of what happened to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any, ClassVar, Literal

import lolpop_graph as lg

NAMES = ("alpha", "beta", "gamma", "delta", "omega", "kappa", "tracker", "été")
"""Few names, so that generated workflows hide one behind the other all the time."""

SERIAL = count()
"""Numbers the recorders in the order in which they are made."""

JOURNAL: list[tuple[str, str]] = []
"""What the journalling toys did, in the order in which they did it."""


class Toy(lg.BaseIntegration):
    """Does nothing at all."""


class OtherToy(Toy):
    """Does nothing either, under another class name."""


class ToyRunner(lg.BaseRunner):
    """A runner that only holds what is below it."""


class ToyPipeline(lg.BasePipeline):
    """A pipeline that only holds what is below it."""


class ToyComponent(lg.BaseComponent):
    """A component that does nothing."""


class Recorder(lg.BaseIntegration):
    """Remembers which names its constructor could reach, by `getattr` and by `hasattr`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Look around before anything else happens."""
        self.serial = next(SERIAL)
        self.got = reachable(self)
        self.had = {name for name in NAMES if hasattr(self, name)}
        super().__init__(*args, **kwargs)


def reachable(integration: object) -> dict[str, object]:
    """The names of the pool that are attributes of an integration, with what they hold."""
    found = {}
    for name in NAMES:
        try:
            found[name] = getattr(integration, name)
        except AttributeError:
            continue
    return found


class ConfigReader(lg.BaseIntegration):
    """Reads its config in the first line of its constructor."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Keep what is configured under `metric` and under `missing`."""
        self.metric = self._get_config("metric")
        self.missing = self._get_config("missing", "default")
        super().__init__(*args, **kwargs)


class Demanding(lg.BaseIntegration):
    """Cannot work without a target and a tracker."""

    __REQUIRED_CONF__: ClassVar[dict[str, Any]] = {
        "config": ["target"],
        "component": ["tracker"],
    }


class Choosy(lg.BaseIntegration):
    """Wants a tracker of one of two classes."""

    __REQUIRED_CONF__: ClassVar[dict[str, Any]] = {"component": ["tracker|Toy,OtherToy"]}


class Defaulting(lg.BaseIntegration):
    """Brings defaults of its own."""

    __DEFAULT_CONF__: ClassVar[dict[str, Any]] = {"config": {"metric": "base", "depth": 3}}


class DefaultingChild(Defaulting):
    """Brings a default that is nearer than its base class's."""

    __DEFAULT_CONF__: ClassVar[dict[str, Any]] = {"config": {"metric": "derived"}}


class Journalist(lg.BaseIntegration):
    """Writes down when it is made, set up and closed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Note the construction."""
        super().__init__(*args, **kwargs)
        JOURNAL.append(("init", self.name))

    def setup(self) -> None:
        """Note the set-up."""
        JOURNAL.append(("setup", self.name))

    def close(self) -> None:
        """Note the end."""
        JOURNAL.append(("close", self.name))


class WiringWitness(lg.BaseIntegration):
    """Remembers what it can reach once the whole graph is wired."""

    def setup(self) -> None:
        """Look around again."""
        self.at_setup = reachable(self)


class Bomb(lg.BaseIntegration):
    """Fails while it is made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Raise what no caller expects."""
        super().__init__(*args, **kwargs)
        message = "the fuse was lit"
        raise ZeroDivisionError(message)


class LateBomb(lg.BaseIntegration):
    """Fails while it is set up."""

    def setup(self) -> None:
        """Raise what no caller expects."""
        message = "the fuse was long"
        raise ZeroDivisionError(message)


class Foreign:
    """A class that never heard of integrations: parameters by name from config and wiring."""

    def __init__(self, metric: str, tracker: object, depth: int = 6) -> None:
        """Keep all three."""
        self.metric = metric
        self.tracker = tracker
        self.depth = depth


class BareForeign:
    """A foreign class without parameters."""


class LogCollector(lg.BaseIntegration):
    """Collects what it is told to log or to notify."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Start with an empty book."""
        super().__init__(*args, **kwargs)
        self.book: list[tuple[str, str]] = []

    def log(self, msg: str, level: str = "INFO", **_: Any) -> None:
        """Keep the message."""
        self.book.append((level, msg))

    def notify(self, msg: str, level: str = "ERROR", **_: Any) -> None:
        """Keep the message."""
        self.book.append((level, msg))


class MyRunner(lg.BaseRunner):
    """The root of the examples that name one."""


class MyProcessPipeline(lg.BasePipeline):
    """The pipeline `process` of the original document."""


class MyTrainingPipeline(lg.BasePipeline):
    """The pipeline `train` of the original document."""


class MyPredictionPipeline(lg.BasePipeline):
    """The pipeline `predict` of the original document."""


class MLFlowMetadataTracker(lg.BaseComponent):
    """The tracker of metadata of the original document, without any MLflow."""


class MLFlowMetricsTracker(lg.BaseComponent):
    """The tracker of metrics of the original document, without any MLflow."""


class MyWidget(lg.BaseIntegration):
    """The integration of a layer that the default framework does not have."""


class Learner(lg.BaseIntegration):
    """Declares its config as a dataclass."""

    @dataclass
    class Optimizer:
        """What stands in a field of the config."""

        rate: float = 0.1
        kind: Literal["sgd", "adam"] = "sgd"

    @dataclass
    class Config:
        """What a learner can be told."""

        max_depth: int
        metric: Literal["f1", "auc"] = "f1"
        optimizer: Learner.Optimizer | None = None
        layers: list[int] = field(default_factory=list)

    config: Config


def exported() -> list[type]:
    """Every class above, to be handed to `plan` and `build`."""
    return [thing for thing in globals().values() if isinstance(thing, type) and _ours(thing)]


def _ours(cls: type) -> bool:
    return cls.__module__ == __name__
