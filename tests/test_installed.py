"""What is installed is listed from texts and metadata, and nothing is imported for it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

import lolpop_graph as lg
from lolpop_graph.classes import ClassFinder
from lolpop_graph.classes.places import Kind
from lolpop_graph.cli import main

ROOT = Path(__file__).parent.parent

ACME = {
    "lolpop_graph/extension/acme/component/counter.py": '''
        """Counting."""

        import lolpop_graph as lg
        from lolpop_graph.component.logger.base import BaseLogger

        from lolpop_graph.extension.acme import tools


        class AcmeCounter(lg.BaseComponent):
            """Counts up.

            And no more.
            """


        class AcmeLogger(BaseLogger):
            """Logs."""

            def log(self, msg, level="INFO"):
                raise NotImplementedError


        class SendingLogger(BaseLogger):
            """Asks those that inherit it to send."""

            def send(self, msg):
                raise NotImplementedError


        class BaseCounter(lg.BaseComponent):
            """To be inherited from."""


        class Unfinished(lg.BaseComponent):
            """Leaves something open."""

            @abstractmethod
            def count(self): ...


        class _Private(lg.BaseComponent):
            """For this module alone."""


        class Helper:
            """No integration."""
        ''',
    "lolpop_graph/extension/acme/tools.py": """
        import acme_driver.fast
        from sklearn_not_here import x

        try:
            import acme_optional
        except ImportError:
            acme_optional = None

        def later():
            import acme_rarely
        """,
    "lolpop_graph/extension/acme/component/broken.py": "def f(:\n",
    "lolpop_graph/extension/acme/widget/gauge.py": """
        raise RuntimeError("imported")

        import lolpop_graph as lg

        class AcmeGauge(lg.BaseIntegration):
            pass
        """,
    "acme_parts.py": """
        raise RuntimeError("imported")

        class Reporter:
            '''Reports.'''

        class LocalDataConnector:
            pass
        """,
    "acme-1.5.dist-info/METADATA": """
        Metadata-Version: 2.1
        Name: Acme
        Version: 1.5
        Requires-Dist: acme-driver; extra == 'fast'
        """,
    "acme-1.5.dist-info/RECORD": """
        lolpop_graph/extension/acme/component/counter.py,,
        lolpop_graph/extension/acme/component/broken.py,,
        lolpop_graph/extension/acme/widget/gauge.py,,
        """,
    "acme-1.5.dist-info/entry_points.txt": """
        [lolpop_graph.component]
        AcmeReporter = acme_parts:Reporter
        LocalDataConnector = acme_parts:LocalDataConnector
        Nowhere = acme_nowhere:X
        Nothing = acme_parts

        [lolpop_graph.commands]
        greet = acme_parts:greet
        """,
}
"""A distribution, as pip leaves it behind."""


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for `sys.path` with a distribution that extends this one."""
    folder = tmp_path_factory.mktemp("site")
    for name, text in ACME.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text).lstrip(), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def found(acme: Path) -> dict[str, dict[str, object]]:
    """What another process lists where the distribution is installed, by target."""
    done = run(acme, "from lolpop_graph.cli import main; main(['list', '--json'])")
    return {part["target"]: part for part in json.loads(done)}


def run(acme: Path, code: str) -> str:
    """Run code where the distribution is on the path."""
    path = f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(acme)!r}]; "
    done = subprocess.run(
        [sys.executable, "-c", path + code], capture_output=True, text=True, check=False
    )
    assert not done.stderr, done.stderr
    return done.stdout


COUNTER = "lolpop_graph.extension.acme.component.counter"


def test_parts_of_an_extension_are_listed(found: dict[str, dict[str, object]]) -> None:
    """With layer, type, docstring and distribution; neither bases nor helpers are parts."""
    assert {name for name in found if "acme" in name} == {
        f"{COUNTER}:AcmeCounter",
        f"{COUNTER}:AcmeLogger",
        "lolpop_graph.extension.acme.component.broken",
        "lolpop_graph.extension.acme.widget.gauge:AcmeGauge",
        "acme_parts:Reporter",
        "acme_parts:LocalDataConnector",
        "acme_nowhere:X",
        "acme_parts",
    }
    counter = found[f"{COUNTER}:AcmeCounter"]
    assert (counter["name"], counter["layer"], counter["summary"]) == (
        "AcmeCounter", "component", "Counts up.",
    )  # fmt: skip
    assert (counter["place"], counter["distribution"], counter["version"]) == (
        "extension", "Acme", "1.5",
    )  # fmt: skip
    assert found[f"{COUNTER}:AcmeLogger"]["type"] == "logger"
    assert found["lolpop_graph.extension.acme.widget.gauge:AcmeGauge"]["layer"] == "widget"
    reporter = found["acme_parts:Reporter"]
    assert (reporter["name"], reporter["place"], reporter["distribution"]) == (
        "AcmeReporter", "entry point", "Acme",
    )  # fmt: skip


