"""What the code of a class reads of its integration, by its syntax: a heuristic, run on no code.

Where code may read more than it names (`getattr(self, name)`, `self` handed to a function of
another module), that is said, so that nobody concludes anything from what is not named.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cached_property


@dataclass
class Uses:
    """What the code of a class, and of what it inherits, names or may read.

    `own` are names read as attributes of `self`, `far` those of anything else; `texts` are the
    texts that stand in the code; `parameters` those of its constructor and `annotated` names of
    its fields; `defined` are the names that it sets or defines itself; `required` the
    integrations and `keys` the config keys that it declares or asks for by name; `patterns` the
    beginnings and ends of names and keys that it puts together.

    `reads_anything` says that attributes may be read which are not named, `reads_any_key` the
    same of config keys, `reads_own_config` of those of its own config alone; `reads_far_keys`
    that it asks others for config, `reads_any_far_key` for unnamed keys. `is_known` says whether
    all of its code was found, `acts` whether it does something of its own accord.
    """

    own: set[str] = field(default_factory=set)
    far: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    parameters: set[str] = field(default_factory=set)
    annotated: set[str] = field(default_factory=set)
    defined: set[str] = field(default_factory=set)
    required: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    patterns: set[tuple[str, str]] = field(default_factory=set)
    reads_anything: bool = False
    reads_any_key: bool = False
    reads_own_config: bool = False
    reads_far_keys: bool = False
    reads_any_far_key: bool = False
    is_known: bool = True
    is_wired: bool = False
    has_code: bool = False
    acts: bool = False

    @cached_property
    def names(self) -> set[str]:
        """What may be names of integrations that are used."""
        attributes = self.own | self.far | self.annotated
        return attributes | self.texts | self.parameters | self.required

    @cached_property
    def possible_keys(self) -> set[str]:
        """What may be config keys that are read, without regard to case."""
        keys = (
            self.keys | self.texts | self.parameters | (set() if self.is_wired else self.annotated)
        )
        return {key.casefold() for key in keys}

    def puts_together(self, name: str) -> bool:
        """Whether a name or key may be one that the code puts together from parts."""
        folded = name.casefold()
        return any(
            folded.startswith(start.casefold()) and folded.endswith(end.casefold())
            for start, end in self.patterns
        )

    @property
    def known_keys(self) -> set[str]:
        """The config keys that it surely reads."""
        return self.keys | self.parameters

    @property
    def is_open(self) -> bool:
        """Whether it may use integrations that it does not name."""
        return self.reads_anything or not self.is_known

    @property
    def asks_any_key(self) -> bool:
        """Whether it may look up keys that it does not name."""
        return self.reads_any_key or not self.is_known

    def add(self, other: Uses) -> None:
        """Add what other code reads; whether all is known, and is of ours, is not added."""
        for name in (each.name for each in fields(self)):
            value = getattr(other, name)
            if isinstance(value, set):
                getattr(self, name).update(value)
            elif name not in {"is_known", "is_wired"}:
                setattr(self, name, getattr(self, name) or value)
