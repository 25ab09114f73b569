"""Files that are put into a project all together, or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lolpop_graph.errors import WorkflowError
from lolpop_graph.faults import FilesExist, NameRefused, NotWritten
from lolpop_graph.files import write_whole
from lolpop_graph.interrupts import Held

_EMPTY = "__init__.py"


@contextmanager
def draft_of(target: Path) -> Iterator[Path]:
    """A folder in which what is to be put into `target` is made, and which is gone in the end."""
    try:
        with tempfile.TemporaryDirectory(prefix="lolpop_graph.") as folder:
            yield Path(folder).resolve()
    except OSError as error:
        raise WorkflowError([_unwritten(target, error)]) from None


def place(draft: Path, target: Path, *, force: bool, edited: Iterable[str] = ()) -> list[str]:
    """Put all files of a draft into a folder, and return their names, sorted.

    Without `force` none is put in the place of another, but for those that were `edited` on
    purpose. A package's `__init__.py` that is there stays. Raises WorkflowError, and then all is
    as it was.
    """
    names = sorted(str(path.relative_to(draft)) for path in draft.rglob("*") if not path.is_dir())
    names = [name for name in names if Path(name).name != _EMPTY or not (target / name).exists()]
    _check_modules(names, target)
    there = [name for name in names if os.path.lexists(target / name) and name not in edited]
    if there and not force:
        raise WorkflowError([FilesExist(folder=str(target), files=tuple(there))])
    before: dict[Path, bytes | None] = {}
    made: list[Path] = []
    with Held(__name__):
        try:
            for name in names:
                path = target / name
                made += _missing_folders(path.parent)
                path.parent.mkdir(parents=True, exist_ok=True)
                before[path] = path.read_bytes() if path.exists() else None
                write_whole(path, (draft / name).read_bytes())
                shutil.copymode(draft / name, path)
        except BaseException as error:
            _undo(before, made)
            if isinstance(error, OSError):
                raise WorkflowError([_unwritten(target, error)]) from None
            raise
    return names


def _check_modules(names: Iterable[str], target: Path) -> None:
    """Refuse a module and a package of one name side by side, of which Python finds the package."""
    for name in map(Path, names):
        packages = [name.with_suffix("")] if (target / name).suffix == ".py" else []
        twins = [each for each in packages if (target / each).is_dir()]
        modules = [each.with_name(f"{each.name}.py") for each in name.parents if each.name]
        twins += [each for each in modules if (target / each).is_file()]
        if twins:
            reason = (
                f"would hide, or be hidden by, `{twins[0].as_posix()}`: Python takes one of them"
            )
            fault = NameRefused(name=twins[0].stem, reason=reason, remedy="choose another name")
            raise WorkflowError([fault])


def _missing_folders(folder: Path) -> list[Path]:
    """The folders that have to be made, the outermost first."""
    missing = []
    while not folder.exists() and folder != folder.parent:
        missing.append(folder)
        folder = folder.parent
    return missing[::-1]


def _undo(before: dict[Path, bytes | None], made: list[Path]) -> None:
    for path, content in before.items():
        with contextlib.suppress(OSError):
            if content is None:
                path.unlink(missing_ok=True)
            else:
                write_whole(path, content)
    for folder in reversed(made):
        with contextlib.suppress(OSError):
            folder.rmdir()


def _unwritten(target: Path, error: OSError) -> NotWritten:
    return NotWritten(target=str(error.filename or target), reason=error.strerror or str(error))
