"""Integrations that may or may not be shared, and random workflows and overrides of them."""

from __future__ import annotations

from random import Random
from typing import Any, ClassVar

import lolpop_graph as lg
from tests.oracle import wire
from tests.toys import NAMES
from tests.workflows import random_workflow

OPEN: list[str] = []
"""The paths of what is made and not closed; `plain` for what does not know its path."""
CLINGING: set[str] = set()
"""The paths of what raises when it is closed."""
VALUES = (1, True, 1.0, "a", None, [1], [True], {"x": 1}, 2)
KEYS = ("metric", "depth", "problem_type")


class Kept(lg.BaseIntegration):
    """Is made with nothing, and returns nothing that lasts."""

    def __init__(self) -> None:
        """Be made."""
        OPEN.append(self.path)
        self.made: Any = "made"

    def close(self) -> None:
        """Be closed, once."""
        OPEN.remove(self.path)
        if self.path in CLINGING:
            raise OSError(self.path)

    def answer(self) -> Any:
        """What it was made with, and what it finds now."""
        return self.made, self._get_config("late")


class Reading(Kept):
    """Is made with config, of its own and from above."""

    def __init__(self) -> None:
        """Read it."""
        super().__init__()
        self.made = repr((self._get_config("metric"), self.problem_type))


class Whole(Kept):
    """Is made with all of its own config."""

    def __init__(self) -> None:
        """Read it."""
        super().__init__()
        self.made = repr(dict(self.config))


class Asking(Kept):
    """Is made with what others say that it is given, and they were made with."""

    def __init__(self) -> None:
        """Ask them."""
        super().__init__()
        others = [getattr(self, name, None) for name in NAMES]
        self.made = repr([other.answer() for other in others if other is not None])


class AskingOne(Kept):
    """Is made with what one of those that it is given answers."""

    def __init__(self) -> None:
        """Ask it."""
        super().__init__()
        self.made = repr(self.alpha.answer() if hasattr(self, "alpha") else None)


class Late(Kept):
    """Asks its peers and its parent while it is set up."""

    def setup(self) -> None:
        """Ask them."""
        beta = getattr(self, "beta", None)
        above = getattr(self.parent, "made", None)
        self.made = repr((beta and beta.made, above))


class Passing(Kept):
    """Answers with what another one answers when it is asked."""

    def answer(self) -> Any:
        """Ask it now."""
        return self.gamma.made if hasattr(self, "gamma") else "nobody"


class Counting(Kept):
    """Counts its answers."""

    count = 0

    def answer(self) -> Any:
        """Count on."""
        self.count += 1
        return self.count


class Collecting(Kept):
    """Collects its answers."""

    def __init__(self) -> None:
        """Begin with none."""
        super().__init__()
        self.rows: list[int] = []

    def answer(self) -> Any:
        """Add one."""
        self.rows.append(1)
        return len(self.rows)


class Writing(Kept):
    """Writes into another one."""

    def answer(self) -> Any:
        """Let it have one more mark."""
        delta = getattr(self, "delta", None)
        if delta is not None:
            delta.marks = getattr(delta, "marks", 0) + 1
        return getattr(delta, "marks", None)


class Configuring(Kept):
    """Sets a key of its config, for those below it as well."""

    def __init__(self) -> None:
        """Set it."""
        super().__init__()
        self._set_config("late", self._get_config("metric"))


class Setting(Kept):
    """Puts something of its own in the place of what it is given."""

    def __init__(self) -> None:
        """Set it, unless it is that itself."""
        super().__init__()
        if hasattr(self, "kappa"):
            self.kappa = "its own"


class Rolling(Kept):
    """Has a generator that moves on."""

    def __init__(self) -> None:
        """Begin at a seed."""
        super().__init__()
        self.dice = Random(self._get_config("depth") == 1)

    def answer(self) -> Any:
        """Roll."""
        return self.dice.random()


class Refusing(Kept):
    """Does not want to be shared."""

    __SHARED__: ClassVar[bool | None] = False


class Trusting(Reading):
    """Says that what its methods leave behind changes nothing."""

    __SHARED__: ClassVar[bool | None] = True

    def answer(self) -> Any:
        """Remember that it was asked."""
        self.asked = True
        return super().answer()


class Plain:
    """Inherits nothing, and takes what it needs."""

    def __init__(self, alpha: Any = None, metric: Any = None) -> None:
        """Keep it."""
        OPEN.append("plain")
        said = alpha.answer() if hasattr(alpha, "answer") else None
        self.made = repr((said, metric))

    def close(self) -> None:
        """Be closed, once."""
        OPEN.remove("plain")

    def answer(self) -> Any:
        """What it was made with."""
        return self.made


SHARERS = [
    Kept, Reading, Whole, Asking, AskingOne, Late, Passing, Counting, Collecting, Writing,
    Configuring, Setting, Rolling, Refusing, Trusting, Plain,
]  # fmt: skip
COMMON = ["Kept", "Kept", "Reading", "Trusting", "AskingOne", "Passing", "Plain", "Late"]


class Case:
    """A random workflow, and overrides that change it again and again."""

    def __init__(self, seed: int) -> None:
        """Draw it."""
        self.rng = Random(seed)
        made = random_workflow(seed)
        self._names = [cls.__name__ for cls in SHARERS] if self.rng.random() < 0.4 else COMMON
        self._members: list[list[str]] = []
        self.document = self._cast(made.document, [])
        wiring = wire(made.document, made.framework)
        self._blocks = [path.split(".")[1:] for path in wiring.order]

    def _cast(self, document: dict[str, Any], trail: list[str]) -> dict[str, Any]:
        cast = {}
        for key, value in document.items():
            cast[key] = value
            if value == "Recorder":
                cast[key] = self.rng.choice(self._names if trail else COMMON[:4])
                self._members += [[*trail, key]] if trail else []
            elif type(value) is dict:
                cast[key] = self._cast(value, [*trail, key])
        return cast

    def overrides(self) -> dict[str, Any]:
        """Up to three values of any integration's config; now and then another class or flag."""
        found: dict[str, Any] = {}
        for _ in range(self.rng.choice([0, 1, 1, 2, 3])):
            block = self.rng.choice(self._blocks)
            path = ".".join([*block, "config", self.rng.choice(KEYS)])
            found[path] = self.rng.choice(VALUES)
        if self._members and self.rng.random() < 0.2:
            member = self.rng.choice(self._members)
            found[".".join(member)] = self.rng.choice(self._names)
            flag = self.rng.choice(["pass_integration_to_siblings", "update_peer_integrations"])
            found[".".join([*member[:-1], "config", flag])] = self.rng.random() < 0.5
        return {path: value for path, value in found.items() if self._leads(path)}

    def _leads(self, path: str) -> bool:
        """Whether no name on the way has a dot in it."""
        return "1.5" not in path
