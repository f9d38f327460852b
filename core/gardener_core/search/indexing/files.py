"""The files of an index, and those that are left out."""

from dataclasses import dataclass
from typing import Literal

from gardener_core.code.files.listing import LONG_LINES, find_files
from gardener_core.code.languages.table import language_of
from gardener_core.events.parts import SkippedFile
from gardener_core.store.garden.projects import Project
from gardener_core.store.project.catalog import Catalog, KnownFile

ANYWAY = "Read it all the same: --anyway PATH"
RETRY = "Read it again: --retry PATH"

# What lets a file in that a rule leaves out; nothing does for other reasons.
_HELPS = {
    "vendored": ANYWAY,
    "generated": ANYWAY,
    "lock file": ANYWAY,
    "larger than 1 MB": ANYWAY,
    LONG_LINES: ANYWAY,
    "holds secrets": "Never read; give it another name if it holds none.",
    "binary": "Never read; it is read when it becomes text.",
}


@dataclass(frozen=True, slots=True)
class LeftOutFile:
    """A file that is not in the index: why, what helps, and whether `anyway` lets it in."""

    path: str
    reason: str
    helps: str
    by_rule: bool


# What a person can have done about a file; nothing where nothing helps.
FileRemedy = Literal["", "anyway", "by rule", "again"]


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """A file of the catalog; `reason` says why it is left out.

    `hidden` are line and rule of each secret that is hidden in it.
    """

    path: str
    language: str
    bytes: int
    chunks: int
    hidden: tuple[tuple[int, str], ...]
    reason: str
    state: Literal["indexed", "left out", "failed"]
    remedy: FileRemedy


def left_out_files(catalog: Catalog, project: Project) -> list[LeftOutFile]:
    """The files that are left out, and what can be done about each.

    Those that the index knows come first, then those that can never be read.
    """
    unreadable = find_files(project.path).unreadable if project.path.is_dir() else ()
    with catalog.checking_for_damage():
        known = [
            LeftOutFile(
                path=file.path,
                reason=file.skipped,
                helps=_HELPS.get(file.skipped, RETRY),
                by_rule=_HELPS.get(file.skipped) == ANYWAY,
            )
            for file in catalog.files().values()
            if file.skipped
        ]
    return [*known, *(LeftOutFile(each.path, each.reason, "", False) for each in unreadable)]


def project_files(catalog: Catalog, project: Project) -> list[ProjectFile]:
    """Every file that the catalog knows, by its path, and those that can never be read."""
    with catalog.checking_for_damage():
        anyway, known = catalog.anyway(), catalog.files()
        files = [_project_file(file, file.path in anyway) for file in known.values()]
    unreadable = find_files(project.path).unreadable if project.path.is_dir() else ()
    files += [_unreadable(item) for item in unreadable if item.path not in known]
    return sorted(files, key=lambda file: file.path)


def _unreadable(item: SkippedFile) -> ProjectFile:
    return ProjectFile(
        path=item.path,
        language=language_of(item.path),
        bytes=0,
        chunks=0,
        hidden=(),
        reason=item.reason,
        state="left out",
        remedy="",
    )


def _project_file(file: KnownFile, anyway: bool) -> ProjectFile:
    helps = _HELPS.get(file.skipped, RETRY) if file.skipped else ""
    remedy: FileRemedy = "by rule" if anyway else "again"
    if helps == ANYWAY and not anyway:
        remedy = "anyway"
    elif helps and helps not in (ANYWAY, RETRY):
        remedy = ""
    return ProjectFile(
        path=file.path,
        language=language_of(file.path),
        bytes=file.bytes,
        chunks=file.chunks,
        hidden=file.secrets,
        reason=file.skipped,
        state="failed" if helps == RETRY else "left out" if file.skipped else "indexed",
        remedy=remedy,
    )
