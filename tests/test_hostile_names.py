"""Names that want more than a name may: of integrations, of classes, and of what is imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import lolpop_graph as lg
from tests.toys import exported

# Names of integrations ------------------------------------------------------------------------

NAMES = dir(lg.BaseIntegration)
LAYERS: dict[str, Any] = {
    "component": lambda name: {"component": {name: "Toy"}},
    "pipeline": lambda name: {"pipeline": {name: "Toy"}},
    "component of a pipeline": lambda name: {
        "pipeline": {"train": "Toy"},
        "train": {"component": {name: "Toy"}},
    },
    "runner": lambda name: {"runner": {name: "Toy"}},
    "widget": lambda name: {
        "integration_framework": {"runner": {"component": {"widget": None}}},
        "component": {"a": "Toy"},
        "a": {"widget": {name: "Toy"}},
    },
}


@pytest.mark.parametrize("layer", LAYERS)
def test_names_that_every_integration_has_are_refused(layer: str) -> None:
    """In each layer, by `plan` and by `validate`, and with one fault at the name."""
    for name in NAMES:
        conf = LAYERS[layer](name)
        if name == "config":
            # In a section that is the layer's config, of which a class's name is none.
            assert [fault.code for fault in lg.validate(conf)] == ["LG107"]
            continue
        (fault,) = lg.validate(conf)
        assert fault.code in {"LG303", "LG304"}, name
        assert str(fault.place).endswith(name)
        with pytest.raises(lg.WorkflowError) as caught:
            lg.plan(conf, classes=exported())
        assert caught.value.faults == (fault,)


def test_there_are_names_to_refuse() -> None:
    """Those of Python's own objects, those that start with one underscore, and public ones."""
    assert {"__class__", "__init__", "__dict__", "_get_config", "log", "config"} <= set(NAMES)


# Names of classes -----------------------------------------------------------------------------

OURS = (
    "lolpop_graph.cli.common:Path", "lolpop_graph.cli.common.Path",
    "lolpop_graph.cli.common:click.Path", "lolpop_graph.cli.common:Override",
    "lolpop_graph.cli:_LazyGroup", "lolpop_graph.cli:main", "lolpop_graph.cli.run:command",
    "lolpop_graph.document:os.system", "lolpop_graph.document.os.system",
    "lolpop_graph.document:Document", "lolpop_graph.files:write_whole",
    "lolpop_graph.classes.loading:importlib.os.system", "lolpop_graph.classes.loading:importlib",
    "lolpop_graph.classes.loading:ModuleType", "lolpop_graph.classes.loading:load_module",
    "lolpop_graph.classes.loading:ModuleAbsentError",
    "lolpop_graph.classes.plugins:SourceFileLoader",
    "lolpop_graph.classes.plugins:_UncachedLoader", "lolpop_graph.classes.plugins:_PluginFinder",
    "lolpop_graph.classes.plugins:Plugin", "lolpop_graph.classes:ClassFinder",
    "lolpop_graph.reader:yaml.UnsafeLoader", "lolpop_graph.reader:Parser",
    "lolpop_graph.reader:Limits", "lolpop_graph.block:array", "lolpop_graph.block:Block",
    "lolpop_graph.framework:Framework", "lolpop_graph:Framework", "lolpop_graph:Workflow",
    "lolpop_graph:build", "lolpop_graph:plan", "lolpop_graph.workflow:Plan",
    "lolpop_graph.errors:WorkflowError", "lolpop_graph.errors:Fault",
    "lolpop_graph.faults:ClassMissing", "lolpop_graph.model:Integration",
    "lolpop_graph.model.Place", "lolpop_graph.instantiate:Builder", "lolpop_graph.wired:Wired",
    "lolpop_graph.wired:Absent", "lolpop_graph.integration:BaseIntegration.__subclasses__",
    "lolpop_graph.integration:BaseComponent.mro", "lolpop_graph.integration:BaseIntegration.log",
    "lolpop_graph.integration:BaseIntegration.config.fget",
    "lolpop_graph.integration:BaseCompｏnent",
    "lolpop_graph.component.logger.standard:logging.os.system",
    "visualize.render:subprocess.Popen", "visualize:render",
)  # fmt: skip
FOREIGN = (
    "os.path:os.system", "os.path.os.system", "ｏｓ:system", "os :system", " os:system",
    "os: system", "os:system ", "os.system()", "os:system;", "os\tsystem", "os:system\n",
    "os\u200b:system", "__builtins__:eval", "__builtins__.eval", "builtins.__import__", "eval",
    "exec", "type", "object", "Popen", "system", "types:FunctionType", "functools:partial",
    "multiprocessing:Process", "threading:Timer", "socket:socket", "tempfile:TemporaryDirectory",
    "io:FileIO", "_io:open", "_posixsubprocess:fork_exec", "yaml:UnsafeLoader", "networkx:DiGraph",
    "click:Group", "pip:main", "_sitebuiltins:Quitter", "lolpop-graph:X",
    "lolpop_graph/../os:system", "LOLPOP_GRAPH.cli:main", "lolpop_graph..cli:main",
    "ｌolpop_graph.integration:BaseComponent", "__main__:Path", "lolpop_graph_plugin_plugins_0:Toy",
    "$config.kind", "${config.kind}",
)  # fmt: skip
LIES = {
    "a re-exported class": "class Popen: pass\nfrom subprocess import Popen",
    "a re-exported function": "class Popen: pass\nfrom os import system as Popen",
    "a re-exported builtin": "class Popen: pass\nPopen = eval",
    "a module": "class Popen: pass\nimport os as Popen",
    "a bound method": "class Popen: pass\nimport subprocess\nPopen = subprocess.Popen.mro",
    "a partial": "class Popen: pass\nimport os, functools as f\nPopen = f.partial(os.system, 'x')",
    "a class of another module": "class Popen: pass\nfrom logging import FileHandler as Popen",
    "another module's name": "import sys\nclass Popen:\n    __module__ = 'subprocess'",
    "our module's name": "class Popen:\n    __module__ = 'lolpop_graph.errors'",
    "no module's name": "class Popen:\n    __module__ = None",
    "a property as its module": "class Popen:\n    __module__ = property(lambda self: 'os')",
    "a metaclass that says otherwise": (
        "import subprocess\n"
        "class Meta(type):\n    __module__ = property(lambda cls: __name__)\n"
        "Popen = subprocess.Popen\nclass Popen(subprocess.Popen, metaclass=Meta):\n"
        "    __module__ = 'subprocess'"
    ),
    "an object that says it is a class": (
        "import os\nclass Popen:\n    __class__ = type\n"
        "    def __call__(self, command): os.system(command)\nPopen = Popen()"
    ),
    "a name that a lookup computes": (
        "class Popen: pass\ndel Popen\ndef __getattr__(name):\n    import os\n    return os.system"
    ),
}


