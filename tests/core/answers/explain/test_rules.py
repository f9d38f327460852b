"""A project's rules are read like its files: bounded, no link followed, secrets hidden."""

from pathlib import Path

from gardener_core.answers.explain.rules import MOST_CHARACTERS, project_rules

TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"


def test_secrets_go_into_no_prompt(tmp_path: Path) -> None:
    (tmp_path / "GARDENER.md").write_text(f"Say it in Latin.\nThe token is {TOKEN}.\n")
    rules = project_rules(tmp_path)
    assert rules.startswith("Say it in Latin.") and TOKEN not in rules


def test_rules_are_bounded_and_no_link_leads_out(tmp_path: Path) -> None:
    assert project_rules(tmp_path) == ""
    (tmp_path / "GARDENER.md").write_text("short words\n" * 2000)
    assert len(project_rules(tmp_path)) <= MOST_CHARACTERS
    other = tmp_path / "other"
    other.mkdir()
    (other / "GARDENER.md").symlink_to(tmp_path / "GARDENER.md")
    assert project_rules(other) == ""
