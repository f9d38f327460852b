"""Fetch packages with the registries' own clients and unpack them, once."""

import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

PATIENCE_SECONDS = 300


class OutOfReach(Exception):
    """A client is missing, or a registry did not answer."""


def fetch(place: Path, kind: str, name: str, version: str) -> Path:
    """The folder of an unpacked package: a `wheel` or `sdist` of PyPI, one of `npm`, a `deb`.

    Debian has one version of a package; it may be left empty.
    """
    folder = place / kind / f"{name.replace('/', '-').lstrip('@')}-{version}"
    if not folder.exists():
        new = folder.with_name(f".{folder.name}")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        _run(_command(kind, name, version), new)
        (archive,) = new.iterdir()
        _unpack(archive, new)
        archive.unlink()
        new.rename(folder)
    return next(folder.iterdir()) if kind in ("sdist", "npm") else folder


def _command(kind: str, name: str, version: str) -> list[str]:
    if kind == "npm":
        return ["npm", "pack", "--silent", f"{name}@{version}"]
    if kind == "deb":
        return ["apt-get", "download", f"{name}={version}" if version else name]
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    built = "--only-binary" if kind == "wheel" else "--no-binary"
    return [*pip, built, ":all:", f"{name}=={version}"]


def _run(command: list[str], folder: Path) -> None:
    try:
        answer = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise OutOfReach(f"{command[0]}: {problem}") from problem
    if answer.returncode:
        raise OutOfReach(f"{' '.join(command)}: {answer.stderr.strip()[-500:]}")


def _unpack(archive: Path, folder: Path) -> None:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(folder)
        return
    if archive.suffix == ".deb":
        _run(["dpkg-deb", "-x", str(archive), str(folder)], folder)
        return
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
