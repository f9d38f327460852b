"""Merged models and bundles are made by a run that goes on where it was killed."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.shared import made_once

from gardener_core.errors import ModelUnfit
from gardener_core.events.export import Exported
from gardener_core.export.bundle.manifest import check_files, read_bundle
from gardener_core.export.fidelity.certificate import read_certificate
from gardener_core.jobs.kinds import export
from gardener_core.jobs.spec import ExportSpec
from gardener_core.models.identity import identity_of, write_identity
from gardener_core.models.model import BaseModel
from gardener_core.store.database import Database
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.store.garden.versions.measured import read_measured, weights_digest
from gardener_core.store.manifest import write_manifest
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.places import Places

pytestmark = pytest.mark.long


@dataclass(frozen=True, slots=True)
class Trained:
    """A garden with a project and a version of it."""

    places: Places
    project: str

    def run(self, name: str, format: str, target: Path, quant: str = "", reason: str = ""):
        spec = ExportSpec(name, 0.0, self.project, "v1", format, str(target), quant, reason)
        folder = self.places.run(name)
        folder.mkdir(parents=True, exist_ok=True)
        return export.work(spec, self.places, folder, Interruptible())


@pytest.fixture
def garden(seedling: BaseModel, trained, sources, tmp_path: Path, tmp_path_factory) -> Trained:
    def make(home: Path) -> str:
        places = Places(config=home / "config", data=home / "data")
        for file in sources:
            (home / "code" / file.path).parent.mkdir(parents=True, exist_ok=True)
            (home / "code" / file.path).write_text(file.text)
        shutil.copytree(seedling.path, places.models / seedling.name)
        database = Database(places.database)
        project = ProjectTable(database).insert("sample", home / "code")
        version = places.adapters(project.id) / "v1"
        shutil.copytree(trained.adapter, version)
        shutil.copyfile(trained.gguf, version / "adapter.gguf")
        write_identity(version, identity_of(seedling, [1], False))
        write_manifest(version)
        AdapterTable(database).register(project.id, "v1", seedling.name, "", 1)
        return project.id

    project = made_once(tmp_path_factory, "exported-garden", make)
    home = tmp_path_factory.getbasetemp() / "exported-garden"
    shutil.copytree(home, tmp_path / "home")
    return Trained(Places(config=tmp_path / "home/config", data=tmp_path / "home/data"), project)


def test_a_merged_model_is_measured_and_delivered_with_its_certificate(
    garden: Trained, tmp_path: Path
) -> None:
    *_, done = garden.run("r", "gguf", tmp_path / "out", "f16")
    assert isinstance(done, Exported) and done.fidelity
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"sample-v1.f16.gguf", "sample-v1.f16.gguf.fidelity.json"}
    certificate = read_certificate(tmp_path / "out" / "sample-v1.f16.gguf")
    assert certificate is not None and certificate.fidelity == done.fidelity
    assert certificate.sha256 == {Path(f.path).name: f.sha256 for f in done.files}[certificate.file]
    assert certificate.caveat == "not measured" and done.fidelity.held_out
    kept = read_measured(
        garden.places, weights_digest(garden.places.adapters(garden.project) / "v1")
    )
    assert kept == {"f16": done.fidelity}


def test_a_killed_run_goes_on_and_leaves_nothing_half(garden: Trained, tmp_path: Path) -> None:
    running = garden.run("r", "gguf", tmp_path / "out", "f16")
    for event in running:
        if getattr(event, "phase", "") == "comparing":
            break
    running.close()
    box = garden.places.run("r") / "export"
    (box / ".half.gguf.0123").write_bytes(b"half")
    written = box / "sample-v1.f16.gguf"
    before = written.stat().st_mtime_ns
    assert not (tmp_path / "out").exists()
    again = garden.run("r", "gguf", tmp_path / "out", "f16")
    for event in again:
        if getattr(event, "phase", "") == "comparing":
            assert written.stat().st_mtime_ns == before, "it is written once"
    assert not box.exists()
    assert not list((tmp_path / "out").glob(".*")) and len(list((tmp_path / "out").iterdir())) == 2


def test_one_that_is_refused_is_not_given_out(garden: Trained, tmp_path: Path) -> None:
    (garden.places.models / "seedling" / "chat_template.jinja").write_text(
        "{{ messages[0].content }}"
    )
    running = garden.run("r", "gguf", tmp_path / "out", "f16")
    for event in running:
        if getattr(event, "phase", "") == "comparing":  # the file is written: change the template
            (garden.places.models / "seedling" / "chat_template.jinja").write_text("other")
            break
    with pytest.raises(ModelUnfit, match="prompt of a conversation"):
        list(running)
    assert not (tmp_path / "out").exists() and not (garden.places.run("r") / "export").exists()


def test_a_bundle_holds_all_and_every_sha256(garden: Trained, tmp_path: Path) -> None:
    list(garden.run("r", "bundle", tmp_path / "out"))
    folder = tmp_path / "out" / "sample-v1.bundle"
    bundle = read_bundle(folder)
    assert list(check_files(folder, bundle.files))
    names = {file.path for file in bundle.files}
    wanted = "run.py", "README.txt", "base.f32.gguf", "base/model.safetensors", "base/config.json"
    assert {*wanted, "adapter/adapter.gguf", "adapter/adapter_config.json"} <= names
    assert (bundle.model, bundle.weights) == ("base.f32.gguf", "base")
    assert bundle.memory.of(2048) > (folder / "base.f32.gguf").stat().st_size
    assert "has not passed the gate: not measured" in (folder / "README.txt").read_text()
    assert json.loads((folder / "bundle.json").read_text())["format"] == 1


def test_formats_are_measured_and_nothing_is_given_out(garden: Trained, tmp_path: Path) -> None:
    events = [one for one in garden.run("r", "formats", tmp_path) if isinstance(one, Exported)]
    assert [one.fidelity.format for one in events] == ["q8_0", "q5_1", "q5_0", "q4_1", "q4_0"]
    lost = [one.fidelity.bits_lost for one in events]
    assert abs(lost[0]) < 0.01 and max(lost) == max(lost[3:])
    assert all(not one.files and one.fidelity.memory_bytes for one in events)
    again = garden.run("s", "formats", tmp_path)
    assert not [one for one in again if isinstance(one, Exported)], "each is measured once"
