"""The seedling grows to the same bytes each time, and its card tells how."""

import hashlib
import json
from pathlib import Path

import pytest

from gardener_core.errors import NothingToLearn, StopRequested
from gardener_core.events.train import Grown as GrownEvent
from gardener_core.events.train import Planned, StepDone
from gardener_core.models.tokens import TextTokens
from gardener_core.models.torch.bits import text_bits
from gardener_core.models.torch.loading import load_base
from gardener_core.pretraining.corpus import SourceDocument
from gardener_core.pretraining.seedling import grow
from gardener_core.pretraining.training_text import HELD_OUT_FILES, ROW_TOKENS
from gardener_core.system.interrupts import Interruptible


def test_growing_tells_its_plan_its_steps_and_what_stands_there(grown) -> None:
    steps = [event for event in grown.events if isinstance(event, StepDone)]
    planned = next(event for event in grown.events if isinstance(event, Planned))
    end = grown.events[-1]
    assert isinstance(end, GrownEvent)
    assert [event.step for event in steps] == list(range(1, 13))
    assert {event.kind for event in steps} == {"grow"}
    assert steps[-1].loss < steps[0].loss - 0.5
    assert (planned.steps, planned.held_out_files) == (12, HELD_OUT_FILES)
    assert 900_000 < end.parameters < 1_100_000
    assert end.path == str(grown.model.path)


def test_the_seedling_says_its_hash_and_its_food(grown) -> None:
    weights = (grown.model.path / "model.safetensors").read_bytes()
    card = json.loads((grown.model.path / "card.json").read_text())
    assert grown.model.sha256 == hashlib.sha256(weights).hexdigest()
    assert sum(package["files"] for package in card["packages"]) == card["files"]
    assert all(package["licence"] and package["version"] for package in card["packages"])
    assert len(card["held_out_files"]) == HELD_OUT_FILES
    assert "textual" in card["never_eaten"]


@pytest.mark.long
def test_the_card_tells_what_an_outsider_measures(grown, corpus: list[SourceDocument]) -> None:
    card = json.loads((grown.model.path / "card.json").read_text())
    texts = [file.read() for file in corpus if file.name in card["held_out_files"]]
    model, tokens = load_base(grown.model.path), TextTokens(grown.model.path)
    bits = sum(text_bits(model, tokens.encode(text), ROW_TOKENS) for text in texts)
    measured = bits / sum(len(text.encode()) for text in texts)
    assert card["measured"]["bits_per_byte"] == pytest.approx(measured, abs=1e-4)


@pytest.mark.long
def test_the_same_food_grows_the_same_seedling(snack: list[SourceDocument], tmp_path: Path) -> None:
    for name in ("one", "two"):
        list(grow("g", snack, tmp_path / name, 1, 1, Interruptible()))
    assert (tmp_path / "one/sha256").read_text() == (tmp_path / "two/sha256").read_text()


@pytest.mark.long
def test_a_stopped_growing_leaves_nothing(snack: list[SourceDocument], tmp_path: Path) -> None:
    growing = grow(
        "g", snack, tmp_path / "seedling", steps=2, threads=1, interruptible=Interruptible()
    )
    while not isinstance(next(growing), StepDone):
        pass
    with pytest.raises(StopRequested):
        growing.throw(StopRequested("enough"))
    assert list(tmp_path.iterdir()) == []


def test_too_little_food_is_refused(snack: list[SourceDocument], tmp_path: Path) -> None:
    with pytest.raises(NothingToLearn):
        list(
            grow(
                "g",
                snack[:5],
                tmp_path / "seedling",
                steps=1,
                threads=1,
                interruptible=Interruptible(),
            )
        )
