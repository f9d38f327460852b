"""Whether logging out ends runs is read from systemd's configuration."""

from pathlib import Path

import pytest

from gardener_core.jobs.logout import lingers, logging_out_kills, scope_command


def machine(root: Path, files: dict[str, str]) -> Path:
    (root / "run/systemd/system").mkdir(parents=True)
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.mark.parametrize(
    ("files", "kills"),
    [
        ({}, False),
        ({"etc/systemd/logind.conf": "[Login]\n#KillUserProcesses=yes\n"}, False),
        ({"etc/systemd/logind.conf": "[Login]\nKillUserProcesses=yes\n"}, True),
        ({"etc/systemd/logind.conf": "[Login]\n KillUserProcesses = true\n"}, True),
        ({"usr/lib/systemd/logind.conf.d/10.conf": "[Login]\nKillUserProcesses=yes\n"}, True),
        (
            {
                "usr/lib/systemd/logind.conf": "[Login]\nKillUserProcesses=yes\n",
                "etc/systemd/logind.conf.d/20.conf": "[Login]\nKillUserProcesses=no\n",
            },
            False,
        ),
        ({"etc/systemd/logind.conf": "KillUserProcesses=yes\nKillExcludeUsers=ann bob\n"}, False),
        ({"etc/systemd/logind.conf": "KillUserProcesses=yes\nKillOnlyUsers=carl\n"}, False),
        ({"etc/systemd/logind.conf": "KillUserProcesses=yes\nKillOnlyUsers=carl ann\n"}, True),
    ],
)
def test_logind_files_decide(tmp_path: Path, files: dict[str, str], kills: bool) -> None:
    assert logging_out_kills(machine(tmp_path, files), "ann") is kills


def test_without_systemd_nobody_kills(tmp_path: Path) -> None:
    (tmp_path / "etc/systemd").mkdir(parents=True)
    (tmp_path / "etc/systemd/logind.conf").write_text("KillUserProcesses=yes\n")
    assert not logging_out_kills(tmp_path, "ann")


def test_way_around_is_a_scope_where_it_is_needed_and_can_be_had(tmp_path: Path) -> None:
    root = machine(tmp_path / "root", {"etc/systemd/logind.conf": "KillUserProcesses=yes\n"})
    runner = tmp_path / "bin" / "systemd-run"
    runner.parent.mkdir()
    runner.write_text("#!/bin/sh\n")
    runner.chmod(0o755)
    environment = {"PATH": str(runner.parent), "XDG_RUNTIME_DIR": "/run/user/1000"}
    assert scope_command(root, "ann", environment)[:3] == [str(runner), "--user", "--scope"]
    assert scope_command(root, "root", environment) == []
    assert scope_command(root, "ann", {"PATH": str(runner.parent)}) == []
    assert scope_command(root, "ann", {**environment, "PATH": ""}) == []


def test_lingering_is_a_file(tmp_path: Path) -> None:
    assert not lingers(tmp_path, "ann")
    (tmp_path / "var/lib/systemd/linger").mkdir(parents=True)
    (tmp_path / "var/lib/systemd/linger/ann").touch()
    assert lingers(tmp_path, "ann")
