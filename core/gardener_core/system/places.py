"""Where everything is kept."""

import os
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path

from gardener_core.errors import BadInput
from gardener_core.system.terminal_text import clean_line, is_safe

NAME = "codebase-gardener"
HOME = "GARDENER_HOME"
# Each names a folder; a process that was started elsewhere would read a relative one elsewhere.
_FOLDERS = (HOME, "XDG_CONFIG_HOME", "XDG_DATA_HOME")


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one user's garden; nothing is made until somebody needs it."""

    config: Path
    data: Path

    @classmethod
    def of_user(cls, environment: Mapping[str, str] = os.environ) -> "Places":
        """Use GARDENER_HOME where it is set, else the platform's own folders."""
        home = environment.get(HOME)
        if home:
            root = _usable(home)
            return cls(config=root / "config", data=root / "data")
        import platformdirs  # 6 ms, which a home that is given does not need

        return cls(
            config=_usable(platformdirs.user_config_dir(NAME)),
            data=_usable(platformdirs.user_data_dir(NAME)),
        )

    @classmethod
    def of_process(cls, environment: MutableMapping[str, str] = os.environ) -> "Places":
        """The same, said to the processes that this one starts: they begin in another folder."""
        for name in _FOLDERS:
            if environment.get(name):
                environment[name] = str(_usable(environment[name]))
        return cls.of_user(environment)

    @classmethod
    def around(cls, database: Path) -> "Places":
        """The places of the garden whose database this is."""
        return cls(config=database.parent, data=database.parent)

    @property
    def settings(self) -> Path:
        """The file with the user's settings."""
        return self.config / "config.toml"

    @property
    def last_settings(self) -> Path:
        """The settings file as it was when it was last good."""
        return self.data / "config.last-good.toml"

    @property
    def database(self) -> Path:
        """Projects, runs and adapters."""
        return self.data / "garden.db"

    @property
    def runs(self) -> Path:
        """One folder a run."""
        return self.data / "runs"

    @property
    def slots(self) -> Path:
        """The tickets of heavy runs."""
        return self.data / "slots"

    @property
    def models(self) -> Path:
        """One folder a base model."""
        return self.data / "models"

    @property
    def trash(self) -> Path:
        """What was removed."""
        return self.data / "trash"

    def trashed(self, project_id: str) -> Path:
        """The folder of a removed project."""
        return self.trash / project_id

    @property
    def samples(self) -> Path:
        """Copies of source that ships with the program, for the demo."""
        return self.data / "samples"

    @property
    def log(self) -> Path:
        """What the program did, by its own account."""
        return self.data / "gardener.log"

    @property
    def reports(self) -> Path:
        """Where faults of ours happened, a file each."""
        return self.data / "reports"

    @property
    def engine_log(self) -> Path:
        """What the resident process and its libraries print."""
        return self.data / "engine.log"

    @property
    def vectors(self) -> Path:
        """What models made of texts, for all projects."""
        return self.data / "vectors.db"

    @property
    def embedder_logs(self) -> Path:
        """What processes that embed print, a file each."""
        return self.data / "embedders"

    def run(self, run_id: str) -> Path:
        """The folder of one run."""
        return self.runs / run_id

    @property
    def projects(self) -> Path:
        """One folder a project."""
        return self.data / "projects"

    @property
    def projects_lock(self) -> Path:
        """Held while folders of projects move."""
        return self.data / "projects.lock"

    def project(self, project_id: str) -> Path:
        """The folder of one project."""
        return self.projects / project_id

    def record_in(self, project_folder: Path) -> Path:
        """What a project's folder tells of the project."""
        return project_folder / "project.json"

    def catalog(self, project_id: str) -> Path:
        """The files of a project, as they were last read."""
        return self.project(project_id) / "catalog.db"

    def choices(self, project_id: str) -> Path:
        """What a person pinned and banned in a project."""
        return self.project(project_id) / "choices.json"

    def write_lock(self, project_id: str) -> Path:
        """The lock of whoever writes a project's index."""
        return self.project(project_id) / "write.lock"

    def index(self, project_id: str) -> Path:
        """The LanceDB folder of a project."""
        return self.project(project_id) / "index"

    def adapters(self, project_id: str) -> Path:
        """One plain PEFT folder a version."""
        return self.project(project_id) / "adapters"


def require_utf8(text: str) -> None:
    """Refuse a name that could be neither stored nor shown."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        shown = clean_line(os.fsencode(text).decode("utf-8", "replace"))
        raise BadInput(f"{shown} is not UTF-8.", hint="Give another name.") from None


def _usable(text: str) -> Path:
    """A folder that can be named in a file, in a line and on a terminal, from any other folder."""
    try:
        path = Path(text).expanduser().absolute()
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        raise _unusable(text, "its name is not UTF-8") from None
    except (OSError, RuntimeError) as problem:
        raise _unusable(text, str(problem)) from None
    if not is_safe(str(path)) or "\n" in text or "\t" in text:
        raise _unusable(text, "its name holds control characters")
    return path


def _unusable(text: str, why: str) -> BadInput:
    shown = clean_line(os.fsencode(text).decode("utf-8", "replace"))
    return BadInput(
        f"Nothing can be kept in {shown}: {why}.",
        hint=f"Set {HOME} to a folder whose name is plain text.",
    )
