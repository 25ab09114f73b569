"""Workflow tests: what is declared, what a hook is asked and answers, and what stops a run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

import lolpop_graph as lg
from lolpop_graph import faults as f
from lolpop_graph.hooks import HookReport

Tests = dict[str, Any]


class Runner(lg.BaseRunner):
    """Processes, trains and predicts, and remembers what it came to."""

    def main(self, rows: int = 3) -> Any:
        """Call each pipeline once."""
        self.log("begun")
        table = self.process.run(rows)
        self.steps = ["process"]
        self.train.run(table)
        self.steps.append("train")
        return self.predict.run(table, times=2)

    def careless(self) -> str:
        """Go on after whatever is an Exception."""
        try:
            self.train.run([1])
        except Exception:  # noqa: BLE001 - that is what is tried
            self.steps = ["went on"]
        self.predict.run([1])
        return "done"

    def broken(self) -> None:
        """Let the training fail."""
        self.train.run([])


class Pipeline(lg.BasePipeline):
    """Does one thing."""

    def run(self, table: Any, *, times: int = 1) -> Any:
        """A list of as many numbers as asked for, or the table as often as asked for."""
        return [*range(table)] if isinstance(table, int) else table * times

    def unused(self) -> None:
        """Never called."""


class Train(lg.BasePipeline):
    """Trains in its `setup` as well."""

    __DEFAULT_CONF__ = {"config": {"least": 0.5}}

    def setup(self) -> None:
        """Call what may be watched already."""
        self.model_trainer.prepare("setup")

    def run(self, table: list[int]) -> dict[str, float]:
        """Fit the model."""
        return self.model_trainer.fit(table)


class Trainer(lg.BaseComponent):
    """Fits, unless there is nothing to fit."""

    def prepare(self, why: str) -> str:
        """Say why."""
        return why

    def fit(self, table: list[int], **options: Any) -> dict[str, float]:
        """A score, or ZeroDivisionError for no rows."""
        self.fitted = len(table)
        return {"score": 0.8, "one": 1 / len(table)}


class Frozen:
    """A foreign class without a place for what wraps it."""

    __slots__ = ()

    def act(self) -> None:
        """Do nothing."""


PARTS = [Runner, Pipeline, Train, Trainer, Frozen]
CONF: Tests = {
    "runner": "Runner",
    "pipeline": {"process": "Pipeline", "train": "Train", "predict": "Pipeline"},
    "train": {"component": {"model_trainer": "Trainer"}},
}


def run(tests: Tests, method: str = "main", **options: Any) -> HookReport:
    """The report of the workflow under some tests."""
    return lg.plan(CONF, classes=PARTS).test(tests, method=method, **options)


def ran(hook: Any, moment: str = "post") -> Tests:
    """Tests with something before or after the training, whose arguments are known."""
    return {"runner.train": {"run": {moment: hook}}}


def fit(post: Any, moment: str = "post") -> Tests:
    """Tests with something before or after `fit`."""
    return {"runner.train.model_trainer": {"fit": {moment: post}}}


def told(tests: Tests, **options: Any) -> list[f.Fault]:
    """What is wrong with some tests."""
    with pytest.raises(lg.WorkflowError) as raised:
        run(tests, **options)
    return list(raised.value.faults)


def raises(error: BaseException) -> Callable[[], None]:
    """A hook that raises."""

    def hook() -> None:
        raise error

    return hook


class Case(NamedTuple):
    """What a hook answers, what is said of it, and in which words."""

    answer: Any
    verdict: str
    message: str = ""


ANSWERS = [
    Case(None, "passed"),
    Case(answer=True, verdict="passed"),
    Case("", "passed"),
    Case((True, "fine"), "passed"),
    Case(np.bool_(True), "passed"),  # noqa: FBT003 - NumPy's own kind of truth
    Case(answer=False, verdict="failed", message="said False"),
    Case(np.bool_(False), "failed", "said False"),  # noqa: FBT003 - the same
    Case("too few rows", "failed", "too few rows"),
    Case((False, "too few rows"), "failed", "too few rows"),
    Case((None, 3), "failed", "answered with a tuple, which says neither yes nor no"),
    Case(0, "failed", "answered with an int, which says neither yes nor no"),
    Case([], "failed", "answered with a list, which says neither yes nor no"),
    Case(np.ones(2) > 0, "failed", "answered with a ndarray, which says neither yes nor no"),
]


@pytest.mark.parametrize("case", ANSWERS)
def test_answers_are_judged(case: Case) -> None:
    """None, True and an empty text pass; False and texts fail; what is neither fails too."""
    report = run(fit(lambda: case.answer))
    (result,) = report.hooks
    assert result.verdict == case.verdict
    assert [each.message for each in result.failures] == [case.message] * bool(case.message)
    assert bool(report) is (case.verdict == "passed")


@pytest.mark.parametrize(
    ("error", "message", "is_crash"),
    [
        (AssertionError("0.8 is too low"), "0.8 is too low", False),
        (ValueError("no column"), "raised ValueError: no column", True),
        (SystemExit(0), "raised SystemExit: 0", True),
        (GeneratorExit("odd"), "raised GeneratorExit: odd", True),
    ],
)
def test_what_a_hook_raises_is_a_failure(
    error: BaseException, message: str, *, is_crash: bool
) -> None:
    """An assertion fails with its words; anything else is a crash, with the user's traceback."""
    (result,) = run(fit(raises(error))).hooks
    (failure,) = result.failures
    assert (result.verdict, failure.message, failure.is_crash) == ("failed", message, is_crash)
    assert ("in hook" in failure.traceback) is is_crash
    assert "calling.py" not in failure.traceback


