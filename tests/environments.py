"""Fresh virtual environments, for tests that install something."""

from __future__ import annotations

import os
import site
import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent


class Environment:
    """A fresh virtual environment, which borrows only what others make from this one."""

    def __init__(self, folder: Path, requirements: Path | None = None) -> None:
        """Make it; editable installations of this one are not seen.

        Nothing is fetched but `requirements`, which go before what is borrowed.
        """
        venv.create(folder)
        self.python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
        if requirements is not None:
            self._fetch(requirements)
        (found,) = folder.glob("lib/python*/site-packages")
        borrowed = [path for path in sys.path if path.endswith("site-packages")]
        (found / "borrowed.pth").write_text("\n".join(borrowed or site.getsitepackages()))

    def install(self, *projects: Path) -> None:
        """Build wheels of projects and install them."""
        self.run("-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation",
                 "--no-index", "--force-reinstall", *projects)  # fmt: skip

    def _fetch(self, requirements: Path) -> None:
        """Install all that a file names, and nothing else."""
        subprocess.run(
            [sys.executable, "-m", "pip", "--python", self.python, "install", "--quiet",
             "--no-deps", "--no-compile", "--disable-pip-version-check", "-r", requirements],
            check=True, capture_output=True, text=True,
        )  # fmt: skip

    def run(
        self,
        *arguments: str | Path,
        cwd: Path | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> str:
        """Run Python in it, with `settings` in its environment; what it prints."""
        done = subprocess.run(
            [self.python, "-P", *arguments], cwd=cwd or self.python.parent,
            capture_output=True, text=True, check=False,
            env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"),
                 **(settings or {})},
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout
