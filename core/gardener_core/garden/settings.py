"""Read and change settings."""

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

from gardener_core.errors import BadInput, Remedy
from gardener_core.settings.editing import set_value
from gardener_core.settings.reading import (
    LARGEST_FILE,
    NOTHING,
    ExplainedSetting,
    Problem,
    explain,
    load_settings,
    parse_value,
    problem_text,
    read_settings,
)
from gardener_core.settings.schema import OF_PROJECTS, Settings
from gardener_core.store.garden.audit import AuditLog
from gardener_core.store.garden.project_settings import ProjectSettings
from gardener_core.store.garden.projects import Project
from gardener_core.system.files.atomic import make_folder, write_whole
from gardener_core.system.files.regular import read_regular
from gardener_core.system.places import Places

MAY_LEAVE = "search.code_may_leave"


def settings_in_force(places: Places, own: Mapping[str, str] = NOTHING) -> Settings:
    """The settings as they are now; while the file is broken, those of its last good state."""
    return read_settings(_good_file(places), own=own).settings


def _good_file(places: Places) -> Path:
    """The user's file, or where it is broken its last good state; a wrong variable breaks none."""
    if not read_settings(places.settings, {}).problems:
        _remember(places.settings, places.last_settings)
        return places.settings
    return places.last_settings if places.last_settings.exists() else places.settings


class SettingsDoor:
    """Read, explain and change settings, those of one project too."""

    def __init__(self, places: Places, own: ProjectSettings, audit: AuditLog) -> None:
        self._places = places
        self._path = places.settings
        self._own = own
        self._audit = audit

    def current(self, project: Project | None = None) -> Settings:
        """All settings in force: those of the last good file while the present one is broken."""
        return settings_in_force(self._places, self._of(project))

    def problems(self) -> list[Problem]:
        """Everything that is wrong with file and environment, by lines."""
        return list(read_settings(self._path).problems)

    def explain(self, project: Project | None = None) -> list[ExplainedSetting]:
        """Every setting in force with its value, source and effect."""
        settings = explain(_good_file(self._places), own=self._of(project))
        return [item for item in settings if project is None or _may_differ(item.key)]

    def one(self, key: str, project: Project | None = None) -> ExplainedSetting:
        """One setting."""
        for item in self.explain(project):
            if item.key == key:
                return item
        raise _no_setting(key, project)

    def set_for(self, project: Project, key: str, text: str) -> ExplainedSetting:
        """Let a project have its own value, whatever the settings file says."""
        if not _may_differ(key):
            raise _no_setting(key, project)
        parse_value(key, text)
        self._own.put(project.id, key, text)
        self._enter(key, text, project.id)
        return self.one(key, project)

    def unset_for(self, project: Project, key: str) -> ExplainedSetting:
        """Let the settings file decide for a project again."""
        known = self.one(key, project)
        self._own.drop(project.id, key)
        self._enter(key, "", project.id)
        return self.one(known.key, project)

    def set(self, key: str, text: str) -> ExplainedSetting:
        """Write one setting; everything else in the file stays."""
        value = parse_value(key, text)
        load_settings(self._path, {})  # a file that is broken is not written to
        set_value(self._path, key, value)
        self._enter(key, text, "")
        return self.one(key)

    def _enter(self, key: str, text: str, project: str) -> None:
        """Whether code may leave this machine is a thing to be able to look up."""
        if key == MAY_LEAVE:
            self._audit.record("code may leave", project, f"{key} = {text or 'as in the file'}")

    def _of(self, project: Project | None) -> Mapping[str, str]:
        return self._own.of_project(project.id) if project is not None else NOTHING

    def warning(self) -> str:
        """One sentence about a broken file, or nothing."""
        problems = self.problems()
        if not problems:
            return ""
        listed = "; ".join(problem_text(problem) for problem in problems)
        return f"{self._path}: {listed}. The last good settings are in force."


def _may_differ(key: str) -> bool:
    return key.partition(".")[0] in OF_PROJECTS


def _no_setting(key: str, project: Project | None) -> BadInput:
    if project is None:
        return BadInput(f"There is no setting named {key}.", remedy=Remedy("show settings"))
    return BadInput(
        f"A project has no setting named {key}.",
        remedy=Remedy("show settings", project.name),
    )


def _remember(path: Path, last: Path) -> None:
    """Keep a copy of a good file, for the time when it is broken."""
    try:
        good = read_regular(path, LARGEST_FILE)
    except FileNotFoundError:
        with contextlib.suppress(OSError):
            os.unlink(last)
        return
    except OSError:
        return
    with contextlib.suppress(OSError):  # no copy is kept where the disk takes none
        if last.is_file() and read_regular(last, LARGEST_FILE) == good:
            return
        make_folder(last.parent)
        write_whole(last, good)
