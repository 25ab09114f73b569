"""`resources`, `retries` and `sweep` in a workflow file: what they mean, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

import lolpop_graph as lg
from lolpop_graph.model import Integration
from lolpop_graph.placement import over_path, resources_of, retries_of, sweep_section
from tests.toys import exported

CONF: dict[str, Any] = {
    "component": {"tracker": "Toy"},
    "pipeline": {"train": "Toy", "predict": "Toy"},
    "train": {"component": {"trainer": "Toy"}},
}
SWEEP: dict[str, Any] = {
    "over": "stores.csv",
    "grid": {"train.config.depth": [4, 8], "train": ["Toy"], "component.tracker": ["Toy", "Base"]},
    "set": {"config.data": "data/{store}.parquet", "train.trainer.config.deep.key": 3},
    "method": "retrain",
}


def plan(*confs: Any, **options: Any) -> lg.Plan:
    """A plan of the toys."""
    return lg.plan(CONF, *confs, classes=exported(), **options)


def found(*confs: Any, **options: Any) -> list[str]:
    """The codes of what is wrong with a workflow, and where."""
    faults = lg.validate(CONF, *confs, classes=exported(), **options)
    return [f"{fault.code} {fault.place.trail if fault.place else ''}" for fault in faults]


def said(*confs: Any) -> str:
    """All that is said of a workflow that is at fault."""
    return "\n".join(map(str, lg.validate(CONF, *confs, classes=exported())))


def section(made: lg.Plan) -> Any:
    """The section `sweep` of a plan."""
    return sweep_section(made.document, made.framework, made.integrations[0])


def at(made: lg.Plan, path: str) -> Integration:
    """An integration of a plan."""
    return made.integration(path)


def test_resources_and_retries_are_read() -> None:
    """What a block says of workers is numbers by name, and nothing where it says nothing."""
    made = plan({"train": {"resources": {"GPU": 1, "memory": 4e9}, "retries": 2}})
    assert not made.notes
    train, predict = at(made, "runner.train"), at(made, "runner.predict")
    assert resources_of(train) == {"GPU": 1.0, "memory": 4e9}
    assert retries_of(train) == 2
    assert (resources_of(predict), retries_of(predict)) == ({}, 0)
    inside = at(made, "runner.train.trainer")
    assert (resources_of(inside), retries_of(inside)) == (resources_of(train), 2)
    assert resources_of(at(made, "runner")) == {}
    empty = plan({"train": {"resources": None, "retries": None}})
    assert (resources_of(at(empty, "runner.train")), retries_of(at(empty, "runner.train"))) == (
        {},
        0,
    )


def test_they_change_nothing_where_a_workflow_is_built() -> None:
    """The graph, the objects and their configs are what they are without the three keys."""
    keys = {"train": {"resources": {"GPU": 1}, "retries": 1}, "sweep": SWEEP}
    one, other = plan(), plan(keys)
    assert {path: {**data, "source": None} for path, data in one.graph.nodes(data=True)} == {
        path: {**data, "source": None} for path, data in other.graph.nodes(data=True)
    }
    assert {*one.graph.edges} == {*other.graph.edges}
    with one.build() as first, other.build() as second:
        assert [*first] == [*second]
        assert dict(first["runner.train"].config) == dict(second["runner.train"].config)


def test_values_are_layered_and_referred_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Overlays merge and replace, `--set` sets, `$` refers, and the environment's text is read."""
    monkeypatch.setenv("GPUS", "2")
    conf = {"train": {"resources": {"GPU": "${env:GPUS}", "memory": "$config.memory"}}}
    more = {"config": {"memory": 1.5e9}, "train": {"retries": "${env:NO_SUCH_NAME,3}"}}
    train = at(plan(conf, more), "runner.train")
    assert (resources_of(train), retries_of(train)) == ({"GPU": 2.0, "memory": 1.5e9}, 3)
    gone = plan(conf, more, {"train": {"resources": None}})
    assert resources_of(at(gone, "runner.train")) == {}
    set_to = plan(overrides={"train.retries": 5, "train.resources.GPU": 1})
    assert retries_of(at(set_to, "runner.train")) == 5
    assert resources_of(at(set_to, "runner.train")) == {"GPU": 1.0}


