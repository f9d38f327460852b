"""The settings, as the faces see them."""

import contextlib
import os
from pathlib import Path

from gardener_core.atomic import make_folder, write_whole
from gardener_core.errors import BadInput
from gardener_core.places import Places
from gardener_core.settings import (
    Explained,
    Problem,
    Settings,
    explain,
    load_settings,
    parse_value,
    read_settings,
    said,
)
from gardener_core.settings_file import set_value


def settings_in_force(places: Places) -> Settings:
    """The settings as they are now; while the file is broken, those of its last good state."""
    return read_settings(_good_file(places)).settings


def _good_file(places: Places) -> Path:
    """The user's file, or where it is broken its last good state; a wrong variable breaks none."""
    if not read_settings(places.settings, {}).problems:
        _remember(places.settings, places.last_settings)
        return places.settings
    return places.last_settings if places.last_settings.exists() else places.settings


class SettingsDoor:
    """Read, explain and change settings."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._path = places.settings

    def current(self) -> Settings:
        """All settings in force: those of the last good file while the present one is broken."""
        return settings_in_force(self._places)

    def problems(self) -> list[Problem]:
        """Everything that is wrong with file and environment, by lines."""
        return list(read_settings(self._path).problems)

    def explain(self) -> list[Explained]:
        """Every setting in force with its value, source and effect."""
        return explain(_good_file(self._places))

    def one(self, key: str) -> Explained:
        """One setting."""
        for item in self.explain():
            if item.key == key:
                return item
        raise BadInput(f"There is no setting named {key}.", hint="Run: gardener config")

    def set(self, key: str, text: str) -> Explained:
        """Write one setting; everything else in the file stays."""
        value = parse_value(key, text)
        load_settings(self._path, {})  # a file that is broken is not written to
        set_value(self._path, key, value)
        return self.one(key)

    def warning(self) -> str:
        """One sentence about a broken file, or nothing."""
        problems = self.problems()
        if not problems:
            return ""
        told = "; ".join(said(problem) for problem in problems)
        return f"{self._path}: {told}. The last good settings are in force."


def _remember(path: Path, last: Path) -> None:
    """Keep a copy of a good file, for the time when it is broken."""
    try:
        good = path.read_bytes()
    except FileNotFoundError:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(last)
        return
    with contextlib.suppress(FileNotFoundError):
        if last.read_bytes() == good:
            return
    make_folder(last.parent)
    write_whole(last, good)
