"""A completion ends where its block of code ends."""

import pytest

from gardener_core.answers.scope import ScopeEnd


@pytest.mark.parametrize(
    ("prefix", "generated", "kept"),
    [
        ("def f(x", "):\n    return x\n\n\ndef g():\n", "):\n    return x"),
        ("def f(\n    x,\n", "    y,\n):\n    return x\nz = 1", "    y,\n):\n    return x"),
        ("class A:\n    def f(self):\n        ", "return 1\n\n    def g(self):\n        pass",
         "return 1"),
        ("    if x:\n        return", " 1\n    return 2\n", " 1"),
        ("    x = 1\n    y = ", "2\n    return x\nz = 3", "2\n    return x"),
        ("function f(a) {", "\n  return a\n}\n\nlet b = 1\n", "\n  return a\n}"),
        ("x = 1\n", "y = 2\nz = 3", "y = 2\nz = 3"),
        ("def f():\n    ", '"""A\n\ntext\n"""\n    x = 1\ny = 2', '"""A\n\ntext\n"""\n    x = 1'),
        ("def f():", "\n\tpass\nx", "\n\tpass"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_only_what_belongs_to_the_block_is_passed_on(
    prefix: str, generated: str, kept: str, size: int
) -> None:
    scope, passed = ScopeEnd(prefix), ""
    for start in range(0, len(generated), size):
        passed += scope.take(generated[start : start + size])
    assert passed + scope.rest() == kept
    assert scope.ended == (kept != generated)


@pytest.mark.parametrize(
    ("generated", "kept"),
    [
        ("c = a + b\n    return c\n\n\ndef g():\n", "c = a + b"),
        ("c = a + b\n    return c", "c = a + b"),
        ("c = a\n    return c + b\n    x", "c = a\n    return c + b\n    x"),
        ("return c\n    return c\n", "return c"),
    ],
)
@pytest.mark.parametrize("size", [1, 4, 1000])
def test_it_ends_before_the_code_that_follows(generated: str, kept: str, size: int) -> None:
    scope, passed = ScopeEnd("def f(a, b):\n    ", "\n    return c\n"), ""
    for start in range(0, len(generated), size):
        passed += scope.take(generated[start : start + size])
    assert passed + scope.rest() == kept


def test_a_line_is_passed_on_while_it_is_written() -> None:
    scope = ScopeEnd("def f():\n    return")
    assert scope.take(" value") == " value"
    assert (scope.take("\n\n    "), scope.take("x")) == ("", "\n\n    x")
    assert scope.take("\n") == "" and scope.rest() == "\n"
