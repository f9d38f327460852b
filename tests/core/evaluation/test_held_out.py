"""The figure beside an adapter comes from its run's record."""

import json
from pathlib import Path

import pytest

from gardener_core.evaluation.held_out import HeldOut, Unreadable, read_arms_over, read_held_out


def test_the_figure_is_all_bits_over_all_bytes(tmp_path: Path) -> None:
    files = [("a.py", 800.0, 300.0, 400), ("b.py", 100.0, 100.0, 100)]
    arms = {
        when: [{"path": path, "bits": bits[at], "bytes": size} for path, *bits, size in files]
        for at, when in enumerate(("before", "after"))
    }
    (tmp_path / "scores.json").write_text(json.dumps({"arms": arms}))
    scores = read_held_out(tmp_path)
    assert isinstance(scores, HeldOut)
    assert (scores.before, scores.after, scores.n, scores.control) == (1.8, 0.8, 2, None)
    assert scores.change == pytest.approx(400 / 900 - 1)
    # Drawn with replacement: the first file alone, the second alone, or both.
    assert (scores.low, scores.high) == (300 / 800 - 1, 0.0)
    assert read_held_out(tmp_path) == scores, "the draws are the same each time"


def test_a_control_is_the_adapter_of_another_project(tmp_path: Path) -> None:
    one = [{"path": "a.py", "bits": 400.0, "bytes": 100}]
    after, control = ([{**one[0], "bits": bits}] for bits in (300.0, 390.0))
    arms = {"before": one, "after": after, "control": control}
    (tmp_path / "scores.json").write_text(json.dumps({"arms": arms}))
    scores = read_held_out(tmp_path)
    assert isinstance(scores, HeldOut) and scores.control == 3.9


def test_without_a_record_there_is_no_figure_and_a_damaged_one_says_so(tmp_path: Path) -> None:
    assert read_held_out(tmp_path) is None
    assert read_held_out(tmp_path / "run that is gone") is None
    for told in ("{", "[]", '{"arms": {"before": []}}', '{"arms": {"before": [], "after": []}}'):
        (tmp_path / "scores.json").write_text(told)
        assert read_held_out(tmp_path) == Unreadable(f"{tmp_path / 'scores.json'} is damaged.")
    (tmp_path / "scores.json").unlink()
    (tmp_path / "scores.json").mkdir()
    assert isinstance(read_held_out(tmp_path), Unreadable)


def test_some_of_the_files_have_figures_of_their_own(tmp_path: Path) -> None:
    def arm(*bits: float) -> list[dict[str, object]]:
        return [{"path": f"{n}.py", "bits": b, "bytes": 10} for n, b in enumerate(bits)]

    sheet = {"arms": {"before": arm(10, 20, 30), "after": arm(9, 10, 12)}}
    (tmp_path / "scores.json").write_text(json.dumps(sheet))
    assert read_arms_over(tmp_path, ["1.py", "2.py", "new.py"]) == (2.5, 1.1, 2)
    assert read_arms_over(tmp_path, ["new.py"]) is None
    assert read_arms_over(tmp_path / "gone", ["1.py"]) is None
