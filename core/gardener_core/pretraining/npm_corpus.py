"""Find the source files of npm packages to learn from."""

import json
from collections.abc import Iterator
from pathlib import Path

from gardener_core.code.docs.documented import LANGUAGE_OF_SUFFIX
from gardener_core.pretraining.corpus import Package, SourceDocument, is_permissive, may_be_used


def npm_corpus(folder: Path) -> Iterator[SourceDocument]:
    """The usable files of one unpacked npm package; none without a permissive licence."""
    about = json.loads((folder / "package.json").read_text("utf-8"))
    package = Package(about["name"], about["version"], str(about.get("license", "")))
    if not is_permissive(package.licence):
        return
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        # The rules for names are written for Python's suffix.
        as_python = Path(package.name) / name.with_suffix(".py")
        fits = path.suffix in LANGUAGE_OF_SUFFIX and path.is_file() and not path.is_symlink()
        if fits and may_be_used(as_python):
            yield SourceDocument(package, f"{package.name}/{name.as_posix()}", path)
