"""Measure how busy this machine is."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from gardener_core.system.hardware import available_bytes, usable_cores

PRESSURE_MEMORY, PRESSURE_DISK = 500_000_000, 1_000_000_000


@dataclass(frozen=True, slots=True)
class MachineReading:
    """What a machine has and how much of it is taken; None where that cannot be read.

    `busy_cores` is since the reading before; the disk is the one that the garden lies on.
    """

    cores: int
    busy_cores: float | None
    available_bytes: int | None
    disk_free_bytes: int | None

    @property
    def is_short_of_memory(self) -> bool:
        """Whether a run may be the next to be ended by the system."""
        return self.available_bytes is not None and self.available_bytes < PRESSURE_MEMORY

    @property
    def is_short_of_disk(self) -> bool:
        """Whether the next checkpoint may not fit."""
        return self.disk_free_bytes is not None and self.disk_free_bytes < PRESSURE_DISK


class MachineMeter:
    """Reads the machine; each reading tells how busy it was since the one before."""

    def __init__(self, folder: Path, root: Path = Path("/")) -> None:
        self._folder = folder
        self._root = root
        self._before: tuple[int, int] | None = None

    def read(self) -> MachineReading:
        """Read it now; a tenth of a millisecond."""
        return MachineReading(
            usable_cores(), self._busy_cores(), available_bytes(self._root) or None, self._free()
        )

    def _busy_cores(self) -> float | None:
        now = self._ticks()
        before, self._before = self._before, now
        if now is None or before is None or now[1] <= before[1]:
            return None
        every = now[1] - before[1]
        return (now[0] - before[0]) / every * (os.cpu_count() or 1)

    def _ticks(self) -> tuple[int, int] | None:
        """Busy and all ticks of every core together, since the machine started."""
        try:
            line = (self._root / "proc/stat").read_text().partition("\n")[0]
            user, nice, system, idle, waiting, *rest = (int(word) for word in line.split()[1:9])
        except (OSError, ValueError):
            return None
        busy = user + nice + system + sum(rest)
        return busy, busy + idle + waiting

    def _free(self) -> int | None:
        try:
            return shutil.disk_usage(self._folder).free
        except OSError:
            return None
