"""Texts of workflows as nobody should write them: valid ones, bombs, and either of them broken."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

from tests.workflows import random_workflow

WORDS = (
    "component", "pipeline", "runner", "widget", "config", "integration_framework", "train",
    "tracker", "a", "b", "x1", "étape", "名前", "on", "null", "~", "012", "1:30", "0x1F", "-1",
    ".5", "plugin_paths", "search_paths", "problem_type", "pass_integration_to_siblings",
    "update_peer_integrations", "parent", "close", "class", "_hidden", "__class__", "__init__",
    "__dict__", "<<", "=", "", " ", "\u00a0", "\ufb01", "🎈", "\u202e", "a.b", "a b", "true",
    "2001-12-14",
)  # fmt: skip
CLASSES = (
    "Toy", "pkg.mod:Toy", "pkg.mod.Toy", "os.system", "os:system", "builtins:eval", "", " ", ":",
    "..", "lolpop_graph.cli.common:Path", "\x00", "Toy\n", "<b>Toy</b>", "名", "a:b:c",
    "$config.kind",
)  # fmt: skip
SCALARS = (
    "1", "-1", "012", "0o17", "0x1F", "1e3", ".5", "-.inf", ".nan", "1_000", "1:30", "on", "no",
    "yes", "true", "False", "null", "~", "''", '""', "'it''s'", '"\\u0024config.a"', '"\\x00"',
    '"\\uD800"', '"\\U00110000"', '"\\x"', "2001-12-14", "2001-12-14t21:59:43.10-05:00",
    "!!binary aGk=", "-", "?", "- x", "#", "@x", "`x", "%x", "&", "*", "!", "|", ">", "|2", ">-",
    "[", "]", "{", "}", ",", ": ", "a: b: c", "'", '"', "\\", "<<", "=", "---", "...", "é", "🎈",
    "\u2028", "1e999999", "0x", "0o8", "9" * 5_000, "0x" + "f" * 5_000, "0." + "1" * 5_000,
    "1e" + "9" * 400, "x" * 5_000,
)  # fmt: skip
REFERENCES = (
    "$", "$$", "$$$", "${", "${}", "$}", "${a", "${{a}}", "$a", "$config", "$config.a",
    "${config.a}", "x ${config.a} y", "${config.a}${config.b}", "$config.l.0", "$config.l.-1",
    "$config.l.99999999999", "$integration_framework", "$integration_framework.runner", "$train",
    "$component", "$runner", "$__class__", "$config.__class__", "$config.keys", "$.", "$..",
    "$config.", "${env:PATH}", "${env:}", "${env:LOLPOP_UNSET}", "${env:LOLPOP_UNSET,}",
    "${env:LOLPOP_UNSET,$config.a}", "$env:HOME", "${env:a=b}", "${env:a\x00b}",
    "${config.${config.a}}", "$config.²", "$①", "${a b}", "$\u202e",
)  # fmt: skip
TAGS = (
    "!!str", "!!int", "!!float", "!!bool", "!!null", "!!map", "!!seq", "!!set", "!!omap",
    "!!pairs", "!!binary", "!!timestamp", "!!merge", "!!value", "!!yaml", "!", "!x", "!secret",
    "!!", "!<>", "!<!>", "!<tag:yaml.org,2002:str>", "!!python/object/apply:os.system",
    "!!python/object:os.system", "!!python/object/new:os.system", "!!python/name:os.system",
    "!!python/module:os", "!!python/tuple", "!!python/none", "!!python/bytes", "!a!b", "!e!x",
    "!%zz", "!!str%00",
)  # fmt: skip
CHARACTERS = (
    "\t", "\n", "\r", "\r\n", "\x00", "\x01", "\x07", "\x0b", "\x1b", "\x7f", "\x85", "\xa0",
    "\xad", "\u2028", "\u2029", "\ufeff", "\ufffe", "\uffff", "\u202e", "\u200b", "🎈", "é", " ",
    ":", "-", "?", "[", "]", "{", "}", ",", "#", "&", "*", "!", "|", ">", "'", '"', "%", "@", "`",
    "\\", "$", "<<",
)  # fmt: skip
LINES = (
    "%YAML 1.1", "%YAML 1.2", "%YAML 9.9", "%TAG ! tag:x,2000:", "%TAG !e! tag:yaml.org,2002:",
    "%X", "---", "--- !!map", "...", "--- |", "? x", "? [a, b]", "? {a: b}", "? |\n  x", ": x",
    "- x", "-", "<<: *a", "<<: [*a, *b]", "<<: {a: 1}", "<<: 1", "<<: [1]", "<<: ~", "&a a: &b",
    "*a : x", "*a: x", "a: *a", "a: &a [*a]", "a: &a {b: *a}", "a: &a\n  <<: *a",
    "integration_framework: &f {runner: *f}", "{a: 1}: x", "[a]: x", "!!int x: 1", "!!str 1: 1",
    "1: 1", "1.0: 1", "null: 1", "~: 1", "true: 1", ".nan: 1", "'': 1", '"": 1', "config:",
    "config: 1", "config: [1]", "runner: [A, B]", "runner: {a: A, b: B}", "component: [A]",
    "component: {a: [A]}", "component: {config: 1}",
    "component: {config: {update_peer_integrations: maybe}}", "a: |\n  x\n y", "a: >3\n   x",
    "config: {plugin_paths: [/, .., \"\\0\"], search_paths: [os, '..', '']}", "# " + "c" * 300,
)  # fmt: skip


def hostile(rng: Random) -> bytes:
    """What a workflow file may hold in the worst case; the same for the same dice."""
    shape = rng.choices((workflow, line_by_line, bomb), (6, 2, 2))[0]
    text = shape(rng)
    for _ in range(rng.choice((0, 0, 1, 1, 2, 3, 8))):
        text = rng.choice(BREAKS)(rng, text)
    return encoded(rng, text)


# Workflows ------------------------------------------------------------------------------------


def workflow(rng: Random) -> str:
    """A valid workflow with configs, written in any of YAML's styles."""
    document = random_workflow(rng.getrandbits(32)).document
    configure(rng, document, 3)
    return Writer(rng).document(document)