class Trap:
    """A folder with a workflow whose configs would let most callables write the canary file."""

    def __init__(self, folder: Path) -> None:
        """Set it up in an empty folder."""
        self.file = folder / "workflow.yaml"
        self.canary = folder / "canary"
        (folder / "plugins").mkdir()

    def codes(self, class_name: str) -> list[str]:
        """The codes of the faults that keep a class of this name from being built."""
        command = f"touch {self.canary}"
        config = {
            **dict.fromkeys(("command", "cmd", "source", "function", "kind", "x"), command),
            **dict.fromkeys(("path", "filename", "file", "name", "dir"), str(self.canary)),
            **{key: command.split() for key in ("args", "argv", "arguments", "cmdline")},
            "mode": "w", "plugin_paths": ["plugins"], "search_paths": ["os", "subprocess", "io"],
        }  # fmt: skip
        conf = {"component": {"a": class_name, "config": config}, "a": {"config": config}}
        self.file.write_text(json.dumps(conf), encoding="utf-8")
        with pytest.raises(lg.WorkflowError) as caught:
            lg.build(self.file)
        assert not self.canary.exists()
        assert str(caught.value)
        return [fault.code for fault in caught.value.faults]


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Trap]:
    """A trap that nothing has gone off in, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    yield Trap(tmp_path)
    assert not (tmp_path / "canary").exists()


@pytest.mark.parametrize("name", [*OURS, *FOREIGN])
def test_hostile_class_names_build_nothing(trap: Trap, name: str) -> None:
    """Each is one fault: no such class, no class, or not trusted."""
    (code,) = trap.codes(name)
    assert code in ({"LG401"} if "$" in name and "config" in name else {"LG501", "LG504", "LG505"})


@pytest.mark.parametrize("source", LIES.values(), ids=LIES)
def test_plugins_bring_only_classes_of_their_own(trap: Trap, source: str) -> None:
    """A plug-in that holds something else under a class's name brings nothing by that name."""
    (trap.file.parent / "plugins" / "plugin.py").write_text(source, encoding="utf-8")
    (code,) = trap.codes("Popen")
    assert code in {"LG501", "LG504", "LG505"}


