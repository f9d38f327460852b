"""Docs are found and cut out, whatever the language."""

import ast

from gardener_core.code.docs.documented import code_without_doc, documented, without_docs

PYTHON = b'''"""A module."""


class Pool:
    """Keeps connections."""

    size = 3

    @property
    def free(self):
        """How many are free.

        More of it.
        """
        return self.size

    def only_said(self):
        """Says it all."""


if True:
    async def later():
        def inner():
            """Not looked at."""
        return inner
'''
JAVASCRIPT = b"""/**
 * Adds two numbers.
 * @param {number} a
 */
export function add(a, b) { return a + b; }

/** Far away. */

const x = 1;

/** Doubles it. */
const twice = (a) => add(a, a);

class Vector {
  /** The length of it. */
  length() { return 1; }
  plain() {}
}

/**
 * Scales a vector.
 */
Vector.prototype.scale = function (by) { return by; };

// Not a doc.
function bare() {}
"""
TYPESCRIPT = b"""/** Is it there? */
export async function exists(path: string): Promise<boolean> { return true }
abstract class Shape { /** How large it is. */ area(): number { return 0 } }
"""


def test_python() -> None:
    found = {item.symbol: item for item in documented("a.py", PYTHON)}
    assert list(found) == ["Pool", "Pool.free", "Pool.only_said", "later"]
    assert found["Pool"].doc == "Keeps connections."
    assert not found["Pool"].is_function
    assert found["Pool.free"].doc.startswith("How many are free.\n")
    assert found["Pool.free"].name == "free"
    assert found["later"].doc == ""
    code = code_without_doc(PYTHON, found["Pool.free"])
    assert "@property" in code
    assert "return self.size" in code
    assert "free." not in code


def test_python_without_docs_is_still_python() -> None:
    bare = without_docs("a.py", PYTHON)
    ast.parse(bare)
    for said in (b"Keeps", b"How many", b"Says it all"):
        assert said not in bare
    assert [item.symbol for item in documented("a.py", bare)] == [
        "Pool",
        "Pool.free",
        "Pool.only_said",
        "later",
    ]


def test_javascript() -> None:
    found = {item.symbol: item for item in documented("a.js", JAVASCRIPT)}
    docs = {symbol: item.doc.split("\n")[0].strip() for symbol, item in found.items()}
    assert docs == {
        "add": "Adds two numbers.",
        "twice": "Doubles it.",
        "Vector": "",
        "Vector.length": "The length of it.",
        "Vector.plain": "",
        "Vector.scale": "Scales a vector.",
        "bare": "",
    }
    assert code_without_doc(JAVASCRIPT, found["twice"]) == "const twice = (a) => add(a, a)"


def test_typescript() -> None:
    docs = {item.symbol: item.doc for item in documented("a.ts", TYPESCRIPT)}
    assert docs == {
        "exists": "Is it there?",
        "Shape": "",
        "Shape.area": "How large it is.",
    }


def test_broken_sources_are_read_as_far_as_they_go() -> None:
    for path in ("a.py", "a.js", "a.ts"):
        documented(path, b"\xff\xfe def class (((")
        documented(path, b"")
    assert documented("a.js", b"[" * 30_000) == []
