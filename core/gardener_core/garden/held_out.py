"""What an adapter scored on held-out files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gardener_core.regular_files import read_object

SCORES = "scores.json"


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Bits per byte over n files that were not trained on, without the adapter and with it."""

    before: float
    after: float
    n: int


def read_held_out(run_folder: Path) -> HeldOut | None:
    """What the run that made an adapter measured; nothing where its record is not there."""
    try:
        arms = read_object(run_folder / SCORES)["arms"]
        before, after = _bits_per_byte(arms["before"]), _bits_per_byte(arms["after"])
        return HeldOut(before, after, len(arms["after"]))
    except (OSError, ValueError, KeyError, TypeError, ZeroDivisionError):
        return None


def _bits_per_byte(scores: list[dict[str, Any]]) -> float:
    return sum(float(one["bits"]) for one in scores) / sum(int(one["bytes"]) for one in scores)
