"""Decide whether a prompt is read ahead."""

import os
from collections.abc import Callable
from typing import Literal

from gardener_core.system.hardware import battery_percent, usable_cores

# Of the cores; with more work waiting, reading ahead would take time from somebody.
MOST_LOAD = 1.5
Reason = Literal["", "battery", "load"]


def _load() -> float:
    return os.getloadavg()[0]


def reason_to_leave_it(
    is_busy: bool,
    battery: Callable[[], int | None] = battery_percent,
    load: Callable[[], float] = _load,
    cores: Callable[[], int] = usable_cores,
) -> Reason:
    """Why nothing is read ahead now: on battery, beside a run, or under load; else empty."""
    if battery() is not None:
        return "battery"
    return "load" if is_busy or load() > MOST_LOAD * cores() else ""
