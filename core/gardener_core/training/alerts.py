"""Raise the alarms that the user wants of a run, each once."""

import json
import math
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

from gardener_core.events.train import AlertRaised, AlertRule, HeldOutScored, StepDone, StepSkipped
from gardener_core.events.union import Event
from gardener_core.settings.schema import AlertSettings
from gardener_core.system.files.regular import open_regular, parse_object
from gardener_core.system.hardware import available_bytes

MEGABYTE = 1_000_000
LOOK_SECONDS = 2.0  # from one look at disk and memory to the next
SMOOTHING = 0.9
LOWER = 0.999  # of the lowest smoothed loss; less is chance
LONGEST_LINE = 1_000_000


class AlertWatch:
    """Looks at the events of a run and at the machine; a rule that fired is not asked again.

    `fired` are the rules that fired in earlier attempts.
    """

    def __init__(
        self,
        settings: AlertSettings,
        folder: Path,
        fired: frozenset[AlertRule] = frozenset(),
        free_memory: Callable[[], int] = available_bytes,
        free_disk: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._folder = folder
        self._fired: set[AlertRule] = set(fired)
        self._free_memory, self._free_disk, self._now = free_memory, free_disk, now
        self._looked_at = -math.inf
        self._smooth: float | None = None
        self._lowest, self._lowest_at = math.inf, 0
        self._bits: float | None = None
        self._rises = 0
        self._step = 0

    def take(self, event: Event) -> Iterator[AlertRaised]:
        """The alarms that this event gives cause for."""
        for alert in (*self._of_event(event), *self._of_machine()):
            if alert.rule not in self._fired:
                self._fired.add(alert.rule)
                yield alert

    def _of_event(self, event: Event) -> Iterator[AlertRaised]:
        match event:
            case StepSkipped(step=step) if self._settings.nan:
                yield AlertRaised("nan", step, 0.0, 0.0)
            case StepDone(step=step, loss=loss):
                self._step = step
                if self._settings.nan and not math.isfinite(loss):
                    yield AlertRaised("nan", step, 0.0, 0.0)
                else:
                    yield from self._plateau(step, loss)
            case HeldOutScored(step=step, bits_per_byte=bits):
                yield from self._held_out(step, bits)
            case _:
                pass

    def _plateau(self, step: int, loss: float) -> Iterator[AlertRaised]:
        if step <= self._lowest_at:  # it began anew
            self._smooth, self._lowest, self._lowest_at = None, math.inf, 0
        before = loss if self._smooth is None else self._smooth
        self._smooth = SMOOTHING * before + (1 - SMOOTHING) * loss
        if self._smooth < self._lowest * LOWER:
            self._lowest, self._lowest_at = self._smooth, step
        steps = self._settings.plateau_steps
        if steps and step - self._lowest_at >= steps:
            yield AlertRaised("plateau", step, self._lowest, steps)

    def _held_out(self, step: int, bits: float) -> Iterator[AlertRaised]:
        rises = self._bits is not None and bits > self._bits
        self._rises = self._rises + 1 if rises else 0
        self._bits = bits
        if self._settings.held_out_rises and self._rises >= self._settings.held_out_rises:
            yield AlertRaised("held-out", step, bits, self._rises)

    def _of_machine(self) -> Iterator[AlertRaised]:
        if self._now() - self._looked_at < LOOK_SECONDS:
            return
        self._looked_at = self._now()
        memory, disk = self._settings.memory_mb * MEGABYTE, self._settings.disk_mb * MEGABYTE
        free = self._free_memory() if memory else 0
        if 0 < free < memory:  # 0 where nobody tells
            yield AlertRaised("memory", self._step, free, memory)
        if disk and (left := self._free_disk(self._folder)) < disk:
            yield AlertRaised("disk", self._step, left, disk)


def fired_before(events: Path) -> frozenset[AlertRule]:
    """The rules that fired in earlier attempts of a run, by its events."""
    known: dict[str, AlertRule] = {rule: rule for rule in get_args(AlertRule)}
    fired = set()
    try:
        with open_regular(events) as file:
            while line := file.readline(LONGEST_LINE):
                if b'"AlertRaised"' in line:
                    fired |= _rule_in(line, known)
    except OSError:
        return frozenset()
    return frozenset(fired)


def _rule_in(line: bytes, known: dict[str, AlertRule]) -> set[AlertRule]:
    try:
        rule = known.get(str(parse_object(line).get("rule")))
    except (ValueError, json.JSONDecodeError):
        return set()
    return {rule} if rule else set()
