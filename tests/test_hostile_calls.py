"""Paths that lead out of a workflow's folder, and methods that nobody may call."""

from __future__ import annotations

from pathlib import Path

import pytest

import lolpop_graph as lg
from lolpop_graph.cli import main

CODE = """
from pathlib import Path
import lolpop_graph as lg
Path({log!r}).touch()
class Thing(lg.BaseRunner):
    field = 1
    _hidden = print
    def __init__(self): Path({built!r}).touch()
    def _private(self): Path({built!r}).touch()
    def work(self): return "worked"
"""


class World:
    """A folder with a workflow in `inside`, and code beside it that says when it is imported."""

    def __init__(self, folder: Path) -> None:
        """Write the code, inside and outside."""
        self.imported, self.built = folder / "imported", folder / "built"
        self.inside = folder / "inside"
        code = CODE.format(log=str(self.imported), built=str(self.built))
        for name in ("outside", "inside/plugins", "inside-too", "inside/deep"):
            (folder / name).mkdir(parents=True)
            (folder / name / "thing.py").write_text(code, encoding="utf-8")
        (self.inside / "link").symlink_to(folder / "outside")
        (self.inside / "link.py").symlink_to(folder / "outside" / "thing.py")
        (self.inside / "round").symlink_to("round")
        self.file = self.inside / "workflow.yaml"

    def write(self, paths: str, file: str = "workflow.yaml") -> Path:
        """Write a workflow whose root is the class, looked for in these plug-in paths."""
        path = self.inside / file
        path.write_text(f"runner: Thing\nconfig: {{plugin_paths: {paths}}}\n", encoding="utf-8")
        return path


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world, in whose `outside` whoever calls stands."""
    made = World(tmp_path)
    monkeypatch.chdir(tmp_path / "outside")
    return made


@pytest.mark.parametrize(
    "path",
    [
        "..", "../outside", "../outside/thing.py", "../inside-too", "plugins/../../outside", "link",
        "link/thing.py", "link.py", "./link/../../outside", "round", "/", "//", "/etc", "~",
        "$HOME", "{folder}/outside", "{folder}/inside/../outside", "file:../outside",
        "..\\\\outside", "\\0", "plugins\\0/../../outside", "nowhere", "{long}",
        "\\uFF0E\\uFF0E/outside",
    ],
)  # fmt: skip
def test_plugin_paths_stay_below_the_files_folder(world: World, path: str) -> None:
    """Nothing out there is imported, however it is written; one fault says so, at the path."""
    text = path.replace("{folder}", str(world.inside.parent)).replace("{long}", "x" * 5_000)
    world.write(f'["{text.replace("$", "$$")}"]')
    with pytest.raises(lg.WorkflowError) as caught:
        lg.build(world.file)
    (fault,) = caught.value.faults
    assert fault.code == "LG506"
    assert fault.place.line == 2
    assert not world.imported.exists()


def test_plugin_paths_are_those_of_the_file_that_names_them(world: World) -> None:
    """Not of the current folder, and not of another layer's file."""
    world.write("[plugins]")
    with lg.build(world.file) as workflow:
        assert workflow.root.work() == "worked"
    world.file.write_text("runner: Thing\n", encoding="utf-8")
    overlay = world.write("[thing.py]", "deep/overlay.yaml")
    with lg.build(world.file, overlay) as workflow:
        assert workflow.root.work() == "worked"


def test_the_caller_may_allow_more(world: World) -> None:
    """A path that the call names may lie anywhere."""
    world.file.write_text("runner: Thing\n", encoding="utf-8")
    with lg.build(world.file, plugin_paths=[world.inside.parent / "outside"]) as workflow:
        assert workflow.root.work() == "worked"


METHODS = sorted(
    {
        *dir(lg.BaseRunner),
        "_private",
        "_hidden",
        "field",
        "nothing",
        "work.__call__",
        "work()",
        "",
        " ",
    }
)


@pytest.mark.parametrize("method", METHODS)
def test_methods_that_are_not_public_are_never_called(
    world: World, method: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The call is at fault before anything is built, and is told which methods there are."""
    world.write("[plugins]")
    assert main(["run", str(world.file), "--", method]) == 2
    assert not world.built.exists()
    said = capsys.readouterr().err
    assert "`work`" in said
    assert said.count(": error LG") == 1


def test_public_methods_are_called(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """The one that the class adds is."""
    world.write("[plugins]")
    assert main(["run", str(world.file), "work"]) == 0
    assert capsys.readouterr().out == "worked\n"
    assert world.built.exists()
