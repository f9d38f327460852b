"""Training, growing and exporting make complete files, also after a kill."""

import hashlib
import json
import os
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from safetensors.torch import load_file

from gardener_core.answers.completion import Completer
from gardener_core.answers.requests import CompleteRequest
from gardener_core.answers.serving import ServedBases
from gardener_core.errors import (
    AdapterMissing,
    BadInput,
    ModelUnfit,
    NothingToLearn,
    StopRequested,
    WrongBase,
)
from gardener_core.events.answer import Completed, Token
from gardener_core.events.export import Exported
from gardener_core.events.run import Noted, PhaseAdvanced
from gardener_core.events.sentences import sentence
from gardener_core.events.train import Checkpointed, Gated, Grown, Planned, Saved, Scored, StepDone
from gardener_core.jobs.folder import KEEP
from gardener_core.jobs.kinds import export, grow, train
from gardener_core.jobs.spec import ExportSpec, GrowSpec, TrainSpec
from gardener_core.models.gguf.write import write_base_gguf
from gardener_core.models.identity import read_identity
from gardener_core.models.store import ModelStore
from gardener_core.settings.schema import TrainingSettings
from gardener_core.store.database import Database
from gardener_core.store.garden.adapter_files import read_partial
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.store.manifest import read_manifest
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.places import Places


@dataclass(frozen=True, slots=True)
class Garden:
    """A garden with one project and the seedling."""

    places: Places
    project: str
    root: Path

    @property
    def adapters(self) -> AdapterTable:
        return AdapterTable(Database(self.places.database))

    @property
    def active(self) -> str:
        return ProjectTable(Database(self.places.database)).get(self.project).adapter

    def run_folder(self, run: str) -> Path:
        folder = self.places.run(run)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def train(self, run: str = "r1", version: str = "v1", steps: int = 2, base: str = "seedling"):
        spec = TrainSpec(
            run=run,
            created=0.0,
            project=self.project,
            version=version,
            base=base,
            training=TrainingSettings(
                steps=steps, rank=4, alpha=8, sequence_tokens=128, rows_a_step=2, threads=1
            ),
            grow_steps=1,
        )
        return train.work(spec, self.places, self.run_folder(run), Interruptible())

    def export(self, format: str, folder: Path, version: str = "v1"):
        run = f"{format}-{folder.name}-{version}"
        spec = ExportSpec(run, 0.0, self.project, version, format, str(folder))
        return export.work(spec, self.places, self.run_folder(run), Interruptible())


@pytest.fixture
def garden(grown, sources, tmp_path: Path) -> Garden:
    places = Places(config=tmp_path / "config", data=tmp_path / "data")
    root = tmp_path / "project"
    for file in sources:
        (root / file.path).parent.mkdir(parents=True, exist_ok=True)
        (root / file.path).write_text(file.text)
    shutil.copytree(grown.model.path, places.models / "seedling")
    project = ProjectTable(Database(places.database)).insert("sample", root)
    return Garden(places, project.id, root)


def test_training_puts_an_adapter_in_place_that_does_not_answer_by_itself(garden: Garden) -> None:
    *_, saved, gated = garden.train()
    folder = garden.places.adapters(garden.project) / "v1"
    assert isinstance(saved, Saved)
    assert saved.path == str(folder)
    assert saved.bytes == garden.adapters.get(garden.project, "v1").bytes
    assert sorted(path.name for path in folder.iterdir()) == [
        "adapter.gguf",
        "adapter_config.json",
        "adapter_model.safetensors",
        "base.json",
        "files.json",
        "learned.json",
        "record.json",
    ]
    identity = read_identity(folder)
    assert identity and identity.weights == ModelStore(garden.places).get("seedling").sha256
    noted = read_manifest(folder)
    assert noted.keys() == {path.name for path in folder.iterdir()} - {"files.json"}
    assert isinstance(gated, Gated) and gated.verdict in ("unmeasured", "fail")
    state = "failed" if gated.verdict == "fail" else "trained"
    assert garden.adapters.get(garden.project, "v1").state == state
    assert garden.active == ""

    *_, second, _ = garden.train("r2", "v2")
    assert second.version == "v2"


