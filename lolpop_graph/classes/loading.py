"""Importing the one module that is needed, and saying in words why it does not import."""

from __future__ import annotations

import importlib
import sys
import traceback
from importlib.util import find_spec
from types import ModuleType

from lolpop_graph.faults import ImportFailed

EXTRAS = {
    "alembic": "mlflow",
    "copier": "scaffold",
    "duckdb": "duckdb",
    "evidently": "evidently",
    "filelock": "local",
    "joblib": "sklearn",
    "lightgbm": "lightgbm",
    "matplotlib": "inspection",
    "mlflow": "mlflow",
    "numpy": "local",
    "optuna": "optuna",
    "pandas": "local",
    "pyarrow": "local",
    "pygraphviz": "render",
    "scipy": "sklearn",
    "sklearn": "sklearn",
    "sqlalchemy": "mlflow",
    "tenacity": "retry",
    "tomlkit": "scaffold",
}
"""A module that may be missing, and the extra of this project that installs it."""

_HERE = __file__.removesuffix("loading.py")


class ModuleAbsentError(Exception):
    """There is no module `name`, which is the one asked for or a package above it."""

    def __init__(self, name: str) -> None:
        """Carry the name."""
        self.name = name
        super().__init__(name)


def load_module(name: str) -> ModuleType:
    """Import a module, each package above it first.

    Raises ModuleAbsentError where one of them does not exist, and whatever their code raises.
    """
    parts = name.split(".")
    for count in range(1, len(parts)):
        package = ".".join(parts[:count])
        _check_exists(package)
        importlib.import_module(package)
    _check_exists(name)
    return importlib.import_module(name)


def import_failed(class_name: str, module: str, error: BaseException, remedy: str) -> ImportFailed:
    """The fault for a module that raised; `remedy` stands where no extra of ours would help."""
    extra = EXTRAS.get(missing_module(error))
    return ImportFailed(
        class_name=class_name,
        module=module,
        cause=told(error),
        raised_at=_raised_at(error),
        remedy=f'run: {pip_install(extra)}; in a clone: pip install ".[{extra}]"'
        if extra
        else remedy,
    )


def pip_install(*extras: str, distribution: str = "lolpop-graph") -> str:
    """The command that installs extras of a distribution."""
    return f'pip install "{distribution}[{",".join(extras)}]"'


def missing_module(error: BaseException | None) -> str:
    """The top-level module whose absence is behind an error, or nothing."""
    seen = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, ModuleNotFoundError) and error.name:
            return error.name.partition(".")[0]
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return ""


def _check_exists(name: str) -> None:
    """Raise ModuleAbsentError for a module that does not exist; its package is imported."""
    if sys.modules.get(name):
        return
    package = name.rpartition(".")[0]
    if package and not hasattr(sys.modules.get(package), "__path__"):
        raise ModuleAbsentError(name)
    if find_spec(name) is None:
        # Listings of folders are cached, and a file may have been written a moment ago.
        importlib.invalidate_caches()
        if find_spec(name) is None:
            raise ModuleAbsentError(name)


def told(error: BaseException) -> str:
    """The kind of an error and what it says, without the place that a syntax error says as well."""
    words = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"{type(error).__name__}: {words}".rstrip(": ")


def _raised_at(error: BaseException) -> str:
    """The file and line of the innermost frame that neither Python's import nor ours has."""
    if isinstance(error, SyntaxError):
        return f"{error.filename}:{error.lineno}"
    at = ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        file = frame.f_code.co_filename
        if not file.startswith(("<", _HERE)) and file != importlib.__file__:
            at = f"{file}:{line}"
    return at