def test_an_assertion_without_words_shows_itself(tmp_path: Path) -> None:
    """Its line stands in the message."""
    # Pytest gives words to the assertions of its own modules.
    text = "def high(result):\n    assert result['score'] > 0.9\n"
    (tmp_path / "checks.py").write_text(text, encoding="utf-8")
    tests = tmp_path / "tests.yaml"
    tests.write_text("runner.train: {run: {post: checks.py:high}}", encoding="utf-8")
    (result,) = lg.plan(CONF, classes=PARTS).test(tests).hooks
    assert result.failures[0].message == "does not hold: assert result['score'] > 0.9"


def test_ctrl_c_in_a_hook_is_ctrl_c() -> None:
    """KeyboardInterrupt ends the run, as anywhere else."""
    with pytest.raises(KeyboardInterrupt):
        run(fit(raises(KeyboardInterrupt())))


def test_a_hook_is_called_with_what_its_parameters_name() -> None:
    """Integration, workflow, method, arguments, result and its own values, by their names."""
    seen: dict[str, Any] = {}

    def look(  # noqa: PLR0913, PLR0917 - all there is
        table: Any, times: int, result: Any, error: Any, integration: Any, workflow: Any,
        method: str, args: dict[str, Any], least: float, other: str = "default", **rest: Any,
    ) -> None:  # fmt: skip
        seen.update(locals())

    hook = {"function": look, "with": {"least": 0.9, "more": 1}}
    report = run({"runner.predict": {"run": {"post": hook}}})
    assert report.passed
    assert (seen["table"], seen["times"], seen["result"]) == ([0, 1, 2], 2, [0, 1, 2] * 2)
    assert seen["integration"] is seen["workflow"]["runner.predict"]
    assert (seen["method"], seen["args"]) == ("run", {"table": [0, 1, 2], "times": 2})
    assert (seen["least"], seen["other"], seen["rest"]) == (0.9, "default", {"more": 1})
    assert seen["error"] is None


def test_options_of_a_method_are_arguments() -> None:
    """What a method takes as `**options` can be asked for by name, and may be missing."""
    tests = {"runner.train.model_trainer": {"fit": {"pre": lambda depth=3: depth == 3}}}
    assert run(tests).passed


