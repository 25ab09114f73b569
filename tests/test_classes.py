"""Class names: where they are looked up, what is imported for them, and what is trusted."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import lolpop_graph
from lolpop_graph.classes import ClassFinder, places
from lolpop_graph.errors import Fault
from lolpop_graph.faults import (
    ClassAmbiguous,
    ClassMissing,
    ImportFailed,
    NotAClass,
    NotTrusted,
    PluginPathRefused,
)
from lolpop_graph.model import Place

CANARY = "import pathlib\nwith open({log!r}, 'a') as log: log.write(__name__ + '\\n')\n"


class World:
    """A folder of modules; each of them that is imported leaves its name in a file."""

    def __init__(self, folder: Path) -> None:
        """Start with nothing in it."""
        self.folder = folder
        self.log = folder / "imported.txt"

    def write(self, file: str, source: str = "", *, canary: bool = True) -> Path:
        """Write a module, or an `__init__.py` for a name that ends in a slash."""
        path = self.folder / (f"{file}__init__.py" if file.endswith("/") else file)
        path.parent.mkdir(parents=True, exist_ok=True)
        first = CANARY.format(log=str(self.log)) if canary else ""
        path.write_text(first + textwrap.dedent(source), encoding="utf-8")
        return path

    def entry_points(self, group: str, lines: str, name: str = "acme") -> None:
        """Write the metadata of an installed distribution with entry points."""
        info = self.folder / "lib" / f"{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{group}]\n{lines}\n")

    @property
    def imported(self) -> list[str]:
        """The modules that were imported, in order."""
        return self.log.read_text().split() if self.log.exists() else []


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A world whose `lib` is on sys.path and whose `own` adds to the package lolpop_graph."""
    (tmp_path / "lib").mkdir()
    (tmp_path / "project").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path / "lib"))
    monkeypatch.chdir(tmp_path / "project")
    own = tmp_path / "own" / "lolpop_graph"
    own.mkdir(parents=True)
    monkeypatch.setattr(lolpop_graph, "__path__", [*lolpop_graph.__path__, str(own)])
    before = set(sys.modules)
    yield World(tmp_path)
    for name in set(sys.modules) - before:
        if name.startswith(("lolpop_graph.extension", "lolpop_graph.widget")) or _lies_in(
            sys.modules[name], tmp_path
        ):
            del sys.modules[name]


def _lies_in(module: Any, folder: Path) -> bool:
    return str(getattr(module, "__file__", None) or "").startswith(str(folder))


def fault(found: type | Fault, kind: type[Fault]) -> Any:
    """The fault, which is of this kind."""
    assert type(found) is kind, found
    return found


# Places -------------------------------------------------------------------------------------

OWN = "own/lolpop_graph/"
EXTENSION = OWN + "extension/"


def fill_places(world: World) -> dict[str, Any]:
    """Define `Thing` in every place, and say how to search them all."""
    world.write("plugins/thing.py", "class Thing: place = 'plugin'")
    world.write(OWN + "widget/")
    world.write(OWN + "widget/deep/er/thing.py", "class Thing: place = 'own'")
    world.write(EXTENSION + "acme/widget/thing.py", "class Thing: place = 'extension'")
    world.write("lib/acme_entry.py", "class Thing: place = 'entry point'")
    world.entry_points("lolpop_graph.widget", "Thing = acme_entry:Thing")
    world.write("lib/searched/")
    world.write("lib/searched/thing.py", "class Thing: place = 'search path'")
    return {"plugin_paths": [world.folder / "plugins"], "search_paths": ["searched"]}


def test_the_places_are_searched_in_their_order(world: World) -> None:
    """What an earlier place has hides what a later one has."""
    paths = fill_places(world)
    given = type("Thing", (), {"place": "given"})
    places = ["plugins", OWN + "widget", EXTENSION + "acme", "lib/acme-1.0.dist-info"]
    found = [ClassFinder(classes=[given]).find("Thing", "widget", **paths)]
    for gone in places:
        found.append(ClassFinder(trust=["searched"]).find("Thing", "widget", **paths))
        (world.folder / gone).rename(world.folder / f"gone{len(found)}")
        paths["plugin_paths"] = []
    found.append(ClassFinder(trust=["searched"]).find("Thing", "widget", **paths))
    assert [cls.place for cls in found] == [
        "given", "plugin", "own", "extension", "entry point", "search path",
    ]  # fmt: skip


