"""Results in files, kept with joblib."""

from __future__ import annotations

import inspect
import pickle
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import joblib

from lolpop_graph.block import plain_config
from lolpop_graph.config import configs_of
from lolpop_graph.decorator.calls import qualified
from lolpop_graph.integration import BaseDecorator
from lolpop_graph.wrapping import own_state


class CachingDecorator(BaseDecorator):
    """Keeps what methods return in a folder (joblib's `Memory`), and does not call them again.

    Config, beside that of every decorator: `methods` is required here, and `cache_folder` says
    where results are kept (default: `cache` below `output_folder`, or below `lolpop_output`).

    A result is found again for the same arguments, the same method, the same state of the object
    (its own attributes, but for other integrations), the same config (its own, and what it
    inherits) and the same source of its class and of all that this inherits from. What other
    integrations hold, files and databases is not looked at.

    Not kept, told once as a warning and passed through: calls of which one of these cannot be
    hashed, results that cannot be pickled, and calls that change the object itself, such as
    `fit`, since reading their result would not do that. What is awaited, and what yields, is
    left as it is. What a method does beside returning a result is not done again.
    """

    __REQUIRED_CONF__ = {"config": ["methods"]}
    __OPTIONAL_CONF__ = ("cache_folder", "output_folder")

    @cached_property
    def folder(self) -> Path:
        """Where results are kept."""
        folder = self._get_config("cache_folder")
        return Path(folder or Path(self._get_config("output_folder", "lolpop_output"), "cache"))

    @cached_property
    def _kept(self) -> Any:
        return joblib.Memory(self.folder, verbose=0).cache(_kept, ignore=["call", "state"])

    @cached_property
    def _told(self) -> set[str]:
        return set()

    def wrap(self, method: Callable[..., Any], integration: Any) -> Callable[..., Any]:
        """The method, whose results are kept."""
        name = qualified(method, integration)
        inner = inspect.unwrap(method)
        later = (
            inspect.iscoroutinefunction,
            inspect.isgeneratorfunction,
            inspect.isasyncgenfunction,
        )
        if any(is_later(inner) for is_later in later):
            self._warn(name, "runs after its call")
            return method
        source = joblib.hash([*_sources(type(integration))])

        def called(*args: Any, **kwargs: Any) -> Any:
            def state() -> str:
                return str(joblib.hash(own_state(integration)))

            try:
                configs = _configs(integration)
                key = str(joblib.hash((name, source, state(), configs, args, kwargs)))
            except Exception as error:  # noqa: BLE001 - hashing pickles, which runs foreign code
                self._warn(name, f"cannot be hashed ({type(error).__name__})")
                return method(*args, **kwargs)
            try:
                return self._kept(key, lambda: method(*args, **kwargs), state)
            except _NotKeptError as passed:
                self._warn(name, passed.reason)
                return passed.result

        return called

    def _warn(self, name: str, reason: str) -> None:
        if name not in self._told:
            self._told.add(name)
            self.log(f"{name} {reason}, so its results are not kept", "WARNING")


class _NotKeptError(Exception):
    """Carries a result past the one that would keep it."""

    def __init__(self, result: object, reason: str) -> None:
        self.result = result
        self.reason = reason
        super().__init__(reason)


def _kept(key: str, call: Callable[[], Any], state: Callable[[], str]) -> Any:
    """What is kept by its key alone: the result of a call that leaves a state as it is."""
    del key
    before = state()
    result = call()
    if state() != before:
        raise _NotKeptError(result, "changes its object")
    try:
        pickle.dumps(result)
    except Exception as error:
        reason = f"returns what cannot be pickled ({type(error).__name__})"
        raise _NotKeptError(result, reason) from error
    return result


def _configs(integration: Any) -> list[Mapping[str, Any]]:
    """The config of an integration and all that it inherits; none of one that is not ours."""
    node, assembly = (getattr(integration, f"_lg_{name}", None) for name in ("node", "assembly"))
    if node is None or assembly is None:
        return []
    return [plain_config(config) for _, config in configs_of(node, assembly.config)]


def _sources(cls: type) -> Iterator[str]:
    """The sources of a class and of those that it inherits from, as far as there are some."""
    for ancestor in cls.__mro__:
        try:
            yield inspect.getsource(ancestor)
        except (OSError, TypeError):
            yield f"{ancestor.__module__}.{ancestor.__qualname__}"
