"""An expression becomes names, calls and elements; the rest is left out."""

import pytest

from gardener_core.code.parsing.chains import LITERAL, LONGEST_CHAIN, UNKNOWN, chain_of
from gardener_core.code.parsing.nested_imports import leaves_of


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        ("a.b", "a.b"),
        ("a.b(c, d(e)).f", "a.b().f"),
        ("a\n  .b()\n  .c", "a.b().c"),
        ("rows[0].name", "rows[].name"),
        ("x or Y(1)", "x|Y()"),
        ("A() if c else B()", "A()|B()"),
        ("x || new Y()", "x|Y()"),
        ("new Foo<Bar>(x)", "Foo()"),
        ("new Foo", "Foo()"),
        ("&Foo{A: 1}", "Foo()"),
        ("a?.b!.c", "a.b.c"),
        ("std::vec::new()?", "std.vec.new()"),
        ("p->q()", "p.q()"),
        ("await f()", "f()"),
        ("super(A, self).x", "super().x"),
        ("None", ""),
        ("'a secret'.join", f"{LITERAL}.join"),
        ("f('a secret (with')", "f()"),
        ("[1, 2]", LITERAL),
        ("{}", LITERAL),
        ("x and y", UNKNOWN),
        ("lambda: x", UNKNOWN),
        ("(a or b).c", UNKNOWN),
        ("a." * LONGEST_CHAIN + "b", UNKNOWN),
        ("(" * 5000, UNKNOWN),
    ],
)
def test_chain(text: str, chain: str) -> None:
    assert chain_of(text) == chain


@pytest.mark.parametrize(
    ("text", "leaves"),
    [
        ("std::fmt", [("fmt", "std", "fmt")]),
        ("a::{b as c, d::*}", [("c", "a", "b"), ("*", "a::d", "*")]),
        ("a::b::{self, c}", [("b", "a", "b"), ("c", "a::b", "c")]),
        ("a::{b::{c, d}, e}", [("c", "a::b", "c"), ("d", "a::b", "d"), ("e", "a", "e")]),
        ("x", [("x", "", "x")]),
        ("{{{", []),
    ],
)
def test_leaves(text: str, leaves: list[tuple[str, str, str]]) -> None:
    assert leaves_of(text) == leaves
