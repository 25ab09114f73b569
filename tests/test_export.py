"""What is exported: which calls are tasks, the text of the file, and what is refused."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from exported import PARTS, write_shop

import lolpop_graph as lg
from lolpop_graph import faults as f
from lolpop_graph.cli import main
from lolpop_graph.export.engines import NAMES
from lolpop_graph.export.order import order_of
from lolpop_graph.export.signature import Signature
from lolpop_graph.export.steps import read_steps
from lolpop_graph.export.values import loaded, stored
from lolpop_graph.export.written import is_ours

HOSTILE = """\
import lolpop_graph as lg


class Root(lg.BaseRunner):
    def flow(self, run_id, l="l", lg=1.5e300, _hidden={"ti": None, "q'": 'a"b', "x": [-1, ()]}):
        task, *_ = [1, 2]

    def main(self, run_id=1, l="l", lg=1.5e300, _hidden={"ti": None, "q'": 'a"b', "x": [-1, ()]}):
        built: dict = self.flow_.task(run_id, l=l)
        (workflow, _) = self.étape.print(lg, {"wait_for": built, **built}, _hidden["ti"])
        task_task, = self.flow_.task(workflow.name, [built, (workflow, -1)], 1e16)
        built = self.flow_.lg(_, task_task, "a very long text that fills a line all by itself")
        self.flow_.component_.store()
        return built, (task_task, {"a": lg})


class Part(lg.BasePipeline):
    def task(self, *given, **named):
        return given

    lg = print = task


class Store(lg.BaseComponent):
    def store(self):
        pass
"""
HOSTILE_WORKFLOW = """\
runner: Root
pipeline: {flow_: Part, étape: Part}
flow_: {component: {component_: Store}}
config: {plugin_paths: [parts.py]}
"""


def formatted(text: str, *checks: str) -> str:
    """What ruff has against a text, by its defaults."""
    done = [
        subprocess.run(
            [sys.executable, "-m", "ruff", *check.split(), "--isolated", "-"],
            input=text, capture_output=True, text=True, check=False,
        )
        for check in ("check -q", "format --diff -q")
    ]  # fmt: skip
    return "".join(each.stdout + each.stderr for each in done)


def tasks_of(text: str) -> list[str]:
    """The names of the tasks in a file."""
    return re.findall(r'@task\(\s*(?:name|task_id)="([^"]*)"', text)


def told(text: str) -> str:
    """The comment that says why a method is one task."""
    return next(iter(re.findall(r"# This is one task, since (.*)\.$", text, re.MULTILINE)), "")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> lg.Plan:
    """The plan of a workflow of straight calls, in the current folder."""
    monkeypatch.chdir(tmp_path)
    write_shop(tmp_path)
    return lg.plan("workflow.yaml")


@pytest.mark.parametrize("to", NAMES)
def test_each_straight_call_is_a_task(shop: lg.Plan, to: str) -> None:
    """In the order written, and the same text each time."""
    text = shop.export(to=to)
    assert tasks_of(text)[:5] == [
        "extract.run", "split.run", "report.send", "train.run", "report.send.2",
    ]  # fmt: skip
    assert told(text) == ""
    assert text == shop.export(to=to)
    assert "retries=1" in text
    assert "# Resources that the workflow asks for: gpu 1" in text


@pytest.mark.parametrize("to", NAMES)
def test_files_are_as_ruff_has_them(shop: lg.Plan, to: str) -> None:
    """Lint and format, with one task and with several."""
    for asked in ({}, {"steps": "one"}, {"method": "looped", "arguments": [[1, 2]]}):
        assert formatted(shop.export(to=to, **asked)) == ""


@pytest.mark.parametrize("to", NAMES)
def test_hostile_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to: str) -> None:
    """Names of the engine, of Python and of the file itself are no obstacle, nor are quotes."""
    monkeypatch.chdir(tmp_path)
    write_shop(tmp_path, HOSTILE, HOSTILE_WORKFLOW)
    plan = lg.plan("workflow.yaml", overrides={"config.x": '"""\\\' {{ 1 }} $${x}'})
    text = plan.export(to=to, name="a/b {{ c }}")
    assert formatted(text) == ""
    assert tasks_of(text)[:5] == [
        "flow_.task", "étape.print", "flow_.task.2", "flow_.lg", "flow_.component_.store",
    ]  # fmt: skip
    assert told(plan.export(to=to, method="flow", arguments=[1])).startswith("there is ")
    names = [node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    assert len(names) == len({*names})


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("for _ in range(2): self.train.run()", "a `for`"),
        ("with open('x'): pass", "a `with`"),
        ("if rows: return self.train.run()", "an `if`"),
        ("rows += 1", "an assignment that adds"),
        ("x = y = self.train.run()", "an assignment to several at once"),
        ("self.x = self.train.run()", "an assignment to something else than a name"),
        ("x = 3", "something else than a call"),
        ("self.log('x')", "a call of `self.log`, which is the root's own"),
        ("print('x')", "a call of something else than an integration"),
        ("self.train.deep.run()", "a call of `self.train.deep.run`, which is of no integration"),
        ("self.train.run(sum([rows]))", "`Call`, which a task cannot know by itself"),
        ("self.train.run(PARTS)", "`PARTS`, which a task cannot know by itself"),
        ("self.train.run(self.extract)", "`self.extract`, which a task cannot know by itself"),
        ("self.train.run(**rows)", "a call with `**`"),
        ("return self._get_config('x')", "a call of `self._get_config`, which is the root's own"),
        ("pass", "no call of an integration"),
    ],
)
def test_what_is_no_straight_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, reason: str
) -> None:
    """The whole method is one task then, and the file says why and where."""
    monkeypatch.chdir(tmp_path)
    head = (
        "import lolpop_graph as lg\nclass ShopRunner(lg.BaseRunner):\n    def main(self, rows=6):\n"
    )
    rest = PARTS[PARTS.index("class Extract") :]
    write_shop(tmp_path, f"{head}        {body}\n{rest}")
    text = lg.plan("workflow.yaml").export(to="prefect")
    assert tasks_of(text) == ["runner.main"]
    assert told(text).startswith(f"there is {reason}")
    assert reason.startswith("no call") or told(text).endswith("ShopRunner.main (parts.py, line 4)")