def configure(rng: Random, block: dict[str, Any], depth: int) -> None:
    """Give a block, and some below it, a config."""
    if rng.random() < 0.5:
        block["config"] = {
            rng.choice(WORDS[12:16]): value(rng, 3) for _ in range(rng.randint(0, 4))
        }
    for key, below in list(block.items()):
        is_block = isinstance(below, dict) and key != "integration_framework"
        if is_block and depth and rng.random() < 0.3:
            configure(rng, below, depth - 1)


def value(rng: Random, depth: int) -> Any:
    """A scalar or reference, as raw YAML in a tuple, or a list or mapping of values."""
    dice = rng.random()
    if depth and dice < 0.15:
        return [value(rng, depth - 1) for _ in range(rng.randint(0, 3))]
    if depth and dice < 0.35:
        return {rng.choice(WORDS): value(rng, depth - 1) for _ in range(rng.randint(0, 3))}
    return (rng.choice(SCALARS[:18]) if dice < 0.7 else json.dumps(rng.choice(REFERENCES)),)


class Writer:
    """Writes values as YAML: block or flow, now and then with anchors, aliases, tags, comments."""

    def __init__(self, rng: Random) -> None:
        """Throw these dice."""
        self.rng = rng
        self.anchors: list[str] = []
        self.odd = rng.choice((0.0, 0.0, 0.02, 0.1))

    def document(self, document: dict[str, Any]) -> str:
        """The whole text."""
        if self.rng.random() < 0.1:
            return self.flow(document) + "\n"
        return self.block(document, 0)

    def block(self, mapping: dict[str, Any], indent: int) -> str:
        """A mapping in lines."""
        space = " " * indent
        return "".join(
            f"{self.comment(space)}{space}{self.key(key)}:{self.below(inner, indent + 2)}"
            for key, inner in mapping.items()
        )

    def below(self, inner: Any, indent: int) -> str:
        """What stands behind a key or a dash, with the end of the line."""
        if self.rng.random() < self.odd:
            return f" {self.oddity()}\n"
        head = f" {self.anchor()}" if self.rng.random() < self.odd else ""
        if not isinstance(inner, dict | list) or not inner or self.rng.random() < 0.15:
            return f"{head} {self.flow(inner)}\n"
        if isinstance(inner, dict):
            return f"{head}\n{self.block(inner, indent)}"
        space = " " * indent
        return f"{head}\n" + "".join(f"{space}-{self.below(item, indent + 2)}" for item in inner)

    def flow(self, inner: Any) -> str:
        """A value on one line."""
        if isinstance(inner, dict):
            return f"{{{', '.join(f'{self.key(k)}: {self.flow(v)}' for k, v in inner.items())}}}"
        if isinstance(inner, list):
            return f"[{', '.join(map(self.flow, inner))}]"
        if isinstance(inner, tuple):
            return str(inner[0])
        return self.key(inner) if isinstance(inner, str) else json.dumps(inner)

    def key(self, text: str) -> str:
        """A text, plain where that may be."""
        plain = text.isidentifier() and self.rng.random() < 0.8
        return text if plain else json.dumps(text, ensure_ascii=self.rng.random() < 0.3)

    def comment(self, space: str) -> str:
        """A comment or nothing."""
        return f"{space}# {self.rng.choice(WORDS)}\n" if self.rng.random() < 0.03 else ""

    def anchor(self) -> str:
        """A new anchor, or one that is there already."""
        self.anchors.append(self.rng.choice("abc"))
        return f"&{self.anchors[-1]}"

    def oddity(self) -> str:
        """An alias, a tag, or a scalar of any kind."""
        dice = self.rng.random()
        if dice < 0.3:
            return f"*{self.rng.choice(self.anchors or ['a'])}"
        tag = f"{self.rng.choice(TAGS)} " if dice < 0.6 else ""
        return f"{tag}{self.rng.choice(SCALARS)}"


