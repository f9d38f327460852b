"""What a run was asked to do is read back, as every version wrote it."""

import json
from pathlib import Path

import pytest

from gardener_core.errors import Damaged
from gardener_core.jobs.spec import IndexSpec, Spec, TrainSpec, read_spec, write_spec
from gardener_core.search.embedders.choice import EmbedderChoice
from gardener_core.settings.schema import TrainingSettings

TRAINING = TrainingSettings(
    steps=80, rank=8, alpha=16, learning_rate=0.001, sequence_tokens=256, rows_a_step=2, threads=3
)


def test_a_spec_is_read_as_it_was_written(tmp_path: Path) -> None:
    specs: list[Spec] = [
        TrainSpec("r1", 1.5, "p", "v3", "seedling", TRAINING, 260),
        IndexSpec("r2", 2.5, "p", True, EmbedderChoice("ollama:nomic-embed-text")),
    ]
    for spec in specs:
        write_spec(tmp_path, spec)
        assert read_spec(tmp_path) == spec


def test_training_settings_among_the_other_fields_are_still_read(tmp_path: Path) -> None:
    """Word for word as the version before wrote it."""
    (tmp_path / "spec.json").write_text(
        """{
 "spec_format": 1,
 "kind": "train",
 "run": "261128-101500-ab12",
 "created": 1795861.25,
 "project": "p1",
 "version": "v2",
 "base": "seedling",
 "steps": 80,
 "rank": 8,
 "alpha": 16,
 "learning_rate": 0.001,
 "sequence_tokens": 256,
 "rows_a_step": 2,
 "threads": 3,
 "grow_steps": 260
}"""
    )
    expected = TrainSpec("261128-101500-ab12", 1795861.25, "p1", "v2", "seedling", TRAINING, 260)
    assert read_spec(tmp_path) == expected


@pytest.mark.parametrize("fields", [{"spec_format": 99, "kind": "train"}, {"kind": "train"}, []])
def test_a_spec_that_cannot_be_read_is_damaged(tmp_path: Path, fields: object) -> None:
    (tmp_path / "spec.json").write_text(json.dumps(fields))
    with pytest.raises(Damaged):
        read_spec(tmp_path)
