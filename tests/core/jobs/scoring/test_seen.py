"""Training on files that are measured on is noticed."""

from pathlib import Path

from gardener_core.evaluation.split import SourceFile
from gardener_core.jobs.scoring.seen import learned_paths, seen_by
from gardener_core.store.manifest import write_manifest
from gardener_core.training.data.kept.folder import REPORT, ROWS, row_line
from gardener_core.training.data.kept.row import DataRow, Origin, Segment

CODE = "".join(
    f"def scale_{n}(value, factor):\n    return value * {n} + factor\n" for n in range(40)
)


def run_that_learned(folder: Path, *rows: DataRow) -> Path:
    kept = folder / "run" / "rows"
    kept.mkdir(parents=True)
    (kept / ROWS).write_bytes(b"".join(map(row_line, rows)))
    (kept / REPORT).write_text("{}")
    write_manifest(kept)
    return folder / "run"


def row(path: str, text: str, share: str = "code") -> DataRow:
    made = {"code": "file", "replay": "foreign"}[share]
    segments = (Segment(text, True, ends=(len(text),)),)
    return DataRow(share, made, Origin(path, 1, 9), segments)  # type: ignore[arg-type]


def test_a_file_that_was_learned_from_is_known_by_its_path(tmp_path: Path) -> None:
    run = run_that_learned(tmp_path, row("src/a.py", CODE), row("python/json.py", "x", "replay"))
    seen = seen_by(run, tmp_path)
    assert seen is not None
    assert seen.has(SourceFile("src/a.py", "anything"))
    assert not seen.has(SourceFile("python/json.py", "x")), "foreign code is no file of ours"
    assert seen.foreign == {"python/json.py"}
    assert learned_paths(run, tmp_path) == {"src/a.py"}


def test_a_copy_under_another_name_is_known_by_its_text(tmp_path: Path) -> None:
    seen = seen_by(run_that_learned(tmp_path, row("src/a.py", CODE)), tmp_path)
    assert seen is not None
    assert seen.has_copied(SourceFile("src/copy.py", "# a line\n" + CODE))
    other = CODE.replace("scale", "other").replace("value", "b").replace("by", "q + 1")
    assert not seen.has_copied(SourceFile("src/b.py", other))


def test_without_a_record_nothing_is_known(tmp_path: Path) -> None:
    assert seen_by(tmp_path / "run", tmp_path) is None
    assert learned_paths(tmp_path / "run", tmp_path) is None
