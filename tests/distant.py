# ruff: noqa: E501 - a drawn line is shorter than what draws it
"""Random small workflows with runners that call their pipelines in random ways, from a seed.

A runner is drawn as the text of a Python module, so that its own code is what a user would write.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

HEAD = '''"""A runner that was drawn at random."""

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

import lolpop_graph as lg


class Split(NamedTuple):
    train: list
    test: list


@dataclass
class Scored:
    name: str
    score: Any


class BadRowsError(ValueError):
    def __init__(self, count, kind):
        super().__init__(f"{count} bad rows")
        self.count = count
        self.kind = kind


class Tracker(lg.BaseComponent):
    def __init__(self, **others):
        super().__init__(**others)
        self.seen = []

    def track(self, name, value):
        self.seen.append((name, type(value).__name__, repr(value)))
        return len(self.seen)


class Scale(lg.BaseComponent):
    factor = 2

    def by(self, number):
        return number * self._get_config("factor", self.factor)


class Pipe(lg.BasePipeline):
    def numbers(self, count):
        return [self.scale.by(number) if hasattr(self, "scale") else number
                for number in range(count)]

    def split(self, rows):
        return rows[::2], rows[1::2]

    def named_split(self, rows):
        return Split(rows[::2], rows[1::2])

    def total(self, rows):
        return sum(rows)

    def mean(self, rows):
        return sum(rows) / len(rows)

    def describe(self, rows):
        return {"count": len(rows), "sum": sum(rows), "path": self.path}

    def word(self, number):
        return f"{self.name}-{number}"

    def maybe(self, number):
        return None if number % 2 else number

    def is_even(self, number):
        return number % 2 == 0

    def scored(self, number):
        return Scored(self.name, number)

    def joined(self, *parts, **named):
        return repr((parts, sorted(named.items())))

    def check(self, rows):
        if len(rows) % 3 == 0:
            raise BadRowsError(len(rows), self.name)
        return list(rows)

    def lookup(self, number):
        return {0: "zero", 2: "two", 4: "four"}[number]


class Runner(lg.BaseRunner):
'''


@dataclass
class Script:
    """A body of a method while it is written: its lines, and the names that it has by kind."""

    rng: Random
    pipes: list[str]
    lines: list[str] = field(default_factory=list)
    names: dict[str, list[str]] = field(default_factory=dict)
    count: int = 0

    def new(self, kind: str) -> str:
        """A new name for something of a kind."""
        self.count += 1
        name = f"{kind}_{self.count}"
        self.names.setdefault(kind, []).append(name)
        return name

    def any(self, kind: str) -> str:
        """A name of a kind, or something written out."""
        known = self.names.get(kind, [])
        if known and self.rng.random() < 0.85:
            return self.rng.choice(known)
        number = self.rng.randrange(6)
        return str(number) if kind == "number" else f"{list(range(number))}"

    def pipe(self) -> str:
        """One of the pipelines."""
        return f"self.{self.rng.choice(self.pipes)}"


def random_source(seed: int) -> tuple[str, dict[str, Any]]:
    """The module and the document of a seed: the same on every machine and in every run."""
    rng = Random(seed)
    pipes = rng.sample(("process", "train", "deploy", "monitor"), rng.randint(1, 3))
    script = Script(rng, pipes)
    for _ in range(rng.randint(4, 14)):
        _step(script, "        ", 0)
    known = [name for names in script.names.values() for name in names]
    results = ", ".join(f"{name!r}: {name}" for name in known)
    body = "\n".join(script.lines)
    main = f"    def main(self):\n{body}\n        return {{{results}}}, self.tracker.seen\n"
    helper = "    def _half(self, number):\n        return None if number is None else number / 2\n"
    return HEAD + main + "\n" + helper, _document(rng, pipes)


def _document(rng: Random, pipes: list[str]) -> dict[str, Any]:
    """A document whose framework has layers of drawn names, with flags of any kind."""
    root = rng.choice(("runner", "flow"))
    leaf, layer = rng.sample(("component", "pipeline", "stage", "on", "7"), 2)
    below = rng.choice((leaf, "part"))
    flags = [rng.random() < 0.7 for _ in range(2)]
    document: dict[str, Any] = {
        "integration_framework": {root: {leaf: None, layer: {below: None}}},
        root: "Runner",
        leaf: {"tracker": "Tracker", "config": {"pass_integration_to_siblings": flags[0]}},
        layer: {**dict.fromkeys(pipes, "Pipe"), "config": {"update_peer_integrations": flags[1]}},
        "config": {"target": "churned"},
    }
    for name in pipes:
        if rng.random() < 0.5:
            document[name] = {below: {"scale": "Scale"}, "config": {"factor": rng.randint(1, 5)}}
    return document


def _step(script: Script, indent: str, depth: int) -> None:
    """Write one step, which may have others within it."""
    rng = script.rng
    if depth < 2 and rng.random() < 0.3:
        _block(script, indent, depth)
        return
    kinds = [_make_rows, _make_number, _make_text, _unpack, _change, _look, _track, _drop, _pass]
    rng.choice(kinds)(script, indent)


def _block(script: Script, indent: str, depth: int) -> None:
    """An `if`, a `for`, a `try` or a `with`; names that only it makes are forgotten."""
    rng, inside = script.rng, indent + "    "
    before = {kind: list(names) for kind, names in script.names.items()}
    number, rows = script.any("number"), script.any("rows")
    head = rng.choice(
        [f"if {number} > 2:", f"if {script.pipe()}.is_even({number}):", f"for item in {rows}[:2]:",
         "try:", f"if len({rows}) % 2:", f"if {script.pipe()}.maybe({number}) is None:",
         f"while len({rows}) > 99:"]
    )  # fmt: skip
    script.lines += [indent + head, f"{inside}pass"]
    for _ in range(rng.randint(1, 3)):
        _step(script, inside, depth + 1)
    if head == "try:":
        script.lines.append(f"{inside}{script.pipe()}.check({script.any('rows')})")
        script.lines.append(f"{indent}except (BadRowsError, KeyError, ZeroDivisionError) as error:")
        script.lines.append(f"{inside}self.tracker.track('caught', str(error))")
    script.names = before


def _make_rows(script: Script, indent: str) -> None:
    pipe, source = script.pipe(), script.any("rows")
    call = script.rng.choice(
        [f"{pipe}.numbers({script.any('number')} % 7)", f"{pipe}.split({source})[0]",
         f"{source} + {pipe}.numbers(2)", f"list({pipe}.check({source}))",
         f"sorted({pipe}.numbers(3), reverse=True)", f"[*{pipe}.numbers(2), *{source}]",
         f"{pipe}.check({source})", f"{pipe}.named_split({source}).train"]
    )  # fmt: skip
    script.lines.append(f"{indent}{script.new('rows')} = {call}")


def _make_number(script: Script, indent: str) -> None:
    pipe, rows, number = script.pipe(), script.any("rows"), script.any("number")
    call = script.rng.choice(
        [f"{pipe}.total({rows})", f"len({rows})", f"{pipe}.total({rows}) + {number}",
         f"{pipe}.describe({rows})['sum']", f"-{pipe}.total({rows})", f"max({number}, {pipe}.total({rows}))",
         f"{pipe}.scored({number}).score", f"sum([{pipe}.total({rows}) for _ in range(2)])",
         f"int({pipe}.mean({rows}))", f"{pipe}.maybe({number}) or 1", f"abs({number}) // 2"]
    )  # fmt: skip
    script.lines.append(f"{indent}{script.new('number')} = {call}")


def _make_text(script: Script, indent: str) -> None:
    pipe, rows, number = script.pipe(), script.any("rows"), script.any("number")
    call = script.rng.choice(
        [f"{pipe}.word({number})", f"f'{{{pipe}.total({rows})}} of {{{number}:>4}}'",
         f"json.dumps({pipe}.describe({rows}))", f"{pipe}.joined({rows}, {number}, key={rows})",
         f"'-'.join([{pipe}.word(1), {pipe}.word({number})])", f"str({pipe}.split({rows}))",
         f"{pipe}.lookup({number})", f"'%s' % {pipe}.split({rows})[0]", f"{pipe}.word({number}).upper()",
         f"repr({pipe}.scored({number}))", f"{pipe}.path + {pipe}.word(0)"]
    )  # fmt: skip
    script.lines.append(f"{indent}{script.new('text')} = {call}")


def _unpack(script: Script, indent: str) -> None:
    rows = script.any("rows")
    method = script.rng.choice(["split", "named_split"])
    left, right = script.new("rows"), script.new("rows")
    script.lines.append(f"{indent}{left}, {right} = {script.pipe()}.{method}({rows})")


def _change(script: Script, indent: str) -> None:
    rows = script.rng.choice(script.names.get("rows", []) or [""])
    number = script.rng.choice(script.names.get("number", []) or [""])
    if rows:
        change = script.rng.choice(["{0}.append(7)", "{0} += [1]", "{0}.sort()", "{0}[:1] = [5]"])
        script.lines.append(indent + change.format(rows))
    if number:
        change = script.rng.choice(["{0} += 1", "{0} *= 2", "{0} -= 3"])
        script.lines.append(indent + change.format(number))


def _look(script: Script, indent: str) -> None:
    pipe, rows, number = script.pipe(), script.any("rows"), script.any("number")
    look = script.rng.choice(
        [f"{number} in {rows}", f"{pipe}.maybe({number}) is None", f"{pipe}.is_even({number}) is True",
         f"self._half({pipe}.maybe({number}))", f"isinstance({pipe}.numbers(1), list)",
         f"{rows} == {pipe}.check({rows})", f"type({pipe}.describe({rows})) is dict",
         f"{pipe}.describe({rows})['path'] == {pipe}.path", f"hasattr({pipe}, 'scale')",
         f"[each for each in ({pipe}.maybe({number}), {pipe}.maybe(2)) if each is not None]",
         f"{{{pipe}.word(1): {number}}}", f"({number}, *{pipe}.split({rows}))", f"{pipe}._get_config('target')"]
    )  # fmt: skip
    script.lines.append(f"{indent}{script.new('look')} = {look}")


def _track(script: Script, indent: str) -> None:
    kind = script.rng.choice(["rows", "number"])
    name = script.any(kind)
    given = script.rng.choice(
        [name, f"[{name}]", f"{{'a': {name}}}", f"{script.pipe()}.scored({name})"]
    )
    script.lines.append(f"{indent}self.tracker.track('{kind}', {given})")


def _drop(script: Script, indent: str) -> None:
    method = script.rng.choice(["check", "total", "mean"])
    script.lines.append(f"{indent}{script.pipe()}.{method}({script.any('rows')})")


def _pass(script: Script, indent: str) -> None:
    """The result of one pipeline goes into another one, alone or within other things."""
    rows, number = script.any("rows"), script.any("number")
    inner = script.rng.choice(
        [f"{script.pipe()}.numbers(3)", f"[{script.pipe()}.total({rows}), {number}]",
         f"{{'a': ({script.pipe()}.describe({rows}),)}}", f"{script.pipe()}.scored({rows})",
         f"{script.pipe()}.named_split({rows})", f"Scored({script.pipe()}.word(1), {rows})"]
    )  # fmt: skip
    script.lines.append(f"{indent}{script.new('text')} = {script.pipe()}.joined({inner}, {rows})")
