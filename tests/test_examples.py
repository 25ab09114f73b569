"""The complete examples, one for each runner, run in a folder of one's own as a user would."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import lolpop_graph as lg

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
EXAMPLES = ("classification", "regression", "time_series")
OVERLAYS = ("dev", "prod")
BOUNDS = {
    "classification": {"accuracy": (0.9, 1), "roc_auc": (0.97, 1), "log_loss": (0, 0.25)},
    "regression": {"mae": (38, 50), "rmse": (48, 62), "r2": (0.35, 0.6)},
    "time_series": {
        "mae": (0.4, 0.9),
        "baseline_mae": (1.5, 1.9),
        "backtest_mae": (0.4, 0.9),
        "backtest_baseline_mae": (1.2, 1.7),
    },
}
"""Between what a metric of an example is, with plain parts as with those of production."""
FASTER = {
    "classification": {
        "train.hyperparameter_tuner.config.n_trials": 3,
        "train.model_explainer.config.n_repeats": 2,
    },
    "regression": {
        "train.hyperparameter_tuner.config.n_trials": 3,
        "train.model_explainer.config.n_repeats": 2,
    },
    "time_series": {"train.hyperparameter_tuner.config.n_trials": 3},
}
"""What is cut short in production, where it takes long."""


@dataclass(frozen=True)
class Done:
    """An example that was run twice and looked after: what it said, and what it has left."""

    example: str
    found: dict[str, Any]
    again: dict[str, Any]
    monitored: dict[str, Any]
    artifacts: set[str]
    predictions: pd.DataFrame
    reference: pd.DataFrame


def run(example: str, overlay: str, folder: Path) -> Done:
    """Run an example in a folder that is not the repository's."""
    files = [FIXTURES / example / f"{name}.yaml" for name in ("workflow", overlay)]
    with lg.build(*files, overrides=FASTER[example] if overlay == "prod" else {}) as workflow:
        root = workflow.root
        found = root.main()
        again = root.predict_with()
        monitored = root.monitor_predictions()
        kept = {
            name: sorted(path.name for path in fetched(root, found, name, folder).iterdir())
            for name in ("model", "reference", "checks", "deployment", "figures")
        }
        reference = pd.read_csv(fetched(root, found, "reference", folder) / "reference.csv")
        predictions = root.prediction_store.load(workflow.root._get_config("predictions"))
    names = {f"{name}/{file}" for name, files in kept.items() for file in files}
    return Done(example, found, again, monitored, names, predictions, reference)


def fetched(root: Any, found: dict[str, Any], name: str, folder: Path) -> Path:
    """A folder of the run's artifacts."""
    kept: Path = root.metadata_tracker.fetch_artifacts(found["run_id"], name, folder / "fetched")
    return kept


@pytest.fixture(scope="module", params=[(one, two) for one in EXAMPLES for two in OVERLAYS])
def done(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Done]:
    """Each example with each overlay, run in a folder that has nothing of it."""
    example, overlay = request.param
    folder = tmp_path_factory.mktemp(f"{example}_{overlay}")
    (folder / "fetched").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield run(example, overlay, folder)
        assert [path.name for path in folder.iterdir() if path.name != "fetched"] == [
            "lolpop_output"
        ]
        assert len(list(folder.rglob("lolpop_output"))) == 1


def test_metrics_are_sane(done: Done) -> None:
    """Within bounds that hold whoever trains, and better than the naive forecast."""
    for name, (low, high) in BOUNDS[done.example].items():
        assert low <= done.found[name] <= high, name


def test_the_model_is_in_production(done: Done) -> None:
    """It was promoted, and predicts the same again without training."""
    assert (done.found["model_version"], done.found["promoted"]) == ("1", True)
    assert done.again["run_id"] == done.found["run_id"]
    assert done.again["predictions"] == done.found["predictions"]


def test_what_there_is_to_see_is_kept(done: Done) -> None:
    """Model, features, reference, reports, figures and the comparison are with the run."""
    folders = {name.partition("/")[0] for name in done.artifacts}
    assert folders == {"model", "reference", "checks", "deployment", "figures"}
    assert {"reference/reference.csv", "deployment/comparison.json"} <= done.artifacts
    assert {"checks/training", "checks/model", "checks/prediction"} <= done.artifacts
    assert any(name.startswith("figures/") and name.endswith(".png") for name in done.artifacts)


def test_new_rows_are_predicted(done: Done) -> None:
    """Each new wine and patient, and each month of the year to come."""
    found = done.predictions
    if done.example == "classification":
        assert len(found) == 36
        assert set(found["predicted_cultivar"]) == {"A", "B", "C"}
        shares = found[[f"probability_{label}" for label in "ABC"]].sum(axis=1)
        assert shares.to_numpy() == pytest.approx(1)
    elif done.example == "regression":
        assert len(found) == 45
        assert found["predicted_progression"].between(25, 346).all()
    else:
        ahead = found[found["co2"].isna()]
        assert [f"{time:%Y-%m}" for time in pd.to_datetime(ahead["date"])] == [
            f"2001-{month:02}" for month in range(1, 13)
        ]
        actual = actual_of_2001()
        assert np.abs(ahead["predicted_co2"].to_numpy() - actual).mean() < 0.7
        assert np.abs(ahead["seasonal_naive"].to_numpy() - actual).mean() > 1.2


def actual_of_2001() -> Any:
    """The monthly means of the year that the example forecasts."""
    weeks = pd.read_csv(FIXTURES / "time_series" / "data" / "co2_2001.csv")
    return weeks.groupby(weeks["date"].str[:7])["co2"].mean().to_numpy()


def test_recent_predictions_have_not_drifted(done: Done) -> None:
    """The new rows are of the same kind as those that the model was measured with."""
    assert done.monitored["drifted"] is False
    assert Path(done.monitored["report"]).exists()
    predicted = [name for name in done.reference.columns if name.startswith("predicted_")]
    assert len(predicted) == 1


@pytest.mark.parametrize("example", EXAMPLES)
def test_data_are_those_of_the_package(
    example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The script in an example's README writes the CSV files byte for byte as they are."""
    text = (FIXTURES / example / "README.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    written = tmp_path / "fixtures" / example / "data"
    written.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    exec(compile(script, f"{example}/README.md", "exec"), {})
    kept = FIXTURES / example / "data"
    names = sorted(path.name for path in kept.iterdir())
    assert names == sorted(path.name for path in written.iterdir())
    for name in names:
        assert (written / name).read_bytes() == (kept / name).read_bytes()


def test_every_type_of_part_is_used() -> None:
    """The examples together name every type of component that the package has."""
    folder = FIXTURES.parent / "lolpop_graph" / "component"
    types = {path.parent.name for path in folder.glob("*/base.py")}
    used = set()
    for example in EXAMPLES:
        files = [FIXTURES / example / f"{name}.yaml" for name in ("workflow", "prod")]
        for conf in (files[:1], files):
            found = lg.plan(*conf).find_classes()
            used |= {
                found.info(one).cls.__module__.split(".")[2] for one in lg.plan(*conf).integrations
            }
    assert types <= used