def test_an_adapter_is_trained_on_what_a_gguf_serves(garden: Garden, base_gguf: Path) -> None:
    base = ModelStore(garden.places).register(base_gguf, "tiny")
    events = list(garden.train(base="tiny"))
    folder = garden.places.adapters(garden.project) / "v1"
    identity = read_identity(folder)
    assert identity and identity.checked and identity.format == "gguf"
    assert identity.weights == base.sha256 == hashlib.sha256(base_gguf.read_bytes()).hexdigest()
    assert base.has_folder and [event.when for event in events if isinstance(event, Scored)]
    assert any(
        event.phase == "converting" and 0 < event.done == event.total and event.unit == "tensors"
        for event in events
        if isinstance(event, PhaseAdvanced)
    )

    bases = ServedBases(garden.places)
    completer = Completer(bases)
    texts = []
    for adapter in ("v1", ""):
        asked = CompleteRequest(garden.project, "tiny", adapter, "import os\n\n\ndef main(", 12)
        *tokens, done = completer.complete(asked, lambda: False)
        assert isinstance(done, Completed)
        assert (done.adapter, done.model, done.backend) == (adapter, "tiny", "llama.cpp")
        assert bool(done.caveat) == bool(adapter), "what has not passed says so beside its answer"
        assert "".join(token.text for token in tokens if isinstance(token, Token)) == done.text
        texts.append(done.text)
    bases.close()
    out = garden.places.data / "out"
    *_, exported = garden.export("gguf-lora", out)
    assert isinstance(exported, Exported) and exported.fidelity
    names = [Path(file.path).name for file in exported.files]
    assert names == ["tiny-v1.lora.gguf", "tiny-v1.lora.gguf.fidelity.json"]

    # The same name, other bytes: the adapter is refused by everything that would use it.
    other = garden.places.data / "other.gguf"
    write_base_gguf(base.folder, "other", other)
    (garden.places.models / "tiny" / "model.json").unlink()
    (garden.places.models / "tiny").rmdir()
    assert ModelStore(garden.places).register(other, "tiny").sha256 != base.sha256
    with pytest.raises(WrongBase, match="another base than the tiny that is here"):
        list(garden.export("gguf-lora", out / "again"))
    bases = ServedBases(garden.places)
    *_, done = Completer(bases).complete(replace(asked, adapter="v1"), lambda: False)
    bases.close()
    assert isinstance(done, Completed)
    assert done.adapter == "" and "another base than the tiny that is here" in done.without


def test_a_run_killed_before_it_registered_trains_nothing_twice(garden: Garden) -> None:
    list(garden.train())
    with Database(garden.places.database).writing() as connection:
        connection.execute("DELETE FROM adapters")
        connection.execute("UPDATE projects SET adapter = ''")
    folder = garden.places.adapters(garden.project) / "v1"
    os.rename(folder, folder.with_name(".v1.old"))  # killed between the two renames
    # It reads once more.
    assert [type(event) for event in garden.train()] == [PhaseAdvanced, Saved, Gated]
    assert garden.adapters.get(garden.project, "v1").run == "r1"


def test_a_resumed_run_learns_from_the_text_it_began_with(garden: Garden) -> None:
    running = garden.train()
    planned = next(event for event in running if isinstance(event, Planned))
    running.close()
    for path in sorted(garden.root.rglob("*.py"))[:5]:
        path.unlink()
    again = list(garden.train())
    assert planned in again
    assert not (garden.places.run("r1") / "sources.json").exists()


