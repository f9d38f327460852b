"""How busy the machine is, read from files of the kernel."""

import os
from pathlib import Path

import pytest

from gardener_core.upkeep.machine import MachineMeter


def write(root: Path, busy: int, idle: int, available_kib: int = 3_000_000) -> None:
    (root / "proc").mkdir(exist_ok=True)
    (root / "proc/stat").write_text(f"cpu  {busy} 0 0 {idle} 0 0 0 0 0 0\ncpu0 1 2 3\n")
    (root / "proc/meminfo").write_text(f"MemTotal: 9 kB\nMemAvailable: {available_kib} kB\n")


def test_cores_are_busy_as_much_as_their_ticks_say(tmp_path: Path) -> None:
    write(tmp_path, busy=1000, idle=9000)
    meter = MachineMeter(tmp_path, tmp_path)
    first = meter.read()
    assert first.busy_cores is None, "one reading measures no time"
    assert first.available_bytes == 3_000_000 * 1024
    assert first.disk_free_bytes and first.disk_free_bytes > 0
    write(tmp_path, busy=1150, idle=9050, available_kib=100_000)
    second = meter.read()
    assert second.busy_cores == pytest.approx(0.75 * (os.cpu_count() or 1))
    assert second.is_short_of_memory and not first.is_short_of_memory


def test_a_machine_that_tells_nothing_has_unknown_numbers(tmp_path: Path) -> None:
    reading = MachineMeter(tmp_path / "gone", tmp_path).read()
    assert (reading.busy_cores, reading.available_bytes, reading.disk_free_bytes) == (None,) * 3
    assert not reading.is_short_of_memory and not reading.is_short_of_disk
