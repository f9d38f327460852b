"""Save and restore the state of a training run."""

import dataclasses
import shutil
from collections.abc import Iterator
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from gardener_core.errors import Damaged
from gardener_core.system.files.atomic import recover_folder, staging, swap_folder
from gardener_core.system.records import rebuild
from gardener_core.training.course import Course, resumed_at
from gardener_core.training.learner import Learner

KEPT = 2
_ADAPTER = "adapter.safetensors"
_STATE = "optimiser.pt"
_BEST = "best"
_EARLIER_VERSIONS = "checkpoint"  # one folder, and no course
_UNREADABLE = (
    OSError, EOFError, ValueError, LookupError, TypeError, RuntimeError, UnpicklingError,
    SafetensorError,
)  # fmt: skip


class Checkpoints:
    """The last two checkpoints of a run and its best one.

    A checkpoint is adapter, optimiser and course: all that a step depends on. The order of rows
    follows from the step; the states of the random generators are kept for what a base may draw.
    A run that computed on a GPU can go on at a CPU, and the other way round.
    """

    def __init__(self, folder: Path, learner: Learner) -> None:
        self._run_folder = folder
        self._folder = folder / "checkpoints"
        self._learner = learner
        self.unreadable: list[str] = []

    def save(self, course: Course) -> None:
        """Save the present state; of the earlier ones the last stays."""
        numbers = [int(path.name) for path in self._numbered()]
        self._write(f"{max(numbers, default=0) + 1:06}", course)
        for path in list(self._numbered())[:-KEPT]:
            shutil.rmtree(path, ignore_errors=True)

    def save_best(self, course: Course) -> None:
        """Keep the present weights as the best ones."""
        self._write(_BEST, course)

    def restore(self) -> Course:
        """Restore the newest state that can be read; a new course where nothing was saved."""
        self._finish_swaps()
        saved = list(reversed(list(self._numbered())))
        if recover_folder(self._run_folder / _EARLIER_VERSIONS):
            saved.append(self._run_folder / _EARLIER_VERSIONS)
        for path in saved:
            try:
                return self._read(path)
            except _UNREADABLE as problem:
                self.unreadable.append(f"The checkpoint in {path} cannot be read: {problem}.")
        if saved:
            raise Damaged(self.unreadable[0], hint="Start a new run.")
        return Course()

    def restore_best(self) -> int:
        """Put the best weights back; the step that they are of."""
        path = self._folder / _BEST
        try:
            return self._read(path).step
        except _UNREADABLE as problem:
            raise Damaged(
                f"The best checkpoint in {path} cannot be read: {problem}.",
                hint="Start a new run.",
            ) from None

    def _write(self, name: str, course: Course) -> None:
        new = staging(self._folder / name)
        weights = self._learner.model.weights()
        save_file(
            {key: weight.cpu().contiguous() for key, weight in weights.items()}, new / _ADAPTER
        )
        state = {
            "step": course.step,
            "course": dataclasses.asdict(course),
            "random": random_states(),
            "optimiser": None if name == _BEST else self._learner.optimiser.state_dict(),
        }
        torch.save(state, new / _STATE)
        swap_folder(new, self._folder / name)

    def _read(self, path: Path) -> Course:
        weights = load_file(path / _ADAPTER)
        state: dict[str, Any] = torch.load(path / _STATE, map_location="cpu", weights_only=True)
        course: Course = (
            rebuild(Course, state["course"]) if "course" in state else resumed_at(state["step"])
        )
        self._learner.model.take_weights(weights)
        if state["optimiser"] is not None:
            self._learner.optimiser.load_state_dict(state["optimiser"])
        restore_random(state.get("random", {}))
        return course

    def _finish_swaps(self) -> None:
        """Finish what a kill between two renames left."""
        for old in list(self._folder.glob(".*.old")):
            recover_folder(old.with_name(old.name[1:].removesuffix(".old")))

    def _numbered(self) -> Iterator[Path]:
        """Every checkpoint but the best one, the oldest first."""
        yield from sorted(path for path in self._folder.glob("*") if path.name.isdigit())


def random_states() -> dict[str, Any]:
    """The states of torch's random generators, of the CPU and of every GPU that is used."""
    used = torch.cuda.is_available() and torch.cuda.is_initialized()
    return {"cpu": torch.get_rng_state(), "cuda": torch.cuda.get_rng_state_all() if used else []}


def restore_random(states: dict[str, Any]) -> None:
    """Put them back, as far as this machine has these generators."""
    if "cpu" in states:
        torch.set_rng_state(states["cpu"])
    if torch.cuda.is_available() and len(states.get("cuda", [])) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all(states["cuda"])
