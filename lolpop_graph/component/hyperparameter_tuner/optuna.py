"""Combinations that Optuna proposes, each time with what it has learnt of those before."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import optuna

from lolpop_graph.component.config_types import Count
from lolpop_graph.component.hyperparameter_tuner.cross_validation import CrossValidation, Trial
from lolpop_graph.component.hyperparameter_tuner.search_space import Choices, Range
from lolpop_graph.component.hyperparameter_tuner.searching import SearchingTuner

_FOLDS, _SECONDS, _ERROR = "fold_scores", "seconds", "error"
_STATES = (optuna.trial.TrialState.COMPLETE, optuna.trial.TrialState.FAIL)


class OptunaTuner(SearchingTuner):
    """Tries what Optuna's TPE sampler proposes (Bergstra et al., 2011), seeded.

    Config: that of `SearchingTuner`, with `n_trials` 20 by default; `storage`, an SQLite file
    (`tuning.db`) or a URL of SQLAlchemy's, else nothing is kept; `study_name`, by default the
    tuner's path in the workflow. A storage lets an interrupted search go on: `n_trials` counts
    the trials in it. Only trials of the same rows, folds, metric, model and search space are
    gone on from, since the study's full name ends in a digest of these.
    """

    @dataclass(kw_only=True)
    class Config(SearchingTuner.Config):
        """Those of all searches, and where a study is kept."""

        n_trials: Count | None = 20
        storage: str | None = None
        study_name: str | None = None

    config: Config

    def _search(self, validation: CrossValidation) -> list[Trial]:
        with _quiet():
            study = self._study(validation)
        tried = len(study.get_trials(deepcopy=False, states=_STATES))
        while not self._is_over(tried):
            self._run(study, validation)
            tried += 1
        return [_read(trial, self._space) for trial in study.get_trials(states=_STATES)]

    def _study(self, validation: CrossValidation) -> optuna.Study:
        storage = _url(self.config.storage)
        name = f"{self.config.study_name or self.path} {self._digest(validation)}"
        study = optuna.create_study(
            storage=storage,
            study_name=name,
            direction="maximize" if self._maximizes else "minimize",
            load_if_exists=True,
        )
        # A search that goes on must not propose once more what it began with.
        seed = self._seed + len(study.get_trials(deepcopy=False))
        study.sampler = optuna.samplers.TPESampler(seed=seed)
        return study

    def _digest(self, validation: CrossValidation) -> str:
        text = f"{validation.digest()} {self._space} {self._maximizes}"
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def _run(self, study: optuna.Study, validation: CrossValidation) -> None:
        proposed = study.ask()
        params = {name: _suggest(proposed, name, each) for name, each in self._space.items()}
        trial = validation.run(params)
        proposed.set_user_attr(_FOLDS, list(trial.fold_scores))
        proposed.set_user_attr(_SECONDS, trial.seconds)
        proposed.set_user_attr(_ERROR, trial.error)
        if trial.fold_scores:
            study.tell(proposed, trial.score)
        else:
            study.tell(proposed, state=optuna.trial.TrialState.FAIL)


def _suggest(trial: optuna.Trial, name: str, space: Choices | Range) -> Any:
    if isinstance(space, Choices):
        # As texts, since Optuna keeps no lists, and takes 1, 1.0 and true for the same.
        return _choice(trial.suggest_categorical(name, space.labels), space)
    low, step, log = space.low, space.step, space.is_log
    # Where the steps do not end at `high`, Optuna would say so with each trial.
    high = space.high if step is None else space.points(0)[-1]
    if space.is_int:
        return trial.suggest_int(name, int(low), int(high), step=int(step or 1), log=log)
    return trial.suggest_float(name, low, high, step=step, log=log)


def _choice(label: str, space: Choices) -> Any:
    """The choice that a label stands for."""
    return space.values[space.labels.index(label)]


def _read(trial: optuna.trial.FrozenTrial, spaces: dict[str, Choices | Range]) -> Trial:
    """A trial of the storage as all tuners show it."""
    params = {}
    for name, space in spaces.items():
        value = trial.params[name]
        params[name] = _choice(value, space) if isinstance(space, Choices) else value
    kept = trial.user_attrs
    return Trial(params, tuple(kept[_FOLDS]), kept[_SECONDS], kept[_ERROR])


def _url(storage: str | None) -> str | None:
    """The URL of an SQLite file whose path is given, folders made; a URL as it is."""
    if storage is None or "://" in storage:
        return storage
    path = Path(storage).expanduser().absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{path}"


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Optuna from telling this thread's new studies; its verbosity stays as it is."""
    thread = threading.get_ident()
    loggers = [
        logging.getLogger(f"optuna.{name}")
        for name in ("storages._in_memory", "storages._rdb.storage", "study.study")
    ]

    def is_other(record: logging.LogRecord) -> bool:
        return record.thread != thread or record.levelno >= logging.WARNING

    for logger in loggers:
        logger.addFilter(is_other)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(is_other)
