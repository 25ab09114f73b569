"""The rows, grids and templates of a sweep: what each run sets, and what is refused at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import lolpop_graph as lg
from lolpop_graph.sweeps.design import Design, design
from lolpop_graph.sweeps.over import Over, read_rows
from lolpop_graph.sweeps.templates import Template


def table(folder: Path, name: str, content: str | bytes) -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def designed(
    over: Over | None = None,
    grid: Mapping[str, list[Any]] | None = None,
    **settings: Any,
) -> Design:
    """The runs over rows and a grid; two underscores in a setting's name are a dot."""
    named = {name.replace("__", "."): value for name, value in settings.items()}
    rows = None if over is None else read_rows(over)
    return design(rows, grid or {}, named, lambda path: path.startswith("config."))


def overrides(made: Design) -> list[dict[str, Any]]:
    """What each run sets."""
    return [dict(run.overrides) for run in made.runs()]


def codes(error: pytest.ExceptionInfo[lg.WorkflowError]) -> list[str]:
    """The codes of the faults of an error."""
    return [fault.code for fault in error.value.faults]


def test_cells_are_read_as_yaml_scalars(tmp_path: Path) -> None:
    """Numbers are numbers, an empty cell is None, and `no` is a text."""
    path = table(tmp_path, "a.csv", "a, b ,c,d,e\n8,0.5,no,,true\n\n-1,1e3,x y,~,\n")
    assert [*read_rows(path)] == [
        {"a": 8, "b": 0.5, "c": "no", "d": None, "e": True},
        {"a": -1, "b": 1000.0, "c": "x y", "d": None, "e": None},
    ]


def test_a_column_of_codes_stays_text(tmp_path: Path) -> None:
    """One number that begins with zeros makes all numbers of its column texts; 0 and 0.5 do not."""
    path = table(tmp_path, "a.csv", "store,rate\n1042,0\n0042,0.5\n,1\n")
    assert [*read_rows(path)] == [
        {"store": "1042", "rate": 0},
        {"store": "0042", "rate": 0.5},
        {"store": None, "rate": 1},
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators(tmp_path: Path, separator: str) -> None:
    """What the first line has most of separates cells, and a byte order mark is none."""
    text = "\ufeffa,b\n1,'2'\n".replace(",", separator).replace("'", '"')
    assert [*read_rows(table(tmp_path, "a.csv", text))] == [{"a": 1, "b": 2}]


def test_json_lines_and_parquet(tmp_path: Path) -> None:
    """JSON keeps types and may lack columns; Parquet's times are texts, and its NaN is nothing."""
    rows = read_rows(table(tmp_path, "a.jsonl", '{"a": "0042", "b": [1]}\n\n{"a": 2}\n'))
    assert (rows.columns, len(rows)) == (("a", "b"), 2)
    assert [*rows] == [{"a": "0042", "b": [1]}, {"a": 2}]
    frame = pd.DataFrame(
        {"x": [1.5, float("nan")], "t": [dt.date(2026, 1, 2)] * 2, "s": ["007"] * 2}
    )
    frame.to_parquet(tmp_path / "a.parquet")
    for over in (tmp_path / "a.parquet", frame):
        first, second = read_rows(over)
        assert (first["x"], second["x"], first["s"]) == (1.5, None, "007")
        assert str(first["t"]).startswith("2026-01-02")


def test_rows_from_python() -> None:
    """Mappings are rows; decimal numbers and paths are made plain, and objects are refused."""
    rows = read_rows([{"a": Decimal("1.5"), "b": Path("x")}, {"a": Decimal(2)}])
    assert [*rows] == [{"a": 1.5, "b": "x"}, {"a": 2}]
    with pytest.raises(lg.WorkflowError, match=r"row 2 has an object in the column `a`"):
        read_rows([{"a": 1}, {"a": object()}])
    with pytest.raises(lg.WorkflowError, match="no mapping"):
        read_rows([1])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "", "no names"),
        ("a.csv", "a,b\n", "no row"),
        ("a.csv", "a,a,\n1,2,3\n", "2 columns have the name `a`"),
        ("a.csv", "a,b\n1\n1,2,3\n", "this line has 3 cells, and the first one 2"),
        ("a.csv", b"a\n\xff\n", "UTF-8"),
        ("a.csv", "a\n" + "x" * 200_000, "JSON lines"),
        ("a.jsonl", "[1]\n", "no JSON object"),
        ("a.jsonl", '{"a": 1}\n{', "a.jsonl:2:1"),
        ("a.parquet", "a", "no Parquet"),
        ("a.xlsx", "a", "no reader knows"),
    ],
)
def test_tables_that_cannot_be_read(
    tmp_path: Path, name: str, content: str | bytes, said: str
) -> None:
    """Each has a fault with a sentence."""
    with pytest.raises(lg.WorkflowError, match=said) as error:
        read_rows(table(tmp_path, name, content))
    assert {*codes(error)} == {"LG831"}


def test_a_missing_table_has_neighbours(tmp_path: Path) -> None:
    """A misspelt name gets the right one."""
    table(tmp_path, "stores.csv", "a\n1\n")
    with pytest.raises(lg.WorkflowError, match=r"did you mean `stores\.csv`"):
        read_rows(tmp_path / "store.csv")