def test_only_the_module_that_defines_the_class_is_imported(world: World) -> None:
    """Its neighbours are read and not run; the packages above it cannot be avoided."""
    world.write(OWN + "widget/")
    world.write(OWN + "widget/one/")
    world.write(OWN + "widget/one/thing.py", "class Thing: pass")
    world.write(OWN + "widget/one/other.py", "class Other: pass")
    world.write(OWN + "widget/two/", "class Two: pass")
    world.write(EXTENSION + "acme/widget/third.py", "class Third: pass")
    assert isinstance(ClassFinder().find("Thing", "widget"), type)
    assert world.imported == [
        "lolpop_graph.widget", "lolpop_graph.widget.one", "lolpop_graph.widget.one.thing",
    ]  # fmt: skip


def test_listing_what_is_known_imports_nothing(world: World) -> None:
    """The names come from every place, without those that start with an underscore."""
    paths = fill_places(world)
    world.write(EXTENSION + "acme/widget/more.py", "class More: pass\nclass _Private: pass")
    given = type("Given", (), {})
    known = ClassFinder(classes=[given]).known("widget", **paths)
    assert known == ("Given", "More", "Thing")
    assert world.imported == []


@pytest.mark.parametrize("file", ["widget/x.py", "acme/widget/x.py", "acme/widget.py"])
def test_extensions_need_no_init_files(world: World, file: str) -> None:
    """The namespace is found directly below `extension` and in any package below that."""
    world.write(EXTENSION + file, "class Thing: pass")
    assert isinstance(ClassFinder().find("Thing", "widget"), type)


def test_extensions_of_several_distributions_are_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each entry of the package's path may hold a part of the namespace."""
    world.write(EXTENSION + "acme/widget/x.py", "class Acme: pass")
    world.write("more/lolpop_graph/extension/brick/widget/x.py", "class Brick: pass")
    more = str(world.folder / "more/lolpop_graph")
    hook = "__editable__.brick.finder.__path_hook__"
    monkeypatch.setattr(lolpop_graph, "__path__", [*lolpop_graph.__path__, hook, more])
    finder = ClassFinder()
    assert isinstance(finder.find("Acme", "widget"), type)
    assert isinstance(finder.find("Brick", "widget"), type)


@pytest.mark.parametrize("layer", ["2nd-stage", "on", "étape", "a.b", "", "class", "extension"])
def test_a_layer_may_have_any_name(world: World, layer: str) -> None:
    """Where the name is no package's there is simply no package."""
    missing = fault(ClassFinder().find("Nothing", layer), ClassMissing)
    assert missing.layer == layer


def test_a_layer_called_like_a_module_of_ours_does_not_see_into_it() -> None:
    """`lolpop_graph.model` is no place for the classes of a layer `model`."""
    finder = ClassFinder()
    for name, layer in [("Place", "model"), ("ClassFinder", "classes"), ("Fault", "errors")]:
        assert isinstance(finder.find(name, layer), ClassMissing)


def test_entry_points_are_called_by_their_name(world: World) -> None:
    """An entry point's name is any text, and its class may be called otherwise."""
    world.write("lib/acme_entry.py", "class Outer:\n    class Thing: pass")
    world.entry_points("lolpop_graph.2nd-stage", "my-thing = acme_entry:Outer.Thing [extra]")
    found = ClassFinder().find("my-thing", "2nd-stage")
    assert isinstance(found, type)
    assert found.__qualname__ == "Outer.Thing"


def test_an_entry_point_that_names_a_module_is_a_fault(world: World) -> None:
    """It is shown as it is written."""
    world.entry_points("lolpop_graph.widget", "Thing = acme_entry")
    wrong = fault(ClassFinder().find("Thing", "widget"), NotAClass)
    assert "Thing = acme_entry" in wrong.sentence


def test_search_paths_name_modules_or_packages(world: World) -> None:
    """A module is read as it is, and a package with all below it."""
    world.write("lib/alone.py", "class Alone: pass")
    world.write("lib/pack/")
    world.write("lib/pack/sub/deep.py", "class Deep: pass")
    finder = ClassFinder(trust=["alone", "pack"])
    paths = ["alone", "pack.sub"]
    assert isinstance(finder.find("Alone", "x", search_paths=paths), type)
    assert isinstance(finder.find("Deep", "x", search_paths=paths), type)


