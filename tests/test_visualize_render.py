"""Drawing with a real Graphviz: the program, the one inside pygraphviz, and neither."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import networkx as nx
import pytest

import visualize
from visualize import FORMATS, RenderError, draw, render, to_dot

DOT = 'digraph { a [label="étape"]; a -> b }\n'
STARTS = {
    "dot": b"digraph", "svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF", "json": b"{",
    "graphml": b"<?xml", "mmd": b"%%{init", "md": b"```mermaid\n", "html": b"<!doctype html>",
}  # fmt: skip
ENDLESS = "digraph {" + " ".join(f"{i} -> {i * 7919 % 3001};" for i in range(20_000)) + "}"
ROOT = Path(visualize.__file__).parent.parent

needs_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="needs the program dot")


def lone_root() -> nx.DiGraph[str]:
    """The smallest graph that can be drawn."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    of_root = {"name": "flow", "layer": "flow", "layer_path": "flow", "group": "flow"}
    graph.add_node("flow", **of_root, class_name="Flow", parent=None)
    return graph


@pytest.fixture(params=["program", "pygraphviz"])
def graphviz(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each of the two ways to Graphviz, the second by a PATH that leads nowhere."""
    if request.param == "program":
        if shutil.which("dot") is None:
            pytest.skip("needs the program dot")
    else:
        pytest.importorskip("pygraphviz")
        monkeypatch.setenv("PATH", "")
    return str(request.param)


@pytest.mark.parametrize("form", FORMATS)
def test_each_format_is_drawn(form: str, graphviz: str) -> None:
    """Both ways to Graphviz give all formats."""
    assert draw(lone_root(), form).startswith(STARTS[form])


def test_a_png_is_sharp_on_fine_screens(graphviz: str) -> None:
    """A PNG has 144 pixels to the inch, unless the text names a number itself."""
    inch = 'digraph { graph [pad=0]; a [shape=box, label="", width=1, height=1, penwidth=0] %s }'
    wide = [int.from_bytes(render(inch % own, "png")[16:20]) for own in ("", "dpi=96")]
    assert wide == pytest.approx([144, 96], abs=4)


def test_text_arrives_as_written(graphviz: str) -> None:
    """Text beyond ASCII survives on the way to Graphviz and back."""
    assert ">étape</text>" in render(DOT, "svg").decode()


def test_what_graphviz_says_is_passed_on(graphviz: str) -> None:
    """A text that is no DOT is an error with Graphviz's own words."""
    with pytest.raises(RenderError, match=r"^Graphviz failed: .*syntax error") as caught:
        render("digraph { a -> ", "svg")
    assert "\n" not in str(caught.value)


def test_drawing_is_bounded_in_time(graphviz: str) -> None:
    """A picture that takes too long is given up."""
    with pytest.raises(RenderError, match=r"longer than 0\.2 seconds"):
        render(ENDLESS, "svg", timeout=0.2)


def test_dot_needs_no_graphviz(monkeypatch: pytest.MonkeyPatch) -> None:
    """The DOT text is handed back as it is, without a process."""
    monkeypatch.setattr(sys, "executable", "/nowhere")
    assert draw(lone_root(), "dot").decode() == to_dot(lone_root())


def test_an_unknown_format_is_refused() -> None:
    """The error names the formats there are."""
    with pytest.raises(RenderError, match="dot, svg, png, pdf") as caught:
        draw(lone_root(), "gif")
    assert "gif" in caught.value.reason


def test_without_graphviz_the_error_names_the_cure() -> None:
    """An interpreter that can find neither Graphviz says what to install."""
    # -S leaves out site-packages, and PATH leads nowhere.
    drawing = subprocess.run(
        [sys.executable, "-S", str(ROOT / "visualize" / "render.py"), "svg"],
        input=DOT.encode(),
        env={**os.environ, "PATH": "", "PYTHONPATH": ""},
        capture_output=True,
        check=False,
    )
    assert (drawing.returncode, drawing.stdout) == (3, b"")


def test_a_missing_graphviz_reaches_the_caller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The missing modules are reported as one error with the command that mends it."""
    bare = tmp_path / "python"
    bare.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "$@"\n')
    bare.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(bare))
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("PYTHONPATH", raising=False)
    with pytest.raises(RenderError, match="no Graphviz was found") as caught:
        render(DOT, "svg")
    assert 'pip install "lolpop-graph[render]"' in str(caught.value.cure)


@needs_dot
def test_modules_of_the_current_folder_are_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file called graphviz.py in the folder of the workflow is not run."""
    (tmp_path / "graphviz.py").write_text("raise SystemExit('taken')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    assert render(DOT, "svg").startswith(STARTS["svg"])


def test_importing_pictures_loads_no_drawing_library() -> None:
    """Neither networkx nor a Graphviz binding is loaded by the import."""
    code = "import visualize, sys; print({'networkx', 'graphviz', 'pygraphviz'} & set(sys.modules))"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
