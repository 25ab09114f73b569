"""`python -m lolpop_graph`, and the command `lolpop-graph`."""

import os
import sys

try:
    from lolpop_graph.interrupts import leave_on_signals
except KeyboardInterrupt:
    sys.exit(130)


def run() -> int:
    """Run the command line of this process and return its exit code."""
    leave_on_signals()
    # Only now, since a signal would leave its traceback while modules are imported.
    from lolpop_graph.cli import main  # noqa: PLC0415

    try:
        return main()
    finally:
        _let_go_of_output()


def _let_go_of_output() -> None:
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        # Whoever read the output has gone; Python must not complain of it at its exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(run())
