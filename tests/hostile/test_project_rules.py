"""The rules of a project are a file of it, and nothing else is read through them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from gardener_core.answers.explain.rules import MOST_CHARACTERS, RULES, project_rules
from gardener_core.system.terminal_text import is_safe


def link_out(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    path.mkdir()


def binary(path: Path) -> None:
    path.write_bytes(b"\x00\xff" * 100)


@pytest.mark.parametrize(
    "make", [link_out, endless, os.mkfifo, folder, binary], ids=lambda make: make.__name__
)
def test_what_is_no_text_of_the_project_is_no_rule(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / RULES)
    assert project_rules(tmp_path) == ""


def test_a_link_to_a_secret_beside_the_project_is_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "secret").write_text("the key is 42")
    (root / RULES).symlink_to("../secret")
    assert project_rules(root) == ""


def test_rules_are_bounded_and_clean(tmp_path: Path) -> None:
    assert project_rules(tmp_path) == ""
    (tmp_path / RULES).write_text("Say it plainly.\x1b[31m\n" * 1000)
    rules = project_rules(tmp_path)
    assert rules.startswith("Say it plainly.") and len(rules) <= 2 * MOST_CHARACTERS
    assert all(is_safe(line) for line in rules.split("\n"))
