"""Gather the names that a language brings along.

    .venv/bin/python tools/gather_library_names.py python
    .venv/bin/python tools/gather_library_names.py javascript     # wants node

They are asked of the language itself, here, once; the program reads the file that this writes.
"""

import contextlib
import importlib
import inspect
import io
import keyword
import subprocess
import sys
import types
import warnings
import zlib
from pathlib import Path

DATA = Path(__file__).parents[1] / "core/gardener_core/answers/explain/data"
# They open windows, print, or are the tests and tools of Python itself.
LEFT_OUT = {"antigravity", "this", "idlelib", "turtledemo", "turtle", "test", "lib2to3"}
MOST_DEEP = 2
NODE = """
const names = new Set();
const seen = new Set();
function gather(value, depth) {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return;
  if (seen.has(value) || depth > 4) return;
  seen.add(value);
  for (const name of Object.getOwnPropertyNames(value)) {
    names.add(name);
    const found = Object.getOwnPropertyDescriptor(value, name);
    if (found && 'value' in found) gather(found.value, depth + 1);
  }
  gather(Object.getPrototypeOf(value), depth + 1);
}
gather(globalThis, 0);
for (const name of require('module').builtinModules) {
  names.add(name.replace('node:', ''));
  try { gather(require(name), 1); } catch (problem) { /* not in this build */ }
}
gather([][Symbol.iterator](), 1);
gather((function* () {})(), 1);
gather((async () => {})(), 1);
console.log([...names].join('\\n'));
"""
# Of the language and its types, which no object has.
JAVASCRIPT_WORDS = """
async await break case catch class const continue debugger default delete do else enum export
extends false finally for from function get if implements import in instanceof interface let new
null of package private protected public return set static super switch this throw true try typeof
undefined var void while with yield any as asserts bigint boolean declare infer is keyof module
namespace never number object readonly require string symbol type unique unknown Partial Required
Readonly Record Pick Omit Exclude Extract NonNullable Parameters ReturnType InstanceType Awaited
document window HTMLElement Element Node querySelector querySelectorAll getElementById innerHTML
addEventListener removeEventListener dispatchEvent appendChild createElement classList className
localStorage sessionStorage XMLHttpRequest onload onerror requestAnimationFrame location history
textContent setAttribute getAttribute preventDefault stopPropagation exports __dirname __filename
"""


def python_names() -> set[str]:
    """Keywords, builtins, and what the modules of the standard library and their classes have."""
    names = set(keyword.kwlist) | set(keyword.softkwlist) | set(sys.stdlib_module_names)
    names |= {"self", "cls", "args", "kwargs"}
    seen: set[int] = set()
    for name in sorted(sys.stdlib_module_names - LEFT_OUT):
        if name.startswith("_") and name != "__future__":
            continue
        with contextlib.suppress(ImportError), contextlib.redirect_stdout(io.StringIO()):
            _gather(importlib.import_module(name), names, seen, 0)
    for value in (types, object(), [], {}, set(), "", b"", 0, 0.0, (), None, print, _gather):
        _gather(value, names, seen, 1)
    return {name for name in names if not name.startswith("_") or name.startswith("__")}


def _gather(value: object, names: set[str], seen: set[int], depth: int) -> None:
    if id(value) in seen:
        return
    seen.add(id(value))
    for name, member in inspect.getmembers_static(value):
        names.add(name)
        own = getattr(member, "__module__", "") or ""
        ours = inspect.isclass(member) and own.partition(".")[0] in sys.stdlib_module_names
        if depth < MOST_DEEP and (ours or inspect.ismodule(member)):
            _gather(member, names, seen, depth + 1)
        if inspect.isfunction(member) and depth <= MOST_DEEP:
            with contextlib.suppress(ValueError, TypeError):
                names.update(inspect.signature(member).parameters)


def javascript_names() -> set[str]:
    """What node's global objects, their prototypes and its own modules have."""
    found = subprocess.run(["node", "-e", NODE], capture_output=True, text=True, check=True)
    return {*found.stdout.split("\n"), *JAVASCRIPT_WORDS.split()}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    for language in sys.argv[1:]:
        names = {"python": python_names, "javascript": javascript_names}[language]()
        words = sorted(name for name in names if name.isidentifier())
        packed = zlib.compress("\n".join(words).encode(), 9)
        DATA.mkdir(exist_ok=True)
        (DATA / f"{language}.z").write_bytes(packed)
        print(f"{language}: {len(words)} names, {len(packed)} bytes")