# Names in texts -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("class Thing: pass", True),
        ("class Thing(dict): pass", True),
        ("try:\n    import nope\nexcept ImportError:\n    class Thing: pass", True),
        ("if True:\n\tclass Thing: pass", True),
        ("'''\nclass Thing: in a text\n'''", False),
        ("def f():\n    class Thing: pass", False),
        ("class Outer:\n    class Thing: pass", False),
        ("from collections import OrderedDict as Thing", False),
        ("# class Thing: pass", False),
    ],
)
def test_a_class_is_known_by_its_definition(world: World, source: str, *, found: bool) -> None:
    """A class counts where the module itself defines it."""
    plugin = world.write("thing.py", source)
    outcome = ClassFinder().find("Thing", "x", plugin_paths=[plugin])
    assert isinstance(outcome, type) is found


def test_a_file_that_does_not_parse_is_in_nobody_elses_way(world: World) -> None:
    """It is passed over for other classes, and says what is wrong when its own is asked for."""
    world.write("plugins/broken.py", "class Broken:\n    def (")
    world.write("plugins/binary.py").write_bytes(b"\xff\xfe\0\0")
    world.write("plugins/fine.py", "class Fine: pass")
    finder, paths = ClassFinder(), [world.folder / "plugins"]
    assert isinstance(finder.find("Fine", "x", plugin_paths=paths), type)
    broken = fault(finder.find("Broken", "x", plugin_paths=paths), ImportFailed)
    assert broken.cause.startswith("SyntaxError: ")
    assert broken.raised_at == f"{world.folder / 'plugins' / 'broken.py'}:4"


def test_links_that_lead_round_are_followed_once(world: World) -> None:
    """A folder that holds a link to itself ends."""
    world.write("plugins/sub/thing.py", "class Thing: pass")
    (world.folder / "plugins/sub/again").symlink_to(world.folder / "plugins")
    found = ClassFinder().find("Thing", "x", plugin_paths=[world.folder / "plugins"])
    assert isinstance(found, type)


def test_programs_and_hidden_folders_are_no_modules(world: World) -> None:
    """A `__main__` would run when it is imported."""
    for file in ("__main__.py", ".hidden/a.py", "python3.11/a.py", "__pycache__/a.py"):
        world.write(f"plugins/{file}", "class Thing: pass")
    found = ClassFinder().find("Thing", "x", plugin_paths=[world.folder / "plugins"])
    assert isinstance(found, ClassMissing)


# Full names ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["pack.mod:Outer", "pack.mod.Outer", "pack.mod:Outer.Inner"])
def test_a_full_name_is_imported_directly(world: World, name: str) -> None:
    """With a colon a nested class can be named too."""
    world.write("lib/pack/")
    world.write("lib/pack/mod.py", "class Outer:\n    class Inner: pass")
    found = ClassFinder(trust=["pack"]).find(name, "x")
    assert isinstance(found, type)
    assert name.endswith(found.__qualname__)


@pytest.mark.parametrize(
    "name", ["", ":", "a:", ":A", ".a:B", "a..b:C", "a:b:c", "a/b:C", "../a:B", "a b:C", "a.", "-"]
)
def test_a_name_that_is_none_is_a_missing_class(name: str) -> None:
    """No text crashes the look-up."""
    assert isinstance(ClassFinder().find(name, "x"), ClassMissing)


@pytest.mark.parametrize(
    ("name", "absent", "cure"),
    [
        ("my_compny.trainers:Trainer", "my_compny", "did you mean `my_company.trainers:Trainer`?"),
        (
            "my_company.trainer:Trainer",
            "my_company.trainer",
            "did you mean `my_company.trainers:Trainer`?",
        ),
        ("my_company.trainers.x:T", "my_company.trainers.x", "install what brings it, or see"),
        ("my_company.trainers:Trainr", "", "did you mean `my_company.trainers:Trainer`?"),
    ],
)
def test_what_a_full_name_lacks_is_said(world: World, name: str, absent: str, cure: str) -> None:
    """A module that does not exist is told from a class that it does not hold."""
    world.write("lib/my_company/")
    world.write("lib/my_company/trainers.py", "class Trainer: pass")
    missing = fault(ClassFinder(trust=["my_company"]).find(name, "x"), ClassMissing)
    assert missing.absent == absent
    assert missing.cure.startswith(cure)


