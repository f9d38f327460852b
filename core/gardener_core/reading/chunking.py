"""Cut a file into chunks that join to the same bytes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gardener_core.reading.files import SourceText
from gardener_core.reading.languages import language_of
from gardener_core.reading.parsing import Definition, python_definitions

LARGEST_CHUNK_BYTES = 2400


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a file; lines are 1-based and inclusive, `part` counts pieces of a symbol."""

    path: str
    language: str
    symbol: str
    kind: str
    part: int
    start_line: int
    end_line: int
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes that belong to one symbol."""

    symbol: str
    kind: str
    start: int
    end: int


def chunk_file(source: SourceText) -> list[Chunk]:
    """Functions and classes of Python, lines of anything else; nothing left out, nothing twice."""
    language = language_of(source.path)
    if language == "python":
        spans = _spans(source.raw, python_definitions(source.raw), "module")
    else:
        spans = [Span("", "text", 0, len(source.raw))]
    return list(_chunks(source, language, spans))


def _spans(raw: bytes, definitions: Sequence[Definition], leftover: str) -> list[Span]:
    """Give every byte to the innermost definition around it."""
    spans: list[Span] = []
    open_ones: list[Definition] = [Definition("", leftover, 0, len(raw))]
    at = 0

    def give_up_to(end: int) -> None:
        nonlocal at
        if end > at:
            owner = open_ones[-1]
            spans.append(Span(owner.symbol, owner.kind, at, end))
            at = end

    for definition in definitions:
        while open_ones[-1].end <= definition.start:
            give_up_to(open_ones[-1].end)
            open_ones.pop()
        give_up_to(definition.start)
        open_ones.append(definition)
    while open_ones:
        give_up_to(open_ones[-1].end)
        open_ones.pop()
    return _without_blank_spans(raw, spans)


def _without_blank_spans(raw: bytes, spans: Sequence[Span]) -> list[Span]:
    """Blank lines go to the piece above them, and pieces of one symbol that touch become one."""
    merged: list[Span] = []
    for span in spans:
        above = merged[-1] if merged else None
        blank = not raw[span.start : span.end].strip()
        if above and (blank or (above.symbol, above.kind) == (span.symbol, span.kind)):
            merged[-1] = Span(above.symbol, above.kind, above.start, span.end)
        else:
            merged.append(span)
    return merged


def _chunks(source: SourceText, language: str, spans: Sequence[Span]) -> Iterator[Chunk]:
    line = 1
    parts: dict[tuple[str, str], int] = {}
    for span in spans:
        for start, end in _cuts(source.raw, span.start, span.end):
            piece = source.raw[start:end]
            ends = piece.count(b"\n")
            last = line + ends - (1 if piece.endswith(b"\n") else 0)
            key = (span.symbol, span.kind)
            part = parts[key] = parts.get(key, -1) + 1
            text = piece.decode(source.encoding)
            yield Chunk(source.path, language, span.symbol, span.kind, part, line, last, text)
            line += ends


def _cuts(raw: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut at line ends; a line that is longer than a chunk stays whole."""
    while end - start > LARGEST_CHUNK_BYTES:
        cut = raw.rfind(b"\n", start, start + LARGEST_CHUNK_BYTES) + 1
        if cut <= start:
            cut = (raw.find(b"\n", start, end) + 1) or end
        yield start, cut
        start = cut
    if end > start:
        yield start, end
