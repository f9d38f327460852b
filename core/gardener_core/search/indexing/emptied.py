"""Refuse to empty an index because the folder is empty."""

from pathlib import Path

from gardener_core.code.files.bounded import ProjectFolder
from gardener_core.code.files.listing import find_files
from gardener_core.errors import ProjectEmptied, Remedy
from gardener_core.search.indexing.folder_diff import FolderDiff

# Fewer files may well be deleted by hand.
MANY_FILES = 50
LOST_SHARE = 0.9


def refuse_emptying(root: Path, diff: FolderDiff) -> None:
    """Raise where the folder looks like an unmounted disk: empty, or nearly, of many files.

    A file that is hidden by an ignore rule is not lost: whoever wrote the rule meant it. One that
    came back since the comparison proves nothing.
    """
    known = len(diff.known)
    if not known or (diff.paths and known <= MANY_FILES):
        return
    if diff.paths and len(diff.gone) <= LOST_SHARE * known:
        return
    lost = _lost(root, diff)
    is_meant = not lost or (diff.paths and lost <= LOST_SHARE * known)
    if is_meant and find_files(root).paths == tuple(sorted(diff.paths)):
        return
    loss = (
        "holds no files any more"
        if not diff.paths
        else f"lost {len(diff.gone):,} of {known:,} files"
    )
    raise ProjectEmptied(
        f"{root} {loss}; the index still knows {known:,}, and nothing was removed from it.",
        hint="If it is a disk, mount it.",
        remedy=Remedy("index though empty"),
    )


def _lost(root: Path, diff: FolderDiff) -> int:
    lost = 0
    with ProjectFolder(root) as folder:
        for path in sorted(diff.gone):
            try:
                folder.stat_of(path)
            except OSError:
                lost += 1
    return lost
