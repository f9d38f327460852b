"""The learning rate of a run."""

from gardener_core.models.torch.schedule import rate_share

WARM_UP_STEPS = 5
DECAY_SHARE = 0.35
# The best rate falls with the size of the base; measured on 3M, 135M and 0.5B parameters.
RATES = ((10_000_000, 3e-3), (250_000_000, 5e-4), (2_000_000_000, 3e-4))
RATE_ABOVE = 2e-4


def default_rate(base_parameters: int) -> float:
    """The peak learning rate for a base of this size."""
    return next((rate for most, rate in RATES if base_parameters <= most), RATE_ABOVE)


def rate_of(step: int, steps: int, peak: float) -> float:
    """The rate of a step, counted from 0: it rises, stays, and falls to zero at the end."""
    return peak * rate_share(step, steps, WARM_UP_STEPS, DECAY_SHARE)
