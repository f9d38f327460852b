"""A measurement leaves a card that holds, goes on where it was, and is not to be flattered."""

import json
import random
import re
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file
from support import recomputed
from support.shared import made_once

from gardener_core.errors import StopRequested
from gardener_core.evaluation.card.card import Card, read_card
from gardener_core.evaluation.split import SourceFile
from gardener_core.events.run import PhaseAdvanced
from gardener_core.events.train import Gated
from gardener_core.jobs.kinds import score, train
from gardener_core.jobs.spec import ScoreSpec, TrainSpec
from gardener_core.settings.schema import TrainingSettings
from gardener_core.store.database import Database
from gardener_core.store.garden.adapter_files import WEIGHTS
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.store.manifest import write_manifest
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.places import Places

pytestmark = pytest.mark.long
SETTINGS = TrainingSettings(
    steps=120, rank=8, alpha=16, sequence_tokens=128, rows_a_step=4, threads=1,
    learning_rate=0.006, mix="code",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planted:
    """A garden with a project, the tiny base, and adapters good and bad."""

    places: Places
    project: str

    @property
    def adapters(self) -> AdapterTable:
        return AdapterTable(Database(self.places.database))

    def folder(self, version: str) -> Path:
        return self.places.adapters(self.project) / version

    def train(self, version: str) -> None:
        run = self.places.run(f"train-{version}")
        run.mkdir(parents=True)
        spec = TrainSpec(run.name, 0.0, self.project, version, "seedling", SETTINGS, 1)
        list(train.work(spec, self.places, run, Interruptible()))

    def plant(self, version: str, change: Callable[[Path], None]) -> None:
        """Another version that was made of the good one."""
        shutil.copytree(self.folder("good"), self.folder(version))
        change(self.folder(version))
        write_manifest(self.folder(version))
        self.adapters.register(self.project, version, "seedling", "train-good", 1)

    def scoring(self, version: str):
        run = self.places.run(f"score-{version}")
        run.mkdir(parents=True, exist_ok=True)
        spec = ScoreSpec(run.name, 0.0, self.project, version, 0.0, SETTINGS, control_steps=40)
        return score.work(spec, self.places, run, Interruptible())

    def score(self, version: str) -> tuple[Card, Gated]:
        *_, gated = self.scoring(version)
        card = read_card(self.folder(version))
        assert card is not None and isinstance(gated, Gated)
        return card, gated

    def verdicts(self, version: str) -> dict[str, str]:
        card, _ = self.score(version)
        return {one.name: one.verdict for one in card.gate.conditions}


@pytest.fixture(scope="module")
def planted(grown, sources, tmp_path_factory: pytest.TempPathFactory) -> Planted:
    def make(folder: Path) -> Planted:
        places = Places(config=folder / "config", data=folder / "data")
        root = folder / "project"
        for file in sources:
            (root / file.path).parent.mkdir(parents=True, exist_ok=True)
            (root / file.path).write_text(file.text)
        shutil.copytree(grown.model.path, places.models / "seedling")
        project = ProjectTable(Database(places.database)).insert("sample", root)
        garden = Planted(places, project.id)
        garden.train("good")
        return garden

    return made_once(tmp_path_factory, "planted", make)


def test_the_card_of_a_good_one_holds_and_stands_beside_it(planted: Planted) -> None:
    card, gated = planted.score("good")
    found = {one.name: one for one in card.gate.conditions}
    assert found["held out"].verdict == "pass" and found["held out"].high < 0
    assert found["unseen"].verdict == "pass"
    assert gated.version == "good"
    items = planted.folder("good") / "items.jsonl"
    lines = items.read_text().splitlines()
    assert card.n == len(lines) and items.stat().st_mode & 0o077 == 0
    arms = asdict(card.arms)
    for name, value in recomputed.figures(lines).items():
        arm, measure = name.split()
        assert arms[arm][measure]["mean"] == pytest.approx(value, abs=1e-12), name
    text = (planted.folder("good") / "card.md").read_text()
    assert text.strip().startswith("gardener score sample good --minutes 0")
    assert "files.json" not in text and json.loads(
        (planted.folder("good") / "card.json").read_text()
    )
    assert planted.adapters.get(planted.project, "good").state in ("passed", "scored", "failed")


def test_zeros_make_no_difference(planted: Planted) -> None:
    def forget(folder: Path) -> None:
        weights = load_file(folder / WEIGHTS)
        kept = {name: one * ("lora_B" not in name) for name, one in weights.items()}
        save_file(kept, folder / WEIGHTS, metadata={"format": "pt"})

    planted.plant("zeros", forget)
    card, gated = planted.score("zeros")
    change = card.difference("bits_per_byte", "adapter", "base")
    assert change is not None and change.figure.mean == change.figure.low == change.figure.high == 0
    assert gated.verdict == "fail"
    assert planted.adapters.get(planted.project, "zeros").state == "failed"
    assert ProjectTable(Database(planted.places.database)).get(planted.project).adapter != "zeros"


def test_shuffled_words_teach_nothing(planted: Planted, sources, plan_of, tmp_path: Path) -> None:
    def shuffled(file: SourceFile) -> SourceFile:
        words = re.findall(r"\w+|\W", file.text)
        random.Random(0).shuffle(words)
        return replace(file, text="".join(words))

    plan = plan_of(
        tmp_path, sources=tuple(map(shuffled, sources)), steps=40, rows_a_step=4, rank=8, alpha=16,
        learning_rate=0.008, measured=False,
    )  # fmt: skip
    list(train.train(plan))

    def swap(folder: Path) -> None:
        for file in plan.adapter.iterdir():
            shutil.copyfile(file, folder / file.name)

    planted.plant("shuffled", swap)
    assert planted.score("shuffled")[1].verdict == "fail"


def test_training_on_the_files_of_the_measurement_is_caught(planted: Planted) -> None:
    sides = Catalog(planted.places.catalog(planted.project)).sides
    before = list(sides.all().values())
    held_out = [one for one in before if one.side == "held_out"]
    sides.keep([replace(one, side="train") for one in held_out[2:]])
    planted.train("leaked")
    sides.keep(before)
    assert planted.verdicts("leaked")["unseen"] == "fail"
    card, _ = planted.score("leaked")
    assert len(card.left_out) >= len(held_out) - 2


def test_the_control_itself_has_nothing_of_this_project(planted: Planted) -> None:
    list(planted.scoring("good"))  # it trains the control
    (control,) = (planted.places.data / "controls").glob("*/*")

    def swap(folder: Path) -> None:
        shutil.copyfile(control / WEIGHTS, folder / WEIGHTS)

    planted.plant("foreign", swap)
    assert planted.verdicts("foreign")["specificity"] == "fail"


def test_a_measurement_that_was_stopped_goes_on_behind_its_items(planted: Planted) -> None:
    planted.plant("stopped", lambda folder: None)
    running, measured = planted.scoring("stopped"), 0
    for event in running:
        measured += isinstance(event, PhaseAdvanced) and event.phase == "measuring"
        if measured == 4:
            break
    with pytest.raises(StopRequested):
        running.throw(StopRequested("enough"))
    kept = (planted.places.run("score-stopped") / "items.jsonl").read_text()
    assert kept.count("\n") == 3
    planted.score("stopped")
    assert (planted.folder("stopped") / "items.jsonl").read_text().startswith(kept)
