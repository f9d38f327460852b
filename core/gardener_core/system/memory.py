"""Measure the memory of this process."""

from pathlib import Path

_FORGET_PEAK = "5"  # as the kernel's manual for clear_refs has it


def private_bytes(root: Path = Path("/")) -> int:
    """What belongs to this process alone, mapped files left out; 0 if unknown."""
    return _status(root).get("RssAnon", 0)


def peak_private_bytes(root: Path = Path("/")) -> int:
    """The largest value of the same since the peak was forgotten; 0 if unknown.

    The kernel keeps the peak with mapped files. Those of a model stay, so they are taken off.
    """
    status = _status(root)
    if "VmHWM" not in status or "RssFile" not in status:
        return 0
    return max(status["VmHWM"] - status["RssFile"], status.get("RssAnon", 0))


def forget_peak(root: Path = Path("/")) -> bool:
    """Let the peak begin at the present value; whether the kernel does that."""
    try:
        (root / "proc/self/clear_refs").write_text(_FORGET_PEAK)
    except OSError:
        return False
    return True


def _status(root: Path) -> dict[str, int]:
    """The lines of the kernel's status that are sizes, in bytes."""
    try:
        lines = (root / "proc/self/status").read_text().splitlines()
    except OSError:
        return {}
    parts = (line.split() for line in lines)
    return {
        part[0].rstrip(":"): int(part[1]) * 1024
        for part in parts
        if len(part) == 3 and part[2] == "kB"
    }
