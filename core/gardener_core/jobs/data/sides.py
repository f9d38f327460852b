"""Keep the side of each file, whatever it is called."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from gardener_core.code.files.history import open_history
from gardener_core.evaluation.split import SourceFile, Split, split_files, text_hash
from gardener_core.store.project.catalog import Catalog
from gardener_core.store.project.sides import KnownSide, Side

COMMITS_BACK = 500


def with_sides(
    files: Sequence[SourceFile], root: Path, known: dict[str, KnownSide]
) -> list[SourceFile]:
    """The files with the sides that they had before, under this name or an earlier one.

    A file was renamed where it has the text of one that is gone, or where git says so.
    """
    present = {file.path for file in files}
    new = [file for file in files if file.path not in known]
    gone = {side.hash: side.side for side in known.values() if side.path not in present}
    renamed: dict[str, str] = {}
    if new and gone:
        with open_history(root) as history:
            for old, name in reversed(history.renames(COMMITS_BACK)):
                renamed[name] = renamed.get(old, old)
    return [replace(file, side=_side_of(file, known, gone, renamed)) for file in files]


def _side_of(
    file: SourceFile, known: dict[str, KnownSide], gone: dict[str, Side], renamed: dict[str, str]
) -> Side | None:
    if file.path in known:
        return known[file.path].side
    before = known.get(renamed.get(file.path, ""))
    return before.side if before else gone.get(text_hash(file.text))


def keep_sides(catalog: Catalog, split: Split, known: dict[str, KnownSide]) -> None:
    """Store the sides of new files, and the present text of all."""
    sides: list[tuple[Side, Sequence[SourceFile]]] = [
        ("train", split.train), ("dev", split.dev), ("held_out", split.held_out),
    ]  # fmt: skip
    now = time.time()
    changed = [
        KnownSide(file.path, side, digest, now)
        for side, files in sides
        for file in files
        if (digest := text_hash(file.text)) and _differs(known.get(file.path), side, digest)
    ]
    if changed:
        catalog.sides.keep(changed)


def _differs(known: KnownSide | None, side: Side, digest: str) -> bool:
    return known is None or (known.side, known.hash) != (side, digest)


def split_project(
    files: Sequence[SourceFile], root: Path, catalog: Catalog
) -> tuple[list[SourceFile], Split]:
    """Split the files of a project as before, and remember the sides of those that are new."""
    known = catalog.sides.all()
    sided = with_sides(files, root, known)
    split = split_files(sided)
    keep_sides(catalog, split, known)
    return sided, split