def test_what_is_missing_is_told(found: dict[str, dict[str, object]]) -> None:
    """Through modules of the same package; with the extra that brings it, or without a guess."""
    missing = found[f"{COUNTER}:AcmeCounter"]["missing"]
    assert missing == [
        {"module": "acme_driver", "at_import": True, "distribution": "Acme", "extra": "fast"},
        {"module": "acme_rarely", "at_import": False, "distribution": "", "extra": ""},
        {"module": "sklearn_not_here", "at_import": True, "distribution": "", "extra": ""},
    ]
    assert found[f"{COUNTER}:AcmeCounter"]["install"] == 'pip install "Acme[fast]"'


def test_what_cannot_be_used_says_why(found: dict[str, dict[str, object]]) -> None:
    """A syntax error, a module that is not there, no class, and a name that is taken."""
    broken = found["lolpop_graph.extension.acme.component.broken"]
    assert broken["problem"] == "cannot be read: invalid syntax, line 1"
    assert found["acme_nowhere:X"]["problem"] == "there is no module `acme_nowhere`"
    assert found["acme_parts"]["problem"] == "its entry point names no class"
    hidden = found["acme_parts:LocalDataConnector"]["problem"]
    own = "lolpop_graph.component.data_connector.local:LocalDataConnector"
    assert hidden == f"`{own}` is found before it"
    assert found[own]["problem"] == ""


def test_nothing_is_imported(acme: Path) -> None:
    """Modules that raise when they are imported are listed, and none of the parts is loaded."""
    code = (
        "import lolpop_graph as lg; before = set(sys.modules); parts = lg.installed();"
        "print(len(parts) > 12, *sorted(set(sys.modules) - before))"
    )
    first, *modules = run(acme, code).split()
    assert first == "True"
    ours = [name for name in modules if name.startswith("lolpop_graph.")]
    assert all(name.startswith(("lolpop_graph.classes", "lolpop_graph.faults")) or
               name.count(".") == 1 for name in ours)  # fmt: skip
    assert not [
        name for name in modules if name.startswith(("acme", "sklearn", "pandas", "mlflow"))
    ]
    assert not [name for name in ours if name.startswith("lolpop_graph.component")]


def test_every_part_that_comes_along_is_listed() -> None:
    """What a finder knows by name is listed, and what is listed is found."""
    for layer in ("component", "pipeline", "runner"):
        own = [part for part in lg.installed(layer) if part.place == Kind.OWN]
        assert own
        assert {part.name for part in own} <= set(ClassFinder().known(layer))
        assert all(part.summary and part.type and not part.problem for part in own)


PLUGIN = """
import lolpop_graph as lg

class Part(lg.BaseComponent):
    '''Does it.'''

class Foreign:
    '''Knows nothing of workflows.'''

class PartError(Exception):
    pass
"""


def test_a_workflow_has_places_of_its_own(tmp_path: Path) -> None:
    """Plug-ins and search paths of a workflow are listed with it, for its own layers."""
    (tmp_path / "parts.py").write_text(PLUGIN, encoding="utf-8")
    (tmp_path / "workflow.yaml").write_text(
        "integration_framework: {runner: {gauge: }}\n"
        "config: {plugin_paths: [parts.py]}\ngauge: {a: Part}\n",
        encoding="utf-8",
    )
    parts = lg.plan(tmp_path / "workflow.yaml").installed("gauge")
    assert [(part.name, part.place, part.summary) for part in parts] == [
        ("Foreign", "plug-in", "Knows nothing of workflows."),
        ("Part", "plug-in", "Does it."),
    ]
    assert parts[0].origin == str(tmp_path / "parts.py")
    searched = lg.installed("gauge", search_paths=["tests.toys"])
    assert "Toy" in {part.name for part in searched}
    assert [part.name for part in lg.installed("gauge", plugin_paths=[tmp_path])] == [
        "Foreign", "Part",
    ]  # fmt: skip


def test_twins_are_told_of(tmp_path: Path) -> None:
    """A name that one place has twice is no name to be used."""
    for name in ("one.py", "two.py"):
        (tmp_path / name).write_text(PLUGIN, encoding="utf-8")
    parts = lg.installed("gauge", plugin_paths=[tmp_path])
    assert len(parts) == 4
    twin = f"rename it, since {tmp_path / 'two.py'}:Part has its name"
    assert twin in {part.problem for part in parts}


def test_the_list_for_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A heading for each layer, a line for each part; what it lacks stands below it."""
    (tmp_path / "bad.py").write_text("def f(:", encoding="utf-8")
    (tmp_path / "parts.py").write_text(f"import absent_module\n{PLUGIN}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["list", "gauge", "--plugin-path", "parts.py"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("gauge  2 parts\n")
    assert "Does it.\n      needs `absent_module`\n" in out
    assert main(["list", "gauge", "--plugin-path", "bad.py"]) == 0
    shown = f"    bad  {tmp_path / 'bad.py'}\n      cannot be read: invalid syntax, line 1\n"
    assert shown in capsys.readouterr().out


@pytest.mark.parametrize(
    ("call", "cure"),
    [
        ("list compnent", "did you mean `component`?"),
        ("list --type data_conector", "did you mean `data_connector`?"),
        ("list pipeline --type data_connector", "must be one of `deploy`, `monitor`, `predict`"),
        ("list component -w missing.yaml", ""),
    ],
)
def test_wrong_calls(call: str, cure: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What there is nothing of is the call's fault, with what may be meant."""
    assert main(call.split()) == 2
    assert cure in capsys.readouterr().err
