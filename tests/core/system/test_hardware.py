"""Memory, battery and disks are read from the kernel's files."""

from pathlib import Path

import pytest

from gardener_core.system import hardware
from gardener_core.system.hardware import available_bytes, network_file_system, usable_cores
from gardener_core.upkeep.doctor import network

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/ann/disk ext4 rw 0 0
//nas/share /mnt/my\\040share cifs rw 0 0
me@host: /mnt/far fuse.sshfs rw 0 0
tmpfs /tmp tmpfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/ann/.local", "nfs4"),
        ("/home/ann/disk/garden", ""),
        ("/mnt/my share/x", "cifs"),
        ("/mnt/my", ""),
        ("/mnt/far", "fuse.sshfs"),
        ("/homeless", ""),
        ("/srv/x", ""),
    ],
)
def test_nearest_mount_decides(tmp_path: Path, path: str, kind: str) -> None:
    (tmp_path / "mounts").write_text(MOUNTS)
    assert network_file_system(Path(path), tmp_path / "mounts") == kind
    assert network_file_system(Path(path), tmp_path / "nix") == ""


def test_memory_respects_the_containers_limit(tmp_path: Path) -> None:
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/meminfo").write_text("MemTotal: 9000 kB\nMemAvailable:  4000 kB\n")
    assert available_bytes(tmp_path) == 4_096_000
    group = tmp_path / "sys/fs/cgroup"
    group.mkdir(parents=True)
    (group / "memory.max").write_text("3000000\n")
    (group / "memory.current").write_text("1000000\n")
    assert available_bytes(tmp_path) == 2_000_000
    (group / "memory.max").write_text("max\n")
    assert available_bytes(tmp_path) == 4_096_000
    assert available_bytes(tmp_path / "nix") == 0


def test_there_is_a_core() -> None:
    assert usable_cores() >= 1


def test_doctor_warns_where_locks_fail(tmp_path: Path) -> None:
    (tmp_path / "mounts").write_text(f"server:/x {tmp_path} nfs4 rw 0 0\n")
    check = network(tmp_path / "data", tmp_path / "mounts")
    assert not check.ok and "nfs4" in check.found and "GARDENER_HOME" in check.hint
    (tmp_path / "mounts").write_text("/dev/sda1 / ext4 rw 0 0\n")
    assert network(tmp_path / "data", tmp_path / "mounts").ok


def machine(root: Path, megabytes: int, percent: int, status: str) -> Path:
    (root / "proc").mkdir(parents=True)
    (root / "proc/meminfo").write_text(f"MemAvailable: {megabytes * 1000} kB\n")
    for name, kind in (("AC", "Mains"), ("BAT0", "Battery")):
        supply = root / "sys/class/power_supply" / name
        supply.mkdir(parents=True)
        (supply / "type").write_text(f"{kind}\n")
    (supply / "status").write_text(f"{status}\n")
    (supply / "capacity").write_text(f"{percent}\n")
    return root


def test_work_that_can_wait_waits_for_memory_and_for_the_battery(tmp_path: Path) -> None:
    assert hardware.reason_to_wait(machine(tmp_path / "good", 4000, 80, "Discharging")) == ""
    assert hardware.reason_to_wait(machine(tmp_path / "mains", 4000, 5, "Charging")) == ""
    assert "memory" in hardware.reason_to_wait(machine(tmp_path / "full", 100, 80, "Charging"))
    assert "10 %" in hardware.reason_to_wait(machine(tmp_path / "low", 4000, 10, "Discharging"))
    rising = machine(tmp_path / "rising", 4000, 17, "Discharging")
    assert hardware.reason_to_wait(rising) == "" and "17 %" in hardware.reason_to_wait(
        rising, running=False
    )
    assert hardware.reason_to_wait(tmp_path / "unknown") == ""
    full = hardware.reason_to_wait(tmp_path / "unknown", writes=tmp_path, short_of_disk=10**18)
    assert full.startswith("Only ") and full.endswith(f"are free on the disk of {tmp_path}.")
    assert hardware.reason_to_wait(tmp_path / "unknown", writes=tmp_path, short_of_disk=0) == ""
