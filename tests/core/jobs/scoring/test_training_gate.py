"""A training run's own scores may fail an adapter, and never pass it."""

import json
from pathlib import Path

from gardener_core.jobs.scoring.training_gate import gate_of_training


def scores(folder: Path, change: float) -> Path:
    arms = {
        "before": [{"path": f"{n}.py", "bits": 100.0 + n, "bytes": 50} for n in range(9)],
        "after": [{"path": f"{n}.py", "bits": (100.0 + n) * change, "bytes": 50} for n in range(9)],
    }
    (folder / "scores.json").write_text(json.dumps({"arms": arms}))
    return folder


def test_one_that_got_worse_fails(tmp_path: Path) -> None:
    gate = gate_of_training(scores(tmp_path, 1.1), frozenset({"z.py"}))
    assert gate is not None and gate.verdict == "fail"


def test_one_that_got_better_waits_for_its_own_measurement(tmp_path: Path) -> None:
    gate = gate_of_training(scores(tmp_path, 0.8), frozenset({"z.py"}))
    assert gate is not None and gate.verdict == "inconclusive"


def test_one_that_read_what_it_was_measured_on_fails(tmp_path: Path) -> None:
    gate = gate_of_training(scores(tmp_path, 0.8), frozenset({"3.py"}))
    assert gate is not None
    assert [one.name for one in gate.conditions if one.verdict == "fail"] == ["unseen"]


def test_without_scores_there_is_no_gate(tmp_path: Path) -> None:
    assert gate_of_training(tmp_path, None) is None
    (tmp_path / "scores.json").write_text('{"arms": {}}')
    assert gate_of_training(tmp_path, None) is None
