"""Damaged model files are found by their digests, and refused or rebuilt."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from peft import PeftConfig
from peft.utils import load_peft_weights

from gardener_core.answers.completion import Completer
from gardener_core.answers.requests import CompleteRequest
from gardener_core.answers.serving import ServedBases
from gardener_core.errors import Damaged, Remedy
from gardener_core.events.answer import Completed
from gardener_core.garden.door import Garden, open_garden
from gardener_core.models.gguf.write import ensure_base_gguf
from gardener_core.models.model import BASE_GGUF
from gardener_core.models.store import ModelStore
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.projects import Project, ProjectTable
from gardener_core.store.manifest import MANIFEST, read_manifest, write_manifest
from gardener_core.system.places import Places
from gardener_core.upkeep.repair_weights import repair_models

WEIGHTS, CONFIG, GGUF = "adapter_model.safetensors", "adapter_config.json", "adapter.gguf"


@dataclass(frozen=True)
class GardenWithAdapter:
    """A garden with a project whose adapter v1 answers."""

    garden: Garden
    places: Places
    adapter: Path

    @property
    def project(self) -> Project:
        return self.garden.projects.find("sample")

    @property
    def model(self) -> Path:
        return self.places.models / "seedling"

    def repaired(self, part: str) -> str:
        found = [each for each in self.garden.projects.repair(self.project) if each.part == part]
        return " ".join(f"{each.found} {each.done}" for each in found)

    def complete(self) -> str:
        return self.completed().text

    def completed(self) -> Completed:
        bases = ServedBases(self.places)
        completer = Completer(bases)
        try:
            asked = CompleteRequest(self.project.id, "seedling", "v1", "def f(", 4)
            *_, done = completer.complete(asked, lambda: False)
            assert isinstance(done, Completed)
            return done
        finally:
            bases.close()


@pytest.fixture
def sample(
    grown, trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[GardenWithAdapter]:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    places = Places.of_user()
    (tmp_path / "sample").mkdir()
    (tmp_path / "sample" / "a.py").write_text("x = 1\n")
    # Another process of these tests may write a GGUF there, or have begun to.
    shutil.copytree(
        grown.model.path, places.models / "seedling", ignore=shutil.ignore_patterns(".*", BASE_GGUF)
    )
    write_manifest(places.models / "seedling")
    garden = open_garden(places)
    project = garden.projects.add(tmp_path / "sample")
    adapter = places.adapters(project.id) / "v1"
    shutil.copytree(trained.adapter, adapter)
    shutil.copyfile(trained.gguf, adapter / GGUF)
    write_manifest(adapter)
    AdapterTable(garden.database).register(project.id, "v1", "seedling", "r", 1)
    ProjectTable(garden.database).set_adapter(project.id, "v1", "seedling")
    yield GardenWithAdapter(garden, places, adapter)
    garden.close()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-50] ^= 1
    path.write_bytes(bytes(data))


def flip_unseen(path: Path) -> None:
    before = path.stat()
    flip(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("damage", [cut, flip, Path.unlink])
@pytest.mark.parametrize("name", [WEIGHTS, CONFIG])
def test_an_adapter_that_is_not_what_was_trained_neither_answers_nor_is_exported(
    sample: GardenWithAdapter, tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    damage(sample.adapter / name)
    with pytest.raises(Damaged, match=name) as refused:
        sample.garden.adapters.use(sample.project, "v1")
    assert refused.value.remedy == Remedy("train", "sample")
    with pytest.raises(Damaged, match=name):
        sample.garden.exports.start(sample.project, "v1", "peft", tmp_path / "out")
    done = sample.completed()
    assert done.adapter == "" and name in done.without, "the base answers, and says why"
    assert not (tmp_path / "out").exists()
    said = sample.repaired("adapter v1")
    assert name in said and "Train again" in said and "There." not in said
    assert sample.project.adapter == "" and sample.adapter.is_dir(), "nothing is deleted"
    assert [item.version for item in sample.garden.adapters.all(sample.project)] == ["v1"]


def test_what_only_its_bytes_tell_is_seen_by_export_and_repair(
    sample: GardenWithAdapter, tmp_path: Path
) -> None:
    flip_unseen(sample.adapter / WEIGHTS)
    sample.garden.adapters.use(
        sample.project, "v1", "a test"
    )  # a quick look: size and time are as noted
    with pytest.raises(Damaged, match="not as it was written"):
        sample.garden.exports.start(sample.project, "v1", "peft", tmp_path / "out")
    assert "not as it was written" in sample.repaired("adapter v1")


def test_a_time_that_differs_alone_is_no_damage(sample: GardenWithAdapter) -> None:
    os.utime(sample.adapter / WEIGHTS)
    assert sample.garden.adapters.use(sample.project, "v1", "a test").adapter == "v1"
    assert "Whole" in sample.repaired("adapter v1")


@pytest.mark.parametrize("damage", [cut, flip, Path.unlink])
def test_a_gguf_is_made_again_from_what_was_trained(
    sample: GardenWithAdapter, damage: Callable[[Path], None]
) -> None:
    whole, said = (sample.adapter / GGUF).read_bytes(), sample.complete()
    damage(sample.adapter / GGUF)
    assert sample.complete() == said, "it answers, with the same words"
    assert (sample.adapter / GGUF).read_bytes() == whole
    damage(sample.adapter / GGUF)
    assert "Rebuilt it" in sample.repaired("adapter v1")
    assert (sample.adapter / GGUF).read_bytes() == whole
    assert "Whole" in sample.repaired("adapter v1")


def test_a_base_is_made_again_where_it_can_be_and_refused_where_not(
    sample: GardenWithAdapter,
) -> None:
    store = ModelStore(sample.places)
    gguf = ensure_base_gguf(store.get("seedling"))
    whole = gguf.read_bytes()
    cut(gguf)
    assert ensure_base_gguf(store.get("seedling")).read_bytes() == whole
    flip_unseen(gguf)
    (found,) = repair_models(sample.places)
    assert "Rebuilt the GGUF" in found.done and gguf.read_bytes() == whole
    cut(sample.model / "model.safetensors")
    with pytest.raises(Damaged, match=r"model\.safetensors has"):
        store.get("seedling")
    with pytest.raises(Damaged):
        sample.garden.runs.train(sample.project)
    assert sample.garden.models.all() == [] and "damaged" in sample.garden.models.damaged()[0]
    (found,) = repair_models(sample.places)
    assert "is not used" in found.found and sample.model.is_dir()


def test_files_of_before_are_verified_as_far_as_they_can_be_and_then_noted(
    sample: GardenWithAdapter,
) -> None:
    for folder in (sample.adapter, sample.model):
        (folder / MANIFEST).unlink()
    assert "unverified until now" in sample.repaired("adapter v1")
    assert read_manifest(sample.adapter).keys() == {WEIGHTS, CONFIG, GGUF, "README.md"} & {
        path.name for path in sample.adapter.iterdir()
    }
    assert "Whole" in sample.repaired("adapter v1")
    assert any("unverified until now" in each.found for each in repair_models(sample.places))
    (found,) = repair_models(sample.places)
    assert "Whole" in found.found
    (sample.adapter / MANIFEST).unlink()
    cut(sample.adapter / WEIGHTS)
    said = sample.repaired("adapter v1")
    assert "bytes" in said and "Train again" in said, "its own header says how long it is"


@pytest.mark.parametrize("name", ["config.json", "sha256"])
def test_a_broken_file_of_a_model_is_told_and_hides_no_other(
    sample: GardenWithAdapter, name: str
) -> None:
    shutil.copytree(sample.model, sample.places.models / "other")
    (sample.model / MANIFEST).unlink()
    (sample.model / name).write_bytes(b"\xff" + b"[" * 100_000)
    with pytest.raises(Damaged, match=r"config\.json or sha256 cannot be read"):
        ModelStore(sample.places).get("seedling")
    assert [model.name for model in sample.garden.models.all()] == ["other"]


def test_peft_loads_a_folder_with_its_digests(sample: GardenWithAdapter) -> None:
    assert PeftConfig.from_pretrained(str(sample.adapter)).peft_type == "LORA"
    assert load_peft_weights(str(sample.adapter), device="cpu")


def test_gguf_of_the_base_is_noted_beside_it(sample: GardenWithAdapter) -> None:
    ensure_base_gguf(ModelStore(sample.places).get("seedling"))
    (sample.model / BASE_GGUF).unlink()
    ensure_base_gguf(ModelStore(sample.places).get("seedling"))
    assert BASE_GGUF in read_manifest(sample.model)
