"""A measurement leaves a card that holds, goes on where it was, and is not to be flattered."""

import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from support import recomputed
from support.planting import Planted, forget, shuffled
from support.shared import made_once

from gardener_core.errors import StopRequested
from gardener_core.events.run import PhaseAdvanced
from gardener_core.jobs.kinds import train
from gardener_core.settings.schema import TrainingSettings
from gardener_core.store.database import Database
from gardener_core.store.garden.adapter_files import WEIGHTS
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.system.places import Places

pytestmark = pytest.mark.long
SETTINGS = TrainingSettings(
    steps=120, rank=8, alpha=16, sequence_tokens=128, rows_a_step=4, threads=1,
    learning_rate=0.006, mix="code",
)  # fmt: skip


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
        garden = Planted(places, project.id, "seedling", SETTINGS)
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
    planted.plant("zeros", forget)
    card, gated = planted.score("zeros")
    change = card.difference("bits_per_byte", "adapter", "base")
    assert change is not None and change.figure.mean == change.figure.low == change.figure.high == 0
    assert gated.verdict == "fail"
    assert planted.adapters.get(planted.project, "zeros").state == "failed"
    assert ProjectTable(Database(planted.places.database)).get(planted.project).adapter != "zeros"


def test_shuffled_words_teach_nothing(planted: Planted, sources, plan_of, tmp_path: Path) -> None:
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
    learned = planted.train_on_held_out("leaked", but=2)
    assert planted.verdicts("leaked")["unseen"] == "fail"
    card, _ = planted.score("leaked")
    assert len(card.left_out) >= learned


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


def test_three_folds_measure_every_file_by_one_that_had_not_read_it(planted: Planted) -> None:
    planted.plant("folded", lambda folder: None)
    folded = replace(planted, settings=replace(SETTINGS, steps=30), folds=True)
    card, _ = folded.score("folded")
    lines = (planted.folder("folded") / "items.jsonl").read_text().splitlines()
    items = [item for item in map(json.loads, lines) if item["measure"] == "fold"]
    paths = [item["path"] for item in items]
    assert len(paths) == len(set(paths)) > 20
    assert all({"base", "adapter", "control"} <= item.keys() for item in items)
    found = {one.name: one for one in card.gate.conditions}
    assert found["held out"].files == len(items)  # fewer than 12 were held out
    assert any(note.startswith("Three folds") for note in card.notes)
