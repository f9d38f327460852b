"""The figure beside an adapter comes from its run's record."""

import json
from pathlib import Path

from gardener_core.evaluation.held_out import HeldOut, Unreadable, read_held_out


def test_the_figure_is_all_bits_over_all_bytes(tmp_path: Path) -> None:
    files = [("a.py", 800.0, 300.0, 400), ("b.py", 100.0, 100.0, 100)]
    arms = {
        when: [{"path": path, "bits": bits[at], "bytes": size} for path, *bits, size in files]
        for at, when in enumerate(("before", "after"))
    }
    (tmp_path / "scores.json").write_text(json.dumps({"arms": arms}))
    assert read_held_out(tmp_path) == HeldOut(900 / 500, 400 / 500, 2)


def test_without_a_record_there_is_no_figure_and_a_damaged_one_says_so(tmp_path: Path) -> None:
    assert read_held_out(tmp_path) is None
    assert read_held_out(tmp_path / "run that is gone") is None
    for told in ("{", "[]", '{"arms": {"before": []}}', '{"arms": {"before": [], "after": []}}'):
        (tmp_path / "scores.json").write_text(told)
        assert read_held_out(tmp_path) == Unreadable(f"{tmp_path / 'scores.json'} is damaged.")
    (tmp_path / "scores.json").unlink()
    (tmp_path / "scores.json").mkdir()
    assert isinstance(read_held_out(tmp_path), Unreadable)
