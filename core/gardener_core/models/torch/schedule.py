"""The learning rate schedule."""


def rate_share(step: int, steps: int, warm_up_steps: int, decay_share: float) -> float:
    """The share of the peak rate: warm up, stay, then decay to zero over the last steps."""
    warm = min(1.0, (step + 1) / warm_up_steps)
    return warm * min(1.0, (steps - step) / (decay_share * steps))
