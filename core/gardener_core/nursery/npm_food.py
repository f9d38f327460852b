"""Find the sources that npm packages offer as food."""

import json
from collections.abc import Iterator
from pathlib import Path

from gardener_core.nursery.food import FoodFile, Package, is_permissive, may_be_eaten
from gardener_core.reading.documented import LANGUAGE_OF_SUFFIX


def npm_food(folder: Path) -> Iterator[FoodFile]:
    """What one unpacked npm package offers; nothing if its licence is not a permissive one."""
    about = json.loads((folder / "package.json").read_text("utf-8"))
    package = Package(about["name"], about["version"], str(about.get("license", "")))
    if not is_permissive(package.licence):
        return
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        # The rules for names are written for Python's suffix.
        as_python = Path(package.name) / name.with_suffix(".py")
        fits = path.suffix in LANGUAGE_OF_SUFFIX and path.is_file() and not path.is_symlink()
        if fits and may_be_eaten(as_python):
            yield FoodFile(package, f"{package.name}/{name.as_posix()}", path)
