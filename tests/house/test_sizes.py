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


@pytest.mark.parametrize("path", [p for p in SOURCES if p.name == "__init__.py"], ids=name_of)
def test_init_holds_a_sentence_and_nothing_else(path: Path) -> None:
    assert len(ast.parse(path.read_text()).body) == 1


def test_every_folder_of_modules_is_a_package() -> None:
    """Import contracts do not see a folder without an __init__.py."""
    folders = {path.parent for path in SOURCES}
    assert [name_of(f) for f in folders if not (f / "__init__.py").exists()] == []
