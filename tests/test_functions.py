"""Functions that config keys name: where they are looked for, what is trusted, what is wrong."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

import lolpop_graph as lg
from lolpop_graph import faults as f

CHECKS = """\
import os
from os.path import join
from dataclasses import dataclass

LIMIT = 3

def clean(table):
    return table + 1

def double(table):
    return table * 2

class Callable:
    def __call__(self, table): return table

instance = Callable()
short = lambda table: table
"""


class Transformer(lg.BaseComponent):
    """Calls the function that its config names."""

    __FUNCTION_CONF__ = ["function"]

    def transform(self, table: int) -> Any:
        """What the function makes of a table."""
        return self._get_function("function")(table)


class Asking(lg.BaseComponent):
    """Asks for a function without having declared it."""

    def ask(self) -> Any:
        """The function, or None."""
        return self._get_function("function")


@pytest.fixture(name="folder")
def folder_with_functions(tmp_path: Path) -> Path:
    """A folder with a file of functions, and a package of them."""
    folder = tmp_path / "work"
    package = folder / "checks"
    package.mkdir(parents=True)
    (folder / "functions.py").write_text(CHECKS, encoding="utf-8")
    (folder / "broken.py").write_text("import functions\n", encoding="utf-8")
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "base.py").write_text("def three(table):\n    return 3\n", encoding="utf-8")
    text = "from .base import three\ndef six(table):\n    return 2 * three(table)\n"
    (package / "derived.py").write_text(text, encoding="utf-8")
    (tmp_path / "outside.py").write_text("def steal(table):\n    return table\n", "utf-8")
    return folder


def built(folder: Path, value: str, cls: type = Transformer, **options: Any) -> lg.Workflow:
    """A workflow file with one component, whose key `function` has a value."""
    (folder / "workflow.yaml").write_text(
        f"component: {{part: {cls.__name__}}}\npart: {{config: {{function: {value}}}}}\n",
        encoding="utf-8",
    )
    return lg.build(folder / "workflow.yaml", classes=[cls], **options)


@pytest.mark.parametrize(
    ("value", "result"),
    [
        ("functions.py:clean", 6),
        ("./functions.py:double", 10),
        ("functions.py:short", 5),
        ("checks/base.py:three", 3),
        ("checks/derived.py:six", 6),
        ("checks/derived.py:three", 3),
    ],
)
def test_functions_of_files_are_called(folder: Path, value: str, result: int) -> None:
    """A file below the workflow's folder gives its functions, and its neighbours in a package."""
    modules = sys.path[:]
    with built(folder, value) as workflow:
        assert workflow.root.part.transform(5) == result
    assert sys.path == modules


@pytest.mark.parametrize(
    ("value", "fault", "words"),
    [
        ("functions.py:claen", f.FunctionMissing, "did you mean `clean`?"),
        ("functions.py:nothing_like_it", f.FunctionMissing, "it has `clean`, `double` and"),
        ("function.py:clean", f.FunctionFileRefused, "did you mean `functions.py`?"),
        ("../outside.py:steal", f.FunctionFileRefused, "lies outside the folder"),
        ("checks:six", f.FunctionMissing, "there is no module `checks`"),
        ("functions.py:LIMIT", f.NotAFunction, "no function but an int"),
        ("functions.py:os", f.NotAFunction, "no function but a module"),
        ("functions.py:Callable", f.NotAFunction, "no function but a class"),
        ("functions.py:instance", f.NotAFunction, "no function but a Callable"),
        ("functions.py:join", f.FunctionNotTrusted, "comes from `posixpath`"),
        ("os.path:join", f.FunctionNotTrusted, "comes from `os.path`"),
        ("lolpop_graph.files:write_whole", f.NotAFunction, "a part of lolpop_graph itself"),
        ("lolpop_graph.no_such:thing", f.FunctionMissing, "no module `lolpop_graph.no_such`"),
        ("broken.py:clean", f.ImportFailed, "put both into a folder with an `__init__.py`"),
        ("functions.py", f.FunctionMalformed, "write `functions.py:name`"),
        ("functions.clean", f.FunctionMalformed, "write `functions:clean`"),
        ("functions.py:__builtins__", f.FunctionMalformed, "write `file.py:name`"),
        ("3", f.FunctionMalformed, "must name a function and is a number"),
        ("''", f.FunctionMalformed, "is an empty text"),
    ],
)
def test_what_is_wrong_is_told_before_anything_is_built(
    folder: Path, value: str, fault: type[lg.Fault], words: str
) -> None:
    """Each way to name no function has its fault, at the value, and where it can be its cure."""
    with pytest.raises(lg.WorkflowError) as raised:
        built(folder, value)
    (found,) = raised.value.faults
    assert isinstance(found, fault)
    assert words in str(found)
    assert found.place
    assert (found.place.line, found.place.column) == (2, 27)


