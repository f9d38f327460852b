"""What one way of training was measured at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ArmResult:
    """Tokens a CPU-second, the peak of private memory, and the losses of the first steps."""

    arm: str
    tokens_a_cpu_second: float
    private_bytes: int
    losses: tuple[float, ...]
