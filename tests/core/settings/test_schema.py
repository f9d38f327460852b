"""Settings are validated, and editing keeps the rest of the user's file."""

import tomllib
from pathlib import Path

import pytest

from gardener_core.errors import BadInput
from gardener_core.settings.editing import set_value
from gardener_core.settings.reading import explain, load_settings, parse_value
from gardener_core.settings.schema import Settings


def test_no_file_is_all_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "config.toml", {}) == Settings()


def test_comments_and_order_survive_an_edit(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("# mine\n[training]\nrank = 8  # small\nsteps = 10\n")
    set_value(file, "training.steps", 20)
    set_value(file, "search.results", 5)
    assert file.read_text().startswith("# mine\n[training]\nrank = 8  # small\nsteps = 20\n")
    settings = load_settings(file)
    assert (settings.training.rank, settings.training.steps, settings.search.results) == (8, 20, 5)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[training]\nrank = 'x'\nstepz = 1\nsteps = -1\n[nix]\na = 1\n")
    with pytest.raises(BadInput) as told:
        load_settings(file)
    for problem in ("training.rank", "training.stepz", "training.steps", "nix"):
        assert problem in told.value.what


def test_broken_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[training\n")
    with pytest.raises(BadInput) as told:
        load_settings(file)
    assert str(file) in told.value.what


def test_explain_tells_value_source_and_effect(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    set_value(file, "training.steps", 7)
    told = {item.key: item for item in explain(file)}
    assert (told["training.steps"].value, told["training.steps"].source) == (7, str(file))
    assert told["training.rank"].source == "default"
    assert all(item.effect.endswith(".") for item in told.values())


def test_typed_value_takes_the_settings_type() -> None:
    assert parse_value("training.steps", "5") == 5
    assert parse_value("training.learning_rate", "1e-3") == 0.001
    for key, text in (("training.steps", "five"), ("nix.nix", "1"), ("training", "1")):
        with pytest.raises(BadInput):
            parse_value(key, text)


def test_a_new_table_of_rules_says_what_may_stand_in_it(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    set_value(file, "alerts.plateau_steps", 40)
    text = file.read_text()
    assert "# held_out_rises = 2: Alert where bits per byte held out rose" in text
    assert "# nan = true: " in text
    assert tomllib.loads(text) == {"alerts": {"plateau_steps": 40}}
    set_value(file, "alerts.nan", False)
    assert file.read_text().count("# nan = true") == 1
