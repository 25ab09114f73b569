"""The pytest plugin: fixtures, golden graphs, policies, and hooks as tests."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import lolpop_graph as lg
from lolpop_graph.testing import assert_graph, assert_policy, violations
from lolpop_graph.testing.graphs import document_of

pytest_plugins = ["pytester"]

WORKFLOW = """\
runner: MyRunner
config: {plugin_paths: [parts.py], target: churned}
component: {metadata_tracker: Tracker}
pipeline: {process: Process, train: Process}
train: {component: {model: Model}, config: {depth: 3, api_key: hunter2-secret}}
"""
PARTS = """\
import lolpop_graph as lg

class MyRunner(lg.BaseRunner):
    def main(self):
        return self.process.run() + self.train.run()

class Process(lg.BasePipeline):
    def run(self):
        return self.metadata_tracker.track(self._get_config("target"))

class Tracker(lg.BaseComponent):
    closed = []
    def track(self, what):
        return [what]
    def close(self):
        self.closed.append(self.name)
        print("closed", self.name)

class Model(lg.BaseComponent):
    pass

class Broken(lg.BaseComponent):
    def __init__(self, *args, **kwargs):
        raise ValueError("no connection")
"""


@pytest.fixture(name="folder")
def folder_with_a_workflow(pytester: pytest.Pytester) -> pytest.Pytester:
    """A folder for runs of pytest, with a workflow and its parts."""
    for name, text in {"workflow.yaml": WORKFLOW, "parts.py": PARTS}.items():
        (pytester.path / name).write_text(text, encoding="utf-8")
    return pytester


def ran(folder: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """A run of pytest in this process, with no other plugin in the way."""
    return folder.runpytest_inprocess("-p", "no:cacheprovider", "-q", *arguments)


def test_a_marked_test_gets_its_workflow(folder: pytest.Pytester) -> None:
    """Planned and built for the test, closed after it, with overrides, options and doubles."""
    folder.makepyfile("""
        import pytest

        class Double:
            def track(self, what):
                return [what.upper()]

        @pytest.fixture
        def shouting():
            return Double()

        @pytest.mark.workflow("workflow.yaml")
        def test_main(workflow, plan):
            assert workflow.plan is plan
            assert workflow.root.main() == ["churned", "churned"]

        @pytest.mark.workflow("workflow.yaml", overrides={"config.target": "kept"})
        class TestKept:
            def test_overrides(self, workflow):
                assert workflow.root.main() == ["kept", "kept"]

            @pytest.mark.workflow("workflow.yaml", replace={"runner.metadata_tracker": Double})
            def test_nearest_marker(self, workflow):
                assert workflow.root.main() == ["CHURNED", "CHURNED"]
                assert isinstance(workflow["runner.metadata_tracker"], Double)

        @pytest.mark.workflow("workflow.yaml", replace={"runner.metadata_tracker": "shouting"})
        def test_fixture_as_double(workflow, shouting):
            assert workflow.root.metadata_tracker is shouting

        @pytest.mark.workflow({"runner": "BaseRunner"}, trust=["nothing"])
        def test_mapping(plan):
            assert plan.order == ["runner"]
    """)
    result = ran(folder, "-s")
    result.assert_outcomes(passed=5)
    assert result.stdout.str().count("closed metadata_tracker") == 2


def test_an_ini_key_names_the_workflow(folder: pytest.Pytester) -> None:
    """Files are relative to the ini file, and a fixture of a conftest gives options for all."""
    folder.makeini("[pytest]\nlolpop_workflow = workflow.yaml prod.yaml")
    (folder.path / "prod.yaml").write_text("component: {metadata_tracker: Mine}", "utf-8")
    folder.makeconftest("""
        import pytest
        import lolpop_graph as lg

        class Mine(lg.BaseComponent):
            def track(self, what):
                return ["mine"]

        @pytest.fixture
        def workflow_options():
            return {"classes": [Mine]}
    """)
    (folder.path / "tests").mkdir()
    (folder.path / "tests" / "test_it.py").write_text(
        "def test_it(workflow):\n    assert workflow.root.main() == ['mine', 'mine']\n", "utf-8"
    )
    ran(folder).assert_outcomes(passed=1)


def test_faults_of_a_workflow_fail_the_test_in_words(folder: pytest.Pytester) -> None:
    """Without a traceback of ours, and with that of a constructor that raises."""
    folder.makepyfile("""
        import pytest

        def test_unmarked(plan): pass

        @pytest.mark.workflow("absent.yaml")
        def test_absent(plan): pass

        @pytest.mark.workflow("workflow.yaml", {"component": {"bad": "Broken"}})
        def test_broken(workflow): pass

        @pytest.mark.workflow("workflow.yaml", replace={"runner.trian": object})
        def test_double_of_nothing(workflow): pass
    """)
    result = ran(folder)
    result.assert_outcomes(errors=4)
    said = result.stdout.str()
    assert 'no workflow: mark the test with @pytest.mark.workflow("workflow.yaml")' in said
    assert "absent.yaml: error LG101" in said
    assert "LG701" in said
    assert 'raise ValueError("no connection")' in said
    assert "did you mean `runner.train`?" in said
    assert "instantiate.py" not in said


def test_a_golden_graph_is_written_and_compared(folder: pytest.Pytester) -> None:
    """A difference is told as `diff` tells it; `--update-graphs` writes what is there."""
    folder.makepyfile("""
        import pytest

        @pytest.mark.workflow("workflow.yaml")
        def test_graph(plan, assert_graph):
            assert_graph(plan, "expected.json")
    """)
    result = ran(folder)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*there is no golden graph*pytest --update-graphs*"])
    ran(folder, "--update-graphs").assert_outcomes(passed=1)
    ran(folder).assert_outcomes(passed=1)
    text = WORKFLOW.replace("model: Model", "model: Other, tuner: Model").replace("depth: 3, ", "")
    (folder.path / "workflow.yaml").write_text(text, encoding="utf-8")
    result = ran(folder)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*workflow.yaml is not what expected.json has*",
            "*+ runner.train.tuner  component Model*",
            "*~ runner.train",
            "*- depth*expected.json:*",
            "*~ runner.train.model",
            "*~ class  Model*Other*workflow.yaml:5:*was*expected.json:*",
            "*if that is meant, run: pytest --update-graphs*",
        ],
        consecutive=False,
    )


def test_a_golden_graph_holds_no_values_unless_asked(tmp_path: Path) -> None:
    """Keys alone are compared, or values as well; a secret is in no file."""
    conf = {
        "component": {"a": "A", "config": {"update_peer_integrations": False}},
        "a": {"config": {"depth": 3, "path": "$$HOME", "rows": [{"x": 1}], "token": "hunter2"}},
        "config": {"key": "$a.config.depth"},
    }
    plan = lg.plan(conf)
    deeper = lg.plan(conf, overrides={"a.config.depth": 8})
    for values in (False, True):
        file = tmp_path / f"{values}.json"
        assert_graph(plan, file, values=values, update=True)
        assert_graph(plan, file, values=values)
        assert "hunter2" not in file.read_text(encoding="utf-8")
    assert_graph(deeper, tmp_path / "False.json")
    with pytest.raises(AssertionError, match="~ depth"):
        assert_graph(deeper, tmp_path / "True.json", values=True)
    shared = lg.plan(conf, overrides={"component.config.update_peer_integrations": True})
    with pytest.raises(AssertionError, match="update_peer_integrations"):
        assert_graph(shared, tmp_path / "False.json")


@pytest.mark.parametrize(
    "conf",
    [
        {},
        {"runner": "MyRunner"},
        {"runner": {"mine": "MyRunner", "config": {"a": 1}}},
        {
            "runner": {"mine": "Mine"},
            "pipeline": {"config": {"pass_integration_to_siblings": False}},
        },
        {"integration_framework": {"7": {"on": None}}, "on": {"x": "A"}, "x": {"config": {}}},
    ],
)
def test_the_document_of_a_plan_is_that_plan(conf: dict[str, object]) -> None:
    """Written out and read again, a workflow has the same graph."""
    plan = lg.plan(conf)
    again = lg.plan(json.loads(json.dumps(document_of(plan, values=True))))
    assert not plan.diff(again)
    assert again.order == plan.order


def test_a_file_that_is_no_golden_graph_is_told(tmp_path: Path) -> None:
    """What cannot be read is a failure in words."""
    file = tmp_path / "expected.json"
    file.write_text("[1]", encoding="utf-8")
    with pytest.raises(AssertionError, match="holds no golden graph"):
        assert_graph(lg.plan({}), file)


@pytest.fixture(name="plan", scope="module")
def plan_with_a_hidden_tracker(tmp_path_factory: pytest.TempPathFactory) -> lg.Plan:
    """A workflow in whose framework one pipeline comes before the trackers."""
    file = tmp_path_factory.mktemp("policies") / "workflow.yaml"
    file.write_text(
        "integration_framework: {runner: {early: , component: , pipeline: {component: }}}\n"
        "early: {prepare: A}\n"
        "component: {tracker: T}\n"
        "pipeline:\n  train: P\n  process: P\n",
        encoding="utf-8",
    )
    return lg.plan(file)


def test_policies_that_hold_say_nothing(plan: lg.Plan) -> None:
    """Every pipeline sees the tracker, and is one."""
    assert_policy(plan, "layer:pipeline", sees="tracker")
    assert_policy(plan, "layer:pipeline", must="class:P and not above:runner.tracker")


def test_violators_are_listed_with_places(plan: lg.Plan) -> None:
    """Each with where it is declared and the rule by which it does not see what it should."""
    with pytest.raises(AssertionError) as raised:
        assert_policy(
            plan, "below:runner and not layer:component", sees="tracker", why="runs are tracked"
        )
    head, violator = str(raised.value).splitlines()
    assert head.startswith("1 of 3 integrations (below:runner and not layer:component) not in")
    assert head.endswith("runs are tracked")
    assert "workflow.yaml:2:9: runner.prepare - " in violator
    assert "`component` comes after `early`" in violator
    (found,) = violations(plan, "layer:early", must="class:P")
    assert (found.path, found.reason, found.place.line) == ("runner.prepare", "", 2)


def test_what_nobody_declares_nobody_sees(plan: lg.Plan) -> None:
    """A policy about an integration that is not there is violated by all, and not at fault."""
    with pytest.raises(AssertionError, match=r"this workflow has no .*`metrics_tracker`"):
        assert_policy(plan, "layer:pipeline", sees="metrics_tracker")


def test_policies_about_nothing_fail(plan: lg.Plan) -> None:
    """A policy that holds for nothing guards nothing; one that cannot be read is at fault."""
    with pytest.raises(AssertionError, match="selects no integration"):
        assert_policy(plan, "layer:pipeline and layer:early", sees="tracker")
    with pytest.raises(lg.WorkflowError, match="LG803"):
        assert_policy(plan, "layer:pipelin", sees="tracker")
    with pytest.raises(lg.WorkflowError, match="LG802"):
        assert_policy(plan, "layer:pipeline", must="(")
    for wrong in ({}, {"sees": "a", "must": "b"}):
        with pytest.raises(TypeError):
            assert_policy(plan, "layer:pipeline", **wrong)


def test_files_of_workflow_tests_are_collected(folder: pytest.Pytester) -> None:
    """A test for the run and one for each hook: passed, failed, warned, skipped."""
    folder.makeini(
        "[pytest]\nlolpop_workflow = workflow.yaml\nlolpop_tests = tests/checks.yaml\n"
        "testpaths = tests"
    )
    tests = folder.path / "tests"
    tests.mkdir()
    (tests / "other.yaml").write_text("nothing: here", encoding="utf-8")
    (tests / "checks.py").write_text(
        "def fine(): return True\ndef slow(): return 'slow'\ndef bad(): return 'no rows'\n", "utf-8"
    )
    (tests / "checks.yaml").write_text(
        "runner.process: {run: {pre: checks.py:fine, post: {function: checks.py:slow, "
        "severity: warn}}}\nrunner.train: {run: {pre: checks.py:bad, post: checks.py:fine}}\n",
        "utf-8",
    )
    result = ran(folder, "-rA")
    result.assert_outcomes(passed=3, failed=1, skipped=1, warnings=1)
    said = result.stdout.str()
    assert "FAILED tests/checks.yaml::runner.train.run pre checks.py:bad" in said
    assert "checks.yaml:2:27: no rows" in said
    assert "PASSED tests/checks.yaml::runner.main" in said
    assert "collected.py" not in said.replace("lolpop_graph/testing/collected.py:", "")
    chosen = ran(folder, "tests/checks.yaml::runner.process.run pre checks.py:fine")
    chosen.assert_outcomes(passed=1)


def test_a_workflow_with_a_section_is_collected(folder: pytest.Pytester) -> None:
    """Its run that raises fails the test of the run, and skips what was not reached."""
    folder.makeini("[pytest]\nlolpop_tests = workflow.yaml broken.yaml\nlolpop_method = main")
    (folder.path / "checks.py").write_text("def fine(): return True\n", encoding="utf-8")
    (folder.path / "workflow.yaml").write_text(
        f"{WORKFLOW}tests: {{runner.train: {{run: {{post: checks.py:fine}}}}}}\n"
        "process: {config: {target: 3}}\n",
        encoding="utf-8",
    )
    parts = PARTS.replace("return [what]", "return [what.upper()]")
    (folder.path / "parts.py").write_text(parts, encoding="utf-8")
    (folder.path / "broken.yaml").write_text("tests: {runner: [1]}\n", encoding="utf-8")
    result = ran(folder, "workflow.yaml")
    result.assert_outcomes(failed=1, skipped=1)
    said = result.stdout.str()
    assert "AttributeError: 'int' object has no attribute 'upper'" in said
    assert "LG701" in said
    assert "running.py" not in said
    result = ran(folder, "broken.yaml")
    result.assert_outcomes(errors=1)
    assert "broken.yaml:1:17: error LG911" in result.stdout.str()


def test_the_plugin_is_light_and_silent(tmp_path: Path) -> None:
    """Where nothing of it is used, a run of pytest imports nothing else of the package."""
    (tmp_path / "test_it.py").write_text(
        "import sys\n"
        "def test_it():\n"
        "    ours = {name for name in sys.modules if name.startswith('lolpop_graph')}\n"
        "    assert ours == {'lolpop_graph', 'lolpop_graph.pytest_plugin'}\n",
        encoding="utf-8",
    )
    (tmp_path / "data.yaml").write_text("a: 1\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "1 passed" in done.stdout, done.stdout