def test_a_module_written_a_moment_ago_is_found(world: World) -> None:
    """Python's cached listings of folders are asked again before a module counts as absent."""
    world.write("lib/pack/")
    assert isinstance(ClassFinder(trust=["pack"]).find("pack.new:New", "x"), ClassMissing)
    stat = (world.folder / "lib/pack").stat()
    world.write("lib/pack/new.py", "class New: pass")
    os.utime(world.folder / "lib/pack", ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert isinstance(ClassFinder(trust=["pack"]).find("pack.new:New", "x"), type)


def test_the_main_program_is_a_module_like_others() -> None:
    """`__main__:Class` needs trust as all do; a package's `__main__` is never imported."""
    assert isinstance(ClassFinder().find("__main__:Thing", "x"), NotTrusted)
    assert isinstance(ClassFinder(trust=["__main__"]).find("__main__:Thing", "x"), ClassMissing)
    assert isinstance(ClassFinder(trust=["this"]).find("pip.__main__:Thing", "x"), ClassMissing)


# Faults -------------------------------------------------------------------------------------


def test_a_missing_class_says_where_it_was_searched(world: World) -> None:
    """Every place is listed, a search path that does not exist is marked, and a typo is mended."""
    plugins = world.folder / "plugins"
    world.write("plugins/thing.py", "class MyTracker: pass")
    place = Place("workflow.yaml", 4, 3)
    found = ClassFinder().find(
        "MyTraker", "widget", place=place, plugin_paths=[plugins], search_paths=["nope.x"]
    )
    missing = fault(found, ClassMissing)
    assert missing.place is place
    assert missing.searched == (
        str(plugins),
        "lolpop_graph.widget",
        "lolpop_graph.extension.*.widget",
        "entry points lolpop_graph.widget",
        "nope.x (which does not exist)",
    )
    assert missing.cure == "did you mean `MyTracker`?"
    assert world.imported == []


@pytest.mark.parametrize(
    ("source", "cause", "remedy"),
    [
        ("import no_such_thing", "ModuleNotFoundError: No module named 'no_such_thing'", ""),
        ("from os import no_such_thing", "ImportError: cannot import name 'no_such_thing'", ""),
        ("raise SystemExit(3)", "SystemExit: 3", ""),
        ("raise SystemExit", "SystemExit", ""),
        ("raise BaseException('odd')", "BaseException: odd", ""),
        ("1 / 0", "ZeroDivisionError: division by zero", ""),
        (
            "raise ModuleNotFoundError('no mlflow', name='mlflow.tracking')",
            "ModuleNotFoundError: no mlflow",
            'run: pip install "lolpop-graph[mlflow]"; in a clone: pip install ".[mlflow]"',
        ),
        (
            "try: import no_x\nexcept ImportError as error:\n    error.name = 'sklearn'\n    1 / 0",
            "ZeroDivisionError: division by zero",
            'run: pip install "lolpop-graph[sklearn]"; in a clone: pip install ".[sklearn]"',
        ),
    ],
)
def test_a_module_that_raises_is_not_a_missing_class(
    world: World, source: str, cause: str, remedy: str
) -> None:
    """The cause is told in words, with its line, and with the extra that would mend it."""
    plugin = world.write("thing.py", source + "\nclass Thing: pass", canary=False)
    failed = fault(ClassFinder().find("Thing", "x", plugin_paths=[plugin]), ImportFailed)
    assert failed.cause.startswith(cause)
    assert f"{plugin}:" in failed.raised_at
    assert failed.cure == remedy


def test_a_package_that_lacks_a_module_of_its_own_is_broken(world: World) -> None:
    """An absent module that the user's code imports is no absent module of the name."""
    world.write("lib/pack/")
    world.write("lib/pack/mod.py", "import pack.gone\nclass Thing: pass")
    failed = fault(ClassFinder(trust=["pack"]).find("pack.mod:Thing", "x"), ImportFailed)
    assert failed.module == "pack.mod"
    assert failed.raised_at.endswith("mod.py:3")


def test_an_interrupt_goes_through(world: World) -> None:
    """Who presses Ctrl-C while a module is imported is obeyed."""
    plugin = world.write("thing.py", "raise KeyboardInterrupt\nclass Thing: pass")
    with pytest.raises(KeyboardInterrupt):
        ClassFinder().find("Thing", "x", plugin_paths=[plugin])


def test_two_classes_in_one_place_are_both_named(world: World) -> None:
    """The first that is met is as likely to be the wrong one."""
    world.write(EXTENSION + "acme/widget/thing.py", "class Thing: pass")
    world.write(EXTENSION + "brick/widget/thing.py", "class Thing: pass")
    ambiguous = fault(ClassFinder().find("Thing", "widget"), ClassAmbiguous)
    assert ambiguous.found == (
        "lolpop_graph.extension.acme.widget.thing:Thing",
        "lolpop_graph.extension.brick.widget.thing:Thing",
    )
    assert ambiguous.cure == f"name it in full: `{ambiguous.found[0]}`"
    assert isinstance(ClassFinder().find(ambiguous.found[1], "widget"), type)
    assert len(world.imported) == 1


def test_two_plugins_with_one_class_are_named_by_their_files(world: World) -> None:
    """A plug-in has no full name that a workflow could use."""
    files = [world.write(f"plugins/{name}.py", "class Thing: pass") for name in "ab"]
    found = ClassFinder().find("Thing", "x", plugin_paths=[world.folder / "plugins"])
    ambiguous = fault(found, ClassAmbiguous)
    assert ambiguous.found == tuple(f"{file}:Thing" for file in files)
    assert "rename" in ambiguous.cure


def test_a_class_reached_twice_is_not_ambiguous(world: World) -> None:
    """Overlapping paths and repeated entry points lead to one class."""
    world.write("lib/pack/")
    world.write("lib/pack/mod.py", "class Thing: pass")
    world.entry_points("lolpop_graph.widget", "Thing = pack.mod:Thing")
    world.entry_points("lolpop_graph.widget", "Thing = pack.mod:Thing", "other")
    plugin = world.write("plugins/other.py", "class Other: pass")
    finder = ClassFinder()
    assert isinstance(finder.find("Thing", "widget"), type)
    paths = ["pack", "pack.mod", "pack"]
    assert isinstance(finder.find("Thing", "x", search_paths=paths), type)
    plugins = [plugin, plugin.parent]
    assert isinstance(finder.find("Other", "x", plugin_paths=plugins), type)


@pytest.mark.parametrize(
    ("path", "reason"),
    [("nowhere", "does not exist"), ("notes.txt", "is neither a folder nor a Python file")],
)
def test_a_plugin_path_without_plugins_is_refused(world: World, path: str, reason: str) -> None:
    """It is said rather than passed over."""
    (world.folder / "notes.txt").touch()
    found = ClassFinder().find("Thing", "x", plugin_paths=[world.folder / path])
    refused = fault(found, PluginPathRefused)
    assert refused.reason == reason


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("class Thing: pass\nThing = Thing()", "a Thing"),
        ("class Thing: pass\nThing = len", "a builtin_function_or_method"),
        ("class Thing:\n    __class__ = type\nThing = Thing()", "a Thing"),
    ],
)
def test_what_is_no_class_is_refused(world: World, source: str, found: str) -> None:
    """Also an object that says of itself that it is a class."""
    plugin = world.write("thing.py", source)
    wrong = fault(ClassFinder().find("Thing", "x", plugin_paths=[plugin]), NotAClass)
    assert wrong.found == found


