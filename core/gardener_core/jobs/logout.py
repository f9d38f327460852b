"""Keep runs alive after logging out."""

import getpass
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

_FOLDERS = ("usr/lib/systemd", "etc/systemd", "run/systemd")


def logging_out_kills(root: Path = Path("/"), user: str | None = None) -> bool:
    """Whether logind ends a user's processes with the session."""
    if not (root / "run/systemd/system").is_dir():  # not started by systemd
        return False
    values = _logind(root)
    name = user or _user()
    if name in values.get("KillExcludeUsers", "root").split():
        return False
    only = values.get("KillOnlyUsers", "").split()
    if only and name not in only:
        return False
    return values.get("KillUserProcesses", "no").lower() in ("yes", "true", "on", "1")


def lingers(root: Path = Path("/"), user: str | None = None) -> bool:
    """Whether the user's systemd keeps running without a session."""
    return (root / "var/lib/systemd/linger" / (user or _user())).exists()


def scope_command(
    root: Path = Path("/"),
    user: str | None = None,
    environment: Mapping[str, str] = os.environ,
) -> list[str]:
    """The prefix that lets a command outlive the session, if needed."""
    runner = shutil.which("systemd-run", path=environment.get("PATH"))
    if not (runner and environment.get("XDG_RUNTIME_DIR") and logging_out_kills(root, user)):
        return []
    return [runner, "--user", "--scope", "--quiet", "--collect", "--"]


def _logind(root: Path) -> dict[str, str]:
    """The effective settings: later files and lines override earlier ones."""
    values: dict[str, str] = {}
    for folder in _FOLDERS:
        base = root / folder
        for file in (base / "logind.conf", *sorted((base / "logind.conf.d").glob("*.conf"))):
            values |= _settings(file)
    return values


def _settings(file: Path) -> dict[str, str]:
    try:
        lines = file.read_text("utf-8", "replace").splitlines()
    except OSError:
        return {}
    pairs = (line.split("=", 1) for line in lines if "=" in line and line.strip()[0] not in "#;")
    return {name.strip(): value.strip() for name, value in pairs}


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as in containers
        return str(os.getuid())
