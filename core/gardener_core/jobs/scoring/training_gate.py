"""What the gate reads of a training run's own scores."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gardener_core.evaluation.card.figures import (
    FileSums,
    beyond_control,
    figure_of,
    relative_change,
)
from gardener_core.evaluation.card.gate import Gate, GateFigures, gate_of
from gardener_core.evaluation.held_out import SCORES
from gardener_core.system.files.regular import read_object

Scores = Sequence[Mapping[str, Any]]


def gate_of_training(run: Path, learned: frozenset[str] | None) -> Gate | None:
    """The gate over bits per byte before and after; None where the run scored nothing.

    Foreign code and what an adapter writes are measured by a run of their own, so that nothing
    passes here: it may fail.
    """
    try:
        arms = read_object(run / SCORES)["arms"]
        before, after, control = arms["before"], arms["after"], arms.get("control")
        own = figure_of(_pairs(after, before), relative_change)
        more = figure_of(_with_control(after, control, before), beyond_control) if control else None
        paths = {str(score["path"]) for score in after}
    except (OSError, ValueError, KeyError, TypeError):
        return None
    seen = None if learned is None else len(paths & learned)
    return gate_of(GateFigures(own, None, more, None, False, None, False, seen, len(paths)))


def _pairs(after: Scores, before: Scores) -> Iterator[FileSums]:
    for one, other in zip(after, before, strict=True):
        size = float(one["bytes"])
        yield FileSums(one["path"], float(one["bits"]), size, float(other["bits"]), size, 1)


def _with_control(after: Scores, control: Scores, before: Scores) -> Iterator[FileSums]:
    for one, other, base in zip(after, control, before, strict=True):
        adapter, beside, alone = (float(score["bits"]) for score in (one, other, base))
        yield FileSums(one["path"], adapter, beside, alone, 0.0, 1)
