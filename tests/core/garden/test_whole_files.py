"""Files that we wrote are known by their digests: what is cut answers nothing, or is made again."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from peft import PeftConfig
from peft.utils import load_peft_weights

from gardener_core.answers.completion import Completer
from gardener_core.errors import Damaged, Remedy
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
class Bed:
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
        completer = Completer(self.places)
        try:
            return completer.complete(self.project.id, "seedling", "v1", "def f(", 4).text
        finally:
            completer.close()


@pytest.fixture
def bed(grown, trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bed]:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    places = Places.of_user()
    (tmp_path / "sample").mkdir()
    (tmp_path / "sample" / "a.py").write_text("x = 1\n")
    shutil.copytree(grown.model.path, places.models / "seedling")
    garden = open_garden(places)
    project = garden.projects.add(tmp_path / "sample")
    adapter = places.adapters(project.id) / "v1"
    shutil.copytree(trained.adapter, adapter)
    shutil.copyfile(trained.gguf, adapter / GGUF)
    write_manifest(adapter)
    AdapterTable(garden.database).register(project.id, "v1", "seedling", "r", 1)
    ProjectTable(garden.database).set_adapter(project.id, "v1", "seedling")
    yield Bed(garden, places, adapter)
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
    bed: Bed, tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    damage(bed.adapter / name)
    with pytest.raises(Damaged, match=name) as refused:
        bed.garden.adapters.use(bed.project, "v1")
    assert refused.value.remedy == Remedy("train", "sample")
    with pytest.raises(Damaged, match=name):
        bed.garden.runs.export(bed.project, "v1", "peft", tmp_path / "out")
    with pytest.raises(Damaged, match=name):
        bed.complete()
    assert not (tmp_path / "out").exists()
    said = bed.repaired("adapter v1")
    assert name in said and "Train again" in said and "There." not in said
    assert bed.project.adapter == "" and bed.adapter.is_dir(), "nothing is deleted"
    assert [item.version for item in bed.garden.adapters.all(bed.project)] == ["v1"]


def test_what_only_its_bytes_tell_is_seen_by_export_and_repair(bed: Bed, tmp_path: Path) -> None:
    flip_unseen(bed.adapter / WEIGHTS)
    bed.garden.adapters.use(bed.project, "v1")  # a quick look: size and time are as noted
    with pytest.raises(Damaged, match="not as it was written"):
        bed.garden.runs.export(bed.project, "v1", "peft", tmp_path / "out")
    assert "not as it was written" in bed.repaired("adapter v1")


def test_a_time_that_differs_alone_is_no_damage(bed: Bed) -> None:
    os.utime(bed.adapter / WEIGHTS)
    assert bed.garden.adapters.use(bed.project, "v1").adapter == "v1"
    assert "Whole" in bed.repaired("adapter v1")


@pytest.mark.parametrize("damage", [cut, flip, Path.unlink])
def test_a_gguf_is_made_again_from_what_was_trained(
    bed: Bed, damage: Callable[[Path], None]
) -> None:
    whole, said = (bed.adapter / GGUF).read_bytes(), bed.complete()
    damage(bed.adapter / GGUF)
    assert bed.complete() == said, "it answers, with the same words"
    assert (bed.adapter / GGUF).read_bytes() == whole
    damage(bed.adapter / GGUF)
    assert "Made it again" in bed.repaired("adapter v1")
    assert (bed.adapter / GGUF).read_bytes() == whole
    assert "Whole" in bed.repaired("adapter v1")


def test_a_base_is_made_again_where_it_can_be_and_refused_where_not(bed: Bed) -> None:
    store = ModelStore(bed.places)
    gguf = ensure_base_gguf(store.get("seedling"))
    whole = gguf.read_bytes()
    cut(gguf)
    assert ensure_base_gguf(store.get("seedling")).read_bytes() == whole
    flip_unseen(gguf)
    (found,) = repair_models(bed.places)
    assert "Made the GGUF again" in found.done and gguf.read_bytes() == whole
    cut(bed.model / "model.safetensors")
    with pytest.raises(Damaged, match=r"model\.safetensors has"):
        store.get("seedling")
    with pytest.raises(Damaged):
        bed.garden.runs.train(bed.project)
    assert bed.garden.models.all() == [] and "damaged" in bed.garden.models.damaged()[0]
    (found,) = repair_models(bed.places)
    assert "is not used" in found.found and bed.model.is_dir()


def test_files_of_before_are_verified_as_far_as_they_can_be_and_then_noted(bed: Bed) -> None:
    for folder in (bed.adapter, bed.model):
        (folder / MANIFEST).unlink()
    assert "unverified until now" in bed.repaired("adapter v1")
    assert read_manifest(bed.adapter).keys() == {WEIGHTS, CONFIG, GGUF, "README.md"} & {
        path.name for path in bed.adapter.iterdir()
    }
    assert "Whole" in bed.repaired("adapter v1")
    assert any("unverified until now" in each.found for each in repair_models(bed.places))
    (found,) = repair_models(bed.places)
    assert "Whole" in found.found
    (bed.adapter / MANIFEST).unlink()
    cut(bed.adapter / WEIGHTS)
    said = bed.repaired("adapter v1")
    assert "bytes" in said and "Train again" in said, "its own header says how long it is"


@pytest.mark.parametrize("name", ["config.json", "sha256"])
def test_a_broken_file_of_a_model_is_told_and_hides_no_other(bed: Bed, name: str) -> None:
    shutil.copytree(bed.model, bed.places.models / "other")
    (bed.model / MANIFEST).unlink()
    (bed.model / name).write_bytes(b"\xff" + b"[" * 100_000)
    with pytest.raises(Damaged, match=r"config\.json or sha256 cannot be read"):
        ModelStore(bed.places).get("seedling")
    assert [model.name for model in bed.garden.models.all()] == ["other"]


def test_peft_loads_a_folder_with_its_digests(bed: Bed) -> None:
    assert PeftConfig.from_pretrained(str(bed.adapter)).peft_type == "LORA"
    assert load_peft_weights(str(bed.adapter), device="cpu")


def test_gguf_of_the_base_is_noted_beside_it(bed: Bed) -> None:
    ensure_base_gguf(ModelStore(bed.places).get("seedling"))
    (bed.model / BASE_GGUF).unlink()
    ensure_base_gguf(ModelStore(bed.places).get("seedling"))
    assert BASE_GGUF in read_manifest(bed.model)
