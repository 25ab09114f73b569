"""What the code that calls a remote method does with the result, read from its source."""

from __future__ import annotations

import ast

import pytest

from lolpop_graph.remote.uses import SourceText, Use

SOURCES = [
    ("rows = self.work.run(); return self.other.fit(rows)", Use.KEPT),
    ("rows = self.work.run(); print(rows); return len(rows) > 2", Use.KEPT),
    ("a, b = self.work.run(); return [a, b]", Use.KEPT),
    ("rows = self.work.run(); return pd.concat([rows])", Use.KEPT),
    ("self.work.run(); return 1", Use.WAITED),
    ("rows = self.work.run(); return rows is None", Use.COMPARED),
    ("a, b = self.work.run(); return None is b", Use.COMPARED),
    ("return [each for each in [self.work.run()] if each is not None]", Use.COMPARED),
    ("found = []; found.append(self.work.run()); return found[0] is None", Use.COMPARED),
    ("rows = self.work.run(); return self._none(rows)", Use.COMPARED),
    ("rows = self.work.run(); return self._none(value=rows)", Use.COMPARED),
    ("self.rows = self.work.run(); return self.rows is True", Use.COMPARED),
    ("rows = self.work.run() or 1; return type(rows)", Use.FETCHED),
    ("rows = self.work.run(); return json.dumps({'a': rows})", Use.FETCHED),
    ("rows = self.work.run(); return ', '.join([rows])", Use.FETCHED),
    ("rows = self.work.run(); return '%s' % rows", Use.FETCHED),
    ("rows = self.work.run(); return rows is self.work", Use.FETCHED),
    ("model = self.work.run(); return model(1)", Use.FETCHED),
    ("key = self.work.run(); return self.table[key]", Use.FETCHED),
]


@pytest.mark.parametrize(("code", "use"), SOURCES)
def test_a_reference_is_kept_where_it_is_good_enough(code: str, use: Use) -> None:
    """Results that are passed on or looked at stay; others are waited for, or fetched at once."""
    lines = "; ".join(code.split("; "))
    text = f"""
class Runner:
    def _none(self, value):
        return value is None
    def main(self):
        {lines}
"""
    assert source(text)[1] is use


def test_a_failure_is_not_caught_where_it_is_looked_at_first() -> None:
    """A call is waited for whose result is looked at in a `try` that it does not stand in."""
    looked = "rows = self.work.run()\ntry:\n    {}\nexcept KeyError:\n    pass"
    assert source(looked.format("len(rows)"))[1] is Use.WAITED
    assert source(looked.format("len(others)"))[1] is Use.KEPT


@pytest.mark.parametrize(
    ("block", "is_guarded"),
    [
        ("try:\n    {}\nexcept KeyError:\n    pass", True),
        ("try:\n    pass\nexcept KeyError:\n    {}", False),
        ("try:\n    pass\nfinally:\n    {}", False),
        ("with open('a') as file:\n    {}", True),
        ("with self.tracker.run('a'):\n    {}", False),
        ("with lg.build('a') as workflow:\n    {}", False),
        ("try:\n    call = lambda: {}\nfinally:\n    pass", False),
        ("if True:\n    {}", False),
    ],
)
def test_what_surrounds_a_call_may_have_to_see_how_it_ends(block: str, *, is_guarded: bool) -> None:
    """A `try` catches its failure, a `with` takes away what it needs; ours wait for it."""
    text, _ = source(block.format("self.work.run()"))
    assert text.is_guarded(run_in(text)) is is_guarded


def source(code: str) -> tuple[SourceText, Use]:
    """A source, and what it does with the result of its one call of a method `run` of `work`."""
    text = SourceText(ast.parse(code))
    return text, text.use(run_in(text))


def run_in(text: SourceText) -> ast.expr:
    """The call of `self.work.run`."""
    (call,) = [each for each in text._calls["run"] if ast.unparse(each) == "self.work.run()"]
    return call
