"""How much an update of an adapter learns."""

from gardener_core.training.retraining.drift import Drift

# Of the steps of the run that began from the base.
MOST_SHARE = 0.3
FEWEST_STEPS = 4
# What changed is read beside as much that did not, and a little foreign code.
STEPS_A_SHARE = 2.0
# An adapter that has learned already needs smaller steps than one that begins at nothing.
RATE_SHARE = 0.5


def update_steps(full_steps: int, drift: Drift, new_share: float = 0.0) -> int:
    """The steps of an update: by the share of the code that changed or is new, within bounds."""
    most = max(1, int(full_steps * MOST_SHARE))
    wanted = round(full_steps * STEPS_A_SHARE * (drift.share + new_share))
    return min(most, max(FEWEST_STEPS, wanted))
