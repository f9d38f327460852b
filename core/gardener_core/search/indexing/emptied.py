"""Notice that a project was emptied at once."""

from pathlib import Path

from gardener_core.code.files.bounded import ProjectFolder
from gardener_core.code.files.listing import find_files
from gardener_core.errors import ProjectEmptied, Remedy
from gardener_core.search.indexing.folder_diff import FolderDiff

# Below this a person deletes by hand; a branch that drops a tenth of that many is nothing unusual.
MANY_FILES = 50
LOST_SHARE = 0.9


def refuse_emptying(root: Path, seen: FolderDiff) -> None:
    """Raise where the folder looks like a disk that is not mounted: nothing is there any more, or
    nearly nothing of much.

    A file that is there and hidden by a rule is not lost: whoever wrote the rule meant it. One
    that came back since the look is no proof of that.
    """
    known = len(seen.known)
    if not known or (seen.paths and known <= MANY_FILES):
        return
    if seen.paths and len(seen.gone) <= LOST_SHARE * known:
        return
    lost = _lost(root, seen)
    is_meant = not lost or (seen.paths and lost <= LOST_SHARE * known)
    if is_meant and find_files(root).paths == tuple(sorted(seen.paths)):
        return
    told = (
        "holds no files any more"
        if not seen.paths
        else f"lost {len(seen.gone):,} of {known:,} files"
    )
    raise ProjectEmptied(
        f"{root} {told}; the index still knows {known:,}, and nothing was removed from it.",
        hint="If it is a disk, mount it.",
        remedy=Remedy("index though empty"),
    )


def _lost(root: Path, seen: FolderDiff) -> int:
    lost = 0
    with ProjectFolder(root) as folder:
        for path in sorted(seen.gone):
            try:
                folder.look(path)
            except OSError:
                lost += 1
    return lost
