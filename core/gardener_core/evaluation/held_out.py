"""What an adapter scored on held-out files."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gardener_core.system.files.regular import read_object

SCORES = "scores.json"
# A screen asks for it: of many files, fewer draws are as good.
MOST_DRAWS, FEWEST_DRAWS, DRAWN_FILES = 1000, 100, 40_000


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Bits per byte over n files that were not trained on, without the adapter and with it.

    `low` and `high` hold the change from the one to the other, as a share, in 95 of 100 draws of
    the files with replacement. `control` is the figure with another project's adapter, where one
    was measured.
    """

    before: float
    after: float
    n: int
    low: float = 0.0
    high: float = 0.0
    control: float | None = None

    @property
    def change(self) -> float:
        """The change from without the adapter to with it, as a share; below 0 is better."""
        return self.after / self.before - 1


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
        control = arms.get("control")
        low, high = _interval(arms["before"], arms["after"])
        return HeldOut(
            before=_bits_per_byte(arms["before"]),
            after=_bits_per_byte(arms["after"]),
            n=len(arms["after"]),
            low=low,
            high=high,
            control=_bits_per_byte(control) if control else None,
        )
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as problem:
        return Unreadable(f"{path} cannot be read: {problem.strerror}.")
    except (ValueError, KeyError, TypeError, ZeroDivisionError):
        return Unreadable(f"{path} is damaged.")


def read_arms_over(run_folder: Path, paths: Sequence[str]) -> tuple[float, float, int] | None:
    """Bits per byte before and after over some of the files; None where none was scored."""
    try:
        arms = read_object(run_folder / SCORES)["arms"]
        before, after = (
            [item for item in arms[when] if item["path"] in paths] for when in ("before", "after")
        )
        return _bits_per_byte(before), _bits_per_byte(after), len(after)
    except (OSError, ValueError, KeyError, TypeError, ZeroDivisionError):
        return None


def _interval(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> tuple[float, float]:
    """Between which the change lies, over files drawn with replacement; always the same draws."""
    pairs = [
        (float(one["bits"]), float(other["bits"])) for one, other in zip(before, after, strict=True)
    ]
    draw = random.Random(0)
    draws = max(FEWEST_DRAWS, min(MOST_DRAWS, DRAWN_FILES // max(1, len(pairs))))
    changes = sorted(_change(draw.choices(pairs, k=len(pairs))) for _ in range(draws))
    tail = draws // 40
    return changes[tail], changes[-1 - tail]


def _change(pairs: list[tuple[float, float]]) -> float:
    """The bytes are the same on both sides."""
    return sum(after for _, after in pairs) / sum(before for before, _ in pairs) - 1


def _bits_per_byte(scores: list[dict[str, Any]]) -> float:
    return sum(float(one["bits"]) for one in scores) / sum(int(one["bytes"]) for one in scores)
