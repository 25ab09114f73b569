"""What is wrong with the tests of a workflow, found without running any."""

from __future__ import annotations

from lolpop_graph.checks import Draft
from lolpop_graph.errors import Fault
from lolpop_graph.hooks.declared import Declarations
from lolpop_graph.hooks.planned import Planned
from lolpop_graph.hooks.resolved import Resolver
from lolpop_graph.model import Integration


def test_faults(draft: Draft, plan: Planned | None, *, find_classes: bool) -> list[Fault]:
    """The faults of a draft's section `tests`.

    With a plan of it, integrations are looked for; to `find_classes` means that methods and
    functions are looked for as well, which imports their modules.
    """
    declared = Declarations(draft.document, draft.framework, draft.order[0])
    if plan is None:
        return declared.faults
    casting = plan.casting() if find_classes else None

    def class_of(integration: Integration) -> type | None:
        info = casting.info(integration) if casting else None
        return info.cls if info else None

    resolver = Resolver(plan, declared, class_of if find_classes else None, {})
    resolver.hooks()
    return [*declared.faults, *resolver.faults]
