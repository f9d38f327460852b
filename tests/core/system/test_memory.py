"""Private memory is told from mapped files, and its peak begins anew."""

from pathlib import Path

import pytest

from gardener_core.system.hardware import forget_peak, peak_private_bytes, private_bytes

STATUS = """Name:	python
VmHWM:	  900 kB
RssAnon:	  500 kB
RssFile:	  300 kB
Threads:	3
"""


def test_mapped_files_are_not_private(tmp_path: Path) -> None:
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/status").write_text(STATUS)
    assert private_bytes(tmp_path) == 500 * 1024
    assert peak_private_bytes(tmp_path) == 600 * 1024
    assert (private_bytes(tmp_path / "no"), peak_private_bytes(tmp_path / "no")) == (0, 0)
    assert not forget_peak(tmp_path / "no")


def test_a_peak_is_forgotten() -> None:
    if not forget_peak():
        pytest.skip("this kernel keeps the peak for ever")
    before = peak_private_bytes()
    block = bytearray(80_000_000)
    block[::4096] = bytes(len(range(0, len(block), 4096)))
    del block
    high = peak_private_bytes()
    assert high > before + 70_000_000
    forget_peak()
    assert peak_private_bytes() < high - 50_000_000
