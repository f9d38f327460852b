"""Read what hardware this machine has."""

import os
import shutil
from pathlib import Path

_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afpfs", "webdav", "davfs", "9p", "ceph", "glusterfs",
     "lustre", "afs", "beegfs", "gpfs", "fuse.sshfs", "fuse.rclone", "fuse.s3fs", "fuse.davfs2"}
)  # fmt: skip
SHORT_OF_MEMORY = 300_000_000
SHORT_OF_DISK = 300_000_000  # a checkpoint of a base of half a billion parameters takes 110 MB
LOW_BATTERY_PERCENT = 15
_FORGET_PEAK = "5"  # as the kernel's manual for clear_refs has it
MOUNTS = Path("/proc/mounts")


def usable_cores() -> int:
    """The cores that this process may use; a container may have fewer."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def available_bytes(root: Path = Path("/")) -> int:
    """Memory available in this container or machine; 0 if unknown."""
    try:
        lines = (root / "proc/meminfo").read_text().splitlines()
    except OSError:
        return 0
    facts = {name: rest.split() for name, _, rest in (line.partition(":") for line in lines)}
    available = int(facts["MemAvailable"][0]) * 1024
    try:
        group = root / "sys/fs/cgroup"
        limit = (group / "memory.max").read_text().strip()
        if limit != "max":
            used = int((group / "memory.current").read_text())
            available = min(available, max(0, int(limit) - used))
    except (OSError, ValueError):
        pass
    return available


def resident_bytes(root: Path = Path("/"), process: int | None = None) -> int:
    """The resident memory of this process, or of another one; 0 if unknown."""
    try:
        pages = int((root / "proc" / str(process or "self") / "statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


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


def battery_percent(root: Path = Path("/")) -> int | None:
    """The charge of a discharging battery; None on mains or if unknown."""
    for supply in sorted((root / "sys/class/power_supply").glob("*")):
        try:
            if (supply / "type").read_text().strip() != "Battery":
                continue
            if (supply / "status").read_text().strip() == "Discharging":
                return int((supply / "capacity").read_text())
        except (OSError, ValueError):  # the battery of a mouse has fewer files
            continue
    return None


def reason_to_wait(
    root: Path = Path("/"),
    *,
    running: bool = True,
    writes: Path | None = None,
    short_of_disk: int = SHORT_OF_DISK,
) -> str:
    """Why work that can wait should be paused; empty if there is no reason.

    `writes` is a folder that the work writes into.

    Paused work continues only with half as much again, so that it does not flip back and forth.
    """
    factor = 1.0 if running else 1.5
    memory = available_bytes(root)
    if 0 < memory < SHORT_OF_MEMORY * factor:
        return f"Only {memory // 1_000_000} MB of memory are available."
    if writes and (free := shutil.disk_usage(writes).free) < short_of_disk * factor:
        return f"Only {free // 1_000_000} MB are free on the disk of {writes}."
    battery = battery_percent(root)
    if battery is not None and battery < LOW_BATTERY_PERCENT * factor:
        return f"The battery is at {battery} % and not charging."
    return ""


def network_file_system(path: Path, mounts: Path = MOUNTS) -> str:
    """The network file system that a path is on; empty for a local disk.

    Locks and SQLite's write-ahead log are not reliable there.
    """
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ""
    deepest, kind = Path("/"), ""
    for line in lines:
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = Path(_unescaped(fields[1]))
        if path.is_relative_to(point) and len(point.parts) >= len(deepest.parts):
            deepest, kind = point, fields[2]
    return kind if kind in _NETWORK else ""


def _unescaped(name: str) -> str:
    """Decode the octal escapes of blanks in the kernel's mount points."""
    for code, letter in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        name = name.replace(code, letter)
    return name