@pytest.mark.long
def test_what_a_stopped_run_has_learned_is_kept_and_marked(garden: Garden) -> None:
    running = garden.train(steps=6)
    for event in running:
        if isinstance(event, StepDone) and event.step == 3:
            assert running.throw(StopRequested("enough")) == Checkpointed(3)
            break
    running.close()
    (garden.run_folder("r1") / KEEP).touch()
    *events, saved, _ = garden.train(steps=6)
    assert not any(isinstance(event, StepDone) for event in events)
    assert [event.when for event in events if isinstance(event, Scored)] == ["before", "after"]
    assert isinstance(saved, Saved) and saved.partial and "partial" in sentence(saved)
    folder = garden.places.adapters(garden.project) / "v1"
    partial = read_partial(folder)
    assert partial is not None and partial.steps == 6 and 0 < partial.step <= 3
    assert (folder / "adapter.gguf").exists() and "partial.json" in read_manifest(folder)
    best = garden.run_folder("r1") / "checkpoints" / ("best" if partial.step == 2 else "000001")
    assert weights_in(best / "adapter.safetensors") == weights_in(
        folder / "adapter_model.safetensors"
    )


def test_nothing_learned_is_nothing_to_keep(garden: Garden) -> None:
    (garden.run_folder("r1") / KEEP).touch()
    with pytest.raises(NothingToLearn, match="no checkpoint of which an adapter could be made"):
        list(garden.train(steps=6))


@pytest.mark.long
def test_a_missing_seedling_is_grown_in_the_same_run(garden: Garden) -> None:
    shutil.rmtree(garden.places.models / "seedling")
    events = list(garden.train())
    kinds = [event.kind for event in events if isinstance(event, StepDone)]
    assert kinds == ["grow", "train", "train"]
    assert [event.model for event in events if isinstance(event, Grown)] == ["seedling"]


def test_a_base_that_cannot_be_shipped_is_refused_before_the_work(garden: Garden) -> None:
    base = garden.places.models / "seedling"
    (base / "base.f32.gguf").unlink(missing_ok=True)
    config = json.loads((base / "config.json").read_text())
    (base / "config.json").write_text(json.dumps({**config, "attention_bias": True}))
    (base / "files.json").unlink()  # as somebody's own model
    told = []
    with pytest.raises(ModelUnfit, match="biases"):
        for event in garden.train():
            told.append(event)
    assert {event.phase for event in told} == {"reading", "converting"}


def test_a_model_that_stands_is_not_grown_again(garden: Garden) -> None:
    before = ModelStore(garden.places).get("seedling").sha256
    spec = GrowSpec("g", 0.0, "", "seedling", 1)
    told = list(grow.work(spec, garden.places, garden.run_folder("g"), Interruptible()))
    assert told == [Noted("The base model seedling exists already.")]
    assert ModelStore(garden.places).get("seedling").sha256 == before


@pytest.mark.long
def test_an_export_proves_its_files_and_names_them(garden: Garden, tmp_path: Path) -> None:
    list(garden.train())
    *_, exported = garden.export("gguf-lora", tmp_path / "out")
    assert isinstance(exported, Exported)
    assert exported.fidelity.worst_adapter < 1e-4
    assert exported.fidelity.token_texts_differing == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "seedling.f32.gguf",
        "seedling-v1.lora.gguf",
        "seedling-v1.lora.gguf.fidelity.json",
    }
    for file in exported.files:
        content = Path(file.path).read_bytes()
        assert (file.bytes, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())

    *_, plain = garden.export("peft", tmp_path / "plain")
    assert plain.fidelity is None
    config = json.loads((tmp_path / "plain" / "adapter_config.json").read_text())
    assert config["peft_type"] == "LORA"
    assert len(plain.files) == 2


def test_an_export_of_nothing_or_into_an_unknown_form_is_refused(
    garden: Garden, tmp_path: Path
) -> None:
    with pytest.raises(AdapterMissing):
        list(garden.export("peft", tmp_path / "out"))
    list(garden.train())
    with pytest.raises(BadInput, match="not known"):
        list(garden.export("onnx", tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def weights_in(file: Path) -> dict[str, list[object]]:
    return {name: weight.tolist() for name, weight in load_file(file).items()}