@pytest.mark.parametrize(
    ("value", "filled"),
    [
        ("{n}", 8),
        ("{ n }", 8),
        ({"n": None}, 8),
        ("d{n}/{s}.csv", "d8/a$$b.csv"),
        ("{s}", "a$$b"),
        ("{{n}} {n}", "{n} 8"),
        ("${env:HOME}/{n}", "${env:HOME}/8"),
        ("${env:KEY_{n}}", "${env:KEY_8}"),
        ("$a.b{n}$$", "$a.b8$$"),
        (["{n}", 1, {"k": "{t}"}], [8, 1, {"k": True}]),
        ("x{t}{n", "xtrue{n"),
        (5, 5),
    ],
)
def test_templates(value: Any, filled: Any) -> None:
    """A whole value keeps its type, text around makes text, and data has no references."""
    assert Template(value).filled({"n": 8, "s": "a$b", "t": True}) == filled


def test_rows_times_grid() -> None:
    """Each row is run with each combination of the grid, in order; axes are columns as well."""
    made = designed(
        [{"s": "a"}, {"s": "b"}],
        {"config.d": [1, 2], "k": ["x"]},
        config__path="{s}{k}{config.d}",
    )
    assert (len(made), made.source) == (4, "the rows x config.d x k")
    assert overrides(made) == [
        {"config.d": depth, "config.path": f"{store}x{depth}"} for store in "ab" for depth in (1, 2)
    ]


def test_columns_called_by_a_path_set_it() -> None:
    """A column of that kind needs no template; one that a setting sets leaves it alone."""
    made = designed([{"config.a": "$x", "config.b": 2, "note": "n"}], config__b="{note}")
    assert overrides(made) == [{"config.a": "$$x", "config.b": "n"}]
    assert ["`config.b`" in note.sentence for note in made.notes] == [True]
    (note,) = designed([{"config.a": 1, "note": "n", "other.path.c": 2}]).notes
    assert (note.code, note.severity) == ("LG835", "warning")
    assert "`note` and `other.path.c`" in note.sentence


def test_rows_that_lack_a_column(tmp_path: Path) -> None:
    """A path that a row says nothing of is left as the workflow has it; a template needs all."""
    rows = read_rows(table(tmp_path, "a.jsonl", '{"config.a": 1}\n{"config.b": 2}\n'))
    assert overrides(design(rows, {}, {}, lambda _: True)) == [{"config.a": 1}, {"config.b": 2}]
    with pytest.raises(lg.WorkflowError) as error:
        designed(tmp_path / "a.jsonl", config__c="{config.a}")
    assert codes(error) == ["LG833"]


def test_all_that_is_wrong_is_told_at_once() -> None:
    """Unknown columns of all settings, with what is meant."""
    with pytest.raises(lg.WorkflowError) as error:
        designed([{"store": 1}], {"config.d": []}, config__a="{stor}", config__b="{x}-{store}")
    assert codes(error) == ["LG832", "LG832", "LG834"]
    assert "did you mean `store`?" in str(error.value)


@pytest.mark.parametrize(
    ("over", "grid", "settings", "code"),
    [
        (None, {}, {}, "LG834"),
        ([{"a": 1}], {}, {}, "LG834"),
        (None, {"depth": [1]}, {}, "LG834"),
        (None, {"config.d": [1]}, {"config__d": 2}, "LG834"),
        ([{"config.d": 1}], {"config.d": [1]}, {}, "LG834"),
        ([{"a": None}, {"a": ""}, {"a": "x"}], {}, {"config__p": "p{a}"}, "LG833"),
        ([{"a": [1]}], {}, {"config__p": "p{a}"}, "LG833"),
        (None, {"k": [None, "x"]}, {"config__p": "p{k}"}, "LG833"),
    ],
)
def test_what_cannot_be_a_sweep(over: Any, grid: Any, settings: Any, code: str) -> None:
    """Nothing to do, and values that cannot stand where they should, are refused before any run."""
    with pytest.raises(lg.WorkflowError) as error:
        designed(over, grid, **settings)
    assert {*codes(error)} == {code}


def test_same_rows_are_runs_of_their_own() -> None:
    """Keys tell same rows apart by their order, stay when rows are added, and need one salt."""
    rows = [{"config.a": 1}, {"config.a": 2}, {"config.a": 1}]
    keys = [run.key for run in designed(rows).runs(b"salt")]
    assert len({*keys}) == 3
    assert keys[2] == f"{keys[0]}-2"
    more = [run.key for run in designed([{"config.a": 0}, *rows]).runs(b"salt")]
    assert more[1:] == keys
    assert not {*keys} & {run.key for run in designed(rows).runs(b"other")}


def test_a_column_without_use_is_none_of_a_key() -> None:
    """A remark beside a row may change."""
    keys = [[run.key for run in designed([{"config.a": 1, "note": note}]).runs()] for note in "xy"]
    assert keys[0] == keys[1]


def test_secrets_of_rows_are_masked() -> None:
    """A column whose name or path looks secret is shown nowhere, alone or within a text."""
    made = designed(
        [{"token": "canary", "x": "canary", "n": 1, "s": lg.Secret("canary")}],
        config__password="{x}",
        config__url="pg://{token}@h",
        config__n="{n}",
        config__s="{s}",
    )
    (run,) = made.runs()
    assert run.parameters == {"token": "***", "x": "***", "n": 1, "s": "***"}
    assert {path: type(value) for path, value in run.overrides.items()} == {
        "config.password": lg.Secret,
        "config.url": lg.Secret,
        "config.n": int,
        "config.s": lg.Secret,
    }
    assert "canary" not in f"{run}{run.overrides}{run.parameters}"
    assert run.overrides["config.url"].value == "pg://canary@h"


def test_many_rows_are_not_held() -> None:
    """Twenty thousand runs are gone over one by one."""
    made = designed(None, {"config.a": [*range(200)], "config.b": [*range(100)]})
    assert len(made) == 20_000
    assert sum(1 for _ in made.runs()) == 20_000
