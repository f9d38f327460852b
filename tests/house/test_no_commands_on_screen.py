"""The screen never asks a person to leave it and type a command."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMAND = re.compile(r"\bgardener [a-z]")
# What is said before the screen opens or after it has closed is said in a shell.
IN_A_SHELL = {"tui/gardener_tui/cli.py"}
# Faces that word remedies as commands.
COMMAND_LINE = {"core/gardener_core/cli"}


def strings(path: Path) -> list[str]:
    tree = ast.parse(path.read_text())
    docs = {
        ast.get_docstring(node, clean=False)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    }
    found = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return [text for text in found if isinstance(text, str) and text not in docs]


def test_the_screen_names_keys_and_not_commands() -> None:
    for path in sorted((ROOT / "tui").rglob("*.py")):
        if path.relative_to(ROOT).as_posix() not in IN_A_SHELL:
            assert [text for text in strings(path) if COMMAND.search(text)] == [], path


def test_errors_of_the_engine_carry_remedies_and_not_commands() -> None:
    for path in sorted((ROOT / "core").rglob("*.py")):
        below = path.relative_to(ROOT).as_posix()
        if below.startswith(tuple(COMMAND_LINE)):
            continue
        told = [text for text in strings(path) if re.search(r"Run: gardener", text)]
        assert told == [], path
