"""What an adapter scored on held-out files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gardener_core.system.files.regular import read_object

SCORES = "scores.json"


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Bits per byte over n files that were not trained on, without the adapter and with it."""

    before: float
    after: float
    n: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record of scores that is there and cannot be read, and why."""

    problem: str


Scores = HeldOut | Unreadable


def read_held_out(run_folder: Path) -> Scores | None:
    """What the run that made an adapter measured; nothing where it has no record."""
    path = run_folder / SCORES
    try:
        arms = read_object(path)["arms"]
        before, after = _bits_per_byte(arms["before"]), _bits_per_byte(arms["after"])
        return HeldOut(before, after, len(arms["after"]))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as problem:
        return Unreadable(f"{path} cannot be read: {problem.strerror}.")
    except (ValueError, KeyError, TypeError, ZeroDivisionError):
        return Unreadable(f"{path} is damaged.")


def _bits_per_byte(scores: list[dict[str, Any]]) -> float:
    return sum(float(one["bits"]) for one in scores) / sum(int(one["bytes"]) for one in scores)
