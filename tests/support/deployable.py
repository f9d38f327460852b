"""A garden with two versions on a tiny base, to deploy."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from gardener_core.events.export import Deployed
from gardener_core.events.union import Event
from gardener_core.export.lora_gguf import write_lora_gguf
from gardener_core.jobs.exporting.subject import BOX, ExportSubject
from gardener_core.jobs.kinds import deploy
from gardener_core.jobs.spec import DeploySpec, ExportSpec
from gardener_core.models.store import ModelStore
from gardener_core.store.database import Database
from gardener_core.store.garden.adapter_files import CONFIG, GGUF
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.projects import Project, ProjectTable
from gardener_core.store.garden.versions.deployments import DeploymentTable
from gardener_core.store.manifest import write_manifest
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.places import Places
from support.shared import made_once
from support.tiny_bases import save_adapter, save_base

VERSIONS = ("v1", "v2", "v3")
CHAT = (
    "{% if messages[0]['role'] != 'system' %}<|file|>system: be brief\n{% endif %}"
    "{% for m in messages %}<|file|>{{ m['role'] }}: {{ m['content'] }}<|eos|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|file|>assistant: {% endif %}"
)
BASE = "tiny"
KEPT_CODE = Path(__file__).parent / "kept_code.jsonl"


@dataclass(frozen=True, slots=True)
class Deployable:
    """The garden, and how its versions are deployed in this process.

    `boxes` holds for each version what a run makes and measures, so that most tests need not wait
    for it.
    """

    places: Places
    project: Project
    boxes: Path

    @property
    def deployments(self) -> DeploymentTable:
        return DeploymentTable(Database(self.places.database))

    def events(
        self,
        version: str = "v1",
        run: str = "",
        *,
        beside: bool = False,
        reason: str = "",
        measures: bool = False,
    ) -> list[Event]:
        """Deploy it; the events of the run."""
        run = run or f"run-{version}"
        folder = self.places.run(run)
        folder.mkdir(parents=True, exist_ok=True)
        if not measures and not (folder / BOX).exists():
            shutil.copytree(self.boxes / version, folder / BOX)
        spec = DeploySpec(
            run, 0.0, self.project.id, version, "web", "q8_0", 512, beside, reason
        )  # fmt: skip
        return list(deploy.work(spec, self.places, folder, Interruptible()))

    def deploy(self, version: str = "v1", run: str = "", *, beside: bool = False) -> Deployed:
        """Deploy it; what was said last."""
        last = self.events(version, run, beside=beside)[-1]
        assert isinstance(last, Deployed)
        return last


def tiny_files(folders: pytest.TempPathFactory) -> Path:
    """A base with a chat template, the files of an adapter on it, and what is deployed; once."""

    def make(folder: Path) -> Path:
        base = save_base(folder / BASE, "llama", KEPT_CODE.read_text("utf-8")[:60_000])
        (base.folder / "chat_template.jinja").write_text(CHAT)
        adapter = save_adapter(base, folder / "adapter")
        write_lora_gguf(adapter, base.folder, adapter / GGUF)
        garden = lay_out(folder, folder / "home")
        for version in VERSIONS[:2]:
            shutil.copytree(_box(garden, version), folder / "boxes" / version)
        (folder / "boxes" / "v3").mkdir()
        for path in (folder / "boxes" / "v1").iterdir():  # v3 has the same weights
            shutil.copyfile(path, folder / "boxes" / "v3" / path.name.replace("v1", "v3"))
        return folder

    return made_once(folders, "deployable", make)


def _box(garden: Deployable, version: str) -> Path:
    """Make and measure both forms of a version, as its run does."""
    folder = garden.places.run(version)
    folder.mkdir(parents=True)
    spec = ExportSpec("e", 0.0, garden.project.id, version, "gguf", "", "q8_0", "of the test")
    subject = ExportSubject.of(spec, garden.places, folder, Interruptible())
    for _ in deploy.merged_files(subject):
        pass
    if version == "v1":
        for _ in deploy.files_beside(subject):
            pass
    return folder / BOX


def lay_out(files: Path, home: Path) -> Deployable:
    """A garden in which v1 and v2, twice as strong, have passed, and v3 was not measured."""
    places = Places(config=home / "config", data=home / "data")
    base = ModelStore(places).register(files / BASE, BASE)
    root = home / "web"
    for line in KEPT_CODE.read_text("utf-8").splitlines()[:16]:
        file = json.loads(line)
        (root / file["path"]).parent.mkdir(parents=True, exist_ok=True)
        (root / file["path"]).write_text(file["text"][:2000])
    database = Database(places.database)
    project = ProjectTable(database).insert("web", root, "0123456789ab")
    table = AdapterTable(database)
    for version in VERSIONS:
        folder = places.adapters(project.id) / version
        shutil.copytree(files / "adapter", folder)
        if version == "v2":
            config = json.loads((folder / CONFIG).read_text())
            (folder / CONFIG).write_text(json.dumps({**config, "lora_alpha": 16}))
            write_lora_gguf(folder, base.folder, folder / GGUF)
        write_manifest(folder)
        table.register(project.id, version, BASE, "", 1)
        if version != "v3":
            table.move(project.id, version, "passed")
    return Deployable(places, project, files / "boxes")
