"""Links that follow single changes are those that are made all at once."""

import random
from pathlib import Path

import pytest
from support.plot import Plot

MODULES = ("app/__init__.py", "app/a.py", "app/b.py", "app/c.py", "lib/__init__.py", "lib/d.py")
OTHERS = ("web/e.js", "web/f.ts", "srv/g.go", "srv/h.go")
CLASSES = ("Store", "Cache", "Token")
METHODS = ("fetch_one", "rotate_key", "flush_all")
FUNCTIONS = ("make", "drop", "spin")
NAMES = (*CLASSES, *FUNCTIONS)


def python(chance: random.Random) -> str:
    pick = chance.choice
    lines = []
    for _ in range(chance.randrange(4)):
        module = pick(("app", "app.a", "app.b", ".c", ".", "lib", "lib.d", "..lib.d", "json"))
        taken = pick(("*", pick(NAMES), f"{pick(NAMES)} as {pick(NAMES)}"))
        lines.append(
            pick((f"from {module} import {taken}", f"import {module.strip('.') or 'app'}"))
        )
    for name in chance.sample(CLASSES, chance.randrange(3)):
        base = pick(("", f"({pick(CLASSES)})", f"({pick(CLASSES)}, {pick(CLASSES)})"))
        lines.append(f"class {name}{base}:")
        lines.append(f"    one: {pick(CLASSES)} = None")
        lines.append(f"    def __init__(self, other: {pick(CLASSES)}, it):")
        lines.append(f"        self.two = {pick(NAMES)}(); self.three = other; self.four = it")
        for method in chance.sample(METHODS, chance.randrange(3)):
            kind = pick(("", f" -> {pick(CLASSES)}"))
            lines.append(f"    def {method}(self){kind}:")
            lines.append(f"        self.{pick(METHODS)}()")
            lines.append(f"        self.{pick(('one', 'two', 'three', 'four'))}.{pick(METHODS)}()")
            lines.append(f"        return super().{pick(METHODS)}()")
    for name in chance.sample(FUNCTIONS, chance.randrange(3)):
        lines.append(f"def {name}(token, cache: {pick(CLASSES)}):")
        lines.append(f"    x = {pick(NAMES)}(); x.{pick(METHODS)}(); token.{pick(METHODS)}()")
        lines.append(f"    {pick(('app', 'lib', 'lib.d'))}.{pick(NAMES)}({pick(FUNCTIONS)})")
        lines.append(f"    with {pick(NAMES)}() as y: y.{pick(METHODS)}()")
        lines.append(f"    return cache.{pick(METHODS)}().{pick(METHODS)}()")
    lines.append(f"it = {pick(NAMES)}()")
    return "\n".join(lines) + "\n"


def script(chance: random.Random) -> str:
    pick = chance.choice
    return (
        f"import {{ {pick(NAMES)} }} from '{pick(('./e', './f.js', '../web/f'))}';\n"
        f"export class {pick(CLASSES)} extends {pick(CLASSES)} {{\n"
        f"  {pick(METHODS)}() {{ this.{pick(METHODS)}(); return new {pick(CLASSES)}(); }}\n}}\n"
        f"export default function {pick(FUNCTIONS)}(cache) {{ cache.{pick(METHODS)}(); }}\n"
    )


def go(chance: random.Random) -> str:
    pick = chance.choice
    return (
        f"package srv\n\n"
        f"type {pick(CLASSES)} struct {{\n\t*{pick(CLASSES)}\n\tone {pick(CLASSES)}\n}}\n"
        f"func (s *{pick(CLASSES)}) {pick(METHODS)}() *{pick(CLASSES)} {{\n"
        f"\ts.one.{pick(METHODS)}()\n\treturn s.{pick(METHODS)}()\n}}\n"
        f"func {pick(FUNCTIONS)}() {{ {pick(FUNCTIONS)}() }}\n"
    )


def text_for(path: str, chance: random.Random) -> str:
    if path.endswith(".py"):
        return python(chance)
    return go(chance) if path.endswith(".go") else script(chance)


@pytest.mark.parametrize(
    "seed", [*range(4), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(4, 12))]
)
def test_any_edits_give_the_links_of_a_fresh_start(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    plot = Plot(tmp_path / "kept")
    plot.write({path: text_for(path, chance) for path in (*MODULES, *OTHERS)})
    plot.link(many=chance.choice((0, 100)))
    for turn in range(8):
        for _ in range(chance.randrange(1, 4)):
            path = chance.choice((*MODULES, *OTHERS))
            if path in plot.texts and chance.random() < 0.25:
                plot.remove(path)
            else:
                plot.write({path: text_for(path, chance)})
        plot.link(many=chance.choice((0, 100)))
        fresh = Plot(tmp_path / f"fresh{turn}")
        fresh.write(plot.texts)
        fresh.link(many=0)
        assert plot.links() == fresh.links(), f"turn {turn}"


def test_edit_inside_a_function_links_its_file_alone(tmp_path: Path) -> None:
    plot = Plot(tmp_path)
    plot.write({"a.py": "def f():\n    pass\n", "b.py": "from a import f\nf()\n"})
    first = plot.link()
    plot.write({"a.py": "def f():\n    g()\n\n\ndef _g(): ...\n"})
    second = plot.link()
    assert first and second and (first.files, second.files) == (2, 1)
    plot.write({"a.py": "def h():\n    pass\n"})
    third = plot.link()
    assert third and third.files == 2
    assert plot.links() == []


def test_same_text_again_leaves_links_alone(tmp_path: Path) -> None:
    plot = Plot(tmp_path)
    plot.write({"a.py": "def f():\n    f()\n"})
    plot.link()
    plot.write({"a.py": "def f():\n    f()\n"})
    again = plot.link()
    assert again and again.files == 0
    assert plot.told() == {"a.py:f -> a.py:f"}


def test_more_than_allowed_stays_stale_for_the_next_run(tmp_path: Path) -> None:
    plot = Plot(tmp_path)
    plot.write({"a.py": "def f(): ...\n", "b.py": "from a import f\nf()\n"})
    assert plot.link(most_files=1) is None
    assert plot.catalog.sources.stale() == 2 and plot.links() == []
    assert plot.link() is not None
    assert plot.catalog.sources.stale() == 0 and plot.told() == {"b.py -> a.py:f"}


def test_links_of_a_file_leave_with_it_at_once(tmp_path: Path) -> None:
    plot = Plot(tmp_path)
    plot.write({"a.py": "def f():\n    f()\n", "b.py": "from a import f\nf()\n"})
    plot.link()
    plot.remove("a.py")
    assert plot.links() == []
    plot.link()
    plot.write({"a.py": "\n\ndef f(): ...\n"})
    plot.link()
    assert plot.told() == {"b.py -> a.py:f"}


def test_new_subclass_concerns_what_its_base_calls_on_itself(tmp_path: Path) -> None:
    plot = Plot(tmp_path)
    plot.write({"a.py": "class A:\n    def run(self):\n        self.flush_all()\n"})
    plot.link()
    assert plot.links() == []
    plot.write({"b.py": "from a import A\nclass B(A):\n    def flush_all(self): ...\n"})
    plot.link()
    assert "a.py:A.run -> b.py:B.flush_all" in plot.told()
    plot.write({"b.py": "class B:\n    def flush_all(self): ...\n"})
    plot.link()
    assert plot.links() == []
