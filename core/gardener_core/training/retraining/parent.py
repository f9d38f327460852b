"""The adapter that an update goes on from."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gardener_core.evaluation.bits_per_byte import FileBits, ScoreSheet, When, bits_per_byte
from gardener_core.evaluation.sample import Sample
from gardener_core.evaluation.split import SourceFile, text_hash
from gardener_core.events.train import RetentionMeasured
from gardener_core.training.retraining.learned import Learned

# What the run of that adapter scored, by what an update has to score.
_ARMS: dict[When, When] = {"before": "before", "parent": "after"}


@dataclass(frozen=True, slots=True)
class ParentAdapter:
    """A version, its folder, the folder of its run, and what it learned from."""

    version: str
    adapter: Path
    run: Path
    learned: Learned

    def unchanged(self, files: Sequence[SourceFile]) -> frozenset[str]:
        """The paths of the files that are as its run saw them."""
        known = self.learned.files
        return frozenset(
            file.path
            for file in files
            if file.path in known and known[file.path].digest == text_hash(file.text)
        )

    def scores(
        self, when: When, sample: Sample, unchanged: frozenset[str], window_tokens: int
    ) -> list[FileBits]:
        """What its run scored of texts that are still the same, so that nobody scores them anew."""
        if when not in _ARMS or _window_of(self.run) != window_tokens:
            return []
        size = {file.path: len(file.text.encode()) for file in sample.files}
        scored = ScoreSheet(self.run, window_tokens).read(_ARMS[when]) or ()
        return [
            score
            for score in scored
            if score.path in unchanged and size.get(score.path) == score.bytes
        ]

    def retention(self, sheet: ScoreSheet, unchanged: frozenset[str]) -> RetentionMeasured | None:
        """What the update did to the files that did not change; None where none is held out."""
        before = [score for score in sheet.read("parent") or () if score.path in unchanged]
        after = [score for score in sheet.read("after") or () if score.path in unchanged]
        if not before or len(before) != len(after):
            return None
        return RetentionMeasured(
            self.version, bits_per_byte(before), bits_per_byte(after), len(before)
        )


def _window_of(run: Path) -> int:
    try:
        return int(json.loads((run / "scores.json").read_bytes())["window_tokens"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0
