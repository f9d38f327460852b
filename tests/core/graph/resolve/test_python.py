"""Each rule by which a call in Python finds its symbol, and what gives no link."""

from pathlib import Path

import pytest
from support.plot import Plot, told_of

STORE = """
class Base:
    def start(self): ...
    def load(self): return self.fetch_row()
class Store(Base):
    def save_row(self): ...
    def fetch_row(self): ...
    def twin(self) -> "Store": ...
    @property
    def other(self) -> "Store": ...
    def __call__(self): ...
def make() -> Store: ...
def guess(): return Store()
"""


def links(tmp_path: Path, text: str, **more: str) -> set[str]:
    files = {"store.py": STORE, "m.py": text, **{f"{name}.py": body for name, body in more.items()}}
    return {line for line in told_of(tmp_path, files) if line.startswith("m.py")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(): g()\ndef g(): ...", "m.py:f -> m.py:g"),
        ("from store import make\nmake()", "m.py -> store.py:make"),
        ("from store import make as m\nm()", "m.py -> store.py:make"),
        ("from store import *\nmake()", "m.py -> store.py:make"),
        ("import store\nstore.make()", "m.py -> store.py:make"),
        ("import store as s\ns.make()", "m.py -> store.py:make"),
        ("from hop import make\nmake()", "m.py -> store.py:make"),
        ("from pack import deep\ndeep.dig()", "m.py -> pack/deep.py:dig"),
        ("from pack.deep import dig\ndig()", "m.py -> pack/deep.py:dig"),
        ("def f():\n    from store import make\n    make()", "m.py:f -> store.py:make"),
        ("class A:\n    def f(self): self.g()\n    def g(self): ...", "m.py:A.f -> m.py:A.g"),
        ("import store\nclass A(store.Store):\n    def f(self): self.start()",
         "m.py:A.f -> store.py:Base.start"),
        ("from store import Store\nclass A(Store):\n    def start(self): super().start()",
         "m.py:A.start -> store.py:Base.start"),
        ("from store import Store\nclass A(Store): ...", "m.py:A -> store.py:Store base"),
        ("from store import Store\nStore.save_row(1)", "m.py -> store.py:Store.save_row"),
        ("from store import Store\nStore()", "m.py -> store.py:Store"),
        ("from store import Store\ndef f(x: Store): x.save_row()",
         "m.py:f -> store.py:Store.save_row"),
        ("from store import Store\ndef f(x: 'Store | None' = None): x.save_row()",
         "m.py:f -> store.py:Store.save_row"),
        ("from store import Store\ndef f():\n    x = Store()\n    x.save_row()",
         "m.py:f -> store.py:Store.save_row"),
        ("from store import make\nmake().save_row()", "m.py -> store.py:Store.save_row"),
        ("from store import guess\nguess().save_row()", "m.py -> store.py:Store.save_row"),
        ("from store import make\nmake().twin().save_row()", "m.py -> store.py:Store.save_row"),
        ("from store import make\nmake().other.save_row()", "m.py -> store.py:Store.save_row"),
        ("from store import make\nx = make()\nx()", "m.py -> store.py:Store.__call__"),
        ("from store import Store\nclass A:\n    def __init__(self, s: Store): self.s = s\n"
         "    def f(self): self.s.save_row()", "m.py:A.f -> store.py:Store.save_row"),
        ("from store import Store\nclass A:\n    s: Store\n    def f(self): self.s.save_row()",
         "m.py:A.f -> store.py:Store.save_row"),
        ("from store import Store\ndef f():\n    with Store() as x: x.save_row()",
         "m.py:f -> store.py:Store.save_row"),
        ("from store import Store\ndef f(xs: list[Store]):\n    for x in xs: x.save_row()",
         "m.py:f -> store.py:Store.save_row"),
        ("from store import make\ndef f(): run(make)", "m.py:f -> store.py:make passed"),
        ("class A:\n    def run(self): self.step_one()\nclass B(A):\n    def step_one(self): ...",
         "m.py:A.run -> m.py:B.step_one"),
        ("def f(store): store.save_row()", "m.py:f -> store.py:Store.save_row likely"),
        ("def f(x): x.save_row()", "m.py:f -> store.py:Store.save_row likely"),
    ],
)  # fmt: skip
def test_call_finds_its_symbol(tmp_path: Path, text: str, expected: str) -> None:
    hop = "from store import make\n"
    pack = {"hop": hop, "pack/__init__": "", "pack/deep": "def dig(): ...\n"}
    assert expected in links(tmp_path, text, **pack)