def test_a_failing_guard_keeps_the_method_from_running() -> None:
    """A failing hook before a method ends the run; code that catches Exceptions cannot go on."""
    called: list[str] = []
    tests = {
        **fit(lambda: "not ready", "pre"),
        "runner.predict": {"run": {"pre": lambda: called.append("predict")}},
    }
    report = run(tests, "careless")
    assert called == []
    assert report.stopped_by
    assert report.stopped_by.where == ("runner.train.model_trainer", "fit")
    assert report.counts == {"failed": 1, "unreached": 1, "warned": 0, "passed": 0}
    assert report.result is None


def test_a_run_can_be_kept_going() -> None:
    """Then all that fails is told, and the method runs in spite of its guard."""
    report = run(fit(["not ready".upper, lambda: "no"], "pre"), keep_going=True)
    assert report.result == [0, 1, 2] * 2
    assert [each.verdict for each in report.hooks] == ["failed", "failed"]
    assert not report.passed
    assert report.stopped_by is None


def test_all_hooks_of_one_moment_are_asked() -> None:
    """The run ends after the last of them, so that each has its say."""
    report = run(fit([lambda: "one", lambda: "two"]))
    assert [each.failures[0].message for each in report.hooks] == ["one", "two"]


def test_warnings_do_not_fail() -> None:
    """A hook with the severity `warn` neither ends the run nor fails it; unless it crashes."""
    warning = {"function": lambda: "slow", "severity": "warn"}
    report = run(fit(warning))
    assert report.passed
    assert report.counts["warned"] == 1
    crash = {"function": raises(ValueError("bad")), "severity": "warn"}
    assert not run(fit(crash)).passed


def test_a_hook_that_was_not_reached_is_a_hole() -> None:
    """It fails the tests, unless it only warns or that is allowed."""
    never: Tests = {"runner.process": {"unused": {"pre": lambda: True}}}
    report = run(never)
    assert not report.passed
    assert report.hooks[0].verdict == "unreached"
    assert run(never, allow_unreached=True).passed
    function = {"function": lambda: True, "severity": "warn"}
    assert run({"runner.process": {"unused": {"pre": function}}}).passed


def test_hooks_see_what_a_method_raises() -> None:
    """A hook that asks for `error` is called then, and the error goes on to whoever called."""
    seen: list[str] = []
    tests = fit([lambda error: seen.append(type(error).__name__), lambda result: True])
    report = run(tests, "broken")
    assert seen == ["ZeroDivisionError"]
    assert [each.verdict for each in report.hooks] == ["passed", "unreached"]
    assert isinstance(report.error, ZeroDivisionError)
    assert [fault.code for fault in report.faults] == ["LG701"]
    assert not report.passed


def test_setup_is_watched() -> None:
    """Hooks are attached before the first `setup` runs."""
    tests = {"runner.train.model_trainer": {"prepare": {"pre": lambda why: why == "setup"}}}
    assert run(tests).passed


def test_what_hooks_call_is_not_watched() -> None:
    """A hook may call the method that it watches."""
    calls: list[int] = []

    def again(integration: Any) -> None:
        calls.append(integration.run(3)[0])

    assert run({"runner.process": {"run": {"post": again}}}).passed
    assert calls == [0]


def test_every_call_is_counted() -> None:
    """Of many failures the first are kept, and all counted."""
    report = run(
        {"runner.process": {"run": {"pre": lambda table: f"no {table}"}}}, "often", keep_going=True,
        replace={"runner": Often()},
    )  # fmt: skip
    (result,) = report.hooks
    assert (result.calls, result.failed, len(result.failures)) == (25, 25, 10)
    assert result.failures[9].message == "no 9"
    assert "and 15 more" in str(report)