def line_by_line(rng: Random) -> str:
    """Lines that each look like a part of a workflow, one below the other."""
    return "".join(
        f"{' ' * rng.choice((0, 0, 0, 2, 4))}{odd_line(rng)}\n" for _ in range(rng.randint(1, 12))
    )


def odd_line(rng: Random) -> str:
    """One of the odd lines, or a key of any kind with a value of any kind."""
    if rng.random() < 0.5:
        return rng.choice(LINES)
    key = rng.choice((*WORDS, *SCALARS[:30]))
    inner = rng.choice((*SCALARS, *REFERENCES, *CLASSES))
    return f"{rng.choice(('', '&a ', '*a ', '? '))}{key}: {inner}"


# Bombs ----------------------------------------------------------------------------------------


def bomb(rng: Random) -> str:
    """A text that is larger, deeper or rounder than it looks."""
    size = rng.choice((3, 12, 99, 101, 400, 3_000))
    return rng.choice(BOMBS)(rng, size)


def nested(rng: Random, size: int) -> str:
    """Brackets, dashes or keys within each other."""
    opening = rng.choice(("[", "{a: ", "{", "- ", "? ", "!!map {a: ", "[{a: ", "&a [", "{? "))
    closing = {"[": "]", "{": "}", "&": "]", "!": "}"}.get(opening[0], "") * size
    return f"{rng.choice(('', 'config: ', 'a: '))}{opening * size}{rng.choice(('', '1', closing))}"


def indented(rng: Random, size: int) -> str:
    """A block below a block below a block."""
    depth, key = min(size, 400), rng.choice(("a", "- a", "? a"))
    return "".join(f"{' ' * (number * len(key))}{key}:\n" for number in range(depth))


def alias_levels(rng: Random, size: int) -> str:
    """Each level holds the one before it several times: as a list, mapping, merge or all."""
    shapes = (
        "[{0}, {0}]",
        "{{x: {0}, y: {0}}}",
        "{{<<: {0}, k{1}: {0}}}",
        "{{<<: [{0}, {0}], k{1}: 1}}",
    )
    shape = rng.choice(shapes)
    top = rng.choice(("a", "config", "integration_framework", "component"))
    levels = (f"  l{n}: &l{n} {shape.format(f'*l{n - 1}', n)}\n" for n in range(1, min(size, 60)))
    return f"{top}:\n  l0: &l0 {rng.choice(('{k: v}', '[x]', 'x'))}\n{''.join(levels)}"


def many_aliases(rng: Random, size: int) -> str:
    """One anchor, and very many aliases of it."""
    shape = rng.choice(("[{}]", "{{<<: [{}]}}", "{{b: [{}]}}", "{{<<: {{<<: [{}]}}}}"))
    what = rng.choice(("{k1: 1, k2: 2}", "[1, 2]", "x", "[]", "{}"))
    return f"a: &a {what}\nconfig: {{x: {shape.format(', '.join(['*a'] * size))}}}\n"


