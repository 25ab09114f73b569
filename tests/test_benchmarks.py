"""The benchmarks at tiny sizes: they run, print what they measure, and compare what is alike."""

from __future__ import annotations

import re
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
import yaml
from distributed import Client

import lolpop_graph as lg
from benchmarks import build, differ, peers, pictures, reads, remote, start, sweep
from benchmarks.measure import by_turns, python, seconds
from benchmarks.workload import CLASSES, SIZES, Plain, Size, by_hand, document, ours

if TYPE_CHECKING:
    from pathlib import Path

    from _pytest.capture import CaptureFixture

TINY = 21


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The workflow of 21 integrations."""
    return _written(tmp_path, SIZES[TINY])


def _written(folder: Path, size: Size) -> Path:
    path = folder / "workflow.yaml"
    path.write_text(document(size), encoding="utf-8")
    return path


def test_sizes_are_those_asked_for() -> None:
    """The four sizes have the numbers of integrations and links that they are known by."""
    assert list(SIZES) == [21, 1_071, 10_121, 101_101]
    assert SIZES[10_121] == Size(tools=20, lines=100, parts=100)
    assert round(SIZES[10_121].links, -5) == 1_200_000
    assert round(SIZES[101_101].links, -6) == 20_000_000


@pytest.mark.parametrize("size", [SIZES[TINY], Size(2, 2, 70), Size(70, 1, 3)])
def test_numbers_are_those_of_the_plan(size: Size, tmp_path: Path) -> None:
    """A size counts the integrations and links that the plan has."""
    graph = lg.plan(_written(tmp_path, size), classes=CLASSES).graph
    assert len(graph) == size.integrations
    assert graph.number_of_edges() == size.links


def test_every_integration_has_three_keys(file: Path) -> None:
    """Each integration, the root included, has a config of three keys of its own."""
    plan = lg.plan(file, classes=CLASSES)
    assert {len(data) for _, data in plan.graph.nodes(data="config")} == {3}


@pytest.mark.parametrize("size", [SIZES[TINY], Size(2, 2, 70), Size(70, 1, 3)])
def test_wiring_by_hand_agrees_with_ours(size: Size, tmp_path: Path) -> None:
    """The objects wired by hand have, attribute by attribute, what ours have and no more."""
    path = _written(tmp_path, size)
    with ours(path) as workflow:
        plain = _by_path(by_hand(path), yaml.safe_load(path.read_text(encoding="utf-8")))
        assert list(plain) == list(workflow)
        paths = {id(one): path for path, one in plain.items()}
        for path_, built in workflow.items():
            assert plain[path_].name == built.name
            assert plain[path_].config == built.config
            assert _links(plain[path_], paths) == _links(built, paths_of(workflow))


def _by_path(root: Plain, conf: dict[str, Any]) -> dict[str, Any]:
    """The objects made by hand by their paths, in the order of the document."""
    found = {"runner": root}
    for tool in conf["component"]:
        found[f"runner.{tool}"] = getattr(root, tool)
    for line in conf["pipeline"]:
        found[f"runner.{line}"] = getattr(root, line)
        for part in conf[line]["component"]:
            found[f"runner.{line}.{part}"] = getattr(getattr(root, line), part)
    return found


def paths_of(workflow: lg.Workflow) -> dict[int, str]:
    """The path of each built object, by its identity."""
    return {id(built): path for path, built in workflow.items()}


def _links(one: object, paths: dict[int, str]) -> dict[str, str]:
    """The public attributes of an object that are integrations, with their paths."""
    values = ((name, getattr(one, name)) for name in dir(one) if not name.startswith("_"))
    return {name: paths[id(value)] for name, value in values if id(value) in paths}


def test_build_prints_ratio_and_memory(capsys: CaptureFixture[str]) -> None:
    """The main benchmark prints both times, their ratio with its limit, and the memory."""
    build.main([str(TINY), "--rounds", "1"])
    printed = capsys.readouterr().out
    assert re.search(r"21 integrations, 151 links, 1 rounds", printed)
    assert re.search(r"ours [\d.]+ ms, by hand [\d.]+ ms, ratio [\d.]+ \(at most 1\.5\)", printed)
    assert re.search(r"plan and graph hold [\d,]+ bytes an integration", printed)


def test_memory_is_that_of_the_plan(file: Path) -> None:
    """What is traced as held is more than the text alone, and tracing is off again."""
    assert build.memory(file) > file.stat().st_size


def test_peers_print_time_and_memory(capsys: CaptureFixture[str]) -> None:
    """The benchmark of peers measures in other interpreters, and checks every link if asked."""
    peers.main(["--count", "40", "--all"])
    printed = capsys.readouterr().out
    assert re.search(r"40 peers, 1,560 links between them", printed)
    assert re.search(r"built in [\d.]+ s", printed)
    assert re.search(r"at most \d+ MB resident", printed)
    assert "all 1,600 links answer alike" in printed
    assert "40 peers: equal to the graph built edge by edge" in printed


def test_check_of_links_notices_a_lost_one(tmp_path: Path) -> None:
    """A graph that lacks a link, or has one too many, does not pass the check of links."""
    graph = lg.plan(_written(tmp_path, Size(4, 0, 0)), classes=CLASSES).graph
    lacking = nx.DiGraph(graph)
    lacking.remove_edge("runner.tool_1", "runner.tool_2")
    with pytest.raises((AssertionError, ValueError)):
        peers.check_links(lacking)
    crowded = nx.DiGraph(graph)
    crowded.add_edge("runner.tool_1", "runner", kind="peer")
    with pytest.raises((AssertionError, ValueError)):
        peers.check_links(crowded)


def test_start_prints_ratios_and_modules(capsys: CaptureFixture[str]) -> None:
    """The benchmark of starting prints two ratios and what the import brings in."""
    start.main(["--rounds", "1"])
    printed = capsys.readouterr().out
    assert len(re.findall(r"ratio [\d.]+", printed)) == 2
    assert "lolpop_graph" in printed.splitlines()[-1]


def test_pictures_print_seconds(capsys: CaptureFixture[str]) -> None:
    """The benchmark of pictures prints the seconds of the text and of the drawing."""
    pictures.main([str(TINY), "--rounds", "1"])
    printed = capsys.readouterr().out
    assert re.search(r"DOT [\d.]+ s, SVG of it [\d.]+ s, together [\d.]+ s", printed)


def test_differences_print_a_ratio(capsys: CaptureFixture[str]) -> None:
    """The benchmark of differences compares two workflows, and prints the ratio to planning."""
    differ.main([str(TINY), "--rounds", "1"])
    assert re.search(r"ratio [\d.]+ \(at most 5\.0\)", capsys.readouterr().out)


def test_reads_print_each_kind_of_link(capsys: CaptureFixture[str]) -> None:
    """The benchmark of reads has a line for each kind of link, in small and in large groups."""
    reads.main(["--rounds", "1", "--reads", "100"])
    printed = capsys.readouterr().out
    assert len(re.findall(r"(given|peer|child|absent): [\d.]+ ns", printed)) == 8


def test_sweeps_print_a_ratio(capsys: CaptureFixture[str]) -> None:
    """The benchmark of sweeps compares what is recorded with what joblib returns."""
    sweep.main(["--rounds", "1", "--count", "20"])
    printed = capsys.readouterr().out
    assert "20 runs of 5 integrations on 2 processes" in printed
    assert re.search(r"sweep [\d.]+ s, joblib [\d.]+ s, ratio [\d.]+ \(at most 1\.5\)", printed)


def test_both_run_by_turns_and_once_to_warm_up() -> None:
    """Each of the two runs once a round, by turns, beside the run that warms up."""
    ran: list[str] = []
    took = by_turns(lambda: ran.append("ours"), lambda: ran.append("theirs"), 3)
    assert sorted(ran) == ["ours"] * 4 + ["theirs"] * 4
    assert took.ratio > 0


def test_seconds_are_positive() -> None:
    """A run takes some time."""
    assert seconds(lambda: sum(range(100))) > 0


def test_python_is_this_one() -> None:
    """The interpreters that are started are of the version that runs."""
    assert python(["-c", "import sys; print(sys.version_info[:2])"]).strip() == str(
        sys.version_info[:2]
    )


def test_remote_prints_calls_beside_those_of_dask() -> None:
    """The benchmark of calls on workers names both times, the limit and the ratio."""
    said = remote.calls(2, partial(Client, processes=False, dashboard_address=None))
    assert re.search(r"a call: [\d.]+ ms \(at most 30\), .* [\d.]+ ms, ratio [\d.]+", said)
