"""Where a training run stands."""

from dataclasses import dataclass, replace

# Points on the held-out curve without a new best after which training ends.
PATIENCE = 3
# First points that are all worse than the base: the rate is too high for it.
BAD_STARTS = 2
WORSE = 1.005  # half a percent; below it a few files differ by chance


@dataclass(frozen=True, slots=True)
class Course:
    """All that the next step depends on, beside weights and optimiser.

    `misses` are the held-out points since the best one, `worse` the first points in a row that were
    worse than the base, `skipped` the last steps in a row that changed nothing, `taken` all steps,
    those before a restart too. The seconds are of those: what was done again after a crash is left
    out.
    """

    step: int = 0
    rate_factor: float = 1.0
    scored_step: int = -1
    base_bits: float = 0.0
    best_step: int = 0
    best_bits: float = 0.0
    points: int = 0
    misses: int = 0
    worse: int = 0
    skipped: int = 0
    taken: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_bytes: int = 0

    def stepped(self, *, skipped: bool) -> "Course":
        """After one more step."""
        return replace(
            self,
            step=self.step + 1,
            taken=self.taken + 1,
            skipped=self.skipped + 1 if skipped else 0,
        )

    def scored(self, bits: float) -> "Course":
        """After a point on the held-out curve; the first one is the base's."""
        if self.scored_step < 0:
            # A checkpoint of an older program may come first: then nothing was compared with the
            # base, and nothing begins anew.
            worse = 0 if self.step == 0 else -1
            return replace(self, scored_step=self.step, base_bits=bits, best_bits=bits, worse=worse)
        is_best = bits < self.best_bits
        is_bad_start = self.worse == self.points and bits > self.base_bits * WORSE
        return replace(
            self,
            scored_step=self.step,
            points=self.points + 1,
            best_step=self.step if is_best else self.best_step,
            best_bits=bits if is_best else self.best_bits,
            misses=0 if is_best else self.misses + 1,
            worse=self.worse + is_bad_start,
        )

    def restarted(self) -> "Course":
        """From the base again, with half the rate."""
        return Course(
            rate_factor=self.rate_factor / 2,
            scored_step=0,
            base_bits=self.base_bits,
            best_bits=self.base_bits,
            taken=self.taken,
            seconds=self.seconds,
            cpu_seconds=self.cpu_seconds,
            peak_bytes=self.peak_bytes,
        )

    def measured(self, seconds: float, cpu_seconds: float, peak_bytes: int) -> "Course":
        """After so much more time, with this memory at the peak."""
        return replace(
            self,
            seconds=self.seconds + seconds,
            cpu_seconds=self.cpu_seconds + cpu_seconds,
            peak_bytes=max(self.peak_bytes, peak_bytes),
        )

    @property
    def is_best(self) -> bool:
        """Whether the last step is the best one that was scored."""
        return self.scored_step == self.best_step == self.step

    @property
    def must_halve(self) -> bool:
        """Whether the rate is so high that all got worse from the start; tried once."""
        return self.rate_factor == 1.0 and self.points == self.worse == BAD_STARTS

    @property
    def has_plateaued(self) -> bool:
        """Whether going on is not worth it."""
        return self.misses >= PATIENCE


def resumed_at(step: int) -> Course:
    """The course of a run of an earlier version, of which the step alone is known.

    Its first points say nothing of its start, so its rate is never halved.
    """
    return Course(step=step, taken=step, worse=-1)
