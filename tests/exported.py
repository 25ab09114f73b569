"""A workflow of straight calls, with tables between them, for tests of what is exported."""

from __future__ import annotations

from pathlib import Path

PARTS = """\
from pathlib import Path

import pandas as pd

import lolpop_graph as lg


class ShopRunner(lg.BaseRunner):
    def main(self, rows=6):
        table = self.extract.run(rows, self._get_config("start"))
        train, test = self.split.run(table, share=0.5)
        self.report.send("split")
        metrics = self.train.run(train, test)
        self.report.send("trained")
        return {**metrics, "rows": rows}

    def shaky(self):
        return self.extract.once("tried.txt")

    def broken(self):
        self.report.send("before")
        table = self.extract.run(1, 1)
        self.train.fail(table)
        self.report.send("after")

    def looped(self, wanted):
        return [self.extract.run(rows, 0) for rows in wanted]


class Extract(lg.BasePipeline):
    def run(self, rows, start):
        return pd.DataFrame({"x": range(start, start + rows)})

    def once(self, name):
        tried = Path(name)
        if not tried.exists():
            tried.write_text("once")
            raise OSError("not yet")
        return "done"


class Split(lg.BasePipeline):
    def run(self, table, share):
        cut = int(len(table) * share)
        return table[:cut], table[cut:]


class Train(lg.BasePipeline):
    def run(self, train, test):
        return {"train": int(train.x.sum()), "test": int(test.x.sum())}

    def fail(self, table):
        raise ValueError(f"no such table: {len(table)}")


class Report(lg.BasePipeline):
    def send(self, what):
        with Path("report.txt").open("a") as file:
            print(what, file=file)
"""
WORKFLOW = """\
runner: ShopRunner
pipeline: {extract: Extract, split: Split, train: Train, report: Report}
config: {plugin_paths: [parts.py], start: 1}
extract: {retries: 1}
train: {resources: {gpu: 1}}
"""


def write_shop(folder: Path, parts: str = PARTS, workflow: str = WORKFLOW) -> Path:
    """Write the workflow into a folder; its path."""
    folder.mkdir(exist_ok=True)
    (folder / "parts.py").write_text(parts, encoding="utf-8")
    path = folder / "workflow.yaml"
    path.write_text(workflow, encoding="utf-8")
    return path
