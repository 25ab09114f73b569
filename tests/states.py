"""Classes drawn at random, and what their methods really change when they are run."""

from __future__ import annotations

import random
from collections.abc import Iterator
from random import Random
from typing import Any

NAMES = ("a", "b", "c", "d", "_e", "_g", "__f")
LOCALS = ("v", "w")
METHODS = ("m0", "m1", "m2", "_h0", "_h1")
HEAD = """
import heapq
import random
from functools import cached_property

def push(x, more=None):
    keep = more
    x.append([1])
    return keep or x

def first(x):
    return x[0]

def touch(part, x):
    part.b = x

class Base:
    def m0(self, x=None):
        return [[0]]

    def m1(self, x=None):
        return [x]

    def m2(self, x=None):
        return x or [[0]]

    def _h0(self, x=None):
        x.append([1])
        return [[0]]

    def _h1(self, x=None):
        return x

    @property
    def prop(self):
        return [[0]]

    @prop.setter
    def prop(self, value):
        pass

    @cached_property
    def kept(self):
        return [[0]]

class Keeper:
    def __init__(self):
        self.kept = [[0]]

    def give(self, x):
        x.append([9])
        return x
"""


def random_module(seed: int, count: int) -> str:
    """The source of `count` classes `C0`, `C1`, ... with methods that may change attributes."""
    rng = Random(seed)
    return HEAD + "\n".join(_class(rng, number) for number in range(count))


def _class(rng: Random, number: int) -> str:
    base = f"C{rng.randrange(number)}" if number and rng.random() < 0.3 else "Base"
    lines = [f"class C{number}({base}):"]
    lines += _method(rng, "__init__", [f"self.{name} = [[1], [2], [3]]" for name in NAMES])
    lines += _method(rng, "setup", [_statement(rng, base) for _ in range(2)])
    for index in sorted(rng.sample(range(len(METHODS)), rng.randint(1, 3))):
        # A method calls later ones alone, so that calls come to an end.
        body = [_statement(rng, base, index + 1) for _ in range(rng.randint(1, 2))]
        lines += _method(rng, METHODS[index], [*body, f"return {_value(rng, 2)}"], "x=None")
    if rng.random() < 0.4:
        lines += ["    @property", *_method(rng, "prop", [f"return self.{rng.choice(NAMES)}"])]
        setter = [f"self.{rng.choice(NAMES)} = value"]
        lines += ["    @prop.setter", *_method(rng, "prop", setter, "value")]
    if rng.random() < 0.2:
        kept = [f"return self.{rng.choice(NAMES)}"]
        lines += ["    @cached_property", *_method(rng, "kept", kept)]
    return "\n".join(lines) + "\n"


def _method(rng: Random, name: str, body: list[str], *parameters: str) -> list[str]:
    head = f"    def {name}({', '.join(['self', *parameters])}):"
    start = [f"        {each} = {_value(rng, 2)}" for each in LOCALS] if parameters else []
    return [head, *start, *(f"        {line}" for each in body for line in each.split("\n"))]


def _value(rng: Random, depth: int = 0, later: int = len(METHODS)) -> str:
    def attribute() -> str:
        return f"self.{rng.choice(NAMES)}"

    def below() -> str:
        return _value(rng, depth + 1, later)

    kinds = [
        attribute, attribute, attribute, lambda: "[[7]]", lambda: f"{attribute()}[0]",
        lambda: f'getattr(self, "{rng.choice(NAMES[:5])}")',
        lambda: "self.prop", lambda: "self.kept",
    ]  # fmt: skip
    if depth < 2:
        kinds += [
            lambda: f"({below()} if {attribute()} else {below()})",
            lambda: f"({below()} or {below()})",
            lambda: f"[{below()}, {below()}]", lambda: f"({below()}, {below()})[0]",
            lambda: f"list({below()})", lambda: f"first({below()})", lambda: f"push({below()})",
            lambda: f"push([[1]], more={below()})",
            lambda: f"{{0: {below()}}}[0]", lambda: f"{{0: {below()}}}.get(0)",
            lambda: f"[each for each in {below()}]", lambda: f"next(iter({below()}))",
            lambda: f"Keeper().give({below()})", lambda: f"(lambda: {below()})()",
        ]  # fmt: skip
    if later < len(METHODS):
        kinds += [lambda: f"self.{rng.choice(METHODS[later:])}({below()})"] * 4
    return rng.choice(kinds)()


