"""A garden with two versions on a tiny base, to deploy."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from gardener_core.events.export import Deployed
from gardener_core.events.union import Event
from gardener_core.export.lora_gguf import write_lora_gguf
from gardener_core.jobs.kinds import deploy
from gardener_core.jobs.spec import DeploySpec
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

TEXT = "def water(plant, litres):\n    return plant.drink(litres) if litres else None\n" * 40
CHAT = (
    "{% if messages[0]['role'] != 'system' %}<|file|>system: be brief\n{% endif %}"
    "{% for m in messages %}<|file|>{{ m['role'] }}: {{ m['content'] }}<|eos|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|file|>assistant: {% endif %}"
)
BASE = "tiny"
KEPT_CODE = Path(__file__).parent / "kept_code.jsonl"


@dataclass(frozen=True, slots=True)
class Deployable:
    """The garden, and how its versions are deployed in this process."""

    places: Places
    project: Project

    @property
    def deployments(self) -> DeploymentTable:
        return DeploymentTable(Database(self.places.database))

    def events(
        self, version: str = "v1", run: str = "", *, beside: bool = False, reason: str = ""
    ) -> list[Event]:
        """Deploy it; the events of the run."""
        run = run or f"run-{version}"
        folder = self.places.run(run)
        folder.mkdir(parents=True, exist_ok=True)
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
    """A base with a chat template, and the files of an adapter on it; made once."""

    def make(folder: Path) -> Path:
        base = save_base(folder / BASE, "llama", KEPT_CODE.read_text("utf-8")[:60_000])
        (base.folder / "chat_template.jinja").write_text(CHAT)
        adapter = save_adapter(base, folder / "adapter")
        write_lora_gguf(adapter, base.folder, adapter / GGUF)
        return folder

    return made_once(folders, "deployable", make)


def lay_out(files: Path, home: Path) -> Deployable:
    """A garden in which v1 and v2, twice as strong, have passed, and v3 was not measured."""
    places = Places(config=home / "config", data=home / "data")
    base = ModelStore(places).register(files / BASE, BASE)
    root = home / "web"
    root.mkdir(parents=True)
    (root / "plant.py").write_text(TEXT)
    database = Database(places.database)
    project = ProjectTable(database).insert("web", root)
    table = AdapterTable(database)
    for version in ("v1", "v2", "v3"):
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
    return Deployable(places, project)