class Often:
    """A double of the root, with a method that its class has not."""

    def often(self) -> None:
        """Process again and again."""
        for number in range(25):
            self.process.run(number)  # type: ignore[attr-defined]


def test_coroutines_are_awaited() -> None:
    """Hooks after an asynchronous method see what it came to."""

    class Slow(lg.BaseRunner):
        async def main(self) -> int:
            await asyncio.sleep(0)
            return 3

        def begin(self) -> int:
            return asyncio.run(self.main())

    tests = {"runner": {"main": {"post": lambda result: result == 3}}}
    report = lg.plan({"runner": "Slow"}, classes=[Slow]).test(tests, method="begin")
    assert report.passed
    assert report.result == 3


def test_doubles_are_watched_and_given_back_as_they_were() -> None:
    """An object in the place of one that would be built has no hook left when the run is over."""

    class Double:
        def fit(self, table: Any) -> int:
            return 5

        def prepare(self, why: str) -> None:
            self.why = why

    double = Double()
    tests = fit(lambda result: result == 5)
    options = {"replace": {"runner.train.model_trainer": double}}
    assert run(tests, "careless", **options).passed
    assert "fit" not in vars(double)


def test_expressions_and_stars_stand_for_many() -> None:
    """An expression is for those that have the method; `*` is for each public method."""
    pipelines = run({"layer:pipeline": {"run": {"post": lambda result: result is not None}}})
    assert [each.path for each in pipelines.hooks] == [
        "runner.process", "runner.train", "runner.predict",
    ]  # fmt: skip
    unused = run({"layer:pipeline": {"unused": {"pre": lambda: True}}})
    assert [each.path for each in unused.hooks] == ["runner.process", "runner.predict"]
    every = run({"runner.process": {"*": {"pre": lambda: True}}})
    assert [each.method for each in every.hooks] == ["run", "unused"]


FAULTS = [
    ({"runner.trian": {"run": {"pre": len}}}, f.HookNowhere, "did you mean `runner.train`?"),
    ({"layer:pipline": {"run": {"pre": len}}}, f.HookNowhere, "did you mean `pipeline`?"),
    ({"layer:(": {"run": {"pre": len}}}, f.HookNowhere, "(character"),
    ({"layer:pipeline and runner": {"run": {"pre": len}}}, f.HookNowhere, "no integration is like"),
    ({"runner.train": {"runs": {"pre": len}}}, f.HookMethodMissing, "did you mean `run`?"),
    ({"runner.train": {"_run": {"pre": len}}}, f.HookMethodMissing, "has no public method `_run`"),
    ({"runner.train": {"log": {"pre": len}}}, f.HookMethodMissing, "has no public method `log`"),
    ({"runner.train": {"setup": {"pre": len}}}, f.HookMethodMissing, "public method `setup`"),
    ({"layer:pipeline": {"nothing": {"pre": len}}}, f.HookMethodMissing, "it has `run`"),
    ({"runner.train": {"run": {"before": len}}}, f.TestsMalformed, "must be one of `pre`"),
    ({"runner.train": {"run": {"prre": len}}}, f.TestsMalformed, "did you mean `pre`?"),
    ({"runner.train": {"run": {"pre": len}}}, f.HookUnfit, "nothing fills its parameter `obj`"),
    ({"runner.train": {"run": "checks.py:a"}}, f.TestsMalformed, "must be a mapping and is a text"),
    ({"runner.train": ["run"]}, f.TestsMalformed, "must be a mapping and is a list"),
    (ran({"functoin": len}), f.TestsMalformed, "did you mean `function`?"),
    (ran({"name": "x"}), f.TestsMalformed, "a hook has no `function`"),
    (ran([None]), f.TestsMalformed, "has no function"),
    (ran({"function": len, "severity": "warning"}), f.TestsMalformed, "did you mean `warn`?"),
    (ran({"function": len, "name": 3}), f.TestsMalformed, "the name of a hook must be a text"),
    (ran({"function": len, "with": [1]}), f.TestsMalformed, "must be a mapping of values"),
    (ran(lambda tabel: True), f.HookUnfit, "did you mean `table`?"),
    (ran(lambda result: True, "pre"), f.HookUnfit, "after the method alone"),
    (ran({"function": lambda least: True, "with": {"leats": 1}}), f.HookUnfit, "mean `least`?"),
    (ran(asyncio.sleep), f.HookUnfit, "it is a coroutine"),
    (ran(3), f.FunctionMalformed, "a hook must name a function and is a number"),
    (ran("json:loads"), f.FunctionNotTrusted, "a module that is not trusted"),
]  # fmt: skip


