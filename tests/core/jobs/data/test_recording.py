"""What a run has learned from is recorded piece by piece."""

from pathlib import Path

from gardener_core.evaluation.split import SourceFile, split_files
from gardener_core.jobs.data.collecting import Collected
from gardener_core.jobs.data.recording import record_of
from gardener_core.jobs.data.sources import KeptSources
from gardener_core.training.data.kept.folder import ROWS, DataItem, RowFolder, row_line
from gardener_core.training.data.kept.row import DataRow, Origin, Segment, Share
from gardener_core.training.retraining.drift import DriftMeter
from gardener_core.training.retraining.learned import Learned

PARTS = [
    "def {0}_water(plant):\n    level = plant.level + 1\n    return plant.drink(level)\n\n\n",
    "def {0}_light(plant):\n    return plant.turn(plant.light * 2)\n\n\n",
    "def {0}_feed(plant):\n    return plant.eat('[secret]')\n",
]


def files() -> list[SourceFile]:
    return [SourceFile(f"m{n}.py", "".join(PARTS).format(f"m{n}")) for n in range(12)]


def sources_of(found: list[SourceFile]) -> KeptSources:
    left_out = (DataItem("dist/a.js", "", 0, 0, False, "bundle"),)
    return KeptSources(Collected(tuple(found), left_out, 0), split_files(found))


def rows_in(folder: Path, *origins: tuple[Share, Origin]) -> RowFolder:
    folder.mkdir()
    made = (
        DataRow(share, "file", origin, (Segment("x", True, False, (1,)),))
        for share, origin in origins
    )
    (folder / ROWS).write_bytes(b"".join(map(row_line, made)))
    return RowFolder(folder)


def states(learned: Learned, path: str) -> dict[str, str]:
    return {piece.symbol: piece.state for piece in learned.files[path].pieces if piece.symbol}


def test_a_piece_was_read_where_a_row_touches_its_lines(tmp_path: Path) -> None:
    found = files()
    sources = sources_of(found)
    path = sources.split.train[0].path
    name = path.removesuffix(".py")
    rows = rows_in(
        tmp_path / "rows",
        ("code", Origin(path, 1, 3, f"{name}_water", "abc1234")),
        ("replay", Origin("os.py", 1, 9)),
    )
    learned = record_of(sources, rows, None, "", 60)
    assert states(learned, path) == {
        f"{name}_water": "read", f"{name}_light": "unread", f"{name}_feed": "hidden",
    }  # fmt: skip
    assert (learned.commit, learned.full_steps, learned.symbols) == ("abc1234", 60, 1)
    assert learned.files[sources.split.held_out[0].path].pieces == ()
    assert learned.files[sources.split.held_out[0].path].digest
    assert learned.files["dist/a.js"].digest == "", "known, so it is not new later"


def test_an_update_has_read_what_its_parent_read(tmp_path: Path) -> None:
    sources = sources_of(files())
    path = sources.split.train[0].path
    first = record_of(sources, rows_in(tmp_path / "a", ("code", Origin(path, 1, 3))), None, "", 60)
    other = sources.split.train[1].path
    rows = rows_in(tmp_path / "b", ("earlier", Origin(other, 1, 3)))
    second = record_of(sources, rows, first, "v1", 60)
    assert (second.parent, second.symbols) == ("v1", 2)
    assert second.digests == first.digests


def test_the_record_of_a_moment_shows_no_drift(tmp_path: Path) -> None:
    root = tmp_path / "web"
    root.mkdir()
    found = files()
    for file in found:
        (root / file.path).write_text(file.text.replace("[secret]", "hunter2"))
    sources = sources_of(found)
    origins = (("code", Origin(file.path, 1, 99)) for file in sources.split.train)
    rows = rows_in(tmp_path / "rows", *origins)  # type: ignore[arg-type]
    learned = record_of(sources, rows, None, "", 60)
    assert learned.symbols >= 2 * len(sources.split.train)
    assert not DriftMeter(root, learned).measure().has_changed
