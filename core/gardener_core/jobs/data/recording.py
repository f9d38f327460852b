"""Record what a run has learned from."""

from collections.abc import Iterable

from gardener_core.code.chunks import parse_and_cut
from gardener_core.code.files.listing import SourceText
from gardener_core.code.secrets.detection import HIDDEN
from gardener_core.evaluation.split import SourceFile, text_hash
from gardener_core.jobs.data.sources import KeptSources
from gardener_core.training.data.cleaning import ADDRESS, hide_addresses
from gardener_core.training.data.kept.folder import RowFolder
from gardener_core.training.retraining.learned import Learned, LearnedFile, LearnedPiece, PieceState
from gardener_core.training.retraining.lines import FileLines, LineDigest, digest_lines

Spans = dict[str, list[tuple[int, int]]]


def record_of(
    sources: KeptSources, rows: RowFolder, parent: Learned | None, version: str, full_steps: int
) -> Learned:
    """The pieces of all files that were learned, and which of them the rows held.

    What an update leaves as it was, its parent has read.
    """
    commit, spans = _spans(rows)
    before = parent.read if parent else frozenset()
    paths = [item.path for item in sources.collected.left_out]
    paths += [file.path for file in sources.collected.files]
    files = {path: LearnedFile("") for path in paths}
    files |= {file.path: _file(file, spans, before) for file in sources.split.train}
    measured = (*sources.split.held_out, *sources.split.dev)
    files |= {file.path: LearnedFile(text_hash(file.text)) for file in measured}
    return Learned(commit, version, full_steps, files)


def _spans(rows: RowFolder) -> tuple[str, Spans]:
    """The commit of the rows, and the lines that they were made of, by file."""
    commit, spans = "", Spans()
    for row in rows.rows():
        if row.share in ("replay", "imported"):
            continue
        origin = row.origin
        commit = commit or (origin.commit if row.share == "code" else "")
        spans.setdefault(origin.path, []).append((origin.start_line, origin.end_line))
    return commit, spans


def _file(file: SourceFile, spans: Spans, before: frozenset[LineDigest]) -> LearnedFile:
    text, _ = hide_addresses(file.text)
    lines, read = FileLines(text), spans.get(file.path, ())
    pieces = []
    for chunk in parse_and_cut(SourceText(file.path, text.encode(), "utf-8")).chunks:
        digest = digest_lines(chunk.text)
        if not digest.lines:
            continue
        is_plain = HIDDEN not in chunk.text and ADDRESS not in chunk.text and lines.hold(digest)
        was_read = digest in before or _touches(read, chunk.start_line, chunk.end_line)
        state: PieceState = "read" if was_read else "unread"
        pieces.append(LearnedPiece(chunk.symbol, digest, state if is_plain else "hidden"))
    return LearnedFile(text_hash(file.text), tuple(pieces))


def _touches(spans: Iterable[tuple[int, int]], first: int, last: int) -> bool:
    return any(start <= last and first <= end for start, end in spans)
