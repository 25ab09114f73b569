"""`python -m lolpop_graph`."""

import sys

from lolpop_graph.cli import main

if __name__ == "__main__":
    sys.exit(main())
