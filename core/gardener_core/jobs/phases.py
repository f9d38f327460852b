"""Measure the phases of a run."""

from bisect import bisect_left
from dataclasses import dataclass, replace

from gardener_core.events.run import Phase, PhaseAdvanced
from gardener_core.events.train import StepDone
from gardener_core.jobs.follow import Steps, TimedEvent

PACE_SECONDS = 20.0
# The phases of a training run that can take long and whose size is known, in order.
COUNTED: tuple[Phase, ...] = ("scoring before", "training", "scoring after")


@dataclass(frozen=True, slots=True)
class Part:
    """Progress and time of one phase of a run, in all attempts together.

    `counted` of its units were done in these seconds; the others were known already.
    """

    phase: Phase
    unit: str = ""
    done: int = 0
    total: int = 0
    seconds: float = 0.0
    counted: int = 0

    @property
    def share(self) -> float | None:
        """How much is done, from 0 to 1; None if the total is unknown."""
        return min(1.0, self.done / self.total) if self.total else None

    @property
    def seconds_of_all(self) -> float | None:
        """The estimated seconds of the whole phase, if measured."""
        if not self.total or not self.counted or self.seconds <= 0:
            return None
        return self.seconds * self.total / self.counted


@dataclass(frozen=True, slots=True)
class Estimate:
    """The remaining seconds of the present phase, and of the run if known.

    `then` are later phases whose length is not known yet.
    """

    part_seconds: float
    all_seconds: float | None
    then: tuple[Phase, ...] = ()


class Phases:
    """The phases of one run in order, computed from its events."""

    def __init__(self) -> None:
        self.parts: dict[Phase, Part] = {}
        self.current: Phase | None = None
        # The start of the present period in the present phase, and its progress until then.
        self._began = 0.0
        self._first = 0
        self._before = Part("importing")
        self._recent: list[tuple[float, int]] = []

    @property
    def part(self) -> Part | None:
        """The present phase."""
        return None if self.current is None else self.parts[self.current]

    @property
    def units_a_second(self) -> float | None:
        """The pace of the present phase in its last twenty seconds of work."""
        if len(self._recent) < 2:
            return None
        (then, first), (now, last) = self._recent[0], self._recent[-1]
        return None if last <= first or now <= then else (last - first) / (now - then)

    def estimate(self, trains: bool) -> Estimate | None:
        """Estimate the remaining time; None if nothing was measured yet."""
        part, pace = self.part, self.units_a_second
        if part is None or pace is None or not part.total:
            return None
        remaining = (part.total - part.done) / pace
        later = _later(part.phase) if trains else ()
        known = {phase: self._expected(phase) for phase in later}
        then = tuple(phase for phase, seconds in known.items() if seconds is None)
        rest = sum(seconds for seconds in known.values() if seconds is not None)
        return Estimate(remaining, None if then else remaining + rest, then)

    def take(self, item: TimedEvent | Steps) -> None:
        """Add the next event or steps."""
        if isinstance(item, Steps):
            self._take_steps(item)
            return
        match item.event:
            case StepDone(kind=kind, step=step, steps=steps):
                self._advance(item.seconds, _phase_of(kind), step, steps, "steps")
            case PhaseAdvanced(phase=phase, done=done, total=total, unit=unit):
                self._advance(item.seconds, phase, done, total, unit)
            case _:
                self._pass(item.seconds)

    def _take_steps(self, steps: Steps) -> None:
        """Add the first step and those that the pace is computed from."""
        phase, last = _phase_of(steps.kind), steps.seconds[-1]
        recent = max(1, bisect_left(steps.seconds, last - PACE_SECONDS) - 1)
        for at in (0, *range(recent, len(steps.step))):
            self._advance(steps.seconds[at], phase, int(steps.step[at]), None, "steps")

    def _expected(self, phase: Phase) -> float | None:
        """The expected seconds of a later phase; both scorings are the same work."""
        part = self.parts.get(phase)
        if part is None and phase == "scoring after":
            part = self.parts.get("scoring before")
        return part.seconds_of_all if part else None

    def _pass(self, at: float) -> None:
        if self.current is not None:
            seconds = self._before.seconds + at - self._began
            self.parts[self.current] = replace(self.parts[self.current], seconds=seconds)

    def _advance(self, at: float, phase: Phase, done: int, total: int | None, unit: str) -> None:
        self._pass(at)
        before = self.parts.get(phase)
        if phase != self.current:
            self.current, self._began, self._first = phase, at, done
            self._before, self._recent = before or Part(phase), []
        elif done < self._first:
            self._first = done  # an attempt that was lost had got further
        known = before or Part(phase)
        self.parts[phase] = Part(
            phase,
            unit or known.unit,
            done,
            known.total if total is None else total,
            known.seconds,
            self._before.counted + done - self._first,
        )
        while len(self._recent) > 1 and self._recent[1][0] < at - PACE_SECONDS:
            del self._recent[0]
        self._recent.append((at, done))


def _later(phase: Phase) -> tuple[Phase, ...]:
    return COUNTED[COUNTED.index(phase) + 1 :] if phase in COUNTED else COUNTED


def _phase_of(kind: str) -> Phase:
    return "growing" if kind == "grow" else "training"
