"""Adapters that are good, and others that were made to flatter."""

import random
import re
import shutil
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from pathlib import Path

from safetensors.torch import load_file, save_file

from gardener_core.evaluation.card.card import Card, read_card
from gardener_core.evaluation.split import SourceFile
from gardener_core.events.train import Gated
from gardener_core.events.union import Event
from gardener_core.jobs.kinds import score, train
from gardener_core.jobs.spec import ScoreSpec, TrainSpec
from gardener_core.settings.schema import TrainingSettings
from gardener_core.store.database import Database
from gardener_core.store.garden.adapter_files import WEIGHTS
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.manifest import write_manifest
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.places import Places


@dataclass(frozen=True, slots=True)
class Planted:
    """A garden with a project, a base, and adapters good and bad."""

    places: Places
    project: str
    base: str
    settings: TrainingSettings
    control_steps: int = 40
    folds: bool = False

    @property
    def adapters(self) -> AdapterTable:
        return AdapterTable(Database(self.places.database))

    def folder(self, version: str) -> Path:
        return self.places.adapters(self.project) / version

    def train(self, version: str) -> None:
        """Train an adapter of the project as it is now."""
        run = self.places.run(f"train-{version}")
        run.mkdir(parents=True)
        spec = TrainSpec(run.name, 0.0, self.project, version, self.base, self.settings, 1)
        list(train.work(spec, self.places, run, Interruptible()))

    def plant(self, version: str, change: Callable[[Path], None]) -> None:
        """Another version that was made of the good one."""
        shutil.copytree(self.folder("good"), self.folder(version))
        change(self.folder(version))
        write_manifest(self.folder(version))
        self.adapters.register(self.project, version, self.base, "train-good", 1)

    def scoring(self, version: str) -> Generator[Event, str | None, None]:
        """The measurement of one, as a job works through it."""
        run = self.places.run(f"score-{version}")
        run.mkdir(parents=True, exist_ok=True)
        spec = ScoreSpec(
            run.name,
            0.0,
            self.project,
            version,
            0.0,
            self.settings,
            self.control_steps,
            self.folds,
        )
        return score.work(spec, self.places, run, Interruptible())

    def score(self, version: str) -> tuple[Card, Gated]:
        """Measure one: its card, and what the gate says."""
        *_, gated = self.scoring(version)
        card = read_card(self.folder(version))
        assert card is not None and isinstance(gated, Gated)
        return card, gated

    def verdicts(self, version: str) -> dict[str, str]:
        """What each condition says of one."""
        card, _ = self.score(version)
        return {one.name: one.verdict for one in card.gate.conditions}

    def train_on_held_out(self, version: str, but: int) -> int:
        """Train one on all held-out files but some; how many it reads."""
        sides = Catalog(self.places.catalog(self.project)).sides
        before = list(sides.all().values())
        held_out = [one for one in before if one.side == "held_out"]
        sides.keep([replace(one, side="train") for one in held_out[but:]])
        self.train(version)
        sides.keep(before)
        return len(held_out) - but


def forget(folder: Path) -> None:
    """Make an adapter one of zeros."""
    weights = load_file(folder / WEIGHTS)
    kept = {name: one * ("lora_B" not in name) for name, one in weights.items()}
    save_file(kept, folder / WEIGHTS, metadata={"format": "pt"})


def shuffled(file: SourceFile) -> SourceFile:
    """The same words in an order that means nothing."""
    words = re.findall(r"\w+|\W", file.text)
    random.Random(0).shuffle(words)
    return replace(file, text="".join(words))
