"""Measure our training loop beside transformers.Trainer with PEFT."""

import json
import statistics
import subprocess
from collections.abc import Iterator
from pathlib import Path

from gardener_core.errors import BadInput, EngineLost
from gardener_core.models.model import BaseModel
from gardener_core.store.garden.projects import Project
from gardener_core.system.processes.start import start_python
from gardener_core.system.records import rebuild
from gardener_core.training.measuring.arm import ArmResult
from gardener_core.upkeep.bench_project import Result

ARMS = ("ours", "trainer, defaults", "trainer, best", "ours, lean")
STEPS, ROUNDS = 2, 1
_CHILD = (
    "from gardener_core.system.processes.watchdog import end_with_stdin; end_with_stdin(); "
    "from gardener_core.training.measuring import speed; speed.main()"
)


def bench_train(base: BaseModel, project: Project, rounds: int = ROUNDS) -> Iterator[Result | str]:
    """Take a few steps on the same rows in each way, in turn, each in a process of its own."""
    if not base.has_folder:
        raise BadInput(
            f"The weights of {base.name} have not been made into a folder yet.",
            hint="Train an adapter on it first.",
        )
    found: dict[str, list[ArmResult]] = {arm: [] for arm in ARMS}
    for _ in range(rounds):
        for arm in ARMS:
            measured = _measured(base.folder, project.path, arm)
            found[arm].append(measured)
            losses = ", ".join(f"{loss:.3f}" for loss in measured.losses)
            yield f"{arm}: {measured.tokens_a_cpu_second:.0f} tokens a CPU-second, loss {losses}"
    for arm, items in found.items():
        pace = [item.tokens_a_cpu_second for item in items]
        yield _result(f"{arm}: tokens a CPU-second", "1/s", pace)
        yield _result(f"{arm}: private memory", "MB", [item.private_bytes / 1e6 for item in items])
    for other in ("trainer, defaults", "trainer, best"):
        ratios = [
            ours.tokens_a_cpu_second / theirs.tokens_a_cpu_second
            for ours, theirs in zip(found["ours"], found[other], strict=True)
        ]
        yield _result(f"ours against {other}", "times", ratios)


def _measured(folder: Path, project: Path, arm: str) -> ArmResult:
    with start_python(_CHILD, folder, project, arm, str(STEPS), errors=subprocess.PIPE) as child:
        assert child.stdout is not None and child.stderr is not None
        try:
            out = child.stdout.read()  # our end of its stdin stays open: it is its leash
            errors = child.stderr.read()
            child.wait()
        finally:
            child.kill()
    lines = out.decode().splitlines()
    if child.returncode or not lines:
        last = errors.decode("utf-8", "replace").strip().splitlines()
        raise EngineLost(f"The measurement of {arm} ended early: {last[-1] if last else ''}")
    measured: ArmResult = rebuild(ArmResult, json.loads(lines[-1]))
    return measured


def _result(name: str, unit: str, values: list[float]) -> Result:
    return Result(name, statistics.median(values), unit, len(values), min(values), max(values))
