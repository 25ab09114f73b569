"""A workflow on its way to another process: what travels, what tells two apart, what is refused."""

from __future__ import annotations

import pickle
import platform
import threading
from pathlib import Path

import pytest

import lolpop_graph as lg
from lolpop_graph.faults import NotShippable, ProcessDiffers
from lolpop_graph.shipment import Shipment

ROOT = Path(__file__).parent.parent
QUICKSTART = ROOT / "fixtures" / "quickstart" / "workflow.yaml"
PARTS = "import lolpop_graph as lg\n\n\nclass Main(lg.BaseRunner):\n    pass\n"


def sent(shipment: Shipment) -> Shipment:
    """What another process gets."""
    arrived: Shipment = pickle.loads(pickle.dumps(shipment))
    return arrived


def workflow_in(folder: Path, text: str) -> Path:
    """A workflow file with a plug-in beside it."""
    (folder / "parts.py").write_text(PARTS, encoding="utf-8")
    file = folder / "workflow.yaml"
    file.write_text(f"runner: Main\nconfig: {{plugin_paths: [parts.py]}}\n{text}", encoding="utf-8")
    return file


def test_the_same_plan_is_made_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files, overrides and options arrive, wherever the other process stands."""
    shipment = lg.plan(QUICKSTART, {"config": {"a": 1}}, overrides={"config.b": 2}).shipment
    monkeypatch.chdir(tmp_path)
    plan = sent(shipment).plan({"config.c": 3})
    assert plan.order == lg.plan(QUICKSTART).order
    assert {"a": 1, "b": 2, "c": 3}.items() <= plan.graph.nodes["runner"]["config"].items()
    assert sent(shipment).plan().shipment.digest == shipment.digest


def test_files_arrive_as_they_were_read(tmp_path: Path) -> None:
    """An edit after the plan was made changes nothing that is sent."""
    file = workflow_in(tmp_path, "component: {tracker: 'lolpop_graph.integration:BaseComponent'}")
    shipment = lg.plan(file).shipment
    file.write_text("runner: Other\n", encoding="utf-8")
    assert shipment.plan().order == ["runner", "runner.tracker"]


def test_the_environment_is_read_where_the_plan_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reference to the environment travels as it is written, and its value does not."""
    file = tmp_path / "workflow.yaml"
    file.write_text("config: {token: '${env:CANARY}'}\n", encoding="utf-8")
    monkeypatch.setenv("CANARY", "hunter2-of-the-driver")
    shipment = lg.plan(file).shipment
    assert b"hunter2" not in pickle.dumps(shipment)
    monkeypatch.setenv("CANARY", "of-the-worker")
    assert shipment.plan().document.root["config"]["token"] == "of-the-worker"


def test_nothing_of_the_content_is_shown() -> None:
    """The text of a shipment has no config value."""
    shipment = lg.plan({"config": {"password": "hunter2"}}).shipment
    assert "hunter2" not in f"{shipment} {shipment!r}"


def test_digests_tell_workflows_apart(tmp_path: Path) -> None:
    """A value, an override, an option and the text of a plug-in each make another workflow."""
    file = workflow_in(tmp_path, "")
    plans = [
        lg.plan(file),
        lg.plan(file, {"config": {"a": 1}}),
        lg.plan(file, overrides={"config.a": 1}),
        lg.plan(file, problem_type="regression"),
    ]
    digests = {plan.shipment.digest for plan in plans}
    (tmp_path / "parts.py").write_text(PARTS + "# edited\n", encoding="utf-8")
    assert len({*digests, lg.plan(file).shipment.digest}) == 5
    assert lg.plan(file).shipment.digest == lg.plan(str(file)).shipment.digest


def test_another_python_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process with another version of Python says so, before anything is read there."""
    shipment = sent(lg.plan({}).shipment)
    monkeypatch.setattr(platform, "python_version", lambda: "3.99.0")
    with pytest.raises(lg.WorkflowError, match=r"has Python 3\.99\.0") as caught:
        shipment.plan()
    assert [type(fault) for fault in caught.value.faults] == [ProcessDiffers]


def test_another_plugin_refuses(tmp_path: Path) -> None:
    """So does one whose plug-in has another text, or none."""
    shipment = lg.plan(workflow_in(tmp_path, "")).shipment
    (tmp_path / "parts.py").write_text(PARTS + "# edited\n", encoding="utf-8")
    with pytest.raises(lg.WorkflowError, match="has another plug-in"):
        shipment.plan()
    (tmp_path / "parts.py").unlink()
    with pytest.raises(lg.WorkflowError, match="has no plug-in"):
        shipment.plan()


def test_what_does_not_pickle_is_refused() -> None:
    """A lock in a mapping cannot be sent, and is told as a fault of the call."""
    with pytest.raises(lg.WorkflowError) as caught:
        lg.plan({"config": {"lock": threading.Lock()}}).shipment  # noqa: B018 - it packs
    (fault,) = caught.value.faults
    assert isinstance(fault, NotShippable)
    assert fault.blames_call


def test_runs_of_one_workflow_leave_nothing_to_each_other(tmp_path: Path) -> None:
    """A file that is read once for many plans is as it was for each of them."""
    file = tmp_path / "workflow.yaml"
    file.write_text("config: {a: {b: 1, c: [1, 2]}, password: secret-of-this-file}\n")
    shipment = lg.plan(file, {"config": {"d": 4}}).shipment
    expected = {"a": {"b": 1, "c": [1, 2]}, "d": 4}
    for overrides in ({"config.a.b": 2}, {"config.a": None}, {"config.e": 5, "config.a.c": []}):
        changed = shipment.plan(overrides)
        assert changed.document.root != shipment.plan().document.root
        assert changed.without_secrets("secret-of-this-file") == "***"
        with changed.build() as workflow:
            workflow.root.config["a"] = "changed by the object"
        found = dict(shipment.plan().document.root["config"])
        assert found.pop("password") == "secret-of-this-file"
        assert found == expected


def test_references_are_replaced_for_each_plan(tmp_path: Path) -> None:
    """What a reference leads to may be another thing each time."""
    file = tmp_path / "workflow.yaml"
    file.write_text("config: {a: 1, b: $config.a, c: [$config.a]}\n")
    shipment = lg.plan(file).shipment
    for value in (1, 2, 3):
        root = shipment.plan({"config.a": value}).document.root["config"]
        assert (root["b"], root["c"]) == (value, [value])
