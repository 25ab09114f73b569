"""The tour runs in a fresh kernel and says what it is kept with; plans show themselves there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import nbformat
import pytest
from nbclient import NotebookClient

import lolpop_graph as lg
from lolpop_graph.display import PLAIN, SVG
from tests.toys import exported

ROOT = Path(__file__).parent.parent
TOUR = ROOT / "fixtures" / "notebooks" / "inspect.ipynb"
NAMESPACE = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kernels find this package, and none of the user's settings."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("NO_COLOR", "1")


def run(notebook: Any, folder: Path) -> Any:
    """Run a notebook in a kernel of its own, in a folder; cells may raise where they say so."""
    resources = {"metadata": {"path": str(folder)}}
    # What a cell writes arrives in pieces, as many as the kernel finds time for.
    client = NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources=resources, coalesce_streams=True
    )
    client.execute()
    return notebook


def plain(notebook: Any) -> Any:
    """A notebook without what changes from run to run, so that a change of it can be reviewed."""
    kept = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    notebook.metadata = nbformat.from_dict(kept)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.execution_count = None
            for output in cell.outputs:
                if "execution_count" in output:
                    output.execution_count = None
    return notebook


def outputs(notebook: Any) -> list[tuple[str, list[Any]]]:
    """What each code cell says: its texts, and the words of its pictures."""
    return [
        (cell.id, [said(output) for output in cell.outputs])
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def said(output: Any) -> Any:
    """One output: what Graphviz makes of a picture differs from version to version."""
    if output.output_type == "stream":
        return output.name, output.text
    if output.output_type == "error":
        return output.ename, output.traceback
    shown = dict(output.data)
    if SVG in shown:
        shown[SVG] = words(shown[SVG])
    return shown


def words(svg: str) -> list[str]:
    """The texts of a picture."""
    return sorted(text.text or "" for text in ET.fromstring(svg).iter(f"{NAMESPACE}text"))


def test_the_tour_says_what_it_is_kept_with(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    """Run from a clean copy, every cell of the tour has the output that the file has.

    `python -m pytest tests/test_notebooks.py --update-golden` runs it and saves what it says.
    """
    shutil.copytree(ROOT / "fixtures", tmp_path / "fixtures")
    folder = tmp_path / "fixtures" / "notebooks"
    done = plain(run(nbformat.read(folder / TOUR.name, as_version=4), folder))
    if pytestconfig.getoption("--update-golden"):
        nbformat.write(done, TOUR)
    kept = nbformat.read(TOUR, as_version=4)
    assert outputs(done) == outputs(kept)
    assert kept == plain(kept)


def test_the_tour_is_kept_small_and_clean() -> None:
    """The file holds pictures, and no path, version or address of the machine that ran it."""
    text = TOUR.read_text(encoding="utf-8")
    assert text.count(f'"{SVG}"') >= 5
    assert len(text) < 150_000
    assert not re.search(r"/tmp/|/home/|/root/|site-packages|0x[0-9a-f]{6,}|<!--", text)


CELLS = {
    "load": "%load_ext lolpop_graph",
    "help": "%workflow --help",
    "bad option": "%%workflow --depth none\nconfig: {}",
    "bad name": "%%workflow 7up\nconfig: {}",
    "bad quotes": "%%workflow 'small\nconfig: {}",
    "no cell": "%workflow small",
    "good": "%%workflow small --depth 1\ncomponent: {a: 'lolpop_graph.integration:BaseComponent'}",
    "bound": "small.order",
    "silent": "%%workflow small --no-draw --set config.x=1\nconfig: {y: 2}",
    "warned": "%%workflow --no-draw\nconfig: {update_peer_integrations: true}",
    "selection": "%%workflow --only 'layer:nothing'\nconfig: {y: 2}",
    "malformed": "%%workflow small\nconfig: {y: [}",
    "unbound": "small.document.root['config']['y']",
    "secret": "%%workflow\nconfig: {password: hush}\ncomponent: {a: ''}",
    "unload": "%unload_ext lolpop_graph",
    "gone": "%%workflow\nconfig: {}",
}


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The outputs of the cells above, run one after the other in one kernel."""
    made = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(text) for text in CELLS.values()]
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        resources = {"metadata": {"path": str(tmp_path_factory.mktemp("kernel"))}}
        NotebookClient(
            made, timeout=60, allow_errors=True, resources=resources, coalesce_streams=True
        ).execute()
    return {name: [*map(said, cell.outputs)] for name, cell in zip(CELLS, made.cells, strict=True)}


def test_the_magic_shows_and_binds_a_plan(cells: dict[str, Any]) -> None:
    """A sound cell shows the picture, and its plan has the name that was given."""
    assert cells["load"] == []
    ((picture,),) = [cells["good"]]
    assert picture[PLAIN] == "<Plan cell: 2 integrations>"
    assert "runner" in picture[SVG]
    assert cells["bound"] == [{PLAIN: "['runner', 'runner.a']"}]
    assert cells["silent"] == [("stdout", "<Plan cell + --set: 1 integration>\n")]


def test_the_magic_shows_faults_without_a_traceback(cells: dict[str, Any]) -> None:
    """What is at fault has code, place, line and caret, and the name keeps what it had."""
    ((kind, lines),) = cells["malformed"]
    assert kind == "CellError"
    assert lines[0].startswith("cell:2:14: error LG103")
    assert lines[2].endswith("^")
    assert cells["unbound"] == [{PLAIN: "2"}]
    ((_, lines),) = cells["selection"]
    assert lines[0].startswith("--only:1:7: error LG80")
    assert dict(cells["warned"])["stderr"].startswith("cell:2:10: warning LG310")
    assert "hush" not in str(cells["secret"])


