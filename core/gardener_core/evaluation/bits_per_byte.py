"""Score a model on held-out files."""

import dataclasses
import json
import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from transformers import PreTrainedModel

from gardener_core.errors import StopRequested
from gardener_core.evaluation.sample import Sample
from gardener_core.evaluation.split import SourceFile
from gardener_core.events.run import Phase, PhaseAdvanced
from gardener_core.events.union import Event
from gardener_core.models.tokens import TextTokens
from gardener_core.models.torch.bits import window_bits
from gardener_core.system.files.atomic import write_whole
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.pace import Pace

MEASURE = "bits_per_byte"
KEEP_SECONDS = 1.0  # of scoring that a kill may cost, where no single file takes longer

# The base alone, with the adapter, with the adapter that it went on from, and with the adapter of
# another project.
When = Literal["before", "after", "parent", "control"]
_PHASES: Mapping[When, Phase] = {
    "before": "scoring before",
    "after": "scoring after",
    "parent": "scoring parent",
    "control": "scoring control",
}


@dataclass(frozen=True, slots=True)
class FileBits:
    """The score of one held-out file: bits of all tokens but the first, and UTF-8 bytes."""

    path: str
    bits: float
    bytes: int


def bits_per_byte(scores: Sequence[FileBits]) -> float:
    """The sum of bits over the sum of bytes."""
    return sum(score.bits for score in scores) / sum(score.bytes for score in scores)


class ScoreSheet:
    """The file `scores.json` of a run: every file's score before, after, and of a control.

    `arms` holds finished measurements, `unfinished` a partial one.
    """

    def __init__(self, folder: Path, window_tokens: int, sample: Sample | None = None) -> None:
        self._path = folder / "scores.json"
        self._window_tokens = window_tokens
        self._sample = sample

    def read(self, when: str) -> tuple[FileBits, ...] | None:
        """A finished measurement, if there is one."""
        items = self._part("arms").get(when)
        return None if items is None else tuple(FileBits(**item) for item in items)

    def unfinished(self, when: str) -> tuple[FileBits, ...]:
        """The files that were scored before an interruption."""
        return tuple(FileBits(**item) for item in self._part("unfinished").get(when, []))

    def keep(self, when: str, scores: Sequence[FileBits]) -> None:
        """Save a finished measurement."""
        arms = {**self._part("arms"), when: [dataclasses.asdict(score) for score in scores]}
        self._write(arms, {})

    def keep_unfinished(self, when: str, scores: Sequence[FileBits]) -> None:
        """Save a partial measurement."""
        unfinished = {when: [dataclasses.asdict(score) for score in scores]}
        self._write(self._part("arms"), unfinished)

    def _write(self, arms: dict[str, Any], unfinished: dict[str, Any]) -> None:
        sheet: dict[str, Any] = {
            "measure": MEASURE,
            "window_tokens": self._window_tokens,
            "arms": arms,
        }
        if self._sample and self._sample.is_part:
            sheet["sample"] = {"of": self._sample.of, "characters": self._sample.characters}
        if unfinished:
            sheet["unfinished"] = unfinished
        write_whole(self._path, json.dumps(sheet, indent=1).encode())

    def _part(self, name: str) -> dict[str, list[dict[str, Any]]]:
        if not self._path.exists():
            return {}
        part: dict[str, list[dict[str, Any]]] = json.loads(self._path.read_bytes()).get(name, {})
        return part


@dataclass(frozen=True, slots=True)
class Scoring:
    """Scores held-out files one by one, each alone and without a header."""

    when: When
    files: Sequence[SourceFile]
    tokens: TextTokens
    window_tokens: int
    sheet: ScoreSheet
    interruptible: Interruptible
    mixed: bool = False  # in bf16, where the processor has it

    def scores(self, model: PreTrainedModel) -> Generator[Event, str | None, tuple[FileBits, ...]]:
        """Score the files that have no saved score; yields progress."""
        known = {score.path: score for score in self.sheet.unfinished(self.when)}
        ids = {file.path: self.tokens.encode(file.text) for file in self.files}
        total = sum(max(0, len(numbers) - 1) for numbers in ids.values())
        done = sum(max(0, len(ids[path]) - 1) for path in known if path in ids)
        pace, kept_at = Pace(), time.monotonic()
        scores = dict(known)
        yield self._progress(done, total)
        try:
            for file in self.files:
                if file.path in known:
                    continue
                bits = 0.0
                for count, part in window_bits(
                    model, ids[file.path], self.window_tokens, self.interruptible, self.mixed
                ):
                    bits += part
                    done += count
                    if pace.is_due():
                        yield self._progress(done, total, file.path)
                scores[file.path] = FileBits(file.path, bits, len(file.text.encode()))
                if time.monotonic() - kept_at > KEEP_SECONDS:
                    self.sheet.keep_unfinished(self.when, list(scores.values()))
                    kept_at = time.monotonic()
        except StopRequested:
            self.sheet.keep_unfinished(self.when, list(scores.values()))
            raise
        yield self._progress(total, total)
        return tuple(scores[file.path] for file in self.files)

    def _progress(self, done: int, total: int, path: str = "") -> PhaseAdvanced:
        phase = _PHASES[self.when]
        return PhaseAdvanced(phase, done, total, "tokens", path)
