"""Get the rows of a run."""

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

from gardener_core.evaluation.split import SourceFile
from gardener_core.events.run import PhaseAdvanced
from gardener_core.models.tokens import TextTokens
from gardener_core.training.data.packed import PackedRows
from gardener_core.training.data.packing import pack_rows
from gardener_core.training.rows import TrainingRow


def training_rows(
    folder: Path | None, files: Sequence[SourceFile], tokens: TextTokens, sequence_tokens: int
) -> Generator[PhaseAdvanced, Any, Sequence[TrainingRow]]:
    """The prepared rows of a folder; without one, the files in order."""
    if folder is not None:
        return PackedRows(folder)
    return (yield from pack_rows(files, tokens, sequence_tokens))
