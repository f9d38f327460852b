"""The gate on a real base and a real project lets nothing through that learned nothing of it.

About a quarter of an hour of one core.
"""

import importlib.util
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support.planting import Planted, forget, shuffled
from support.real_models import STARTER, real_model
from support.shared import made_once

from gardener_core.evaluation.split import SourceFile
from gardener_core.models.store import ModelStore
from gardener_core.settings.schema import TrainingSettings
from gardener_core.store.database import Database
from gardener_core.store.garden.adapter_files import WEIGHTS
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.system.places import Places

pytestmark = pytest.mark.long
SETTINGS = TrainingSettings(
    steps=12, sequence_tokens=256, rows_a_step=4, threads=1, mix="code", probe_lines=0
)
OWN, OTHER = "rich", "jinja2"  # both are installed with the program


def sources(package: str) -> list[SourceFile]:
    found = importlib.util.find_spec(package)
    assert found is not None and found.origin is not None
    root = Path(found.origin).parent
    return [
        SourceFile(f"{package}/{path.relative_to(root)}", path.read_text())
        for path in sorted(root.rglob("*.py"))
    ]


def a_project(places: Places, folder: Path, files: list[SourceFile], base: str) -> Planted:
    for file in files:
        (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
        (folder / file.path).write_text(file.text)
    project = ProjectTable(Database(places.database)).insert(folder.name, folder)
    return Planted(places, project.id, base, SETTINGS, SETTINGS.steps)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """A project with a good adapter, and beside it those of another and of shuffled words."""
    model = real_model(STARTER)

    def make(folder: Path) -> Planted:
        places = Places(config=folder / "config", data=folder / "data")
        base = ModelStore(places).register(model).name
        own = a_project(places, folder / "own", sources(OWN), base)
        own.train("good")
        for name, files in (
            ("other", sources(OTHER)),
            ("words", list(map(shuffled, sources(OWN)))),
        ):
            # A run is named by the version alone, so each has another one.
            beside = a_project(places, folder / name, files, base)
            beside.train(name)
            own.plant(name, swap(beside.folder(name)))
        return own

    return made_once(tmp_path_factory, "planted-starter", make)


def swap(folder: Path) -> Callable[[Path], None]:
    return lambda target: shutil.copyfile(folder / WEIGHTS, target / WEIGHTS) and None


def test_a_good_one_holds_on_everything_that_bits_can_show(planted: Planted) -> None:
    card, gated = planted.score("good")
    verdicts = {one.name: one.verdict for one in card.gate.conditions}
    for name in ("held out", "unseen", "forgetting", "specificity"):
        assert verdicts[name] == "pass", card.gate
    assert gated.verdict != "fail"


def test_zeros_make_no_difference(planted: Planted) -> None:
    planted.plant("zeros", forget)
    card, gated = planted.score("zeros")
    change = card.difference("bits_per_byte", "adapter", "base")
    assert change is not None and change.figure.low == change.figure.high == 0
    assert gated.verdict == "fail"


def test_shuffled_words_fail(planted: Planted) -> None:
    assert planted.score("words")[1].verdict == "fail"


def test_the_adapter_of_another_project_fails_specificity(planted: Planted) -> None:
    assert planted.verdicts("other")["specificity"] == "fail"


def test_training_on_the_files_of_the_measurement_is_caught(planted: Planted) -> None:
    learned = planted.train_on_held_out("leaked", but=2)
    card, gated = planted.score("leaked")
    verdicts = {one.name: one.verdict for one in card.gate.conditions}
    assert verdicts["unseen"] == "fail" and gated.verdict == "fail"
    assert len(card.left_out) >= learned
