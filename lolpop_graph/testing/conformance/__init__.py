"""What the suites of all types share: building the part in a small workflow, and what all keep."""

from __future__ import annotations

import inspect
import logging
import os
import pickle
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

import pytest

from lolpop_graph import BaseRunner, build

Build = Callable[..., Any]
"""Builds the part, with config keys given by name over those of the suite."""


class Conformance:
    """The contract of one type of part, as tests; derive from the suite of a type.

    A test class says which `part` it is about, and where it needs to:

    - `config`: the part's own config;
    - `settings(folder)`: the same, where it depends on a folder that is made for each test;
    - `peers`: what else stands in the section, by name: a class or the name of one;
    - `peer_config`: the config of peers, by their names;
    - `document(folder, config)`: the whole workflow, for a part that needs more than that.

    A suite says the `part_type` of its parts, which is the name that the part has in the
    workflow, and, for a type that is not ours, the `base` class that describes it and the
    `layer`. Its tests ask for the fixtures `built`, the part in a workflow that is closed after
    the test, `build_part`, which builds more of them, and `folder`.
    """

    part: ClassVar[Any]
    part_type: ClassVar[str]
    config: ClassVar[Mapping[str, Any]] = {}
    peers: ClassVar[Mapping[str, Any]] = {}
    peer_config: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    layer: ClassVar[str] = "component"
    base: ClassVar[Any] = None

    def settings(self, folder: Path) -> dict[str, Any]:  # noqa: ARG002 - for those that override it
        """The part's own config; `folder` is empty and of this test alone."""
        return dict(self.config)

    def document(self, folder: Path, config: Mapping[str, Any]) -> dict[str, Any]:
        """The workflow that the part is built in; `config` is its own config."""
        section = {self.part_type: self.part} | dict(self.peers)
        blocks = {name: {"config": dict(each)} for name, each in self.peer_config.items()}
        return {
            "config": {"output_folder": str(folder / "output")},
            self.layer: {name: _class_name(each) for name, each in section.items()},
            **blocks,
            self.part_type: {"config": dict(config)},
        }

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        """A folder of this test alone."""
        return tmp_path

    @pytest.fixture
    def build_part(self, folder: Path) -> Iterator[Build]:
        """Builds the part in a workflow of its own, which is closed when the test is over."""
        opened = []
        classes = [each for each in (self.part, *self.peers.values()) if isinstance(each, type)]

        def build_one(**config: Any) -> Any:
            document = self.document(folder, self.settings(folder) | config)
            workflow = build(document, classes=[*classes, _Root], root_class=_Root)
            opened.append(workflow)
            return getattr(workflow.root, self.part_type)

        yield build_one
        for workflow in reversed(opened):
            workflow.close()

    @pytest.fixture
    def built(self, build_part: Build) -> Any:
        """The part, built with the config of the suite."""
        return build_part()

    def test_it_is_built_under_its_name(self, built: Any) -> None:
        """The workflow holds an object of the class that is tested."""
        assert isinstance(built, self.part)

    def test_it_has_every_method_of_its_type(self) -> None:
        """Each method that the base class only describes is there and takes what it takes."""
        base = self.base or _base_of(self.layer, self.part_type)
        for name, described in _described(base):
            given = getattr(self.part, name, None)
            assert given is not None, f"{self.part.__name__} has no {name}"
            assert given is not described, f"{self.part.__name__} does not implement {name}"
            if inspect.isfunction(described):
                assert callable(given), f"{name} of {self.part.__name__} is no method"
                _check_parameters(name, described, given)

    def test_it_leaves_the_process_as_it_was(self, build_part: Build) -> None:
        """Building it changes neither the environment nor the folder nor the root logger."""
        before = _process()
        build_part()
        assert _process() == before


def travelled(value: Any) -> Any:
    """A value as it comes from another process; raises where it does not pickle."""
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - what was just packed


class _Root(BaseRunner):
    """Holds the part and its peers."""


def _class_name(part: Any) -> str:
    return part.__name__ if isinstance(part, type) else str(part)


def _base_of(layer: str, part_type: str) -> type:
    """The base class of a type that comes with the package."""
    module = f"lolpop_graph.{layer}.{part_type}.base"
    name = f"Base{part_type.title().replace('_', '')}"
    base: type = getattr(import_module(module), name)
    return base


def _described(base: type) -> Iterator[tuple[str, Any]]:
    """What a base class leaves to its parts: methods and properties, by name."""
    for name, each in vars(base).items():
        function = each.fget if isinstance(each, property) else each
        if inspect.isfunction(function) and "NotImplementedError" in function.__code__.co_names:
            yield name, each


def _check_parameters(name: str, described: Any, given: Any) -> None:
    """Whether a method can be called by position and by name as it is described."""
    wanted = inspect.signature(described).parameters
    signature = inspect.signature(given)
    by_position = [
        key for key, each in wanted.items() if each.kind is not inspect.Parameter.KEYWORD_ONLY
    ]
    by_name = {key: None for key in wanted if key not in by_position}
    try:
        signature.bind(*by_position, **by_name)
        signature.bind(None, **dict.fromkeys([*by_position[1:], *by_name]))
    except TypeError as error:
        message = f"{name}{signature} cannot be called as {inspect.signature(described)}: {error}"
        raise AssertionError(message) from None


def _process() -> dict[str, Any]:
    return {
        "environment": dict(os.environ),
        "folder": Path.cwd(),
        "handlers": list(logging.getLogger().handlers),
        "level": logging.getLogger().level,
    }
