"""What is wrong with a workflow, found without building it.

`document` has the checks that need no class, with `unread` for keys that nothing reads and
`decorators` for their settings, all of a `draft`; `requirements` those that need the classes;
`misspelt` what looks like a misspelling; `causes` leaves out what only follows from another fault.
"""

from lolpop_graph.checks.document import check
from lolpop_graph.checks.draft import Draft

__all__ = ["Draft", "check"]
