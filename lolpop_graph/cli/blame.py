"""Whether an error comes from the user's own code, or from ours and the libraries it calls."""

from __future__ import annotations

import re
import sysconfig
import traceback
from pathlib import Path

from lolpop_graph.classes.loading import EXTRAS

_OURS = Path(__file__).parent.parent
_STANDARD = tuple(Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib"))
_FILE = re.compile(r'^ +File "([^"]+)", line', re.MULTILINE)
"""How a traceback names the file of a line."""
_SITE_PACKAGES = {"site-packages", "dist-packages"}


def is_said_by_parts(error: BaseException | None) -> bool:
    """Whether no code of the user's was on the way to an error, so that its words say it all.

    Nobody mends their workflow by reading where in our code, or in that of a library which a
    part of ours has called, the error was raised. Installed packages that are no such library
    are the user's: extensions are. What is noted on an error may tell of code in another process.
    """
    if error is None or error.__traceback__ is None:
        return False
    by_library = False
    here = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    there = [file for note in getattr(error, "__notes__", ()) for file in _FILE.findall(note)]
    for path in map(Path, [*here, *there]):
        package = _installed_package(path)
        if path.is_relative_to(_OURS):
            by_library = False
        elif package in EXTRAS:
            by_library = True
        elif not _is_standard(path, package) and not (package and by_library):
            return False
    return True


def _installed_package(path: Path) -> str:
    """The top-level module, below a folder of installed packages, that a file belongs to."""
    for at, part in enumerate(path.parts[:-1]):
        if part in _SITE_PACKAGES:
            return path.parts[at + 1].removesuffix(".py")
    return ""


def _is_standard(path: Path, package: str) -> bool:
    """Whether a file is Python's own, or none: code that Python makes as it runs."""
    if package:
        return False
    made = str(path).startswith("<")
    return made or any(path.is_relative_to(folder) for folder in _STANDARD)
