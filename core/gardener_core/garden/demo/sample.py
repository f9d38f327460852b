"""The sample projects of the demo: installed source."""

import importlib.util
from collections.abc import Sequence
from pathlib import Path

from gardener_core.errors import Damaged
from gardener_core.system.files.atomic import make_folder, write_whole

# Enough to search, to ask about and to learn from; all of it would take the index three times as
# long.
PACKAGES = tuple(f"gardener_core.{part}" for part in ("code", "search", "store", "system"))
ALL_PACKAGES = ("gardener_core", "gardener_tui", "gardener_themes")
# Another project, whose adapter shows how much of a gain belongs to ours.
CONTROL_PACKAGES = ("click",)
SUFFIXES = frozenset({".py", ".toml", ".tcss"})


def lay_out_sample(folder: Path, packages: Sequence[str] = PACKAGES) -> Path:
    """Copy installed source into a folder of its own; what is there already stays as it is."""
    for package in packages:
        root, within = _root(package), folder.joinpath(*package.split("."))
        for source in sorted(root.rglob("*")):
            if source.suffix in SUFFIXES and source.is_file():
                _copy(source, within / source.relative_to(root))
    return folder


def _copy(source: Path, target: Path) -> None:
    data = source.read_bytes()
    if not target.exists() or target.read_bytes() != data:
        make_folder(target.parent)
        write_whole(target, data)


def _root(package: str) -> Path:
    found = importlib.util.find_spec(package)  # finds, and does not import
    if found is None or found.origin is None:
        raise Damaged(f"The package {package} is not installed.", hint="Install the program again.")
    return Path(found.origin).parent
