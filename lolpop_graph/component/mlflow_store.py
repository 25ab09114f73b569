"""MLflow's store as the workflow configures it: where it is, and which experiment counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from filelock import FileLock
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from lolpop_graph.component.folders import current_user, output_folder
from lolpop_graph.integration import BaseComponent
from lolpop_graph.text import suggestion

RUN_TAG = "lolpop_graph.run_id"
"""On an MLflow run that stands for a run of another tracker: the other one's id."""

_EXPERIMENT = "lolpop_graph"
_DATABASES = ("sqlite", "postgresql", "mysql", "mssql")
_SCHEMES = (*_DATABASES, "http", "https", "file", "databricks")
_BUSY_SECONDS = 60
"""How long a process waits for others that write to the same SQLite file. Python's own 5 seconds
are too few for several workers that log to it."""
_PATIENCE = 5
"""How many seconds a server may take to answer before it counts as absent. MLflow itself asks
again for minutes."""


@dataclass(frozen=True)
class MLFlowStore:
    """A store, and the experiment of it that a workflow's runs belong to.

    `artifacts` is where a new experiment keeps files, None for where the store says; `source`
    is what its runs are said to come from.
    """

    uri: str
    experiment: str
    artifacts: str | None
    source: str

    @cached_property
    def client(self) -> MlflowClient:
        """MLflow's client; made, and connected, on first use."""
        with _first_use(self.uri):
            return MlflowClient(tracking_uri=self.uri, registry_uri=self.uri)

    def create_run(self, name: str | None, tags: Mapping[str, str]) -> str:
        """Begin a run of the experiment, which says who began it, and return MLflow's id of it."""
        about = {
            "mlflow.user": current_user(),
            "mlflow.source.name": self.source,
            "mlflow.source.type": "LOCAL",
        }
        run = self.client.create_run(self.experiment_id(), run_name=name, tags={**about, **tags})
        return str(run.info.run_id)

    def stand_in(self, run_id: str) -> str | None:
        """MLflow's id of the run that stands for one of another tracker; None if there is none."""
        experiment = self.client.get_experiment_by_name(self.experiment)
        if experiment is None:
            return None
        found = self.client.search_runs(
            [experiment.experiment_id], f"tags.`{RUN_TAG}` = '{run_id}'", max_results=1
        )
        return str(found[0].info.run_id) if found else None

    def experiment_id(self) -> str:
        """MLflow's id of the experiment, which is made if it is new."""
        experiment = self.client.get_experiment_by_name(self.experiment)
        if experiment is not None:
            return str(experiment.experiment_id)
        try:
            return self.client.create_experiment(self.experiment, self.artifacts)
        except MlflowException:
            # Another process may have made it in between; then it is there now.
            experiment = self.client.get_experiment_by_name(self.experiment)
            if experiment is None:
                raise
            return str(experiment.experiment_id)


class BaseMLFlow(BaseComponent):
    """What components of MLflow have in common.

    Config: `mlflow_tracking_uri`, a server's address or a database's (default: the SQLite file
    `mlflow.db` in `output_folder`); `mlflow_experiment_name` (default `lolpop_graph`); and
    `artifact_location`, the folder or URI of the files, which counts when the experiment is new
    (default: `artifacts` in `output_folder`, and with a server what the server says). As with
    every key, environment variables answer where the workflow is silent, so that MLflow's own
    MLFLOW_TRACKING_URI and MLFLOW_EXPERIMENT_NAME work. MLflow's process-wide state (its active
    run, its tracking URI) is neither read nor changed.
    """

    # No defaults of the class, which would come before MLflow's environment variables.
    __OPTIONAL_CONF__ = [
        "mlflow_tracking_uri",
        "mlflow_experiment_name",
        "artifact_location",
        "output_folder",
    ]

    def setup(self) -> None:
        """Look whether the store can be one, and whether a server is there.

        Raises ValueError or ConnectionError.
        """
        check_store(self.store.uri)

    @cached_property
    def store(self) -> MLFlowStore:
        """The store that the config names; nothing is connected yet."""
        output = output_folder(self._get_config("output_folder"))
        uri = _patient(self._get_config("mlflow_tracking_uri") or f"sqlite:///{output}/mlflow.db")
        location = self._get_config("artifact_location")
        if location is None and _scheme(uri) in _DATABASES:
            location = (output / "artifacts").as_uri()
        root = self
        while root.parent is not None:
            root = root.parent
        name = self._get_config("mlflow_experiment_name") or _EXPERIMENT
        return MLFlowStore(uri, name, location, type(root).__name__)

    @property
    def client(self) -> MlflowClient:
        """MLflow's client for the configured store."""
        return self.store.client


def _patient(uri: str) -> str:
    """The address of an SQLite file with a time to wait for others, unless it says one itself."""
    parts = urlsplit(uri)
    if _scheme(uri) != "sqlite" or "timeout=" in parts.query:
        return uri
    return f"{uri}{'&' if parts.query else '?'}timeout={_BUSY_SECONDS}"


def check_store(uri: str) -> None:
    """Raise ValueError for an address that looks misspelt, ConnectionError for a silent server."""
    scheme = _scheme(uri)
    meant = suggestion(scheme, _SCHEMES)
    if scheme not in _SCHEMES and "://" in uri and meant is not None:
        message = f"mlflow_tracking_uri: MLflow knows no {scheme!r}: did you mean `{meant}`?"
        raise ValueError(message)
    if scheme not in ("http", "https"):
        return
    try:
        # The address is the user's own, and one of a server.
        with urlopen(Request(uri, method="HEAD"), timeout=_PATIENCE):  # noqa: S310
            pass
    except HTTPError:
        # It answers, which is all that is asked.
        return
    except OSError as error:
        parts = urlsplit(uri)
        # Without what may stand before the host: a name and a password.
        address = f"{scheme}://{parts.netloc.rpartition('@')[2]}"
        message = (
            f"no MLflow server answers at {address} ({error}): start one (`mlflow server`), or "
            "leave `mlflow_tracking_uri` out and MLflow keeps an SQLite file"
        )
        raise ConnectionError(message) from None


@contextmanager
def _first_use(uri: str) -> Iterator[None]:
    """Have the tables of an SQLite file made by one process alone; others wait for it.

    MLflow makes them on first use and, where two do so at once, fails over a table or column
    that the other has just added.
    """
    file = Path(urlsplit(uri).path.removeprefix("/"))
    if _scheme(uri) != "sqlite" or not file.name:
        yield
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(file.with_name(f".{file.name}.lock")):
        yield


@contextmanager
def plain_errors(*refused: str, absent: str = "") -> Iterator[None]:
    """Make errors of MLflow those that all trackers and repositories raise.

    ValueError where MLflow refuses what it is given (`refused`: further codes of MLflow that mean
    it), and, if a sentence says what is `absent`, LookupError where it does not have it.
    """
    try:
        yield
    except MlflowException as error:
        if error.error_code in ("INVALID_PARAMETER_VALUE", *refused):
            raise ValueError(error.message) from error
        if absent and error.error_code == "RESOURCE_DOES_NOT_EXIST":
            raise LookupError(absent) from error
        raise


def _scheme(uri: str) -> str:
    return urlsplit(uri).scheme.partition("+")[0].casefold()


def texts(values: Mapping[str, Any], longest: int) -> dict[str, str]:
    """Values as texts of at most so many characters."""
    return {str(name): str(value)[:longest] for name, value in values.items()}
