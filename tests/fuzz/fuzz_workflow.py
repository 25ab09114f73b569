"""A target for atheris: coverage leads it to workflow files that nobody thought of.

`python -m tests.fuzz.fuzz_workflow -max_total_time=600 CORPUS`
"""

# The tests read this module without atheris, and what atheris watches it must import itself.
# ruff: noqa: PLC0415

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random

SECONDS = 20.0
"""Watched code takes several times as long."""


def mutated(own: Callable[[bytes, int], bytes], content: bytes, most: int, seed: int) -> bytes:
    """Another input: a new one of the grammar, the old one broken, or one of libFuzzer's own."""
    from tests.fuzz.grammar import BREAKS, broken, hostile

    rng = Random(seed)
    way = rng.choices(("new", "broken", "bytes", "own"), (1, 4, 1, 4))[0]
    if way == "new":
        return hostile(rng)[:most]
    if way == "broken":
        text = content.decode("utf-8", "replace")
        return rng.choice(BREAKS)(rng, text).encode("utf-8", "replace")[:most]
    if way == "bytes":
        return broken(rng, content)[:most]
    return bytes(own(content, most))


def main() -> None:
    """Fuzz until told to stop; an input that fails is written into the current folder."""
    import atheris

    with atheris.instrument_imports(include=["lolpop_graph", "yaml"]):
        # Most of the package is imported when it is asked for, which would be too late.
        import lolpop_graph.workflow  # noqa: F401
        from tests.fuzz.examine import examine

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "workflow.yaml")

        def target(content: bytes) -> None:
            examine(file, content, SECONDS)

        def mutator(content: bytes, most: int, seed: int) -> bytes:
            return mutated(atheris.Mutate, content, most, seed)

        atheris.Setup(sys.argv, target, custom_mutator=mutator)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
