"""Measure a model on files it has not seen."""

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transformers import PreTrainedModel

from gardener_core.atomic import write_whole
from gardener_core.models.bits import text_bits
from gardener_core.models.tokens import TextTokens
from gardener_core.training.data import SourceFile

MEASURE = "bits_per_byte"


@dataclass(frozen=True, slots=True)
class FileBits:
    """What one held-out file cost: bits of all its tokens but the first, and its UTF-8 bytes."""

    path: str
    bits: float
    bytes: int


def score_files(
    model: PreTrainedModel, tokens: TextTokens, files: Sequence[SourceFile], window_tokens: int
) -> tuple[FileBits, ...]:
    """Measure each file alone, without a header."""
    return tuple(
        FileBits(
            path=file.path,
            bits=text_bits(model, tokens.encode(file.text), window_tokens),
            bytes=len(file.text.encode()),
        )
        for file in files
    )


def bits_per_byte(scores: Sequence[FileBits]) -> float:
    """All bits over all bytes."""
    return sum(score.bits for score in scores) / sum(score.bytes for score in scores)


class ScoreSheet:
    """The file `scores.json` of a run: every file's score before and after."""

    def __init__(self, folder: Path, window_tokens: int) -> None:
        self._path = folder / "scores.json"
        self._window_tokens = window_tokens

    def read(self, when: str) -> tuple[FileBits, ...] | None:
        """What was measured then, if it was."""
        items = self._all().get(when)
        return None if items is None else tuple(FileBits(**item) for item in items)

    def keep(self, when: str, scores: Sequence[FileBits]) -> None:
        """Write down what was measured."""
        arms = {**self._all(), when: [dataclasses.asdict(score) for score in scores]}
        sheet = {"measure": MEASURE, "window_tokens": self._window_tokens, "arms": arms}
        write_whole(self._path, json.dumps(sheet, indent=1).encode())

    def _all(self) -> dict[str, list[dict[str, Any]]]:
        if not self._path.exists():
            return {}
        arms: dict[str, list[dict[str, Any]]] = json.loads(self._path.read_bytes())["arms"]
        return arms
