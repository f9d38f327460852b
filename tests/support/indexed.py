"""A garden with an indexed project, laid out as often as tests want it."""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from gardener_core.garden.door import Garden, open_garden
from gardener_core.system.places import Places

HOME, CODE = "home", "web"


class IndexedGardens:
    """Each is made once by a real run, and copied from then on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: dict[tuple[tuple[str, str], ...], Path] = {}

    def lay_out(self, folder: Path, files: Mapping[str, str]) -> None:
        """The folders `home` and `web`; `home` knows the other as a project of that name."""
        key = tuple(sorted(files.items()))
        if key not in self._made:
            self._made[key] = self._make(self._folder / str(len(self._made)), files)
        for name in (HOME, CODE):
            shutil.copytree(self._made[key] / name, folder / name)
        with sqlite3.connect(folder / HOME / "data" / "garden.db") as connection:
            connection.execute("UPDATE projects SET path = ?", (str(folder / CODE),))
        connection.close()

    @contextmanager
    def opened(self, folder: Path, files: Mapping[str, str]) -> Iterator[Garden]:
        """Laid out, and the garden of this process as long as it is open."""
        self.lay_out(folder, files)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("GARDENER_HOME", str(folder / HOME))
            garden = open_garden(Places.of_user())
            yield garden
            garden.close()

    def _make(self, folder: Path, files: Mapping[str, str]) -> Path:
        for name, text in files.items():
            file = folder / CODE / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("GARDENER_HOME", str(folder / HOME))
            garden = open_garden(Places.of_user())
            project = garden.projects.add(folder / CODE)
            for _ in garden.runs.follow(garden.runs.index(project).id):
                pass
            garden.close()
        return folder