@pytest.mark.parametrize(
    "target",
    ["os:system", "os", ":", "", "builtins:eval", "acme:Popen", "subprocess:Popen", "pathlib:Path"],
)
def test_entry_points_bring_only_classes(
    trap: Trap, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    """A distribution that registers what is Python's own brings no class, and no trust."""
    info = trap.file.parent / "lib" / "evil-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[lolpop_graph.component]\nThing = {target}\n")
    monkeypatch.syspath_prepend(str(info.parent))
    assert set(trap.codes("Thing")) <= {"LG501", "LG504", "LG505"}


def test_the_trap_works(trap: Trap, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is trusted is called with the config, so that the canary would be there."""
    source = "import os\nclass Popen:\n    def __init__(self, command): os.system(command)"
    (trap.file.parent / "plugins" / "plugin.py").write_text(source, encoding="utf-8")
    with pytest.raises(pytest.fail.Exception):
        trap.codes("Popen")
    assert trap.canary.exists()
    trap.canary.unlink()


def test_classes_that_the_caller_gives_are_not_judged() -> None:
    """Who gives a part of this project from Python may have it."""
    conf = {"component": {"a": "Limits"}, "a": {"config": {"depth": 1}}}
    with lg.build(conf, classes=[lg.Limits]) as workflow:
        assert type(workflow["runner.a"]) is lg.Limits


# What is imported -----------------------------------------------------------------------------

WATCH = """
    import json, os, sys
    from lolpop_graph.cli import main
    import lolpop_graph.cli.draw, lolpop_graph.cli.plan, lolpop_graph.cli.validate
    import lolpop_graph.workflow

    mine = os.getcwd()
    seen = []

    def watch(event, args):
        if event == "import":
            seen.append(args[0]) if args[0].partition(".")[0] in {"acme", "plugin"} else None
            file = args[1]
        elif event == "exec":
            file = args[0].co_filename
        elif event in {"compile", "open"}:
            file = args[1] if event == "compile" else args[0]
        else:
            return
        name = os.path.join(mine, os.fsdecode(file)) if isinstance(file, (str, bytes)) else ""
        if name.startswith(mine) and name.endswith((".py", ".pyc", ".so", ".pth")):
            seen.append(name)

    sys.addaudithook(watch)
    code = main(sys.argv[1:])
    print()
    print(json.dumps([code, seen]))
"""
WORKFLOW = """
runner: acme.runners:Runner
component: {a: Plugged, b: acme:Thing, c: acme.deep.mod.Thing, config: {plugin_paths: [plugins]}}
pipeline: {p: Registered, config: {search_paths: [acme]}}
p: {component: {x: Thing, config: {plugin_paths: plugins/plugin.py}}}
a: {config: {b: $component.b, c: "${env:PATH}"}}
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a workflow, the plug-ins and packages that it names, and modules in our way."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "workflow.yaml").write_text(WORKFLOW, encoding="utf-8")
    source = "from lolpop_graph import BaseComponent as Base\nclass Thing(Base): pass\n"
    source += "class Plugged(Thing): pass\n"
    names = ("acme/__init__", "acme/runners", "acme/deep/mod", "plugins/plugin", "yaml", "graphviz")
    for name in (*names, "component", "sitecustomize", "conftest", "setup"):
        file = folder / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source, encoding="utf-8")
    return folder


def watched(folder: Path, *arguments: str) -> tuple[int, list[str]]:
    """The exit code of a command, and what of the folder was imported, compiled, run or opened."""
    command = [sys.executable, "-P", "-c", textwrap.dedent(WATCH), *arguments]
    place = Path(lg.__file__).parent.parent
    path = os.pathsep.join((str(place), *filter(None, [os.environ.get("PYTHONPATH")])))
    result = subprocess.run(
        command, cwd=folder, env={**os.environ, "PYTHONPATH": path},
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    code, seen = json.loads(result.stdout.splitlines()[-1])
    return code, seen


@pytest.mark.parametrize(
    "arguments",
    [
        ["plan", "workflow.yaml"],
        ["plan", "workflow.yaml", "--json", "--trust", "acme", "--plugin-path", "plugins"],
        ["validate", "workflow.yaml"],
        ["validate", "workflow.yaml", "--json", "--trust", "acme", "--root-class", "acme:Thing"],
        ["draw", "workflow.yaml"],
        ["draw", "workflow.yaml", "-o", "picture.svg", "--links", "all", "--trust", "acme"],
    ],
)
def test_planning_validating_and_drawing_run_nothing_of_the_users(
    project: Path, arguments: list[str]
) -> None:
    """No module of theirs is imported, and no Python file in their folder so much as opened."""
    assert watched(project, *arguments) == (0, [])


def test_the_watch_sees_what_is_imported(project: Path) -> None:
    """Finding the classes runs them, and is seen to."""
    _, seen = watched(project, "validate", "workflow.yaml", "--classes")
    assert str(project / "plugins" / "plugin.py") in seen