def _statement(rng: Random, base: str, later: int = len(METHODS)) -> str:
    value, other = _value(rng, 0, later), _value(rng, 1, later)
    name, local = rng.choice(NAMES), rng.choice(LOCALS)
    simple = name.replace("__f", "a")
    method = rng.choice((*METHODS[later:], "m0"))
    above = f"super().{method}({value})"
    by_name = f"{base}.{method}(self, {value})"
    return rng.choice(
        (
            f"self.{name} = {value}", f"{local} = {value}", f"{local} = {value}",
            f"{local} = {value}\n{local}.append([5])", f"({value}).append({other})",
            f"self.{name}.append({value})", f"self.{name}[0] = {value}", f"({value})[0] = 4",
            f"self.{name} += [[1]]", f"{local} = {value}\n{local} += [[1]]", f"del self.{name}",
            f"del ({value})[0]", f"for x in {value}:\n    x.append(0)",
            f'setattr(self, "{simple}", {value})', f'self.__dict__["{simple}"] = {value}',
            f'vars(self)["{simple}"] = {value}', f"self.__dict__.update({simple}={value})",
            f'for name in ("{simple}", "b"):\n    setattr(self, name, {value})',
            f'{local} = "{simple}"\nsetattr(self, {local}, {value})', f"push({value})",
            f"push(*[{value}])", f"push({value}, more={other}).append(3)",
            f"random.shuffle({value})", f"heapq.heappop({value})", f"touch(self, {value})",
            f"self.{rng.choice((*METHODS[later:], '_h1'))}({value})", above, by_name,
            f"({local} := {value}).append(1)",
            f"v, w = {value}, {other}\nv.append(2)", f"[x.append(1) for x in {value}]",
            f"def inner():\n    ({value}).append(1)\ninner()", f"self.prop = {value}",
            f"def inner(x):\n    x.append(1)\ninner({value})", f"self.kept.append({value})",
            f"self.{name} = {local} = []\n{local}.append(1)", f"self.{name}, w = {value}, {other}",
            f"if {value}:\n    self.{name} = {other}\nelse:\n    ({other}).append(1)",
            f"try:\n    ({value}).append(8)\nfinally:\n    x = {other}",
            f"match {value}:\n    case [x, *rest]:\n        x.append(1)", f"self.{name}.clear()",
            f"x = {value}\nx.extend({other})",
            f"self.{name} = Keeper()\nself.{name}.kept.append(1)",
            f"w = [{value}]\nw[0].append(1)\nself.{name}.extend(w)",
        )
    )  # fmt: skip


def changes(cls: type) -> Iterator[tuple[str, set[str]]]:
    """For each public method the names of attributes that calls of it have really changed."""
    random.seed(1)
    public = [name for name in dir(cls) if name in METHODS and not name.startswith("_")]
    for order in (public, public[::-1]):
        made = cls()
        _call(made, "setup")
        for name in order * 2:
            before = _seen(made)
            _call(made, name)
            after = _seen(made)
            yield name, {key for key in {*before, *after} if before.get(key) != after.get(key)}


def _call(made: Any, name: str) -> None:
    try:
        getattr(made, name)()
    except (AttributeError, IndexError, TypeError, KeyError, RecursionError, ValueError):
        pass
    except StopIteration:
        pass


def _seen(made: Any) -> dict[str, str]:
    return {name: _shown(value) for name, value in vars(made).items()}


def _shown(value: Any) -> str:
    return _shown(value.kept) if hasattr(value, "kept") else repr(value)
