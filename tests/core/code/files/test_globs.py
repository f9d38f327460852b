"""Patterns mean what git says they mean."""

import os
import random
import subprocess
from pathlib import Path

import pytest

from gardener_core.code.files.walk import walk

PIECES = (
    "a", "b", "*", "*", "**", "/", "/", "?", "[ab]", "[!a]", "[b-a]", "[a-b]", "\\a", "\\*", "**/",
    "/**", "[[:alpha:]]", "é", "[é]", "-", "[a-]", "[]a]", "[^]b]", ".", "[[:x]", "a[", "[",
)  # fmt: skip
LETTERS = ("a", "b", "ab", "é", "-", "]", "[", "*", ".c")
PATTERNS, RULES = 120, 3


def made_files(root: Path, dice: random.Random) -> None:
    for _ in range(120):
        names = ["".join(dice.choices(LETTERS, k=dice.randint(1, 3))) for _ in range(4)]
        place = root.joinpath(*names[: dice.randint(1, 4)])
        if not place.exists() and all(not p.is_file() for p in place.parents):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.touch()


def made_rule(dice: random.Random) -> str:
    words = "".join(dice.choices(PIECES, k=dice.randint(1, 7)))
    end = dice.choice(["", "", "/", " ", "\\ ", "\r"])
    return f"{'!' if dice.random() < 0.3 else ''}{words}{end}"


@pytest.mark.parametrize(
    "seed", [*range(2), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 4))]
)
def test_drawn_rules_hide_what_git_hides(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    made_files(tmp_path, dice)
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    for _ in range(PATTERNS):
        rules = "\n".join(made_rule(dice) for _ in range(RULES))
        (tmp_path / ".gitignore").write_bytes(rules.encode())
        listed = subprocess.run(
            ["git", "-C", tmp_path, "ls-files", "-zco", "--exclude-standard"],
            env={**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null"}, capture_output=True, check=True,
        ).stdout.decode().split("\0")  # fmt: skip
        own = set(walk(tmp_path, None, frozenset()).files)
        assert own == {name for name in listed if name}, rules
