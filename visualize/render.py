"""DOT text -> SVG, PNG or PDF: the only module that meets Graphviz, in a process of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys

_PNG_DPI = 144
_MISSING = 3
_INSTALL = 'pip install "lolpop-graph[render]", or install Graphviz (https://graphviz.org/download)'
_NOISE = ("Fontconfig", "Warning:", "Pango-WARNING", "(process:")


class RenderError(Exception):
    """A picture that could not be drawn: the `reason`, and the `cure` where there is one."""

    def __init__(self, reason: str, cure: str | None = None) -> None:
        """Keep both as they are; they are joined when the error is shown."""
        super().__init__(reason, cure)
        self.reason = reason
        self.cure = cure

    def __str__(self) -> str:
        return self.reason if self.cure is None else f"{self.reason}: {self.cure}"


def render(dot_text: str, format: str, *, timeout: float = 120.0) -> bytes:  # noqa: A002
    """Return the picture that the DOT text describes, in a `format` of Graphviz such as "svg".

    The program `dot` draws it or, on a machine without that, the Graphviz inside pygraphviz.
    Raises RenderError without a Graphviz, when Graphviz fails, and after `timeout` seconds.
    """
    content = _crisp(dot_text) if format == "png" else dot_text
    return _drawn(content.encode(errors="replace"), format, timeout)


def _crisp(dot_text: str) -> str:
    """Return the text with a resolution at which letters are sharp, unless it has its own."""
    # In the text, since the two ways to Graphviz have no option for it in common.
    return dot_text.replace("{", f"{{graph [dpi={_PNG_DPI}];", 1)


def _drawn(content: bytes, form: str, timeout: float) -> bytes:
    # Not `-m`: that would take modules from the folder the caller happens to stand in.
    command = [sys.executable, "-P", __file__, form]
    with subprocess.Popen(  # noqa: S603 - our own file, run by our own interpreter
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            picture, said = process.communicate(content, timeout)
        except subprocess.TimeoutExpired:
            _stop(process)
            reason = f"Graphviz took longer than {timeout:g} seconds"
            raise RenderError(reason, "draw a part of the workflow, or fewer links") from None
        except BaseException:
            _stop(process)
            raise
    if process.returncode == _MISSING:
        raise RenderError("no Graphviz was found to draw with", _INSTALL)
    if process.returncode != 0 or not picture:
        reason = f"Graphviz failed: {_first_line(said, process.returncode)}"
        raise RenderError(reason)
    return picture


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the process and, where the system has process groups, the `dot` that it started."""
    if sys.platform == "win32":
        process.kill()
    else:
        # After Ctrl-C it may have ended while Python waited a moment for that.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _first_line(said: bytes, code: int) -> str:
    lines = [line.strip() for line in said.decode(errors="replace").splitlines()]
    telling = [line for line in lines if line and not line.startswith(_NOISE)]
    return telling[0] if telling else f"it ended with code {code} and no word"


def _main(form: str) -> int:
    """Draw standard input to standard output; return the process's exit code."""
    dot_text = sys.stdin.buffer.read().decode()
    try:
        picture = _draw(dot_text, form)
    except ImportError:
        return _MISSING
    except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets it as one line
        said = getattr(error, "stderr", None) or str(error).encode(errors="replace")
        sys.stderr.buffer.write(said)
        return 1
    sys.stdout.buffer.write(picture)
    return 0


def _draw(dot_text: str, form: str) -> bytes:
    if shutil.which("dot") is not None:
        import graphviz  # noqa: PLC0415 - in this process alone

        return bytes(graphviz.pipe("dot", form, dot_text.encode(), quiet=True))
    import pygraphviz  # noqa: PLC0415 - in this process alone

    with pygraphviz.AGraph(string=dot_text) as graph:
        return bytes(graph.draw(format=form, prog="dot"))


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1]))
