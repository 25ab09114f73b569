"""The grammar of selections, on whatever text there is: it is read, or refused with a fault."""

from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lolpop_graph as lg
from lolpop_graph.questions.selection.grammar import (
    PROPERTIES,
    RELATIONS,
    Both,
    Either,
    Expression,
    Not,
    Pattern,
    Related,
    Term,
    parse,
)

PIECES = [
    *("and", "or", "not", "(", ")", '"', ":", "*", "?", "\\", " ", "\n", "a", "train", "runner.x"),
    *(f"{key}:" for key in (*PROPERTIES, *RELATIONS, "nothing")),
]


def patterns() -> st.SearchStrategy[Pattern]:
    """Names of any letters, and globs."""
    globs = st.text(string.ascii_letters + "*?.", min_size=1, max_size=20)
    exact = st.text(max_size=20).map(Pattern)
    return exact | globs.filter(lambda text: "*" in text or "?" in text).map(
        lambda text: Pattern(text, exact=False)
    )


def expressions() -> st.SearchStrategy[Expression]:
    """Expressions as the grammar has them: operators have at least two parts."""
    terms: st.SearchStrategy[Any] = st.builds(Term, st.sampled_from(["", *PROPERTIES]), patterns())

    def extend(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        parts = st.lists(inner, min_size=2, max_size=4).map(tuple)
        return st.one_of(
            st.builds(Both, parts),
            st.builds(Either, parts),
            st.builds(Not, inner),
            st.builds(Related, st.sampled_from(RELATIONS), inner),
        )

    return st.recursive(terms, extend, max_leaves=12)


@given(expressions())
def test_a_printed_selection_reads_as_the_same(expression: Expression) -> None:
    """What is printed is read as what was printed, quotes and parentheses included."""
    assert parse(str(expression)) == expression


@given(st.text() | st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever the text, there is an expression or a fault with a place in the text."""
    try:
        expression = parse(text)
    except lg.WorkflowError as error:
        for fault in error.faults:
            assert fault.code == "LG802"
            assert fault.place is not None
            assert 1 <= fault.place.column <= len(text) + 1
            assert str(fault)
    else:
        assert parse(str(expression)) == expression


@pytest.mark.parametrize("blanks", ["", " ", "\n\t "])
def test_blanks_do_not_count(blanks: str) -> None:
    """Between the pieces of a selection stand any blanks, where something else parts them none."""
    pieces = ["(", "train", ")", "and not", "(", "below:", '"a b"', ")", "or", "(", "x", ")"]
    assert parse(blanks.join(pieces)) == parse('(train) and not (below:"a b") or (x)')


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a or b and c", "a or (b and c)"),
        ("not a and b", "(not a) and b"),
        ("not below:a or b", "(not (below:a)) or b"),
        ("below:a and b", "(below:a) and b"),
        ("a and b or c and d", "(a and b) or (c and d)"),
    ],
)
def test_precedence(text: str, same: str) -> None:
    """A relation binds first, then `not`, `and`, `or`, as everywhere."""
    assert parse(text) == parse(same)
    assert parse(text) != parse("(a or b) and c")
