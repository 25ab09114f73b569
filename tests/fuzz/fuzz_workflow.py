"""A target for atheris: coverage leads it to workflow files that nobody thought of.

`python -m tests.fuzz.fuzz_workflow -max_total_time=600 CORPUS`
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(include=["lolpop_graph", "yaml"]):
    import lolpop_graph.workflow  # noqa: F401 - the modules that are watched while they run

from tests.fuzz.examine import examine
from tests.fuzz.grammar import BREAKS, broken, hostile

SECONDS = 20.0
"""Watched code takes several times as long."""


def mutated(content: bytes, most: int, seed: int) -> bytes:
    """Another input: a new one of the grammar, the old one broken, or one of libFuzzer's own."""
    rng = Random(seed)
    way = rng.choices(("new", "broken", "bytes", "own"), (1, 4, 1, 4))[0]
    if way == "new":
        return hostile(rng)[:most]
    if way == "broken":
        text = content.decode("utf-8", "replace")
        return rng.choice(BREAKS)(rng, text).encode("utf-8", "replace")[:most]
    if way == "bytes":
        return broken(rng, content)[:most]
    return bytes(atheris.Mutate(content, most))


def main() -> None:
    """Fuzz until told to stop; an input that fails is written into the current folder."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "workflow.yaml")
        atheris.Setup(
            sys.argv,
            lambda content: examine(file, content, SECONDS) and None,
            custom_mutator=mutated,
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main()