# Trust --------------------------------------------------------------------------------------

HOSTILE = [
    "os:system", "os.system", "posix:system", "logging:os.system", "logging.os.system",
    "builtins:exec", "builtins:eval", "builtins.type", "builtins:object", "subprocess:Popen",
    "subprocess.Popen", "asyncio.subprocess:subprocess.Popen", "pty:spawn", "shutil:rmtree",
    "importlib:import_module", "importlib.util:sys", "pickle:Unpickler", "code:InteractiveConsole",
    "ctypes:CDLL", "pdb:Pdb", "timeit:Timer", "runpy:run_module", "zipimport:zipimporter",
    "webbrowser:BackgroundBrowser", "antigravity:X", "this:X", "idlelib.idle:X",
    "lolpop_graph.errors:StrEnum", "lolpop_graph.errors:dataclass", "lolpop_graph.text:re",
    "lolpop_graph.text:re.sys", "lolpop_graph.errors:Fault.__class__",
    "lolpop_graph.errors:Fault.__init__.__globals__", "lolpop_graph.errors:Fault.__base__",
    "lolpop_graph.errors:__builtins__", "lolpop_graph:__loader__", "lolpop_graph.__main__:X",
    "lolpop_graph.classes.places:os.system", "lolpop_graph.text:__spec__.loader.__class__",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_workflow_reaches_nothing_that_is_not_trusted(name: str) -> None:
    """Not by a name, not by what a module imported, not by what hangs on a class."""
    unloaded = {"antigravity", "this", "pty", "idlelib"} - set(sys.modules)
    assert isinstance(ClassFinder().find(name, "x"), NotTrusted | NotAClass | ClassMissing)
    assert not unloaded & set(sys.modules)


def test_what_is_not_trusted_is_not_even_imported(world: World) -> None:
    """Neither by its full name nor by a search path of the workflow's own."""
    world.write("lib/evil/")
    world.write("lib/evil/mod.py", "class Thing: pass")
    finder = ClassFinder(trust=["evi", "evil.modest", "evil.mo", ""])
    for found in [
        finder.find("evil.mod:Thing", "x"),
        finder.find("evil:mod.Thing", "x"),
        finder.find("Thing", "x", search_paths=["evil"]),
    ]:
        assert 'trust = ["evil"]' in fault(found, NotTrusted).cure
    assert world.imported == []


def test_a_class_is_judged_by_where_it_is_defined(world: World) -> None:
    """A trusted module that imported a foreign class does not make it trusted."""
    world.write("lib/pack.py", "from subprocess import Popen")
    refused = fault(ClassFinder(trust=["pack"]).find("pack:Popen", "x"), NotTrusted)
    assert refused.module == "subprocess"


def test_a_class_that_lies_about_its_module_is_refused(world: World) -> None:
    """The module that it names has to hold it."""
    world.write("lib/foreign.py", "class Liar: __module__ = 'lolpop_graph.errors'")
    world.write("lib/pack.py", "from foreign import Liar\nclass Odd: __module__ = 7")
    finder = ClassFinder(trust=["pack"])
    liar = fault(finder.find("pack:Liar", "x"), NotTrusted)
    assert "which has no such class" in liar.sentence
    assert "classes=[...]" in liar.cure
    assert isinstance(finder.find("pack:Odd", "x"), NotTrusted)


def test_a_metaclass_is_not_asked(world: World) -> None:
    """What a class is said to be by its metaclass does not count."""
    source = """
        class Meta(type):
            __module__ = property(lambda cls: "lolpop_graph.errors")
        class Thing(metaclass=Meta): pass
    """
    world.write("lib/foreign.py", source)
    world.write("lib/pack.py", "from foreign import Thing")
    assert isinstance(ClassFinder(trust=["pack"]).find("pack:Thing", "x"), NotTrusted)


def test_a_dotted_name_trusts_only_what_is_below_it(world: World) -> None:
    """Its neighbours stay as they were."""
    world.write("lib/pack/")
    world.write("lib/pack/good/")
    world.write("lib/pack/good/mod.py", "class Thing: pass")
    world.write("lib/pack/bad.py", "class Thing: pass")
    finder = ClassFinder(trust=["pack.good"])
    assert isinstance(finder.find("pack.good.mod:Thing", "x"), type)
    assert isinstance(finder.find("pack.bad:Thing", "x"), NotTrusted)


def test_a_single_name_may_stand_for_a_list(world: World) -> None:
    """`trust="pack"` does not trust the packages p, a, c and k."""
    world.write("lib/pack.py", "class Thing: pass")
    assert isinstance(ClassFinder(trust="pack").find("pack:Thing", "x"), type)


def test_packages_with_entry_points_of_ours_are_trusted(world: World) -> None:
    """All of the package is, and no package that registers for somebody else."""
    world.write("lib/acme/")
    world.write("lib/acme/more.py", "class Thing: pass")
    world.write("lib/brick.py", "class Thing: pass")
    world.entry_points("lolpop_graph.widget", "Other = acme.other:Other")
    world.entry_points("console_scripts", "brick = brick:Thing", "brick")
    assert isinstance(ClassFinder().find("acme.more:Thing", "x"), type)
    assert isinstance(ClassFinder().find("brick:Thing", "x"), NotTrusted)


def test_classes_given_from_python_are_trusted_by_themselves() -> None:
    """They are found by their bare and by their full name, wherever they come from."""
    finder = ClassFinder(classes=[Path, World])
    assert finder.find("Path", "x") is Path
    assert finder.find(f"{World.__module__}:World", "x") is World
    assert finder.find(f"{World.__module__}.World", "x") is World
    assert isinstance(finder.find("pathlib:PurePath", "x"), NotTrusted)


def test_two_given_classes_of_one_name_are_ambiguous() -> None:
    """The same class given twice is not."""
    one, two = (type("Thing", (), {"__module__": name}) for name in ("one", "two"))
    assert ClassFinder(classes=[one, one]).find("Thing", "x") is one
    finder = ClassFinder(classes=[one, two])
    assert fault(finder.find("Thing", "x"), ClassAmbiguous).found == ("one:Thing", "two:Thing")
    assert finder.find("two:Thing", "x") is two


def test_the_project_may_trust_packages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The nearest `pyproject.toml` counts, from the current folder upwards."""
    world.write("lib/pack.py", "class Thing: pass")
    project = world.folder / "project"
    (project / "pyproject.toml").write_text('[tool.lolpop_graph]\ntrust = ["pack"]\n')
    (project / "sub").mkdir()
    monkeypatch.chdir(project / "sub")
    assert isinstance(ClassFinder().find("pack:Thing", "x"), type)
    (project / "sub/pyproject.toml").write_text("[project]\nname = 'sub'\n")
    assert isinstance(ClassFinder().find("pack:Thing", "x"), NotTrusted)


@pytest.mark.parametrize(
    "text", ["[tool", "\udcff", "[tool.lolpop_graph]\ntrust = 'pack'", "[tool]\nlolpop_graph = 1"]
)
def test_an_unreadable_project_trusts_nothing_and_is_named(world: World, text: str) -> None:
    """Who wonders why the package is not trusted is told which file could not be read."""
    world.write("lib/pack.py", "class Thing: pass")
    file = world.folder / "project/pyproject.toml"
    file.write_bytes(text.encode(errors="surrogateescape"))
    refused = fault(ClassFinder().find("pack:Thing", "x"), NotTrusted)
    assert str(file) in refused.cure


# Plug-ins -----------------------------------------------------------------------------------


def test_a_plugin_is_imported_under_a_name_of_its_own(world: World) -> None:
    """It hides no installed module, changes no path and leaves no compiled files."""
    before, path = set(sys.modules), list(sys.path)
    plugin = world.write("plugins/json.py", "class Thing: pass")
    found = ClassFinder().find("Thing", "x", plugin_paths=[plugin.parent])
    assert isinstance(found, type)
    assert found.__module__.startswith("lolpop_graph_plugin_plugins_")
    assert {name.split(".")[0] for name in set(sys.modules) - before} == {
        found.__module__.split(".")[0]
    }
    assert sys.path == path
    assert [file.name for file in plugin.parent.iterdir()] == ["json.py"]


def test_plugins_of_one_name_in_two_folders_stay_apart(world: World) -> None:
    """Two workflows that each have a `plugins` folder do not meet."""
    folders = [world.folder / name / "plugins" for name in ("one", "two")]
    for folder in folders:
        world.write(f"{folder.parent.name}/plugins/thing.py", f"class Thing: of = '{folder}'")
    found = [ClassFinder().find("Thing", "x", plugin_paths=[folder]) for folder in folders]
    assert [cls.of for cls in found] == [str(folder) for folder in folders]


def test_an_unchanged_plugin_gives_the_same_class(world: World) -> None:
    """It is imported once in a process, by whichever finder is first."""
    plugin = world.write("my-thing.py", "class Thing: pass")
    found = {ClassFinder().find("Thing", "x", plugin_paths=[plugin]) for _ in range(3)}
    assert len(found) == 1
    assert len(world.imported) == 1


@pytest.mark.parametrize("edited", ["thing.py", "sub/base.py"])
def test_an_edited_plugin_is_imported_anew(world: World, edited: str) -> None:
    """Also when size and time are the same, and when only a module beside it was edited."""
    world.write("plugins/thing.py", "from .sub.base import Base\nclass Thing(Base): own = 1")
    world.write("plugins/sub/base.py", "class Base: of = 1")
    file, folder = world.folder / "plugins" / edited, world.folder / "plugins"
    first = ClassFinder()
    old = first.find("Thing", "x", plugin_paths=[folder])
    stat = file.stat()
    file.write_text(file.read_text().replace("= 1", "= 2"))
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    new: Any = ClassFinder().find("Thing", "x", plugin_paths=[folder])
    assert (new.own, new.of) == ((2, 1) if edited == "thing.py" else (1, 2))
    assert first.find("Thing", "x", plugin_paths=[folder]) is old
    assert sys.modules[old.__module__].Thing is old


def test_a_plugin_folder_is_a_package(world: World) -> None:
    """Its modules import each other with a dot, and its own init runs first."""
    world.write("plugins/", "NAME = 'plugins'")
    world.write("plugins/helper.py", "VALUE = 7")
    source = "from . import NAME, helper\nfrom .helper import VALUE\nclass Thing: x = NAME, VALUE"
    world.write("plugins/thing.py", source)
    found: Any = ClassFinder().find("Thing", "x", plugin_paths=[world.folder / "plugins"])
    assert found.x == ("plugins", 7)


@pytest.mark.parametrize("path", ["plugins", "plugins/thing.py"])
def test_a_bare_import_of_a_neighbour_gets_a_hint(world: World, path: str) -> None:
    """The cure shows how it is written."""
    world.write("plugins/helper_x.py")
    world.write("plugins/thing.py", "import helper_x\nclass Thing: pass")
    found = ClassFinder().find("Thing", "x", plugin_paths=[world.folder / path])
    failed = fault(found, ImportFailed)
    assert "write `from . import helper_x`" in failed.cure
    assert ("name the folder" in failed.cure) is path.endswith(".py")


def test_a_plugin_cannot_be_named_in_full_by_another_workflow(world: World) -> None:
    """What one build imported is not there for the next."""
    plugin = world.write("thing.py", "class Thing: pass")
    found: Any = ClassFinder().find("Thing", "x", plugin_paths=[plugin])
    assert isinstance(ClassFinder().find(f"{found.__module__}:Thing", "x"), NotTrusted)


# Finders ------------------------------------------------------------------------------------


def test_a_finder_asks_once_for_each_class(world: World) -> None:
    """A fault that was found before is given again at the new place."""
    world.write("lib/pack.py", "class Thing: pass")
    finder = ClassFinder()
    places = [Place("workflow.yaml", line, 1) for line in (1, 2)]
    found = [fault(finder.find("pack:Thing", "x", place=place), NotTrusted) for place in places]
    assert [refused.place for refused in found] == places
    (world.folder / "lib/pack.py").unlink()
    assert isinstance(finder.find("pack:Thing", "x"), NotTrusted)


def test_finders_in_several_threads_agree(world: World) -> None:
    """A module is imported once, and all threads get its one class."""
    paths = fill_places(world)

    def find(number: int) -> type | Fault:
        finder = shared if number % 2 else ClassFinder()
        return finder.find("Thing", "widget", **paths)

    shared = ClassFinder()
    with ThreadPoolExecutor(16) as pool:
        found = set(pool.map(find, range(64)))
    assert len(found) == 1
    assert len(world.imported) == 1


def test_nothing_slow_is_imported_for_our_own_classes() -> None:
    """The metadata of installed distributions is read only where it is needed."""
    script = """
        import sys
        before = set(sys.modules)
        from lolpop_graph.classes import ClassFinder
        found = ClassFinder().find("StandardLogger", "component")
        assert isinstance(found, type), found
        print({"importlib.metadata", "tomllib"} & (set(sys.modules) - before))
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "set()"


def test_packages_that_hold_no_integrations_are_no_layers() -> None:
    """Each package of this project either brings integrations or is never searched for them."""
    folder = Path(lolpop_graph.__file__).parent
    packages = {path.parent.name for path in folder.glob("*/__init__.py")}
    assert packages - {"component", "decorator", "pipeline", "runner"} == places._NO_LAYERS - {
        "extension",
        "templates",
    }
