"""The suites that authors of extensions derive from: they pass what is good and fail the rest."""

from __future__ import annotations

import os
import pkgutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import pytest

import lolpop_graph as lg
from lolpop_graph import testing
from lolpop_graph.component.data_connector.base import BaseDataConnector
from lolpop_graph.component.data_connector.files import check_names
from lolpop_graph.testing import DataConnectorConformance, conformance


class Shelf:
    """Somebody else's connector, which knows nothing of us: it keeps tables in memory."""

    helper: object

    def __init__(self, data_folder: str, label: str) -> None:
        """Take two keys of the config; the peer `helper` is set later."""
        self.tables: dict[str, pd.DataFrame] = {}
        self.prefix = f"{data_folder}/{label}/"

    def load(self, source: str) -> pd.DataFrame:
        """A copy of what was saved."""
        name = self.prefix + source.removeprefix(self.prefix)
        return self.tables[name].copy()

    def save(self, table: pd.DataFrame, target: str) -> str:
        """Keep a copy."""
        check_names(table)
        self.tables[self.prefix + target] = table.reset_index(drop=True)
        return self.prefix + target


class Helper(lg.BaseComponent):
    """A peer that has to be there."""


class TestSomebodyElsesConnector(DataConnectorConformance):
    """The suite over a class that is not ours, with a config and a peer."""

    part = Shelf
    config = {"label": "spare"}
    peers = {"helper": Helper}
    peer_config = {"helper": {"loud": True}}

    def test_config_and_peers_are_there(self, built: Shelf, build_part: Callable[..., Any]) -> None:
        """What the test class says reaches the part; `build_part` changes single keys."""
        assert built.prefix.endswith("/spare/")
        assert isinstance(built.helper, Helper)
        assert built.helper.config == {"loud": True}
        assert build_part(label="other").prefix.endswith("/other/")


class TestWhatIsClosed(DataConnectorConformance):
    """Workflows of a test are closed when it is over."""

    closed: list[object] = []

    class Closing(Shelf):
        """Says when it is closed."""

        def close(self) -> None:
            """Remember it."""
            TestWhatIsClosed.closed.append(self)

    part = Closing
    config = {"label": ""}
    peers = {"helper": Helper}

    def test_the_part_of_the_test_before_is_closed(self, built: Any) -> None:
        """The one of this test is not, and those of the inherited tests are."""
        assert built not in self.closed
        assert self.closed


class Lacking:
    """A connector that cannot save."""

    def load(self, source: str) -> pd.DataFrame:
        """Nothing."""
        return pd.DataFrame({"source": [source]})


class Describing(BaseDataConnector):
    """A connector that inherits what is to be implemented."""


class Demanding(BaseDataConnector):
    """A connector that wants more than it is given."""

    def load(self, source: str, encoding: str) -> pd.DataFrame:
        """A table of both."""
        return pd.DataFrame({source: [encoding]})

    def save(self, table: pd.DataFrame, target: str) -> str:
        """Nowhere."""
        return f"{target}{len(table)}"


class Renaming(Demanding):
    """A connector whose parameters have names of their own."""

    def load(self, file: str) -> pd.DataFrame:  # type: ignore[override]  # what is tried
        """A table."""
        return pd.DataFrame({"file": [file]})


@pytest.mark.parametrize(
    ("cls", "said"),
    [
        (Lacking, "Lacking has no save"),
        (Describing, "Describing does not implement load"),
        (Demanding, "cannot be called as .*missing a required argument: 'encoding'"),
        (Renaming, "cannot be called as "),
    ],
)
def test_methods_that_are_not_as_described_are_told(cls: type, said: str) -> None:
    """By the name of the class and of the method."""

    class Suite(DataConnectorConformance):
        part = cls

    with pytest.raises(AssertionError, match=said):
        Suite().test_it_has_every_method_of_its_type()


def test_a_part_that_changes_the_process_is_told() -> None:
    """Another value in the environment is enough."""
    suite = DataConnectorConformance()
    with pytest.MonkeyPatch.context() as patch:

        def build_part() -> None:
            patch.setenv("LOLPOP_GRAPH_TRIED", "1")

        with pytest.raises(AssertionError):
            suite.test_it_leaves_the_process_as_it_was(build_part)
    assert "LOLPOP_GRAPH_TRIED" not in os.environ


class BaseGreeter(lg.BaseComponent):
    """A type that somebody else has made up."""

    def greet(self, name: str) -> str:
        """The words for somebody."""
        raise NotImplementedError

    def shout(self, name: str) -> str:
        """The same, louder; nobody has to write it again."""
        return self.greet(name).upper()


class GreeterConformance(testing.Conformance):
    """The suite that they have made for it."""

    part_type = "greeter"
    base = BaseGreeter

    def test_the_name_is_in_it(self, built: Any) -> None:
        """Whoever is greeted is named."""
        assert "Ada" in built.greet("Ada")


class Greeter(BaseGreeter):
    """One such part."""

    def greet(self, name: str) -> str:
        """In English."""
        return f"Hello, {name}!"


class TestTypesOfOthers(GreeterConformance):
    """A suite for a type that is not ours."""

    part = Greeter

    def test_a_part_has_to_greet(self) -> None:
        """What the type's base class leaves open is asked for, and nothing else."""

        class Suite(GreeterConformance):
            part = BaseGreeter

        with pytest.raises(AssertionError, match="BaseGreeter does not implement greet"):
            Suite().test_it_has_every_method_of_its_type()


def test_every_suite_is_offered() -> None:
    """By its module's name, as a name of `lolpop_graph.testing`."""
    modules = [each.name for each in pkgutil.iter_modules(conformance.__path__)]
    names = {f"{module.title().replace('_', '')}Conformance" for module in modules}
    assert {"Conformance", *names} == {
        name for name in testing.__all__ if name.endswith("Conformance")
    }
    for name in names:
        assert issubclass(getattr(testing, name), testing.Conformance)


def test_suites_and_libraries_are_imported_when_they_are_asked_for() -> None:
    """A test file that imports the package waits for none of them."""
    code = "import sys, lolpop_graph.testing; print(sorted({'pandas', 'sklearn'} & {*sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"


def test_suites_are_found_by_the_names_of_types() -> None:
    """The suite of a type is imported when it is asked for; another name is no attribute."""
    assert testing.DataConnectorConformance is DataConnectorConformance
    with pytest.raises(AttributeError, match="no attribute 'TeaKettleConformance'"):
        _ = testing.TeaKettleConformance


def test_the_document_can_be_written_out(tmp_path: Any) -> None:
    """A suite's workflow declares the part and its peers by the names of their classes."""
    suite = TestSomebodyElsesConnector()
    document: Mapping[str, Any] = suite.document(tmp_path, {"label": "x"})
    assert document["component"] == {"data_connector": "Shelf", "helper": "Helper"}
    assert document["data_connector"] == {"config": {"label": "x"}}