def test_links_that_lead_out_are_refused(folder: Path) -> None:
    """Neither a file nor a package of functions may lie elsewhere in truth."""
    (folder / "link.py").symlink_to(folder.parent / "outside.py")
    (folder / "checks" / "more.py").symlink_to(folder.parent / "outside.py")
    for value in ("link.py:steal", "checks/base.py:three"):
        with pytest.raises(lg.WorkflowError, match="LG532"):
            built(folder, value)


def test_packages_are_trusted_by_the_caller_alone(folder: Path) -> None:
    """A function of a package is had once the caller trusts the package."""
    with pytest.raises(lg.WorkflowError, match="LG535"):
        built(folder, "posixpath:basename")
    with built(folder, "posixpath:basename", trust=["posixpath"]) as workflow:
        assert workflow.root.part.transform("a/b") == "b"


def test_functions_that_lie_about_their_module_are_refused(folder: Path) -> None:
    """A module that is trusted has to hold what says that it comes from there."""
    text = "def liar(table):\n    return table\nliar.__module__ = 'lolpop_graph.component'\n"
    (folder / "lying.py").write_text(text, encoding="utf-8")
    with pytest.raises(lg.WorkflowError, match="says that it comes from"):
        built(folder, "lying.py:liar")


def test_python_may_give_the_function_itself() -> None:
    """In a mapping, by an override and by `_set_config`, a function stands for itself."""
    conf = {"component": {"part": "Asking"}, "part": {"config": {"function": len}}}
    with lg.build(conf, classes=[Asking]) as workflow:
        part = workflow.root.part
        assert part.ask() is len
        part._set_config("function", max)
        assert part.ask() is max


def test_unset_and_null_keys_have_no_function(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the key there is no function, whatever the environment has."""
    monkeypatch.setenv("FUNCTION", "posixpath:join")
    for conf in ({}, {"part": {"config": {"function": None}}}):
        with lg.build({"component": {"part": "Asking"}}, conf, classes=[Asking]) as workflow:
            assert workflow.root.part.ask() is None


def test_undeclared_keys_raise_where_they_are_asked_for(folder: Path) -> None:
    """A class that has not declared its key gets the fault with its place all the same."""
    with (
        built(folder, "functions.py:claen", Asking) as workflow,
        pytest.raises(lg.WorkflowError, match=r"workflow.yaml:2:27: error LG531"),
    ):
        workflow.root.part.ask()


def test_an_overlay_names_files_of_its_own_folder(folder: Path) -> None:
    """A file is looked for in the folder of the file that names it."""
    built(folder, "functions.py:clean").close()
    other = folder / "other"
    other.mkdir()
    text = "def clean(table):\n    return 'other'\n"
    (other / "functions.py").write_text(text, encoding="utf-8")
    overlay = "part: {config: {function: functions.py:clean}}\n"
    (other / "prod.yaml").write_text(overlay, encoding="utf-8")
    files = folder / "workflow.yaml", other / "prod.yaml"
    with lg.build(*files, classes=[Transformer]) as workflow:
        assert workflow.root.part.transform(1) == "other"