@pytest.mark.parametrize(("tests", "kind", "words"), FAULTS)
def test_what_is_wrong_is_told_before_anything_runs(
    tests: Tests, kind: type[f.Fault], words: str
) -> None:
    """Each way to write bad tests has its fault, a place and, where it can be, a cure."""
    (fault,) = told(tests)
    assert isinstance(fault, kind)
    assert words in str(fault)
    assert fault.place


def test_all_faults_are_told_together() -> None:
    """One call tells what is wrong with every hook."""
    tests = {"runner.trian": {"run": {"pre": len}}, **fit("json:loads"), "runner": 3}
    assert {fault.code for fault in told(tests)} == {"LG911", "LG912", "LG535"}


def test_objects_without_a_dictionary_cannot_be_watched() -> None:
    """A class with slots is refused, since nothing could stand for its methods."""
    conf = {"component": {"frozen": "Frozen"}}
    with pytest.raises(lg.WorkflowError, match="have no `__dict__`"):
        lg.plan(CONF, conf, classes=PARTS).test({"runner.frozen": {"act": {"pre": len}}})


def test_the_root_must_have_the_method() -> None:
    """A method that the root does not have is the call's fault."""
    (fault,) = told({}, method="mian")
    assert (fault.code, "did you mean `main`?" in str(fault)) == ("LG704", True)


def test_what_raises_while_it_is_built_or_closed_is_reported() -> None:
    """A constructor or `close` that raises is part of the report, and hooks are told unreached."""

    class Bomb(lg.BaseComponent):
        def close(self) -> None:
            raise ValueError("stuck")

    conf = {"component": {"bomb": "Bomb"}}
    plan = lg.plan(CONF, conf, classes=[*PARTS, Bomb])
    report = plan.test(fit(lambda: True))
    assert [fault.code for fault in report.faults] == ["LG702"]
    assert report.hooks[0].verdict == "passed"
    assert not report.passed


