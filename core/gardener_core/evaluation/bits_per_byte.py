"""Measure a model on files it has not seen."""

import dataclasses
import json
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from transformers import PreTrainedModel

from gardener_core.errors import StopRequested
from gardener_core.evaluation.split import SourceFile
from gardener_core.events.run import PhaseAdvanced
from gardener_core.events.union import Event
from gardener_core.models.tokens import TextTokens
from gardener_core.models.torch.bits import window_bits
from gardener_core.system.files.atomic import write_whole
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.pace import Pace

MEASURE = "bits_per_byte"
KEEP_SECONDS = 1.0  # as much of scoring as a kill may cost, where no single file takes longer

When = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class FileBits:
    """What one held-out file cost: bits of all its tokens but the first, and its UTF-8 bytes."""

    path: str
    bits: float
    bytes: int


def bits_per_byte(scores: Sequence[FileBits]) -> float:
    """All bits over all bytes."""
    return sum(score.bits for score in scores) / sum(score.bytes for score in scores)


class ScoreSheet:
    """The file `scores.json` of a run: every file's score before and after.

    `arms` holds what was measured to the end, `unfinished` what there is of the rest.
    """

    def __init__(self, folder: Path, window_tokens: int) -> None:
        self._path = folder / "scores.json"
        self._window_tokens = window_tokens

    def read(self, when: str) -> tuple[FileBits, ...] | None:
        """What was measured then, if it was."""
        items = self._part("arms").get(when)
        return None if items is None else tuple(FileBits(**item) for item in items)

    def begun(self, when: str) -> tuple[FileBits, ...]:
        """The files that were measured before the measuring was interrupted."""
        return tuple(FileBits(**item) for item in self._part("unfinished").get(when, []))

    def keep(self, when: str, scores: Sequence[FileBits]) -> None:
        """Write down what was measured."""
        arms = {**self._part("arms"), when: [dataclasses.asdict(score) for score in scores]}
        self._write(arms, {})

    def keep_begun(self, when: str, scores: Sequence[FileBits]) -> None:
        """Write down what was measured so far."""
        begun = {when: [dataclasses.asdict(score) for score in scores]}
        self._write(self._part("arms"), begun)

    def _write(self, arms: dict[str, Any], begun: dict[str, Any]) -> None:
        sheet: dict[str, Any] = {
            "measure": MEASURE,
            "window_tokens": self._window_tokens,
            "arms": arms,
        }
        if begun:
            sheet["unfinished"] = begun
        write_whole(self._path, json.dumps(sheet, indent=1).encode())

    def _part(self, name: str) -> dict[str, list[dict[str, Any]]]:
        if not self._path.exists():
            return {}
        part: dict[str, list[dict[str, Any]]] = json.loads(self._path.read_bytes()).get(name, {})
        return part


@dataclass(frozen=True, slots=True)
class Scoring:
    """Measures held-out files one by one, each alone and without a header."""

    when: When
    files: Sequence[SourceFile]
    tokens: TextTokens
    window_tokens: int
    sheet: ScoreSheet
    interruptible: Interruptible

    def scores(self, model: PreTrainedModel) -> Generator[Event, str | None, tuple[FileBits, ...]]:
        """Tell how far it is, keep each file's score, and go on after those that are kept."""
        known = {score.path: score for score in self.sheet.begun(self.when)}
        ids = {file.path: self.tokens.encode(file.text) for file in self.files}
        total = sum(max(0, len(numbers) - 1) for numbers in ids.values())
        done = sum(max(0, len(ids[path]) - 1) for path in known if path in ids)
        pace, kept_at = Pace(), time.monotonic()
        scores = dict(known)
        yield self._told(done, total)
        try:
            for file in self.files:
                if file.path in known:
                    continue
                bits = 0.0
                for count, part in window_bits(
                    model, ids[file.path], self.window_tokens, self.interruptible
                ):
                    bits += part
                    done += count
                    if pace.is_due():
                        yield self._told(done, total, file.path)
                scores[file.path] = FileBits(file.path, bits, len(file.text.encode()))
                if time.monotonic() - kept_at > KEEP_SECONDS:
                    self.sheet.keep_begun(self.when, list(scores.values()))
                    kept_at = time.monotonic()
        except StopRequested:
            self.sheet.keep_begun(self.when, list(scores.values()))
            raise
        yield self._told(total, total)
        return tuple(scores[file.path] for file in self.files)

    def _told(self, done: int, total: int, path: str = "") -> PhaseAdvanced:
        phase: Literal["scoring before", "scoring after"]
        phase = "scoring before" if self.when == "before" else "scoring after"
        return PhaseAdvanced(phase, done, total, "tokens", path)
