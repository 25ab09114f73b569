"""Checking again on every save of one of the files that a check reads."""

# A name may be longer than any path, which pathlib raises for and os.path does not.
# ruff: noqa: PTH112, PTH116

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import click
import watchfiles

from lolpop_graph.block import find_key
from lolpop_graph.classes.sources import Located, walk
from lolpop_graph.cli.reports import is_terminal, write_lines
from lolpop_graph.config import PLUGINS_KEY
from lolpop_graph.errors import WorkflowError
from lolpop_graph.model import groups_in
from lolpop_graph.workflow import Plan, plan

_QUIET = 0.05
"""Seconds without a change after which a save is taken to be over."""
_LONGEST = 20
"""How often to wait for that before files that never rest are checked as they are."""
_AT_LEAST_EVERY = 2_000
"""Milliseconds after which files are looked at although nothing was told of a change."""

Stamps = dict[str, tuple[int, ...] | None]
"""For each file what a save changes; None for one that is not there."""


class Watched(NamedTuple):
    """What a check reads: files, and plug-ins, which are files or folders of modules."""

    files: Sequence[Path]
    plugins: Sequence[Path]

    def stamps(self) -> Stamps:
        """What the files are like now."""
        return {file: _stamp(file) for file in self._all()}

    def folders(self) -> set[Path]:
        """The folders in which something happens when a file is saved.

        The file itself would be lost where an editor puts another in its place. Where a file
        is a link, its target may change, and where a folder is missing, it may come.
        """
        folders = {path for path in self.plugins if os.path.isdir(path)}
        for file in self._all():
            for path in (Path(file).absolute(), Path(os.path.realpath(file))):
                folders.add(next(above for above in path.parents if os.path.isdir(above)))
        return folders

    def _all(self) -> Iterator[str]:
        yield from map(str, self.files)
        for path in self.plugins:
            if os.path.isdir(path):
                start = Located(path.name, str(path / "__init__.py"), (str(path),))
                yield from (source.file for source in walk(start))
            else:
                yield str(path)


def keep_checking(check: Callable[[], object], watched: Callable[[], Watched]) -> NoReturn:
    """Call `check`, and again after every change of what is `watched`, until interrupted.

    `watched` is called before each check, which may read other files than the one before.
    """
    while True:
        here = watched()
        with _change_of(here) as changed:
            check()
            words = f"{time.strftime('%H:%M:%S')} waiting for the next save; Ctrl-C ends"
            write_lines([[(words, "dim")]], err=True)
            _wait(changed)
        _settle(here)
        if is_terminal(sys.stdout):
            click.clear()
        else:
            write_lines([[("-" * 40, "dim")]], err=True)


def plugins_of(sources: Sequence[Path], keywords: dict[str, Any]) -> list[Path]:
    """The plug-ins that a check of the classes reads; none where it does not come so far."""
    given = [path.resolve() for path in keywords["plugin_paths"]]
    try:
        return [*given, *_named_plugins(plan(*sources, **keywords))]
    except WorkflowError:
        return given


def _named_plugins(made: Plan) -> Iterator[Path]:
    """The plug-ins that a workflow names, there or not; none outside the file's folder."""
    groups = [group.config for group in groups_in(made.integrations)]
    for config in [*groups, *(integration.config for integration in made.integrations)]:
        key = find_key(config, PLUGINS_KEY)
        if key is None:
            continue
        value = config[key]
        folder = made.document.folder(config.value_mark(key)).resolve()
        for text in value if isinstance(value, list) else [value]:
            # What is no path is a fault of the check's.
            with suppress(OSError, RuntimeError, ValueError, TypeError):
                path = (folder / text).resolve()
                if path.is_relative_to(folder):
                    yield path


def _stamp(file: str) -> tuple[int, ...] | None:
    try:
        status = os.stat(file)
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


@contextmanager
def _change_of(watched: Watched) -> Iterator[Future[None]]:
    """What is done when something is no longer as it is now."""
    before = watched.stamps()
    stop = threading.Event()
    # In the main thread watchfiles would take every signal for Ctrl-C.
    with ThreadPoolExecutor(1) as pool, ExitStack() as stack:
        stack.callback(stop.set)
        yield pool.submit(_look, watched, before, stop)


def _wait(changed: Future[None]) -> None:
    try:
        changed.result()
    except OSError as error:
        message = f"the folder of the workflow cannot be watched: {error.strerror or error}"
        raise click.ClickException(message) from None


def _look(watched: Watched, before: Stamps, stop: threading.Event) -> None:
    """Return when something changed, or `stop` is set."""
    with suppress(FileNotFoundError):  # A folder that goes at this moment is a change as well.
        for _ in watchfiles.watch(
            *watched.folders(),
            watch_filter=None,
            recursive=False,
            rust_timeout=_AT_LEAST_EVERY,
            yield_on_timeout=True,
            stop_event=stop,
        ):
            if watched.stamps() != before:
                return


def _settle(watched: Watched) -> None:
    """Wait until a save is over: editors write, rename and delete, and more than once."""
    last = watched.stamps()
    for _ in range(_LONGEST):
        time.sleep(_QUIET)
        now = watched.stamps()
        if now == last:
            return
        last = now