@pytest.mark.parametrize("value", ["1", [], {}, -1, 1.0, True, float("nan")])
def test_retries_are_a_whole_number(value: Any) -> None:
    """Nothing else than a whole number is taken for a count of retries."""
    assert found({"train": {"retries": value}}) == ["LG321 train.retries"]


@pytest.mark.parametrize("value", ["GPU", ["GPU"], 1, True])
def test_resources_are_a_mapping(value: Any) -> None:
    """Names without amounts say nothing that a worker could be asked for."""
    assert found({"train": {"resources": value}}) == ["LG321 train.resources"]


@pytest.mark.parametrize("value", ["4 GB", "1", 0, -1, None, True, {}, float("inf"), float("nan")])
def test_amounts_are_numbers_above_0(value: Any) -> None:
    """Each amount that is none is told at its own place, and is shown nowhere."""
    assert found({"train": {"resources": {"memory": value, "GPU": 1}}}) == [
        "LG321 train.resources.memory"
    ]


def test_keys_where_they_do_nothing_are_told() -> None:
    """The root, what is inside of a pipeline, and decorators run on no worker by themselves."""
    idle = {
        "resources": {"GPU": 1},
        "train": {"trainer": {"retries": 1}, "decorator": {"timing": "TimingDecorator"}},
    }
    assert found(idle) == ["LG322 resources", "LG322 train.trainer.retries"]
    text = said(idle)
    assert "it runs wherever `runner.train` runs" in text
    assert "write it in the block of `runner.train`" in text
    assert "write it in the block of `runner.tracker`" in text
    wrapping = {"decorator": {"timing": "TimingDecorator"}, "timing": {"retries": 1}}
    assert found(wrapping) == ["LG322 timing.retries"]
    assert found({"tracker": {"retries": 1}}) == []


def test_a_pipeline_of_pipelines_is_placed_as_a_whole() -> None:
    """What stands deeper goes with what is directly below the root, and has its resources."""
    conf = {
        "integration_framework": {"runner": {"pipeline": {"step": {"component": None}}}},
        "pipeline": {"train": "Toy"},
        "train": {"step": {"fit": "Toy"}, "fit": {"retries": 1}, "retries": 2},
    }
    made = lg.plan(conf, classes=exported())
    assert [fault.code for fault in made.notes] == ["LG322"]
    assert retries_of(at(made, "runner.train.fit")) == 2


def test_misspelt_keys_are_told() -> None:
    """A key that is nearly one of the three is told which one is meant."""
    text = said({"train": {"resorces": {"GPU": 1}, "retrys": 1}, "sweeep": {}})
    for meant in ("resources", "retries", "sweep"):
        assert f"did you mean `{meant}`?" in text


@pytest.mark.parametrize("name", ["resources", "retries", "sweep"])
def test_layers_and_integrations_of_these_names_stay_what_they_are(name: str) -> None:
    """Where a name is taken, it means what is called so; beside it the key has its meaning."""
    block = {"component": {name: "Toy"}, name: {"config": {"depth": 3}}}
    made = plan(block, {"train": {**block, "component": {name: "Toy"}}})
    assert made.graph.nodes[f"runner.{name}"]["config"] == {"depth": 3}
    assert made.graph.nodes[f"runner.train.{name}"]["config"] == {"depth": 3}
    assert not [fault for fault in made.notes if fault.code.startswith("LG32")]
    assert section(made) is None
    train = at(made, "runner.train")
    assert (resources_of(train), retries_of(train)) == ({}, 0)
    framework = {"integration_framework": {"runner": {name: None}}, name: {"a": "Toy"}}
    assert lg.plan(framework, classes=exported()).order == ["runner", "runner.a"]
    above = plan({"component": {"resources": "Toy"}}, {"train": {"resources": {"GPU": 1}}})
    assert resources_of(at(above, "runner.train")) == {"GPU": 1.0}


