"""Say how fast to learn at each step."""


def rate_share(step: int, steps: int, warm_up_steps: int, decay_share: float) -> float:
    """The share of the peak rate: warm up, stay, then fall to zero over the last share of steps."""
    warm = min(1.0, (step + 1) / warm_up_steps)
    return warm * min(1.0, (steps - step) / (decay_share * steps))