def test_the_magic_refuses_bad_calls_in_one_line(cells: dict[str, Any]) -> None:
    """A bad option or name is told in words, and `--help` helps."""
    assert cells["bad option"][0][1] == [
        "%%workflow: Invalid value for '--depth': 'none' is not a valid integer range."
    ]
    assert cells["bad quotes"][0][1] == ["%%workflow: No closing quotation"]
    assert "the workflow stands below it" in cells["no cell"][0][1][0]
    assert "'7up' cannot be the name of a variable" in cells["bad name"][0][1][0]
    ((_, text),) = cells["help"]
    assert text.startswith("Usage: %%workflow [OPTIONS] [NAME]")
    assert "--only SELECTION" in text
    assert cells["unload"] == []
    assert "UsageError" in str(cells["gone"])


# What is shown without a kernel -----------------------------------------------------------------


@pytest.fixture
def plan() -> lg.Plan:
    """A plan of two integrations."""
    return lg.plan({"component": {"a": "Toy"}}, classes=exported())


def test_everything_shows_itself(plan: lg.Plan) -> None:
    """Plans, workflows, selections and frameworks have a picture and a text."""
    workflow = plan.build()
    shown = [each._repr_mimebundle_() for each in (plan, workflow, plan.select("a"))]
    assert [each[PLAIN] for each in shown] == [
        "<Plan conf: 2 integrations>",
        "<Workflow conf: 2 integrations>",
        "<Selection 'a': 1 of 2 integrations>",
    ]
    assert all("a" in words(each[SVG]) for each in shown)
    layers = plan.framework._repr_mimebundle_()
    assert layers[PLAIN] == "runner\n  component\n  pipeline\n    component"
    assert [words(layers[SVG]).count(name) for name in ("runner", "component")] == [1, 2]


def test_only_what_is_asked_for_is_drawn(plan: lg.Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """A frontend that wants text alone, or no picture, is given that, and nothing is drawn."""
    monkeypatch.setenv("PATH", "")
    assert plan._repr_mimebundle_(include=[PLAIN]) == {PLAIN: repr(plan)}
    assert plan._repr_mimebundle_(exclude={SVG}) == {PLAIN: repr(plan)}
    assert plan._repr_mimebundle_(include={"text/html"}) == {}
    assert plan.select("not *")._repr_mimebundle_() == {PLAIN: repr(plan.select("not *"))}


def test_without_graphviz_the_text_says_what_to_install(
    plan: lg.Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing can draw, the text stands alone and names the command that would help."""
    (tmp_path / "pygraphviz.py").write_text("raise ImportError\n", encoding="utf-8")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    shown = plan._repr_mimebundle_()
    assert set(shown) == {PLAIN}
    first, second = shown[PLAIN].splitlines()
    assert first == repr(plan)
    assert 'pip install "lolpop-graph[render]"' in second


def test_plans_draw_into_files(plan: lg.Plan, tmp_path: Path) -> None:
    """A file is written in the format of its ending; what is wrong is a fault, or of the call."""
    plan.draw(tmp_path / "a.dot", only="a", show=())
    assert "Toy" not in (tmp_path / "a.dot").read_text(encoding="utf-8")
    plan.draw(str(tmp_path / "a.svg"))
    assert b"<svg" in (tmp_path / "a.svg").read_bytes()
    for path in (tmp_path / "none" / "a.svg", tmp_path / "a.gif"):
        with pytest.raises(lg.WorkflowError) as raised:
            plan.draw(path)
        assert raised.value.faults[0].code == "LG801"
    with pytest.raises(lg.WorkflowError, match="only:1:1"):
        plan.draw(tmp_path / "b.svg", only="missing")
    with pytest.raises(ValueError, match="links must be one of"):
        plan.draw(tmp_path / "b.svg", links="some")
    with pytest.raises(TypeError):
        plan.picture(colour="red")
    for wrong in ({"collapse": ["runner.b"]}, {"collapse": ["runner/b"]}, {"only": ["b"]}):
        with pytest.raises(lg.WorkflowError, match="no integration"):
            plan.picture(**wrong)
    assert not (tmp_path / "b.svg").exists()


def test_large_workflows_fold_and_say_so() -> None:
    """A picture too large to be read is folded, and the text beside it says how to see all."""
    names = [f"p{number}" for number in range(90)]
    below = {name: {"component": {"a": "Toy", "b": "Toy"}} for name in names}
    plan = lg.plan({"pipeline": dict.fromkeys(names, "Toy"), **below}, classes=exported())
    _, folded = plan._repr_mimebundle_(include=[PLAIN, SVG])[PLAIN].splitlines()
    assert folded == "folded: 270 of 271 integrations; depth=3 shows them"
    assert plan.picture(depth=2).text == repr(plan)


def test_pictures_are_escaped() -> None:
    """Names from hostile files stay text in a notebook's page."""
    name = "<script>alert(1)</script>--><b>"
    framework = lg.Framework.from_tree({"runner": {name: None}})
    svg = framework._repr_mimebundle_()[SVG]
    assert "<script" not in svg
    assert any(name.startswith(word[:8]) for word in words(svg) if word.startswith("<"))
