"""Read and write a folder of prepared rows."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gardener_core.errors import Damaged
from gardener_core.store.manifest import fault_in, read_manifest
from gardener_core.system.files.atomic import recover_folder
from gardener_core.system.files.regular import open_regular, parse_object, read_object
from gardener_core.training.data.kept.report import DataReport
from gardener_core.training.data.kept.row import DataRow

# Rows as JSON lines; their tokens as 32-bit numbers, the highest bit set where one is learned;
# which of them stand together in a sequence; the counts; what became of each file and symbol.
ROWS, TOKENS, PACKED, REPORT, ITEMS = (
    "rows.jsonl", "tokens.bin", "packed.bin", "report.json", "items.jsonl",
)  # fmt: skip
LEARNED = 1 << 31
LONGEST_LINE = 4_000_000


@dataclass(frozen=True, slots=True)
class DataItem:
    """A file, or a symbol of it, that was accepted, or left out for a reason."""

    path: str
    symbol: str
    start_line: int
    end_line: int
    accepted: bool
    reason: str = ""


class RowFolder:
    """A folder of rows as it was written; it is never changed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def exists(self) -> bool:
        """Whether it is there, whole: it was renamed into its place."""
        return recover_folder(self.path) and (self.path / REPORT).is_file()

    def is_whole(self) -> bool:
        """Whether every file of it is as it was written."""
        recorded = read_manifest(self.path) if self.exists() else {}
        return all(
            name in recorded and not fault_in(self.path, name, recorded[name], thorough=False)
            for name in (ROWS, TOKENS, PACKED, REPORT, ITEMS)
        )

    def report(self) -> DataReport:
        """The counts."""
        try:
            return DataReport.from_json(read_object(self.path / REPORT))
        except (OSError, ValueError, KeyError, TypeError):
            raise self._damaged() from None

    def rows(self) -> Iterator[DataRow]:
        """Every row, in order."""
        for fields in self._lines(ROWS):
            try:
                yield DataRow.from_json(fields)
            except (ValueError, KeyError, TypeError):
                raise self._damaged() from None

    def items(self) -> Iterator[DataItem]:
        """What became of each file and symbol."""
        for fields in self._lines(ITEMS):
            try:
                yield DataItem(**fields)
            except TypeError:
                raise self._damaged() from None

    def _lines(self, name: str) -> Iterator[dict[str, Any]]:
        try:
            with open_regular(self.path / name) as file:
                while line := file.readline(LONGEST_LINE):
                    yield parse_object(line)
        except (OSError, ValueError):
            raise self._damaged() from None

    def _damaged(self) -> Damaged:
        return Damaged(
            f"The rows in {self.path} cannot be read.",
            hint="Delete that folder; they are made anew.",
        )


def item_line(item: DataItem) -> bytes:
    """An item as a JSON line."""
    return json.dumps(asdict(item), ensure_ascii=False).encode() + b"\n"


def row_line(row: DataRow) -> bytes:
    """A row as a JSON line."""
    return json.dumps(row.to_json(), ensure_ascii=False).encode() + b"\n"
