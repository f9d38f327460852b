"""Files and functions stay small, and each file has a one-sentence docstring."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = [
    path
    for top in ("core/gardener_core", "tui/gardener_tui", "themes/gardener_themes")
    for path in sorted((ROOT / top).rglob("*.py"))
]
MOST_LINES = 400
MOST_FUNCTION_LINES = 60
LONGEST_SENTENCE = 70
MOST_LEVELS = 2  # of our own classes, above those of a library
MOST_CLASS_LINES = 250  # with all that a class inherits from us
MOST_FILES = 15
PLACES = {
    "fcntl.flock": {"system/locks.py", "jobs/launch.py"},
    "subprocess.Popen(": {
        "system/processes/start.py",
        "system/processes/bounded.py",
        "jobs/launch.py",
    },
    "subprocess.run(": {"system/processes/start.py"},
    "get_context(": {"system/processes/workers.py"},
}
VAGUE = {"utils", "helpers", "common", "manager", "misc"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_file_is_one_sentence(path: Path) -> None:
    text = path.read_text()
    tree = ast.parse(text)
    sentence = (ast.get_docstring(tree) or "").split("\n")[0]
    assert 0 < len(sentence) <= LONGEST_SENTENCE
    assert text.count("\n") <= MOST_LINES
    assert path.stem not in VAGUE
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < MOST_FUNCTION_LINES, node.name


def test_each_test_file_is_one_sentence_too() -> None:
    files = [path for path in (ROOT / "tests").rglob("*.py") if path.name != "__init__.py"]
    assert [
        name_of(path) for path in files if not ast.get_docstring(ast.parse(path.read_text()))
    ] == []


@pytest.mark.parametrize("path", [p for p in SOURCES if p.name == "__init__.py"], ids=name_of)
def test_init_holds_a_sentence_and_nothing_else(path: Path) -> None:
    assert len(ast.parse(path.read_text()).body) == 1


def test_every_folder_of_modules_is_a_package() -> None:
    """Import contracts do not see a folder without an __init__.py."""
    folders = {path.parent for path in SOURCES}
    assert [name_of(f) for f in folders if not (f / "__init__.py").exists()] == []


def classes_of(top: str) -> dict[str, ast.ClassDef]:
    trees = [ast.parse(path.read_text()) for path in SOURCES if path.is_relative_to(ROOT / top)]
    nodes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    names = [node.name for node in nodes]
    assert len(names) == len(set(names)), "a class name stands twice, so bases cannot be told apart"
    return {node.name: node for node in nodes}


def bases_of(node: ast.ClassDef) -> list[str]:
    bases = [base.value if isinstance(base, ast.Subscript) else base for base in node.bases]
    return [getattr(base, "id", getattr(base, "attr", "")) for base in bases]


def size_of(name: str, classes: dict[str, ast.ClassDef]) -> tuple[int, int]:
    """Levels and lines of a class with all that it inherits from us."""
    if name not in classes:
        return 0, 0
    node = classes[name]
    assert node.end_lineno is not None
    below = [size_of(base, classes) for base in bases_of(node)]
    levels = 1 + max((levels for levels, _ in below), default=0)
    return levels, node.end_lineno - node.lineno + 1 + sum(lines for _, lines in below)


def is_error(name: str, classes: dict[str, ast.ClassDef]) -> bool:
    """Errors may be told apart more finely: what catches the wider one catches them too."""
    return name == "GardenError" or any(
        is_error(base, classes) for base in bases_of(classes[name]) if base in classes
    )


@pytest.mark.parametrize("top", ["tui", "core"])
def test_no_class_is_a_tower_or_a_giant(top: str) -> None:
    classes = classes_of(top)
    sizes = {name: size_of(name, classes) for name in classes}
    assert {
        name: size
        for name, size in sizes.items()
        if size[1] > MOST_CLASS_LINES or (size[0] > MOST_LEVELS and not is_error(name, classes))
    } == {}


FOLDERS = sorted({path.parent for path in SOURCES})


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_a_folder_holds_about_a_dozen_files(folder: Path) -> None:
    files = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
    assert len(files) <= MOST_FILES


def test_one_file_holds_locks_and_few_start_processes() -> None:
    """A file of its own starts jobs: it imports nothing of ours, to be over at once."""
    for word, files in PLACES.items():
        found = {name_of(path) for path in SOURCES if word in path.read_text()}
        assert found == {f"core/gardener_core/{file}" for file in files}, word
