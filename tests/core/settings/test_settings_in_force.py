"""Mistakes in the settings are reported by line; the last good settings apply."""

from pathlib import Path

import pytest

from gardener_core.errors import BadInput
from gardener_core.garden.settings import SettingsDoor
from gardener_core.settings.reading import Problem, explain, read_settings
from gardener_core.store.database import Database
from gardener_core.store.garden.audit import AuditLog
from gardener_core.store.garden.project_settings import ProjectSettings
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.system.places import Places

BROKEN = """\
# mine
top = 1
[training]
rank = 'x'   # line 4
steps = 12
stepz = 1

[screen]
mouse = "yes"
theme = "paper"
["log"]
level = "loud"
[nix]
a = 1
"""


@pytest.fixture
def door(tmp_path: Path) -> SettingsDoor:
    return door_of(tmp_path)


def door_of(root: Path) -> SettingsDoor:
    database = Database(root / "garden.db")
    return SettingsDoor(places(root), ProjectSettings(database), AuditLog(database))


def places(root: Path) -> Places:
    (root / "config").mkdir(exist_ok=True)
    return Places(config=root / "config", data=root / "data")


def write(root: Path, text: str) -> Path:
    file = places(root).settings
    file.write_text(text)
    return file


def test_every_problem_is_told_with_its_line(tmp_path: Path, door: SettingsDoor) -> None:
    write(tmp_path, BROKEN)
    assert door.problems() == [
        Problem(2, "top is not a section"),
        Problem(4, "training.rank takes a whole number, not 'x'"),
        Problem(6, "training.stepz is not a setting"),
        Problem(9, "screen.mouse takes true or false, not 'yes'"),
        Problem(12, "log.level is one of normal, debug, not 'loud'"),
        Problem(13, "nix is not a section"),
    ]


def test_broken_toml_is_told_with_its_line(tmp_path: Path, door: SettingsDoor) -> None:
    write(tmp_path, "[training]\nrank = 8\nsteps = = 4\n")
    (problem,) = door.problems()
    assert problem.line == 3


def test_last_good_settings_stay_in_force_in_another_process_too(tmp_path: Path) -> None:
    write(tmp_path, "[training]\nsteps = 7\n[screen]\ntheme = 'paper'\n")
    assert door_of(tmp_path).current().training.steps == 7
    write(tmp_path, "[training]\nsteps = many\n")
    later = door_of(tmp_path)
    assert later.current().training.steps == 7 and later.current().screen.theme == "paper"
    assert later.one("training.steps").value == 7
    assert "line 2" in later.warning() and "last good" in later.warning()
    write(tmp_path, "[training]\nsteps = 9\n")
    assert later.current().training.steps == 9 and later.warning() == ""


def test_file_that_was_never_good_gives_what_is_good_in_it(
    tmp_path: Path, door: SettingsDoor
) -> None:
    write(tmp_path, BROKEN)
    assert (door.current().training.steps, door.current().training.rank) == (12, 16)


def test_file_that_is_taken_away_is_all_defaults(tmp_path: Path, door: SettingsDoor) -> None:
    write(tmp_path, "[training]\nsteps = 7\n").unlink()
    assert door.current().training.steps == 60
    write(tmp_path, "[training]\nsteps = 7\n")
    door.current()
    places(tmp_path).settings.unlink()
    assert door.current().training.steps == 60


def test_broken_file_is_not_written_to(tmp_path: Path, door: SettingsDoor) -> None:
    file = write(tmp_path, BROKEN)
    with pytest.raises(BadInput, match="line 4"):
        door.set("training.steps", "5")
    assert file.read_text() == BROKEN


def test_environment_goes_before_the_file(tmp_path: Path) -> None:
    file = write(tmp_path, "[training]\nsteps = 7\n")
    given = {"GARDENER_TRAINING__STEPS": "8", "GARDENER_SCREEN__MOUSE": "off", "GARDENER_HOME": "x"}
    reading = read_settings(file, given)
    assert (reading.settings.training.steps, reading.settings.screen.mouse) == (8, False)
    assert reading.problems == ()
    told = {item.key: item.source for item in explain(file, given)}
    assert told["training.steps"] == "GARDENER_TRAINING__STEPS"
    assert told["screen.theme"] == "default"


def test_wrong_variable_is_told_and_breaks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, door: SettingsDoor
) -> None:
    write(tmp_path, "[training]\nsteps = 7\n")
    monkeypatch.setenv("GARDENER_TRAINING__STEPS", "many")
    monkeypatch.setenv("GARDENER_NIX__NIX", "1")
    assert door.current().training.steps == 7
    told = " ".join(problem.what for problem in door.problems())
    assert "GARDENER_TRAINING__STEPS" in told and "GARDENER_NIX__NIX" in told


def test_keys_take_any_name(tmp_path: Path, door: SettingsDoor) -> None:
    write(tmp_path, '[keys]\nquit = "ctrl+q"\nchart.zoom = "z"\n"chat.send" = 5\n')
    assert door.problems() == [Problem(4, "keys.chat.send takes a text, not 5")]
    write(tmp_path, '[keys]\nquit = "ctrl+q"\nchart.zoom = "z"\n')
    assert door.current().keys == {"quit": "ctrl+q", "chart.zoom": "z"}
    assert door.set("keys.help", "f1").value == "f1"
    assert door.one("keys.quit").effect == "The keys of the action quit."


@pytest.mark.parametrize(("text", "value"), [("true", True), ("off", False), ("No", False)])
def test_switches_are_typed_as_words(door: SettingsDoor, text: str, value: bool) -> None:
    assert door.set("screen.mouse", text).value is value
    with pytest.raises(BadInput, match="true or false"):
        door.set("screen.mouse", "perhaps")


def test_a_project_has_settings_of_its_own(
    tmp_path: Path, door: SettingsDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "[training]\nsteps = 7\n")
    table = ProjectTable(Database(tmp_path / "garden.db"))
    one, other = table.insert("one", tmp_path / "one"), table.insert("other", tmp_path / "other")
    told = door.set_for(one, "training.steps", "300")
    assert (told.value, told.source) == (300, "this project")
    assert [door.current(p).training.steps for p in (one, other, None)] == [300, 7, 7]
    monkeypatch.setenv("GARDENER_TRAINING__STEPS", "9")
    assert door.current(one).training.steps == 9
    monkeypatch.delenv("GARDENER_TRAINING__STEPS")
    with pytest.raises(BadInput, match="whole number"):
        door.set_for(one, "training.steps", "many")
    with pytest.raises(BadInput, match="no setting named screen"):
        door.set_for(one, "screen.theme", "paper")
    assert door.unset_for(one, "training.steps").value == 7