def circle(rng: Random, size: int) -> str:
    """A value that holds itself, some levels below."""
    del size
    top = rng.choice(("a", "config", "integration_framework", "component", "<<"))
    inner = rng.choice(
        ("*a", "[*a]", "{b: *a}", "{<<: *a}", "{<<: [*a]}", "{b: &b [*a, *b]}", "&a *a")
    )
    return (
        f"{top}: &a {rng.choice(('{}', '[{}]', '{{x: {}}}', '{{<<: {}}}')).format(inner)}\nb: *a\n"
    )


def reference_levels(rng: Random, size: int) -> str:
    """Each value names the one before it several times: as a list, mapping or text."""
    shape = rng.choice(
        ('["{0}", "{0}"]', '{{x: "{0}", y: "{0}"}}', '"{0}{0}"', '"<{0}{0}{0}{0}{0}{0}{0}{0}>"')
    )
    first = rng.choice(("x", "🎈", "x" * 3_000, "0x" + "f" * 4_000, "[1]", "{a: 1}"))
    levels = (
        f"  l{n}: {shape.format(f'${{config.l{n - 1}}}')}\n" for n in range(1, min(size, 400))
    )
    return f"config:\n  l0: {first}\n{''.join(levels)}"


def reference_circle(rng: Random, size: int) -> str:
    """References that lead round, through whole values, texts, lists and mappings."""
    shape = rng.choice(('"{}"', '"x{}"', '["{}"]', '{{y: "{}"}}'))
    target = rng.choice(("${{config.l{}}}", "${{config.l{}.y}}", "${{config.l{}.0}}"))
    lines = (f"  l{n}: {shape.format(target.format((n + 1) % size))}\n" for n in range(size))
    return "config:\n" + "".join(lines)


def long_one(rng: Random, size: int) -> str:
    """A key, text, comment, number or line that goes on and on."""
    letter = rng.choice(
        ("x", "é", "🎈", "0", "9", " ", "\\", '"', "'", "$", "${", "&", "[", "*a ", "\t", "#")
    )
    start = rng.choice(
        ("", "a: ", "component: {a: ", '"', "config: {a: '", "# ", "&", "*", "!", "0x", "1e")
    )
    return f"{start}{letter * size * 10}{rng.choice(('', ': 1', '}', chr(34)))}\n"


def many(rng: Random, size: int) -> str:
    """Very many of what is at fault: names, keys, blocks, references, duplicates."""
    kinds = (
        "  1x{0}: A\n",
        "  x{0}: 1\n",
        "  x: A\n",
        "  x{0}: $nowhere{0}\n",
        "  x{0}: A\nx{0}: 1\n",
    )
    top, line = rng.choice(("component", "config", "pipeline", "x")), rng.choice(kinds)
    return f"{top}:\n{''.join(line.format(number) for number in range(min(size, 1_000)))}"


def in_one_line(rng: Random, size: int) -> str:
    """The same with no end of a line between them."""
    kinds = ("1x{0}: A", "x{0}: 1", "x{0}: $nowhere{0}", "x{0}: {{}}", "x: A", "X{0}: A, x{0}: A")
    items = ", ".join(rng.choice(kinds).format(number) for number in range(min(size, 400)))
    return f"{{{rng.choice(('component', 'config', 'x'))}: {{{items}}}}}\n"


def layers(rng: Random, size: int) -> str:
    """A framework of very many or very deep layers, or of what is no layer."""
    names = [rng.choice(WORDS) for _ in range(min(size, 120))]
    if rng.random() < 0.5:
        return "integration_framework:\n" + "".join(
            f"{' ' * (number + 1)}{json.dumps(name)}:\n" for number, name in enumerate(names)
        )
    below = ", ".join(
        f"{json.dumps(name)}: {rng.choice(('', '1', '[a]', '{b: }'))}" for name in names
    )
    return f"integration_framework: {{runner: {{{below}}}}}\nrunner: A\n"


BOMBS: tuple[Callable[[Random, int], str], ...] = (
    nested, indented, alias_levels, many_aliases, circle, reference_levels, reference_circle,
    long_one, many, in_one_line, layers,
)  # fmt: skip


# Breaking -------------------------------------------------------------------------------------


def span(rng: Random, things: Sequence[Any]) -> tuple[int, int]:
    """Where a short part of something begins and ends."""
    start = rng.randint(0, len(things))
    return start, min(len(things), start + rng.choice((1, 1, 2, 5, 20)))


def without_part(rng: Random, text: str) -> str:
    """Leave a few characters out."""
    start, end = span(rng, text)
    return text[:start] + text[end:]


