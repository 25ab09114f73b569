"""How long the command line takes to show its help, beside importing PyYAML."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from benchmarks.measure import by_turns, python

HELP = ("-m", "lolpop_graph", "--help")
IMPORT = ("-c", "import lolpop_graph")
YAML = ("-c", "import yaml")
_SHOW = "import sys; {}; print(*sorted(sys.modules), sep='\\n')"


def main(arguments: Sequence[str] | None = None) -> None:
    """Start interpreters in pairs, and print the medians and what the package imports."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=21, help="how many pairs")
    rounds = parser.parse_args(arguments).rounds
    for name, command, limit in (
        ("python -m lolpop_graph --help", HELP, " (at most 3)"),
        ("import lolpop_graph", IMPORT, ""),
    ):
        took = by_turns(lambda command=command: python(command), lambda: python(YAML), rounds)
        print(
            f"{name}: {took.ours * 1e3:.0f} ms, import yaml: {took.theirs * 1e3:.0f} ms, "
            f"ratio {took.ratio:.2f}{limit}, {rounds} pairs"
        )
    added = imported()
    ours = [name for name in added if name.startswith("lolpop_graph")]
    print(f"import lolpop_graph imports {len(added)} modules, of ours: {', '.join(ours)}")


def imported() -> list[str]:
    """The modules that importing the package adds to those of a bare interpreter."""
    bare = set(python(["-c", _SHOW.format("pass")]).split())
    return [
        name for name in python(["-c", _SHOW.format("import lolpop_graph")]).split()
        if name not in bare
    ]  # fmt: skip


if __name__ == "__main__":
    main()
