"""Our training loop is measured beside transformers.Trainer, on the same rows."""

from pathlib import Path

import pytest

from gardener_core.evaluation.split import SourceFile
from gardener_core.models.model import BaseModel
from gardener_core.store.garden.projects import Project
from gardener_core.upkeep.bench_project import Result
from gardener_core.upkeep.training.bench_train import ARMS, bench_train


@pytest.mark.long
def test_all_ways_begin_at_the_same_loss_and_are_timed(
    seedling: BaseModel, sources: tuple[SourceFile, ...], tmp_path: Path
) -> None:
    for file in sources:
        (tmp_path / file.path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file.path).write_text(file.text)
    project = Project("p", "web", tmp_path, (), 0, 0, "new", "", "", 0.0)
    lines = list(bench_train(seedling, project))
    told = [line for line in lines if isinstance(line, str)]
    assert [line.split(":")[0] for line in told] == list(ARMS)
    first = [float(line.split("loss ")[1].split(",")[0]) for line in told]
    ours, lean = first[0], first[3]
    assert lean == pytest.approx(ours, rel=1e-3)
    assert all(5 < loss < 10 for loss in first)
    results = {line.name: line for line in lines if isinstance(line, Result)}
    assert results["ours: tokens a CPU-second"].value > 0
    assert results["ours against trainer, defaults"].unit == "times"
    assert all(result.value > 0 for result in results.values())
