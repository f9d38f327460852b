"""The paths of everything that is kept."""

import os
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path

from gardener_core.errors import BadInput
from gardener_core.system.terminal_text import clean_line, is_safe

NAME = "codebase-gardener"
HOME = "GARDENER_HOME"
# Each names a folder; a process started elsewhere would resolve a relative path differently.
_FOLDERS = (HOME, "XDG_CONFIG_HOME", "XDG_DATA_HOME")


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one user's garden; none is created until it is needed."""

    config: Path
    data: Path

    @classmethod
    def of_user(cls, environment: Mapping[str, str] = os.environ) -> "Places":
        """Use GARDENER_HOME where it is set, else the platform's own folders."""
        home = environment.get(HOME)
        if home:
            root = _usable(home)
            return cls(config=root / "config", data=root / "data")
        import platformdirs  # 6 ms, saved if a home is given

        return cls(
            config=_usable(platformdirs.user_config_dir(NAME)),
            data=_usable(platformdirs.user_data_dir(NAME)),
        )

    @classmethod
    def of_process(cls, environment: MutableMapping[str, str] = os.environ) -> "Places":
        """The same, and make the paths in the environment absolute."""
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
    def own_models(self) -> Path:
        """The user's own entries of the catalogue of models."""
        return self.config / "models.toml"

    @property
    def last_settings(self) -> Path:
        """The last settings file without mistakes."""
        return self.data / "config.last-good.toml"

    @property
    def database(self) -> Path:
        """Projects, runs and adapters."""
        return self.data / "garden.db"

    @property
    def runs(self) -> Path:
        """One folder per run."""
        return self.data / "runs"

    @property
    def slots(self) -> Path:
        """The tickets of heavy runs."""
        return self.data / "slots"

    @property
    def models(self) -> Path:
        """One folder per base model."""
        return self.data / "models"

    @property
    def model_files(self) -> Path:
        """The bytes of models that were fetched, by their sha256."""
        return self.models / "files"

    def derived_base(self, sha256: str) -> Path:
        """What is made from the weights of a base, and can be made again."""
        return self.data / "cache" / "bases" / sha256

    def control(self, sha256: str, recipe: str) -> Path:
        """The adapter of no project that others on the same base are compared with."""
        return self.data / "controls" / sha256 / recipe

    @property
    def all_incoming(self) -> Path:
        """The folders of models that are being fetched."""
        return self.data / "incoming"

    def incoming(self, model: str) -> Path:
        """The folder in which the files of a model are collected."""
        return self.all_incoming / model

    @property
    def first_seen(self) -> Path:
        """The sha256 of files that the catalogue has none of, as they were first seen."""
        return self.data / "first-seen.json"

    @property
    def starter_note(self) -> Path:
        """Says that the starter model was begun to be fetched by itself."""
        return self.data / "starter.json"

    @property
    def trash(self) -> Path:
        """Removed projects and dropped runs."""
        return self.data / "trash"

    def trashed(self, project_id: str) -> Path:
        """The folder of a removed project."""
        return self.trash / project_id

    def trashed_model(self, name: str) -> Path:
        """The folder of a removed model."""
        return self.trash / f"model-{name}"

    @property
    def samples(self) -> Path:
        """Copies of source code that comes with the program, for the demo."""
        return self.data / "samples"

    @property
    def log(self) -> Path:
        """The program's log."""
        return self.data / "gardener.log"

    @property
    def reports(self) -> Path:
        """One file per crash."""
        return self.data / "reports"

    @property
    def engine_log(self) -> Path:
        """The output of the engine and its libraries."""
        return self.data / "engine.log"

    @property
    def prompts(self) -> Path:
        """The exact prompts of the last explanations, by their sha256."""
        return self.data / "cache" / "prompts"

    @property
    def writers(self) -> Path:
        """A file for each process that writes answers, locked while it lives."""
        return self.data / "writers"

    def writer(self, name: str) -> Path:
        """The file of one of them."""
        return self.writers / name

    @property
    def written(self) -> Path:
        """Answers and conversations that were written into files for the person."""
        return self.data / "written"

    @property
    def kept_answers(self) -> Path:
        """Answers of models, by the sha256 of what was asked of which model."""
        return self.data / "cache" / "answers"

    @property
    def explaining(self) -> Path:
        """How well models explain, a file a model and version of the measurement."""
        return self.data / "explaining"

    @property
    def prefixes(self) -> Path:
        """What llama.cpp has read of the prompts of each project, as it saved it."""
        return self.data / "cache" / "prefixes"

    @property
    def fingerprints(self) -> Path:
        """How each adapter continues a certain text, a file for each."""
        return self.data / "cache" / "fingerprints"

    @property
    def speeds(self) -> Path:
        """How fast each engine serves each base here."""
        return self.data / "cache" / "speeds.json"

    @property
    def bench_log(self) -> Path:
        """The output of llama.cpp while it is measured by itself."""
        return self.data / "llama.bench.log"

    @property
    def llama_log(self) -> Path:
        """The output of llama.cpp; each of its processes adds what it serves to the name."""
        return self.data / "llama.log"

    @property
    def vectors(self) -> Path:
        """The cache of vectors, for all projects."""
        return self.data / "vectors.db"

    @property
    def embedder_logs(self) -> Path:
        """The output of embedder processes, one file each."""
        return self.data / "embedders"

    def run(self, run_id: str) -> Path:
        """The folder of one run."""
        return self.runs / run_id

    @property
    def projects(self) -> Path:
        """One folder per project."""
        return self.data / "projects"

    @property
    def projects_lock(self) -> Path:
        """Held while folders of projects move."""
        return self.data / "projects.lock"

    def project(self, project_id: str) -> Path:
        """The folder of one project."""
        return self.projects / project_id

    def record_in(self, project_folder: Path) -> Path:
        """The record of a project in its folder."""
        return project_folder / "project.json"

    def catalog(self, project_id: str) -> Path:
        """A project's files, symbols and links."""
        return self.project(project_id) / "catalog.db"

    def choices(self, project_id: str) -> Path:
        """The pins and bans of a project."""
        return self.project(project_id) / "choices.json"

    def write_lock(self, project_id: str) -> Path:
        """The lock of the process that writes a project's index."""
        return self.project(project_id) / "write.lock"

    def index(self, project_id: str) -> Path:
        """The LanceDB folder of a project."""
        return self.project(project_id) / "index"

    def rows(self, project_id: str) -> Path:
        """Prepared rows of training, a folder for each state of the project."""
        return self.project(project_id) / "rows"

    def imported_rows(self, project_id: str) -> Path:
        """Rows of training that the user brought along."""
        return self.project(project_id) / "imported.jsonl"

    def votes(self, project_id: str) -> Path:
        """Blind votes between two answers, a line each."""
        return self.project(project_id) / "votes.jsonl"

    def adapters(self, project_id: str) -> Path:
        """One plain PEFT folder per version."""
        return self.project(project_id) / "adapters"


def trashed_adapter(places: Places, project_id: str, version: str) -> Path:
    """The folder of a removed adapter."""
    return places.trash / f"adapter-{project_id}-{version}"


def drifts(places: Places, project_id: str) -> Path:
    """How far a project has moved from each of its adapters, as it was measured last."""
    return places.project(project_id) / "drifts.json"


def measured_formats(places: Places, adapter_sha256: str) -> Path:
    """What was measured of the formats that an adapter can be exported in."""
    return places.data / "cache" / "formats" / f"{adapter_sha256}.json"


def require_utf8(text: str) -> None:
    """Refuse a name that can be neither stored nor shown."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        shown = clean_line(os.fsencode(text).decode("utf-8", "replace"))
        raise BadInput(f"{shown} is not UTF-8.", hint="Give another name.") from None


def _usable(text: str) -> Path:
    """An absolute folder whose name is safe in files and on terminals."""
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


def _unusable(text: str, reason: str) -> BadInput:
    shown = clean_line(os.fsencode(text).decode("utf-8", "replace"))
    return BadInput(
        f"{shown} cannot be used as a folder: {reason}.",
        hint=f"Set {HOME} to a folder whose name is plain text.",
    )