def test_sections_and_files_add_up(tmp_path: Path) -> None:
    """Hooks of the section, of files and of mappings are all called, in this order of reading."""
    (tmp_path / "checks.py").write_text("def yes(): pass\ndef no(): return 'no'\n", "utf-8")
    for name, text in {
        "one.yaml": "tests: {runner.process: {run: {pre: checks.py:yes}}}",
        "two.yaml": "runner.process: {run: {post: [checks.py:yes, checks.py:no]}}",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    own = {"tests": {"runner.process": {"run": {"pre": lambda: True}}}}
    plan = lg.plan(CONF, own, classes=PARTS)
    report = plan.test(tmp_path / "one.yaml", [tmp_path / "two.yaml"], keep_going=True)
    assert [(each.moment, each.name) for each in report.hooks_in_order] == [
        ("pre", "test_sections_and_files_add_up.<locals>.<lambda>"),
        ("pre", "checks.py:yes"),
        ("post", "checks.py:yes"),
        ("post", "checks.py:no"),
    ]
    assert str(report.hooks_in_order[1].place) == f"{tmp_path}/one.yaml:1:37"


def test_files_of_tests_refer_to_the_workflow(tmp_path: Path) -> None:
    """A reference in a file of tests leads to a value of the workflow; a bad one is told."""
    (tmp_path / "checks.py").write_text(
        "def least(result, least): return result['score'] >= least\n", encoding="utf-8"
    )
    file = tmp_path / "tests.yaml"
    text = "runner.train:\n  run:\n    post: {function: checks.py:least, with: {least: $WHERE}}\n"
    plan = lg.plan(CONF, {"train": {"config": {"least": 0.75}}}, classes=PARTS)
    file.write_text(text.replace("WHERE", "train.config.least"), encoding="utf-8")
    assert plan.test(file).passed
    file.write_text(text.replace("WHERE", "train.config.laest"), encoding="utf-8")
    with pytest.raises(lg.WorkflowError, match=r"tests.yaml:3:53: error LG401"):
        plan.test(file)


def test_only_test_heeds_the_section() -> None:
    """Plans and builds know the section and attach nothing, whatever stands in it."""
    for tests in ({"runner.process": {"run": {"pre": lambda: "no"}}}, {"nonsense": [1]}, None):
        plan = lg.plan(CONF, {"tests": tests}, classes=PARTS)
        assert plan.notes == []
        assert plan.order == lg.plan(CONF, classes=PARTS).order
        with plan.build() as workflow:
            assert workflow.root.main() == [0, 1, 2] * 2


def test_validate_heeds_the_section() -> None:
    """Form and integrations are checked at once; methods and functions with the classes."""
    tests = {
        "runner.trian": {"run": {"pre": len}},
        "runner.train": {"runs": {"pre": len}},
        "runner": [],
    }
    options = {"classes": PARTS}
    found = lg.validate(CONF, {"tests": tests}, **options)
    assert sorted(fault.code for fault in found) == ["LG911", "LG912"]
    found = lg.validate(CONF, {"tests": tests}, find_classes=True, **options)
    assert sorted(fault.code for fault in found) == ["LG911", "LG912", "LG913"]
    unsound = {"component": {"class": "Pipeline"}, "tests": {"runner.trian": {}, "runner": []}}
    codes = [fault.code for fault in lg.validate(CONF, unsound, **options)]
    assert codes == ["LG303", "LG911"]


def test_layers_and_integrations_called_tests_stay_what_they_are() -> None:
    """Where the name is taken, `tests` at the top is their section or block."""
    framework = {"integration_framework": {"runner": {"tests": None}}}
    assert lg.plan(framework, {"tests": {"a": "Pipeline"}}).order == ["runner", "runner.a"]
    block = {"component": {"tests": "Trainer"}, "tests": {"config": {"depth": 3}}}
    plan = lg.plan(block, classes=PARTS)
    assert plan.graph.nodes["runner.tests"]["config"] == {"depth": 3}
    assert not plan.has_tests


def test_a_misspelt_section_is_told() -> None:
    """`test` at the top is nothing that anybody reads."""
    with pytest.raises(lg.WorkflowError, match="did you mean `tests`"):
        lg.plan(CONF, {"test": {"runner.train": {"run": {"pre": "a.py:b"}}}})


def test_hooks_are_outside_of_decorators() -> None:
    """A retried call is one call for its hooks, and a double is left as it was."""

    class Flaky:
        calls = 0

        def fit(self, table: Any) -> int:
            self.calls += 1
            if self.calls == 1:
                raise ConnectionError("again")
            return self.calls

        def prepare(self, why: str) -> None:
            """Do nothing."""

    double = Flaky()
    conf = {
        "decorator": {"retry": "RetryDecorator"},
        "retry": {"config": {"attempts": 2, "methods": "fit", "wait": 0}},
    }
    tests = fit(lambda result, error: (result, error) == (2, None))
    plan = lg.plan(CONF, conf, classes=PARTS)
    report = plan.test(tests, replace={"runner.train.model_trainer": double})
    assert report.passed
    assert (report.hooks[0].calls, double.calls) == (1, 2)
    assert vars(double).keys().isdisjoint({"fit", "prepare"})
