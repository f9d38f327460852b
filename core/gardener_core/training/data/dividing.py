"""Divide files into what is new to an adapter and what it knows."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from gardener_core.training.data.cleaning import CleanFile, joined
from gardener_core.training.retraining.lines import LineDigest, digest_lines

Known = frozenset[LineDigest]


def divide(file: CleanFile, known: Known) -> tuple[CleanFile | None, CleanFile | None]:
    """The file with its new pieces alone, and with the known ones alone."""
    pieces = [(span, _digest(file, *span) in known) for span in _pieces(file)]
    return (
        _only([span for span, is_known in pieces if not is_known], file),
        _only([span for span, is_known in pieces if is_known], file),
    )


def _pieces(file: CleanFile) -> Iterator[tuple[int, int]]:
    """The spans between the cuts of each run."""
    for start, end in file.runs:
        inner = sorted({cut for cut in file.cuts if start < cut < end})
        yield from zip([start, *inner], [*inner, end], strict=True)


def _digest(file: CleanFile, start: int, end: int) -> LineDigest:
    """The digest of the whole piece, of which a licence header may be cut off."""
    first = max((cut for cut in file.cuts if cut <= start), default=start)
    return digest_lines(file.text[first:end])


def _only(spans: list[tuple[int, int]], file: CleanFile) -> CleanFile | None:
    if not any(file.text[start:end].strip() for start, end in spans):
        return None
    return replace(file, runs=tuple(joined(spans)), cuts=tuple(start for start, _ in spans))


def divided(files: Iterable[CleanFile], known: Known) -> tuple[list[CleanFile], list[CleanFile]]:
    """All files, each with its new pieces, and all with those that are known."""
    new: list[CleanFile] = []
    earlier: list[CleanFile] = []
    for file in files:
        fresh, before = divide(file, known)
        new += [fresh] if fresh else []
        earlier += [before] if before else []
    return new, earlier
