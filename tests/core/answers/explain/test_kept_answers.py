"""An answer is kept while the files that it cites are as they were."""

from pathlib import Path

from gardener_core.answers.explain.kept_answers import KeptAnswers, answer_key


def test_it_goes_with_a_change_of_a_cited_file(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    kept = KeptAnswers(tmp_path / "kept")
    kept.keep("k1", tmp_path, "It is one.", 4, ["a.py", "gone.py"])
    found = kept.get("k1", tmp_path)
    assert found and (found.text, found.tokens) == ("It is one.", 4) and found.written > 0
    assert kept.get("k2", tmp_path) is None
    (tmp_path / "a.py").write_text("x = 2\n")
    assert kept.get("k1", tmp_path) is None
    (tmp_path / "a.py").write_text("x = 1\n")
    assert kept.get("k1", tmp_path) is None, "it was removed"


def test_only_the_newest_are_kept_and_damaged_ones_are_none(tmp_path: Path) -> None:
    kept = KeptAnswers(tmp_path / "kept", most=2)
    for number in range(4):
        kept.keep(f"k{number}", tmp_path, "It is.", 1, [])
    assert sorted(file.stem for file in (tmp_path / "kept").iterdir()) == ["k2", "k3"]
    (tmp_path / "kept" / "k3.json").write_text("{")
    assert kept.get("k3", tmp_path) is None


def test_each_part_of_what_was_asked_counts() -> None:
    fields = {"prompt": "p", "model": "m a", "sampler": "greedy 200"}
    keys = {answer_key({**fields, name: "other"}) for name in fields}
    assert len(keys | {answer_key(fields)}) == 4