def with_part_twice(rng: Random, text: str) -> str:
    """Write a few characters twice."""
    start, end = span(rng, text)
    return text[:end] + text[start:]


def with_something(rng: Random, text: str) -> str:
    """Put a character, scalar, reference or tag anywhere."""
    start, end = span(rng, text)
    kind = rng.choices((CHARACTERS, SCALARS, REFERENCES, TAGS, WORDS), (5, 2, 1, 1, 1))[0]
    return text[:start] + rng.choice(kind) + text[rng.choice((start, end)) :]


def of_lines(change: Callable[[Random, list[str]], None]) -> Callable[[Random, str], str]:
    """Let a change of lines be one of a text."""

    def changed(rng: Random, text: str) -> str:
        lines = text.split("\n")
        change(rng, lines)
        return "\n".join(lines)

    changed.__doc__ = change.__doc__
    return changed


@of_lines
def without_lines(rng: Random, lines: list[str]) -> None:
    """Leave a few lines out."""
    start, end = span(rng, lines)
    del lines[start:end]


@of_lines
def with_lines_twice(rng: Random, lines: list[str]) -> None:
    """Write a few lines once more, somewhere else, so that keys are there twice."""
    start, end = span(rng, lines)
    at = rng.randint(0, len(lines))
    lines[at:at] = lines[start:end]


@of_lines
def with_lines_moved(rng: Random, lines: list[str]) -> None:
    """Swap two lines."""
    one, other = (rng.randrange(len(lines)) for _ in range(2))
    lines[one], lines[other] = lines[other], lines[one]


@of_lines
def with_lines_shifted(rng: Random, lines: list[str]) -> None:
    """Indent a line more, less or by a tab."""
    at = rng.randrange(len(lines))
    lines[at] = rng.choice((f" {lines[at]}", f"\t{lines[at]}", lines[at][1:], lines[at].lstrip()))


@of_lines
def with_odd_line(rng: Random, lines: list[str]) -> None:
    """Put an odd line in, as deep as the one before it."""
    at = rng.randrange(len(lines))
    space = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    lines.insert(at, space + odd_line(rng))


@of_lines
def with_odd_value(rng: Random, lines: list[str]) -> None:
    """Let a key have an odd value."""
    at = rng.randrange(len(lines))
    key, colon, _ = lines[at].partition(":")
    lines[at] = f"{key}{colon} {rng.choice((*SCALARS, *REFERENCES, *CLASSES, *TAGS))}"


@of_lines
def with_odd_key(rng: Random, lines: list[str]) -> None:
    """Let a value have an odd key."""
    at = rng.randrange(len(lines))
    key, colon, inner = lines[at].partition(":")
    space = key[: len(key) - len(key.lstrip())]
    lines[at] = f"{space}{rng.choice((*WORDS, *SCALARS, *TAGS))}{colon}{inner}"


def cut_short(rng: Random, text: str) -> str:
    """End in the middle."""
    return text[: rng.randint(0, len(text))]


BREAKS: tuple[Callable[[Random, str], str], ...] = (
    without_part, with_part_twice, with_something, with_something, without_lines, with_lines_twice,
    with_lines_moved, with_lines_shifted, with_odd_line, with_odd_value, with_odd_value,
    with_odd_key, cut_short,
)  # fmt: skip


# Bytes ----------------------------------------------------------------------------------------


def encoded(rng: Random, text: str) -> bytes:
    """The text as bytes, mostly in UTF-8."""
    if rng.random() < 0.9:
        return text.encode("utf-8", "surrogatepass")
    return rng.choice(tuple(odd_encodings(rng, text)))


def odd_encodings(rng: Random, text: str) -> Iterator[bytes]:
    """The text with a mark of the byte order, in other encodings, and with broken bytes."""
    content = text.encode("utf-8", "surrogatepass")
    yield b"\xef\xbb\xbf" + content
    for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp037"):
        yield text.encode(name, "replace")
    yield broken(rng, content)


def broken(rng: Random, content: bytes) -> bytes:
    """The bytes with a few changed, left out or put in."""
    changed = bytearray(content or b"a")
    for _ in range(rng.randint(1, 4)):
        start, end = span(rng, changed)
        changed[start:end] = rng.choice(
            (b"", b"\x00", b"\xff", b"\xc3", b"\xed\xa0\x80", rng.randbytes(3))
        )
    return bytes(changed)
