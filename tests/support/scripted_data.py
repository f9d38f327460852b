"""Rows of training that lie in a folder, and what was decided about them."""

import json
from collections.abc import Callable
from pathlib import Path

from gardener_core.errors import BadInput
from gardener_core.garden.data import Data
from gardener_core.store.garden.projects import Project
from gardener_core.store.garden.runs import Run
from gardener_core.training.data.kept.folder import (
    ITEMS,
    REPORT,
    ROWS,
    DataItem,
    RowFolder,
    item_line,
    row_line,
)
from gardener_core.training.data.kept.report import DataReport, Figures, ShareCount, Stage
from gardener_core.training.data.kept.row import DataRow, Origin, Segment


class ScriptedData(Data):
    """What was prepared is a folder that a test fills; a preparation is a run of its own."""

    def __init__(self, note: Callable[..., None], begin: Callable[[str], Run]) -> None:
        self.note = note
        self.begin = begin
        self.folder: Path | None = None
        self.missing: set[str] = set()

    def newest(self, project: Project) -> RowFolder | None:
        return RowFolder(self.folder) if self.folder else None

    def prepare(self, project: Project, base: str | None = None) -> Run:
        return self.begin(project.id)

    def choose(self, project: Project, place: str, accepted: bool | None) -> str:
        if place in self.missing:
            raise BadInput(f"There is no file {place} in {project.name}.", hint="Give another.")
        self.note("choose", place, accepted)
        return place


def a_row(
    share: str, generator: str, path: str, read: str, learned: str, symbol: str = ""
) -> DataRow:
    """A row of two parts, with a token a letter."""
    parts = (
        Segment(read, False, False, tuple(range(1, len(read) + 1))),
        Segment(learned, True, False, tuple(range(1, len(learned) + 1))),
    )
    fields = {"share": share, "generator": generator}
    kind = DataRow.from_json(fields)
    return DataRow(kind.share, kind.generator, Origin(path, 3, 9, symbol, "abc123"), parts)


def write_rows(folder: Path, rows: list[DataRow]) -> Path:
    """A folder with these rows and counts that fit them."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ROWS).write_bytes(b"".join(map(row_line, rows)))
    items = [
        DataItem("pkg/garden.py", "water", 3, 9, True),
        DataItem("vendor/theirs.py", "", 0, 0, False, "vendored"),
    ]
    (folder / ITEMS).write_bytes(b"".join(map(item_line, items)))
    tokens = sum(row.tokens for row in rows)
    report = DataReport(
        base="coder",
        stages=(
            Stage("collect", "files", 12, 9, {"vendored": 2, "lock file": 1}),
            Stage("split", "files", 9, 7, {"held out": 2}),
            Stage("clean", "symbols", 40, 38, {"copy of held-out code": 2}),
            Stage("format", "rows", len(rows), len(rows), {}),
            Stage("augment", "rows", 0, 0, {}),
            Stage("validate", "rows", len(rows), len(rows), {}),
        ),
        shares=(
            ShareCount("code", 0.5, len(rows), tokens, tokens // 2),
            ShareCount("answers", 0.3, 0, 0, 0, "the project is not indexed"),
        ),
        figures=Figures(tokens_mean=31.0, tokens_p95=40, languages={"python": 1.0}),
        rows=len(rows),
        packed=1,
        sequence_tokens=512,
        wanted=4096,
    )
    (folder / REPORT).write_text(json.dumps(report.to_json()))
    return folder
