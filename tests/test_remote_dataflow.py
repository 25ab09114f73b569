"""What the code that calls a remote method does with the result, read from its source."""

from __future__ import annotations

import ast

import pytest

from lolpop_graph.remote.dataflow.following import SourceText
from lolpop_graph.remote.dataflow.uses import Use

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
    ("return max([self.work.run()], key=lambda rows: rows['auc'])", Use.KEPT),
    ("return sorted([self.work.run()], key=itemgetter('auc'))", Use.KEPT),
    ("return sorted([self.work.run()], key=by_type)", Use.FETCHED),
    ("return list(filter(lambda row: row is not None, [self.work.run()]))", Use.COMPARED),
    ("rows = self.work.run(); row = rows[0]; return row is None", Use.KEPT),
    ("found = []; found += [self.work.run()]; return found[0] is None", Use.COMPARED),
    ("found = [] + [self.work.run()]; return found.pop() is None", Use.COMPARED),
    (
        "found = {1: self.work.run()}; return [each is None for each in found.values()]",
        Use.COMPARED,
    ),
    (
        "found = {}; found.setdefault(1, []).append(self.work.run()); return found[1][0] is None",
        Use.COMPARED,
    ),
    ("me = self; me.rows = self.work.run(); return self.rows is None", Use.COMPARED),
    ("setattr(self, 'rows', self.work.run()); return 1", Use.FETCHED),
    ("call = lambda: self.work.run(); return call() is None", Use.FETCHED),
    ("global rows; rows = self.work.run(); return 1", Use.COMPARED),
    ("with self._held(self.work.run()) as rows: return rows is None", Use.COMPARED),
    ("self._put(found, self.work.run()); return found[0] is None", Use.FETCHED),
    ("a, b = self.work, self.other; return b.fit(a.kind, self.work.run())", Use.KEPT),
    ("return [each.fit(self.work.run()) for each in (self.other, self.work)]", Use.KEPT),
    ("a = a.other; return a.fit(self.work.run())", Use.FETCHED),
    ("a = self.other; a = self.file; return a.write(self.work.run())", Use.FETCHED),
    ("self.file.write(self.work.run()); return 1", Use.FETCHED),
    ("return self.work.run() in 'abc'", Use.FETCHED),
    ("return self.work.run() in ['abc']", Use.KEPT),
    ("return pd.DataFrame({'auc': [self.work.run()]})", Use.FETCHED),
    ("return list(map(self.work.run, range(3)))", Use.KEPT),
    ("found = list(map(self.work.run, range(3))); return found[0] is None", Use.COMPARED),
    ("found.extend(map(self.work.run, range(3))); return found", Use.FETCHED),
    ("run = self.work.run; return run() is None", Use.COMPARED),
    ("return [*self._rows(self.work.run())][0] is None", Use.COMPARED),
]


@pytest.mark.parametrize(("code", "use"), SOURCES)
def test_a_reference_is_kept_where_it_is_good_enough(code: str, use: Use) -> None:
    """Results that are passed on or looked at stay; others are waited for, or fetched at once."""
    lines = "; ".join(code.split("; "))
    text = f"""
def by_type(value):
    return type(value)
def _read():
    return rows is None
class Runner:
    def _rows(self, rows):
        yield rows
    @contextmanager
    def _held(self, value):
        yield value
    def _put(self, found, value):
        found.append(value)
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
    return text, text.use(run_in(text), "run", frozenset({"work", "other"}))


def run_in(text: SourceText) -> ast.expr:
    """What calls `self.work.run`: its call, that of a name for it, or the last around it."""
    (method,) = (each for each in text.attributes["run"] if ast.unparse(each) == "self.work.run")
    (named, *_) = (*text.names["run"], method)
    call = text.parents[named]
    while isinstance(text.parents[call], ast.Call) and call.func is not named:
        call = text.parents[call]
    return call
