"""Projects and parts are made whole or not at all, and what is made is as it should be."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

import lolpop_graph as lg
from lolpop_graph.cli import main
from lolpop_graph.scaffold.bases import base_of, suite_of, types
from lolpop_graph.testing.unfilled import unfilled

pytest.importorskip("copier")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project as `init` makes it, which no test changes."""
    folder = tmp_path_factory.mktemp("made") / "web-shop"
    assert main(["init", str(folder)]) == 0
    return folder


@pytest.fixture
def project(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project, which is the current folder."""
    copy = tmp_path / made.name
    shutil.copytree(made, copy)
    monkeypatch.chdir(copy)
    return copy


def files_in(folder: Path) -> dict[str, str]:
    """The names and texts of all files below a folder, without what Python leaves of its own."""
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.parent.name != "__pycache__"
    }


def entry_points(project: Path) -> dict[str, dict[str, str]]:
    """What a project registers."""
    document = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    found: dict[str, dict[str, str]] = document["project"]["entry-points"]
    return found


def ruff(folder: Path) -> None:
    """Check format and lint of a project with its own settings."""
    for arguments in (["format", "--check"], ["check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *arguments, "--no-cache", "."],
            cwd=folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr


# Projects -------------------------------------------------------------------------------------


def test_a_project_is_whole(made: Path) -> None:
    """Package, workflow, overlays, tests, and what tools need; names are the project's."""
    files = files_in(made)
    assert {
        ".github/workflows/ci.yml", ".gitignore", "README.md", "dev.yaml", "prod.yaml",
        "pyproject.toml", "src/web_shop/__init__.py", "src/web_shop/py.typed",
        "src/web_shop/component/web_shop.py", "tests/test_workflow.py", "workflow.yaml",
    } < set(files)  # fmt: skip
    assert "{{" not in "".join(
        text for name, text in files.items() if name.endswith((".py", ".toml"))
    )
    assert "${{ matrix.python }}" in files[".github/workflows/ci.yml"]
    assert entry_points(made)["lolpop_graph.runner"] == {
        "WebShopRunner": "web_shop.runner.web_shop:WebShopRunner"
    }


def test_a_projects_workflow_runs(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With each overlay; the classes are found where the entry points lead."""
    monkeypatch.syspath_prepend(made / "src")
    targets = {
        name: target for group in entry_points(made).values() for name, target in group.items()
    }
    conf = {
        "runner": targets["WebShopRunner"],
        "component": {"source": targets["WebShopSource"]},
        "pipeline": {"measure": targets["WebShopPipeline"]},
    }
    for overlay, rows in (("dev", 10), ("prod", 10_000)):
        files = [made / "workflow.yaml", made / f"{overlay}.yaml"]
        with lg.build(*files, conf, trust=["web_shop"]) as workflow:
            assert workflow.root.main()["label"] == "yes"
            assert len(workflow.root.source.labels()) == rows
    for name in [name for name in sys.modules if name.partition(".")[0] == "web_shop"]:
        del sys.modules[name]


def test_nothing_is_overwritten(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is in the way is named and stays, and nothing else is written; `--force` replaces it."""
    (project / "workflow.yaml").write_text("# mine\n", encoding="utf-8")
    (project / "README.md").unlink()
    before = files_in(project)
    assert main(["init", "."]) == 2
    errors = capsys.readouterr().err
    assert "error LG814" in errors
    assert "`workflow.yaml`" in errors
    assert files_in(project) == before
    assert main(["init", ".", "--force"]) == 0
    assert "WebShopRunner" in files_in(project)["workflow.yaml"]


def test_what_cannot_be_written_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file where a folder should be: all that was written before is taken away again."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "tests").write_text("no folder", encoding="utf-8")
    assert main(["init", str(folder)]) == 1
    assert "error LG801" in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == ["tests"]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("init|  ", "it has no name"),
        ("init json", "hide another one"),
        ("init lolpop-graph", "cannot be one"),
        ("init pytest", "hide another one"),
        ("init 1st", "cannot be one"),
        ("init class", "cannot be one"),
        ("init été", "cannot be the name of a project"),
        ("init -- -x-", "cannot be the name of a project"),
        (f"init {'x' * 41}", "at most 40"),
        ("new component LocalDataConnector", "is a class of the layer `component` already"),
        ("new component class", "cannot be the name"),
        ("new component none", "a word of Python's own"),
        ("new components x", "did you mean `component`?"),
        ("new comand x", "did you mean `command`?"),
        ("new component 1st", "cannot be the name"),
        ("new component a.b", "cannot be the name"),
        ("new component ../up", "cannot be the name"),
        ("new component été", "cannot be the name"),
        ("new component BaseThing", "there to be inherited"),
        ("new component test-thing", "pytest would take"),
        ("new commands x", "cannot be the package of a layer"),
        ("new Widget x", "cannot be the package of a layer"),
        ("new ../x y", "cannot be the package of a layer"),
        ("new component x --type ../y", "cannot be the package of a type"),
        ("new component x --type data_conector", "did you mean `data_connector`?"),
        ("new command plan", "is a command already, that of lolpop-graph"),
        ("new command x --type y", "--type is for parts"),
        ("new component x --data a=b", "are for a --template"),
        ("new component x --template nowhere", "error LG815"),
    ],
)  # fmt: skip
def test_wrong_calls_write_nothing(
    call: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """The call is told what is wrong with it, and the folder stays empty."""
    monkeypatch.chdir(tmp_path)
    assert main(call.split("|" if "|" in call else None)) == 2
    errors = capsys.readouterr().err
    assert words in errors
    assert "Traceback" not in errors
    assert [*tmp_path.iterdir()] == []


def test_a_template_that_is_not_there_is_told_with_gits_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Git's own reason, and what a template may be."""
    template = f"git+file://{tmp_path}/nowhere"
    assert main(["init", str(tmp_path / "shop"), "--template", template]) == 2
    errors = capsys.readouterr().err
    assert "repository" in errors.partition("\n")[0]
    assert "give a folder, or the address of a repository that git can read" in errors


# Parts ----------------------------------------------------------------------------------------


def test_parts_of_every_kind_are_in_order(project: Path) -> None:
    """Each type that has a base class, each layer and a command: ruff has nothing to say."""
    calls = [f"component a-{kind} --type {kind}" for kind in types("component")]
    calls += ["component WebForm", "component Own --type my_type", "pipeline nightly", "runner big",
              "widget gauge", "command count-all"]  # fmt: skip
    assert len(calls) > 14
    for call in calls:
        assert main(["new", *call.split()]) == 0
    ruff(project)
    registered = entry_points(project)
    assert registered["lolpop_graph.widget"] == {"Gauge": "web_shop.widget.gauge:Gauge"}
    assert registered["lolpop_graph.commands"] == {
        "count-all": "web_shop.command.count_all:command"
    }
    for group in registered.values():
        for target in group.values():
            module, _, name = target.partition(":")
            text = (project / "src" / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
            names = {node.name for node in ast.parse(text).body if hasattr(node, "name")}
            assert name in names


@pytest.mark.parametrize(
    ("first", "second", "twin"),
    [
        ("component scorer", "component probe --type scorer", "src/web_shop/component/scorer.py"),
        ("component probe --type scorer", "component scorer", "src/web_shop/component/scorer"),
    ],
)
def test_no_package_hides_a_module(
    first: str, second: str, twin: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A type that is called as a part is would make that one impossible to import."""
    assert main(["new", *first.split()]) == 0
    before = files_in(project)
    assert main(["new", *second.split(), "--force"]) == 2
    assert f"`{twin}`" in capsys.readouterr().err
    assert files_in(project) == before


def test_digits_stay_with_their_word(project: Path) -> None:
    """`s3` is a word, not two."""
    assert main(["new", "component", "S3Store2", "--type", "data_connector"]) == 0
    assert "src/web_shop/component/data_connector/s3_store2.py" in files_in(project)
    assert entry_points(project)["lolpop_graph.component"]["S3Store2"]


def test_a_new_decorator_decorates(project: Path) -> None:
    """Its test passes, in which it wraps a method."""
    assert main(["new", "decorator", "budget"]) == 0
    ruff(project)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/test_decorator_budget.py"],
        env={**os.environ, "PYTHONPATH": "src"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "1 passed" in done.stdout, done.stdout
    assert ".calls == 1" in files_in(project)["tests/test_decorator_budget.py"]


def test_the_longest_names_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No line gets too long for the project's own settings, whatever the names are."""
    monkeypatch.chdir(tmp_path)
    project, name, package = "p" * 40, "n" * 40, "l" * 30
    assert main(["init", project]) == 0
    for call in (f"{package} {name} --type {package}", f"component {name} --type model_trainer",
                 f"runner {name}", f"pipeline {name}", f"command {name}", f"decorator {name}",
                 f"component {name} --type hyperparameter_tuner", f"widget {name}"):  # fmt: skip
        assert main(["new", *call.split(), "--project", project, "--force"]) == 0
    ruff(tmp_path / project)


@pytest.mark.parametrize("kind", types("component"))
def test_what_is_left_open_is_to_be_filled_in(kind: str) -> None:
    """A part of a type gets each method that its base class only describes."""
    base = base_of("component", kind)
    cls = getattr(import_module(f"lolpop_graph.component.{kind}.base"), base.name)
    described = {
        name for each in cls.__mro__ for name, value in vars(each).items()
        if "NotImplementedError" in getattr(
            getattr(getattr(value, "fget", value), "__code__", None), "co_names", ()
        )
    }  # fmt: skip
    copied = {ast.parse(f"class A:\n{text}").body[0].body[0].name for text in base.methods}
    assert copied == described


def test_a_part_of_a_type_has_its_suite(project: Path) -> None:
    """The test inherits what the type promises; what is not filled in yet is expected to fail."""
    assert main(["new", "component", "warehouse", "--type", "data_connector"]) == 0
    suite = suite_of("data_connector")
    assert suite
    text = files_in(project)["tests/test_component_warehouse.py"]
    assert f"class TestWarehouse({suite.name}):" in text
    assert "xfail(bool(unfilled(Warehouse))" in text


def test_methods_are_unfilled_until_they_do_something() -> None:
    """Methods and properties that only refuse, inherited ones as well, and no other."""

    class Part:
        def open(self) -> None:
            """Be described."""
            raise NotImplementedError

        @property
        def size(self) -> int:
            raise NotImplementedError

        def refuses(self) -> None:
            if self.done():
                raise NotImplementedError

        def done(self) -> bool:
            return True

    class Filled(Part):
        def open(self) -> None:
            """Do it."""

    assert unfilled(Part) == ["open", "size"]
    assert unfilled(Filled) == ["size"]


def test_a_part_keeps_what_was_written(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Comments of `pyproject.toml` and files of the same package stay; twice is once too often."""
    file = project / "pyproject.toml"
    file.write_text(f"# mine\n{file.read_text()}\n# the end\n", encoding="utf-8")
    package = project / "src" / "web_shop" / "component" / "__init__.py"
    package.write_text('"""Mine."""\n', encoding="utf-8")
    assert main(["new", "component", "form"]) == 0
    assert package.read_text(encoding="utf-8") == '"""Mine."""\n'
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# mine\n")
    assert text.endswith("# the end\n")
    before = files_in(project)
    assert main(["new", "component", "form"]) == 2
    assert "error LG814" in capsys.readouterr().err
    assert files_in(project) == before


def test_a_part_alone_is_a_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no project for it, one is made that has nothing else."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'other'\n", encoding="utf-8")
    assert main(["new", "widget", "gauge"]) == 0
    own = tmp_path / "lolpop-gauge"
    assert entry_points(own) == {
        "lolpop_graph.widget": {"Gauge": "lolpop_gauge.widget.gauge:Gauge"}
    }
    assert not (own / "workflow.yaml").exists()
    ruff(own)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[project\n", "LG816"),
        ("[project]\nname = 'x'\ndependencies = ['lolpop_graph>=0.1']\n", "no package `x`"),
        ("[tool.lolpop_graph]\n", "no package ``"),
    ],
)
def test_projects_that_cannot_be_read(
    text: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """A file that is no TOML, or no package where it should be: nothing is written."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    assert main(["new", "component", "form"]) == 2
    assert words in capsys.readouterr().err
    assert files_in(tmp_path) == {"pyproject.toml": text}


# Templates of the user's own ------------------------------------------------------------------


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A template with a question; the folder beside it is the current one."""
    folder = tmp_path / "template"
    (folder / "src" / "{{ package }}").mkdir(parents=True)
    (folder / "copier.yml").write_text("owner: {type: str, default: nobody}\n", encoding="utf-8")
    (folder / "OWNER.jinja").write_text("{{ owner }} of {{ project }}\n", encoding="utf-8")
    (folder / "src" / "{{ package }}" / "odd.py.jinja").write_text(
        "class {{ class_name }}:\n    pass\n", encoding="utf-8"
    )
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return folder


def test_a_template_of_ones_own(template: Path, made: Path) -> None:
    """It gets the same names and the answers; a part that it makes is registered where it is."""
    assert main(["init", "shop", "--template", str(template), "--data", "owner=me"]) == 0
    assert files_in(Path("shop"))["OWNER"] == "me of shop\n"
    shutil.copytree(made, "web-shop")
    assert (
        main(["new", "component", "form", "--project", "web-shop", "--template", str(template)])
        == 0
    )
    assert files_in(Path("web-shop"))["OWNER"] == "nobody of web-shop\n"
    assert entry_points(Path("web-shop"))["lolpop_graph.component"]["Form"] == "web_shop.odd:Form"


def test_a_template_in_a_repository(template: Path) -> None:
    """An address of git is a template as well."""
    for command in ("init --quiet", "add .", "commit --quiet --message=Begin"):
        name = ["-c", "user.name=me", "-c", "user.email=me@example.org"]
        subprocess.run(["git", *name, *command.split()], cwd=template, check=True)
    assert main(["init", "shop", "--template", f"git+file://{template}"]) == 0
    assert files_in(Path("shop"))["OWNER"] == "nobody of shop\n"


def test_a_template_runs_nothing_unless_trusted(
    template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its tasks need a word of the user's."""
    with (template / "copier.yml").open("a", encoding="utf-8") as file:
        file.write("_tasks: ['touch ran']\n")
    assert main(["init", "shop", "--template", str(template)]) == 2
    errors = capsys.readouterr().err
    assert "it would run commands" in errors
    assert "--trust-template" in errors
    assert not Path("shop").exists()
    assert main(["init", "shop", "--template", str(template), "--trust-template"]) == 0
    assert "ran" in files_in(Path("shop"))


@pytest.mark.parametrize(
    ("file", "text"),
    [("OWNER.jinja", "{{ 1 / 0 }}"), ("OWNER.jinja", "{% if"), ("copier.yml", "a: [")],
)
def test_broken_templates_are_told(
    file: str, text: str, template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one sentence, and nothing is written."""
    (template / file).write_text(text, encoding="utf-8")
    assert main(["init", "shop", "--template", str(template)]) == 2
    errors = capsys.readouterr().err
    assert "error LG815" in errors
    assert "Traceback" not in errors
    assert not Path("shop").exists()


@pytest.mark.parametrize("module", ["copier", "tomlkit"])
def test_what_is_missing_is_named(
    module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the extra, the command says how to install it."""
    monkeypatch.setitem(sys.modules, module, None)
    assert main(["init", str(tmp_path / "shop")]) == 2
    assert 'pip install "lolpop-graph[scaffold]"' in capsys.readouterr().err
    assert [*tmp_path.iterdir()] == []
