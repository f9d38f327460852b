"""Cut a file into chunks that join to the same bytes."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gardener_core.code.files.listing import SourceText
from gardener_core.code.languages.table import language_of
from gardener_core.code.parsing.queries import parse
from gardener_core.code.parsing.symbols import SECTIONS, Definition, Parsed

LARGEST_CHUNK_BYTES = 2400
# A small key or a short section says little alone; it stays in the chunk around it.
SMALLEST_SECTION_BYTES = 200
_WITHIN_THEIR_OWNER = frozenset({"constant"})
_UNNAMED = {"code": "module", "text": "text"}


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a file; lines are 1-based and inclusive, `part` counts pieces of a symbol."""

    path: str
    language: str
    symbol: str
    name: str
    kind: str
    part: int
    start_line: int
    end_line: int
    signature: str
    doc: str
    complexity: int
    text: str


@dataclass(frozen=True, slots=True)
class OwnedBytes:
    """Bytes that belong to one definition, or to none."""

    owner: Definition
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ChunkedFile:
    """A file with its chunks and what was parsed."""

    chunks: tuple[Chunk, ...]
    parsed: Parsed


def chunk_file(source: SourceText) -> list[Chunk]:
    """The chunks of a file; together they are the file."""
    return list(parse_and_cut(source).chunks)


def parse_and_cut(source: SourceText) -> ChunkedFile:
    """Parse a file and cut it at its definitions, or at its lines where it has none."""
    language = language_of(source.path)
    parsed = parse(language, source.path, source.raw)
    is_code = any(item.kind not in SECTIONS for item in parsed.definitions) or parsed.imports
    leftover = _UNNAMED["code" if is_code else "text"]
    spans = _spans(source.raw, _cut_out(parsed.definitions, len(source.raw)), leftover)
    return ChunkedFile(tuple(_chunks(source, language, spans)), parsed)


def _cut_out(definitions: Sequence[Definition], file_bytes: int) -> list[Definition]:
    """The definitions that get chunks of their own, in a file of so many bytes."""
    kept: list[Definition] = []
    around: list[Definition] = []
    divided: set[str] = set()  # symbols that were cut before; the file itself is ""
    for item in definitions:
        while around and around[-1].end <= item.start:
            around.pop()
        owner = around[-1].symbol if around else ""
        size = around[-1].end - around[-1].start if around else file_bytes
        parts_anyway = owner in divided or size > LARGEST_CHUNK_BYTES
        if _is_cut_out(item) or (item.kind == "section" and parts_anyway):
            kept.append(item)
            divided |= {"", *(each.symbol for each in around)}
        around.append(item)
    return kept


def _is_cut_out(item: Definition) -> bool:
    if item.kind in SECTIONS:
        return item.end - item.start >= SMALLEST_SECTION_BYTES
    return item.kind not in _WITHIN_THEIR_OWNER


def _spans(raw: bytes, definitions: Sequence[Definition], leftover: str) -> list[OwnedBytes]:
    """Assign every byte to the innermost definition around it."""
    spans: list[OwnedBytes] = []
    open_ones = [Definition("", "", leftover, 0, len(raw), "", "", (), 0, ())]
    at = 0

    def assign_until(end: int) -> None:
        nonlocal at
        if end > at:
            spans.append(OwnedBytes(open_ones[-1], at, end))
            at = end

    for definition in definitions:
        while open_ones[-1].end <= definition.start:
            assign_until(open_ones[-1].end)
            open_ones.pop()
        assign_until(definition.start)
        open_ones.append(definition)
    while open_ones:
        assign_until(open_ones[-1].end)
        open_ones.pop()
    return _without_blank_spans(raw, spans)


def _without_blank_spans(raw: bytes, spans: Sequence[OwnedBytes]) -> list[OwnedBytes]:
    """Give blank lines to the span above, and join adjacent spans of one symbol."""
    merged: list[OwnedBytes] = []
    for span in spans:
        above = merged[-1] if merged else None
        blank = not raw[span.start : span.end].strip()
        if above and (blank or above.owner == span.owner):
            merged[-1] = OwnedBytes(above.owner, above.start, span.end)
        else:
            merged.append(span)
    return merged


def _chunks(source: SourceText, language: str, spans: Sequence[OwnedBytes]) -> Iterator[Chunk]:
    line = 1
    parts: Counter[tuple[str, str]] = Counter()
    for span in spans:
        owner = span.owner
        for start, end in _cuts(source.raw, span.start, span.end):
            piece = source.raw[start:end]
            ends = piece.count(b"\n")
            key = (owner.symbol, owner.kind)
            yield Chunk(
                path=source.path,
                language=language,
                symbol=owner.symbol,
                name=owner.name,
                kind=owner.kind,
                part=parts[key],
                start_line=line,
                end_line=line + ends - (1 if piece.endswith(b"\n") else 0),
                signature=owner.signature,
                doc=owner.doc,
                complexity=owner.complexity,
                text=piece.decode(source.encoding),
            )
            parts[key] += 1
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