def test_a_sweep_is_read(tmp_path: Path) -> None:
    """The section is there with its templates as written, and its file beside the workflow's."""
    path = tmp_path / "workflow.yaml"
    path.write_text(
        "config: {folder: data, depths: [4, 8]}\n"
        "sweep:\n"
        "  over: stores.csv\n"
        "  grid: {config.depth: $config.depths}\n"
        "  set:\n"
        "    config.data: ${config.folder}/{store}.parquet\n"
        "    config.price: 5 $$ in {store}\n",
        encoding="utf-8",
    )
    made = lg.plan(path)
    sweep = section(made)
    assert sweep["set"] == {"config.data": "data/{store}.parquet", "config.price": "5 $ in {store}"}
    assert sweep["grid"] == {"config.depth": [4, 8]}
    assert over_path(made.document, sweep) == tmp_path / "stores.csv"
    assert section(plan()) is None
    assert section(plan({"sweep": None})) is None
    given = plan({"sweep": {"over": "stores.csv"}})
    assert over_path(given.document, section(given)) == Path.cwd() / "stores.csv"
    assert over_path(given.document, section(plan({"sweep": SWEEP | {"over": None}}))) is None


def test_a_sweep_that_is_in_order_is_not_told_of() -> None:
    """Every kind of path that can be set may be swept, and a section may say little."""
    for sweep in (SWEEP, None, {}, {"grid": None, "set": None, "method": None}):
        assert found({"sweep": sweep}) == []
    paths = ("integration_framework.runner", "runner", "runner.config.a", "train.resources.GPU")
    assert found({"sweep": {"set": dict.fromkeys(paths, 1)}}) == []


@pytest.mark.parametrize(
    ("sweep", "trail", "words"),
    [
        ([], "sweep", "must be a mapping and is a list"),
        ({"gird": {}}, "sweep.gird", "did you mean `grid`?"),
        ({"on": "dask"}, "sweep.on", "call the command with `--on`"),
        ({"over": ["a.csv"]}, "sweep.over", "and is a list"),
        ({"over": " "}, "sweep.over", "and is empty"),
        ({"method": 3}, "sweep.method", "and is a number"),
        ({"method": "_run"}, "sweep.method", "must be the name of a public method"),
        ({"grid": [1]}, "sweep.grid", "write `train.config.depth: [4, 8, 16]`"),
        ({"set": "a=b"}, "sweep.set", "must be a mapping of dotted paths"),
        ({"grid": {"config.a": 4}}, "sweep.grid.config.a", "put brackets around it"),
        ({"grid": {"config.a": []}}, "sweep.grid.config.a", "there would be no run"),
        ({"grid": {"train": {"config": [1]}}}, "sweep.grid.train", "key: `train.config: [...]`"),
        ({"set": {"config..a": 4}}, "sweep.set.config..a", "is no dotted path"),
    ],
)  # fmt: skip
def test_a_sweep_of_another_form_is_refused(sweep: Any, trail: str, words: str) -> None:
    """What the section cannot say is told at its place, with what would mend it."""
    assert found({"sweep": sweep}) == [f"LG323 {trail}"]
    assert words in said({"sweep": sweep})


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("trian.config.depth", "did you mean `train`?"),
        ("train.trianer.config.depth", "`runner.train` has no block `trianer`"),
        ("train.confg.depth", "did you mean `config`?"),
        ("runner.train.config.depth", "write `train.config.depth`"),
        ("sweep.over", "`runner` has no block `sweep`"),
    ],
)
def test_a_sweep_that_sets_nothing_is_refused(path: str, words: str) -> None:
    """A path through a name that nothing declares is told before the first run."""
    for key, value in (("set", 1), ("grid", [1])):
        assert found({"sweep": {key: {path: value}}}) == [f"LG324 sweep.{key}.{path}"]
        assert words in said({"sweep": {key: {path: value}}})