def test_decorated_methods_are_one_task(shop: lg.Plan, tmp_path: Path) -> None:
    """A decorator of the workflow's or of Python's may do anything around the calls."""
    (tmp_path / "more.yaml").write_text("decorator: {timing: TimingDecorator}\n")
    plan = lg.plan("workflow.yaml", "more.yaml")
    assert tasks_of(plan.export(to="prefect"))[0] == "extract.run"
    (tmp_path / "wraps.yaml").write_text("timing: {config: {layers: runner}}\n")
    text = lg.plan("workflow.yaml", "more.yaml", "wraps.yaml").export(to="prefect")
    assert told(text) == "there is the decorator `timing` around the root"
    (tmp_path / "parts.py").write_text(
        "def kept(function):\n    return function\n\n\n"
        + PARTS.replace("    def main", "    @kept\n    def main")
    )
    assert told(lg.plan("workflow.yaml").export(to="prefect")).startswith("there is a decorator")


STATEFUL = """\
import lolpop_graph as lg


class ShopRunner(lg.BaseRunner):
    def main(self):
        self.train.fit(1)
        return self.use.run()

    def apart(self):
        self.train.fit(1)
        return self.use.other()


class Train(lg.BasePipeline):
    def fit(self, rows):
        self.model = rows


class Use(lg.BasePipeline):
    def run(self):
        return self.train.model

    def other(self):
        return 1
"""


