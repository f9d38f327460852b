"""Rows of code, in the order of the file."""

import random
from bisect import bisect_right
from collections.abc import Iterator

from gardener_core.training.data.cleaning import CleanFile
from gardener_core.training.data.kept.row import DataRow, Origin, Segment
from gardener_core.training.data.makers.forms import BaseForm

# Bytes of a scope that is filled in, and characters before it: with less, anything could follow.
SMALLEST_SCOPE, LARGEST_SCOPE = 50, 1000
FEWEST_BEFORE = 200
BEFORE_SHARE = 2 / 3  # of what the scope leaves of a row; the rest is what follows
SCOPES = frozenset({"function", "method", "class", "interface", "struct", "enum", "trait", "impl"})
FILL_IN_ROWS = 0.5
FILL_IN_TOKENS = 3  # that say what comes before, after and between
SMALLEST_AROUND = 24  # tokens of what stands around a scope
_OPENS = (":", "{")


def file_rows(file: CleanFile, form: BaseForm, most: int, commit: str) -> Iterator[DataRow]:
    """A file in pieces of at most so many tokens, each with the path before it.

    A piece ends where a symbol begins, if it is half full there, or else at the end of a line.
    """
    header = form.header(file.path)
    room = most - sum(len(ends.ends) for ends in form.encoded(header)[0]) - 1
    for start, end in file.runs:
        _, ends = form.tokens.encode_with_ends(file.text[start:end])
        symbols = {cut - start for cut in file.cuts}
        for first, last in _pieces(file.text[start:end], ends, symbols, max(room, 8)):
            text = file.text[start + first : start + last]
            closing = form.end() if start + last == len(file.text) else ()
            yield DataRow(
                "code", "file", _origin(file, start + first, start + last, commit),
                (*header, Segment(text, True), *closing),
            )  # fmt: skip


def _pieces(text: str, ends: list[int], symbols: set[int], most: int) -> Iterator[tuple[int, int]]:
    """Spans of characters of at most so many tokens each."""
    token = at = 0
    while token < len(ends):
        last = min(token + most, len(ends))
        if last < len(ends):
            half = range(last, token + most // 2, -1)
            at_symbol = next((k for k in half if ends[k - 1] in symbols), 0)
            at_line = next((k for k in half if text[ends[k - 1] - 1 : ends[k - 1]] == "\n"), 0)
            last = at_symbol or at_line or last
        if ends[last - 1] > at:
            yield at, ends[last - 1]
        at, token = ends[last - 1], last


def fill_in_rows(
    file: CleanFile, form: BaseForm, most: int, commit: str, draw: random.Random
) -> Iterator[DataRow]:
    """Scopes to be filled in: a whole definition or its body, its end learned with it."""
    offsets = _character_offsets(file)
    for item in file.definitions:
        size = item.end - item.start
        if item.kind not in SCOPES or not SMALLEST_SCOPE <= size <= LARGEST_SCOPE:
            continue
        start, end = offsets[item.start], offsets[item.end]
        whole = file.text[start:end]
        if draw.random() < 0.5:
            start += _body(whole)
        if start < FEWEST_BEFORE or not file.learns(start, end) or not file.text[start:end].strip():
            continue
        row = _hole(file, form, most, (start, end), commit, item.symbol)
        if row:
            yield row


def _hole(
    file: CleanFile, form: BaseForm, most: int, span: tuple[int, int], commit: str, symbol: str
) -> DataRow | None:
    start, end = span
    middle = file.text[start:end]
    fixed = len(form.end()) + FILL_IN_TOKENS
    room = most - fixed - form.count(middle)
    if room < SMALLEST_AROUND:
        return None
    before_room = int(room * BEFORE_SHARE)
    run = next((first, last) for first, last in file.runs if first <= start and end <= last)
    before = _last_tokens(file.text[run[0] : start], form, before_room)
    after = _first_tokens(file.text[end : run[1]], form, room - form.count(before))
    # Without the path: the product has none either where code is filled in.
    segments = form.hole((Segment(before, True),), after, middle)
    return DataRow("code", "fill_in", _origin(file, start, end, commit, symbol), segments)


def _last_tokens(text: str, form: BaseForm, most: int) -> str:
    """The end of a text, from the beginning of a line on."""
    tail = text[-most * 8 :]
    _, ends = form.tokens.encode_with_ends(tail)
    if len(ends) <= most and len(tail) == len(text):
        return text
    cut = tail[ends[-most - 1] if len(ends) > most else 0 :]
    return cut[cut.find("\n") + 1 :]


def _first_tokens(text: str, form: BaseForm, most: int) -> str:
    """The beginning of a text, up to the end of a line."""
    head = text[: most * 8]
    _, ends = form.tokens.encode_with_ends(head)
    if len(ends) <= most and len(head) == len(text):
        return text
    cut = head[: ends[most - 1] if len(ends) > most else len(head)]
    return cut[: cut.rfind("\n") + 1]


def _body(definition: str) -> int:
    """Where the body of a definition begins: after the line that opens it."""
    at = 0
    for line in definition.splitlines(keepends=True):
        at += len(line)
        if line.rstrip().endswith(_OPENS):
            return at if at < len(definition) else 0
    return 0


def _character_offsets(file: CleanFile) -> dict[int, int]:
    """The character at which each definition begins and ends, from its byte."""
    wanted = sorted({edge for item in file.definitions for edge in (item.start, item.end)})
    raw = file.text.encode()
    if len(raw) == len(file.text):
        return {edge: edge for edge in wanted}
    found, at, characters = {}, 0, 0
    for edge in wanted:
        characters += len(raw[at:edge].decode("utf-8", "ignore"))
        found[edge], at = characters, edge
    return found


def _origin(file: CleanFile, start: int, end: int, commit: str, symbol: str = "") -> Origin:
    last = file.line(max(start, end - 1))
    return Origin(file.path, file.line(start), last, symbol or _symbol_at(file, start), commit)


def _symbol_at(file: CleanFile, offset: int) -> str:
    """The symbol that begins at or before a character, as far as bytes are characters."""
    starts = [item.start for item in file.definitions]
    at = bisect_right(starts, offset) - 1
    item = file.definitions[at] if at >= 0 else None
    return item.symbol if item and item.end > offset else ""