def test_secrets_in_a_sweep_are_hidden() -> None:
    """What is set under a key that looks like a secret's is one, and no message shows others."""
    conf = {"sweep": {"set": {"config.db_password": "c4n4ry"}, "grid": "c4n4ry", "over": ["c4n4"]}}
    assert "c4n4" not in said(conf)
    made = plan({"sweep": {"set": {"config.db_password": "c4n4ry"}}})
    assert made.without_secrets("it is c4n4ry") == "it is ***"


@pytest.mark.parametrize("closed", [False, True])
def test_the_schema_knows_them(closed: bool) -> None:  # noqa: FBT001 - a parameter
    """A schema takes what is in order, references too, and refuses what `validate` refuses."""
    schema = plan().schema(closed=closed)
    jsonschema.Draft7Validator.check_schema(schema)
    check = jsonschema.Draft7Validator(schema)
    good: list[dict[str, Any]] = [
        {"train": {"resources": {"GPU": 1, "memory": "$config.a"}, "retries": "${env:TRIES}"}},
        {"train": {"resources": None, "retries": 0}, "tracker": {"retries": 1}},
        {"sweep": SWEEP}, {"sweep": None}, {"sweep": {"grid": {"config.a": "$config.all"}}},
        {"tests": {"runner.train": {"run": {"pre": "a.py:b"}}}},
    ]  # fmt: skip
    bad: list[dict[str, Any]] = [
        {"train": {"resources": {"GPU": "one"}}}, {"train": {"resources": {"GPU": 0}}},
        {"train": {"retries": -1}}, {"train": {"trainer": {"retries": 1}}},
        {"sweep": {"grid": {"config.a": 1}}}, {"sweep": {"over": 1}},
        {"sweep": {"set": {"config..a": 1}}}, {"sweep": []},
    ]  # fmt: skip
    # In an open schema this may be the block of something that another workflow calls so.
    bad += [{"sweep": {"gird": {}}}, {"train": {"resources": {}, "retry": 1}}] if closed else []
    assert [each for each in good if [*check.iter_errors({**CONF, **each})]] == []
    assert [each for each in bad if not [*check.iter_errors({**CONF, **each})]] == []


def test_the_schema_leaves_names_to_other_workflows() -> None:
    """Where blocks are free, another workflow may call integrations so; its own schema knows it."""
    block = {"component": {"sweep": "Toy", "retries": "Toy"}, "sweep": {"config": {"a": 1}}}
    conf = {**block, "pipeline": {"train": "Toy"}, "train": {**block, "retries": {"config": {}}}}
    check = jsonschema.Draft7Validator
    assert not [*check(lg.plan({}, classes=exported()).schema()).iter_errors(conf)]
    for closed in (False, True):
        schema = lg.plan(conf, classes=exported()).schema(closed=closed)
        assert not [*check(schema).iter_errors(conf)]


def test_a_difference_is_told() -> None:
    """`diff` has what the three keys say, with their places, apart from keys of configs."""
    one = plan({"train": {"resources": {"GPU": 1}}, "sweep": {"over": "a.csv"}})
    other = plan({"train": {"retries": 2, "resources": {"GPU": 2}}})
    found = one.diff(other)
    assert [
        (each.path, [(key.key, key.change) for key in each.runs]) for each in found.changed
    ] == [
        ("runner", [("sweep", "removed")]),
        ("runner.train", [("resources", "changed"), ("retries", "added")]),
    ]
    assert not one.diff(one)
    assert not plan({"component": {"retries": "Toy"}, "retries": {"config": {}}}).diff(
        plan({"component": {"retries": "Toy"}})
    )