@pytest.mark.parametrize(
    "text",
    [
        "make()",  # not imported
        "from json import make\nmake()",
        "def f(make): make()",  # a parameter of that name
        "from store import make\ndef f(make): make()",
        "def f():\n    def make(): ...\n    make()",
        "import requests\ndef f(x: requests.Session): x.save_row()",  # foreign by its type
        "from json import Store\ndef f():\n    store = Store()\n    store.save_row()",
        "def f(store: str): store.save_row()",
        "def f():\n    store = []\n    store.save_row()",
        "import c\ndef f(): c.context().store.save_row()",  # foreign in the chain
        "def f(store): store.start()",  # too common a name
        "def f(store): store.__call__()",
        "def save_row(store): store.save_row()",  # a wrapper calls what it wraps
        "class A:\n    def f(self):\n        class B:\n            def g(self): self.h()\n"
        "    def h(self): ...",
        "from store import Store\ndef f(): run(Store)",  # a class that is handed over
        "from store import make\ndef f(): run(make().other)",  # a property is a value
    ],
)
def test_no_link_is_made(tmp_path: Path, text: str) -> None:
    found = {line for line in links(tmp_path, text) if "store.py:make" not in line.split(" -> ")[1]}
    if "make" in text and "other" not in text:
        found = links(tmp_path, text)
    assert found == set()


def test_two_families_give_no_likely_link(tmp_path: Path) -> None:
    rival = "class Rival:\n    def save_row(self): ...\n"
    assert links(tmp_path, "def f(store): store.save_row()", rival=rival) == set()
    heir = "from store import Store\nclass Heir(Store):\n    def save_row(self): ...\n"
    expected = {"m.py:f -> store.py:Store.save_row likely"}
    assert links(tmp_path / "b", "def f(heir): heir.save_row()", heir=heir) == expected


def test_values_that_disagree_are_not_sure(tmp_path: Path) -> None:
    text = "from store import Store\nclass A:\n    def twin(self): ...\n"
    text += "def f(y):\n    x = A()\n    if y: x = Store()\n    x.twin()\n"
    assert not any("twin" in line for line in links(tmp_path, text))


def test_standard_module_is_not_a_file_of_that_name(tmp_path: Path) -> None:
    files = {"app/__init__.py": "", "app/json.py": "def dumps(): ...\n"}
    files["app/m.py"] = "import json\njson.dumps()\n"
    assert told_of(tmp_path, files) == set()
    files["app/m.py"] = "from . import json\njson.dumps()\n"
    assert told_of(tmp_path / "b", files) == {"app/m.py -> app/json.py:dumps"}


def test_circles_end(tmp_path: Path) -> None:
    files = {
        "a.py": "from b import x\nclass A(x): ...\ny = x()\ny.run_it()\n",
        "b.py": "from a import y as x\nx = x()\nx.run_it()\n",
    }
    assert told_of(tmp_path, files) == set()


def test_imports_are_links_of_a_file_or_of_a_function(tmp_path: Path) -> None:
    plot = Plot(tmp_path)
    plot.write(
        {
            "store.py": STORE,
            "hop.py": "from store import make\n",
            "m.py": "import os, store\nfrom hop import make as m\nfrom store import *\n"
            "def f():\n    from store import Store\n",
        }
    )
    plot.link()
    assert plot.imports() == {
        "hop.py: -> store.py:make", "m.py: -> store.py:", "m.py: -> store.py:make",
        "m.py:f -> store.py:Store",
    }  # fmt: skip
    assert plot.catalog.links.callers("store.py", "make") == []
    assert plot.catalog.links.callees("m.py", "f") == []
    plot.write({"store.py": STORE.replace("def make", "def made")})
    plot.link()
    assert "m.py: -> store.py:make" not in plot.imports()
