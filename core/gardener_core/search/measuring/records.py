"""The records of measurements of retrieval."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gardener_core.store.project.fusion_weights import Weight
from gardener_core.system.files.atomic import make_folder, write_whole
from gardener_core.system.records import rebuild

FOLDER = "retrieval"
SUFFIX = ".jsonl"
MAX_RECORDS = 20
WORDS = "words"  # the arm that ranks by words alone


@dataclass(frozen=True, slots=True)
class Arm:
    """How well one way of ranking answered one kind of question; low and high are 95 %."""

    questions: str
    arm: str
    mrr: float
    low: float
    high: float
    recall_1: float
    recall_5: float
    recall_10: float
    n: int


@dataclass(frozen=True, slots=True)
class Retrieval:
    """A measurement: every arm, and the embedder's weight with what it gained.

    The gain is that of MRR@10 over words alone, on the half that did not choose the weight;
    `weight` is None where the questions were too few to choose one.
    """

    measured: str
    embedder: str
    arms: tuple[Arm, ...]
    weight: float | None
    gain: float
    gain_low: float
    gain_high: float
    chunks: int
    seconds: float
    record: str = ""

    def chosen_weight(self) -> Weight | None:
        """The weight that searches may follow; None where the questions were too few."""
        if self.weight is None:
            return None
        questions = sum(arm.n for arm in self.arms if arm.arm == WORDS)
        return Weight(self.embedder, self.weight, self.measured, questions, Path(self.record).name)


def write_record(folder: Path, questions: Iterable[dict[str, Any]], found: Retrieval) -> Path:
    """Write a JSON line a question, then one for the whole; returns the path."""
    path = make_folder(folder / FOLDER) / f"{found.measured.replace(':', '')}{SUFFIX}"
    lines = [json.dumps(each) for each in (*questions, asdict(found))]
    write_whole(path, "\n".join(lines).encode() + b"\n")
    for old in sorted(path.parent.glob(f"*{SUFFIX}"))[:-MAX_RECORDS]:
        old.unlink(missing_ok=True)
    return path


def last_record(folder: Path) -> Retrieval | None:
    """The newest whole measurement."""
    for path in sorted((folder / FOLDER).glob(f"*{SUFFIX}"), reverse=True):
        for found in _read(path):
            return found
    return None


def _read(path: Path) -> Iterator[Retrieval]:
    try:
        last = json.loads(path.read_bytes().splitlines()[-1])
        yield rebuild(Retrieval, {**last, "record": str(path)})
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return