def test_what_a_later_step_looks_for_makes_one_task(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A warning says what would be lost; who knows better can have the tasks all the same."""
    monkeypatch.chdir(tmp_path)
    pipelines = "pipeline: {config: {update_peer_integrations: true}, train: Train, use: Use}"
    workflow = f"runner: ShopRunner\n{pipelines}\nconfig: {{plugin_paths: [parts.py]}}\n"
    write_shop(tmp_path, STATEFUL, workflow)
    assert main(["export", "workflow.yaml", "--to", "prefect"]) == 0
    found = capsys.readouterr()
    assert "1 task" in found.out
    assert "warning LG845: the calls in `main` are no tasks of their own" in found.err
    left = "`runner.train.fit` leaves `model` on `runner.train` (Train)"
    assert left in told(Path("flow.py").read_text(encoding="utf-8"))
    assert main(["export", "workflow.yaml", "--to", "prefect", "--steps", "calls"]) == 0
    found = capsys.readouterr()
    assert "2 tasks" in found.out
    assert "may go wrong as tasks of their own" in found.err


def test_order_of_effects(shop: lg.Plan) -> None:
    """What is called for its effect waits for all before, and all after wait for it."""
    root = shop.integrations[0]
    cls = shop.find_classes().info(root).cls
    found = read_steps(root, cls, "main", Signature({"rows": 6}))
    order = order_of(found.steps, found.result)
    assert order.waits == ((), (), (1,), (2,), (3,))
    assert order.kept(1, found.steps[1]) == ("train", "test")


@pytest.mark.parametrize(
    "value",
    [None, {"a": [1, 2.5, "x", True]}, (1, 2), {1: 2}, float("inf"), {"lolpop_graph.file": 1}],
)
def test_values_come_back_as_they_were(tmp_path: Path, value: Any) -> None:
    """What is JSON is handed on itself, anything else by a file."""
    handed = stored(value, tmp_path / "runs" / "value.pickle")
    assert loaded(handed) == value
    assert type(loaded(handed)) is type(value)
    assert (handed is value) is not (tmp_path / "runs").exists()


def test_only_what_was_exported_is_replaced(
    shop: lg.Plan, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that was changed, or is somebody else's, stays unless the call insists."""
    call = ["export", "workflow.yaml", "--to", "prefect"]
    path = Path("flow.py")
    assert main(call) == main(call) == 0
    assert is_ours(path.read_bytes())
    path.write_text(path.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    assert main(call) == 2
    assert "error LG842: `flow.py` is not as an export has written it" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8").endswith("# mine\n")
    assert main([*call, "--force"]) == 0
    assert is_ours(path.read_bytes())


def test_the_file_finds_the_workflow(shop: lg.Plan, tmp_path: Path) -> None:
    """By paths that are relative to it, wherever it is run from; and it says how it was made."""
    (tmp_path / "dags").mkdir()
    (tmp_path / "prod.yaml").write_text("config: {start: 2}\n")
    call = (
        "export workflow.yaml main 9 --overlay prod.yaml --set train.config.k=a --trust shop"
        " --problem-type regression --to airflow --name daily -o dags/daily.py"
    )
    assert main(call.split()) == 0
    text = Path("dags/daily.py").read_text(encoding="utf-8")
    assert 'FOLDER = HERE / ".."' in text
    assert 'CONFS = [HERE / "../workflow.yaml", HERE / "../prod.yaml"]' in text
    assert f"    lolpop-graph {call}\n" in text
    assert "def main(rows: Any = 9)" in text
    assert '"overrides": {"train.config.k": "a"}' in text
    assert '@dag(dag_id="daily", schedule=None)' in text
    assert str(tmp_path) not in text


@pytest.mark.parametrize(
    "words",
    [
        ["--set", "config.password=hunter22"],
        ["--set", "config.nested={api_key: hunter22}"],
        ["--set", "config.plain=!secret hunter22"],
        ["--set", "config.plain=[1, !secret hunter22]"],
        ["main", "!secret hunter22"],
    ],
)
def test_secrets_are_refused(
    shop: lg.Plan, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    """They are named by their key, and nothing is written."""
    assert main(["export", "workflow.yaml", *words, "--to", "prefect"]) == 2
    said = capsys.readouterr()
    assert "error LG843: " in said.err
    assert "it is secret" in said.err
    assert "hunter22" not in said.err + said.out
    assert not Path("flow.py").exists()


def test_references_to_the_environment_travel_as_they_are(
    shop: lg.Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What they stand for is looked up where the tasks run."""
    monkeypatch.setenv("SHOP_PASSWORD", "hunter22")
    plan = lg.plan("workflow.yaml", overrides={"config.password": "${env:SHOP_PASSWORD}"})
    text = plan.export(to="prefect")
    assert "${env:SHOP_PASSWORD}" in text
    assert "hunter22" not in text


class Local(lg.BaseRunner):
    """A runner that a module has."""

    def main(self) -> None:
        """Do nothing."""


def test_classes_are_imported(shop: lg.Plan) -> None:
    """As long as a script can, by a name that is free."""
    plan = lg.plan("workflow.yaml", root_class=Local, classes=[Local])
    text = plan.export(to="prefect", steps="one")
    assert f"from {__name__} import Local\n" in text
    assert '"root_class": Local' in text
    assert "lolpop-graph export" not in text

    class Hidden(Local):
        pass

    with pytest.raises(lg.WorkflowError, match="a script cannot import it"):
        lg.plan("workflow.yaml", root_class=Hidden).export(to="prefect")


@pytest.mark.parametrize(
    ("asked", "kind", "words"),
    [
        ({"to": "airfow"}, f.NoSuchEngine, "did you mean `airflow`?"),
        ({"method": "mian"}, f.NoSuchMethod, "did you mean `main`?"),
        ({"arguments": [1, 2]}, f.ArgumentsUnfit, "its parameters are `rows`"),
        ({"method": "looped"}, f.ArgumentsUnfit, "needs a value for `wanted`"),
        ({"method": "looped", "arguments": [[1]], "steps": "calls"}, f.NotDivided, "no tasks"),
        ({"arguments": [object()]}, f.NotInScript, "of the type `object`"),
    ],
)
def test_calls_at_fault(
    shop: lg.Plan, asked: dict[str, Any], kind: type[lg.Fault], words: str
) -> None:
    """Each has its kind, and says what to do."""
    with pytest.raises(lg.WorkflowError) as caught:
        shop.export(**{"to": "prefect", **asked})
    (fault,) = caught.value.faults
    assert isinstance(fault, kind)
    assert words in str(fault)
