"""How a class is named: by its bare name, or in full with the module that holds it."""

from __future__ import annotations

from typing import NamedTuple


class FullName(NamedTuple):
    """A class by its module and its name in there: `package.module:Outer.Inner`."""

    module: str
    qualname: str

    def __str__(self) -> str:
        """`package.module:Class`."""
        return f"{self.module}:{self.qualname}"


def is_full(class_name: str) -> bool:
    """Whether a name says which module holds the class."""
    return "." in class_name or ":" in class_name


def parse(class_name: str) -> FullName | None:
    """Read `package.module:Class` or `package.module.Class`; None where it is neither.

    A package's `__main__` is a program, which importing would run, and so is no module here;
    nor do names like `__base__` stand for a class, which lead from one class to others.
    """
    module, colon, qualname = class_name.partition(":")
    if not colon:
        module, _, qualname = class_name.rpartition(".")
    parts = module.split(".")
    names = qualname.split(".")
    named = all(part.isidentifier() for part in (*parts, *names))
    reserved = "__main__" in parts[1:] or any(name.startswith("__") for name in names)
    return FullName(module, qualname) if named and not reserved else None


def within(module: str, package: str) -> bool:
    """Whether `module` is `package` or lies below it, by whole dotted parts."""
    return module == package or module.startswith(f"{package}.")


def public(names: list[str]) -> list[str]:
    """The names without a leading underscore, each once, sorted."""
    return sorted({name for name in names if not name.startswith("_")})
