"""What this machine has."""

import os
from pathlib import Path

_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afpfs", "webdav", "davfs", "9p", "ceph", "glusterfs",
     "lustre", "afs", "beegfs", "gpfs", "fuse.sshfs", "fuse.rclone", "fuse.s3fs", "fuse.davfs2"}
)  # fmt: skip
SHORT_OF_MEMORY = 300_000_000
LOW_BATTERY_PERCENT = 15
MOUNTS = Path("/proc/mounts")


def usable_cores() -> int:
    """The cores that this process may use, which a container can make fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def available_bytes(root: Path = Path("/")) -> int:
    """Memory that can be had without swapping, a container's limit included; 0 where unknown."""
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


def resident_bytes(root: Path = Path("/")) -> int:
    """The memory that this process holds; 0 where the system does not tell."""
    try:
        pages = int((root / "proc/self/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def battery_percent(root: Path = Path("/")) -> int | None:
    """What is left in the battery while nothing charges it; None on mains or where unknown."""
    for supply in sorted((root / "sys/class/power_supply").glob("*")):
        try:
            if (supply / "type").read_text().strip() != "Battery":
                continue
            if (supply / "status").read_text().strip() == "Discharging":
                return int((supply / "capacity").read_text())
        except (OSError, ValueError):  # a mouse tells less of its battery
            continue
    return None


def why_wait(root: Path = Path("/"), *, going: bool = True) -> str:
    """Why work that can wait should; empty where nothing speaks against it.

    Who already waits goes on only when there is a good deal more, so as not to go to and fro.
    """
    more = 1.0 if going else 1.5
    memory = available_bytes(root)
    if 0 < memory < SHORT_OF_MEMORY * more:
        return f"Only {memory // 1_000_000} MB of memory are free."
    left = battery_percent(root)
    if left is not None and left < LOW_BATTERY_PERCENT * more:
        return f"The battery is at {left} % and nothing charges it."
    return ""


def network_file_system(path: Path, mounts: Path = MOUNTS) -> str:
    """The kind of network file system that holds a path; nothing for a disk of this machine.

    Locks and SQLite's write-ahead log cannot be trusted there.
    """
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ""
    here, kind = Path("/"), ""
    for line in lines:
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = Path(_unescaped(fields[1]))
        if path.is_relative_to(point) and len(point.parts) >= len(here.parts):
            here, kind = point, fields[2]
    return kind if kind in _NETWORK else ""


def _unescaped(name: str) -> str:
    """The kernel writes blanks in mount points as octal numbers."""
    for code, letter in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        name = name.replace(code, letter)
    return name
