"""Files that parts write: named after the run and the part, and never one in another's place."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from lolpop_graph.component.folders import output_folder
from lolpop_graph.files import write_whole

_LONGEST_NAME = 100
_NO_FILE_NAME = re.compile(r"[^\w.-]+")


class Outputs:
    """The files of one call of one part: `<output_folder>/reports/<part>.<run>[.<what>].<type>`.

    The part is its path in the workflow. The run is the id of the run that the part's
    `metadata_tracker` has active, else the local time to the millisecond. Where such a file is
    there already, the run is followed by `-2`, `-3` and so on.
    """

    def __init__(self, part: Any, folder: str) -> None:
        """Name files for `part`, an integration, below the output folder `folder`."""
        self._folder = output_folder(folder) / "reports"
        self._stem = f"{_file_name(part.path)}.{_file_name(_run_of(part))}"

    def write(self, content: bytes, kind: str, what: str = "") -> Path:
        """Write one file of a `kind` such as `html`, whole or not at all; return where it is.

        `what` tells several files of one call apart. Folders are made. Raises OSError.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._free(f".{_file_name(what)}.{kind}" if what else f".{kind}")
        write_whole(path, content)
        return path

    def _free(self, ending: str) -> Path:
        """A path that nothing has, and an empty file there, so that no other process takes it."""
        path, count = self._folder / f"{self._stem}{ending}", 1
        while not _is_taken_now(path):
            count += 1
            path = self._folder / f"{self._stem}-{count}{ending}"
        return path


def _is_taken_now(path: Path) -> bool:
    """Make an empty file; False where there is something already, be it a link to nowhere."""
    try:
        path.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _run_of(part: Any) -> str:
    """The id of the active run, or the time where nothing tracks runs."""
    try:
        return str(part.metadata_tracker.run_id)
    except (AttributeError, RuntimeError):
        return datetime.now().astimezone().strftime("%Y%m%d-%H%M%S-%f")[:-3]


def _file_name(text: str) -> str:
    """The text as a part of a file's name; a long one is cut in front, and told apart."""
    name = _NO_FILE_NAME.sub("_", text)
    if len(name.encode()) <= _LONGEST_NAME:
        return name
    end = name.encode()[-_LONGEST_NAME:].decode(errors="ignore")
    return f"{hashlib.sha256(text.encode()).hexdigest()[:8]}{end}"
