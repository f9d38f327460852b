"""Clean the files that are learned, symbol by symbol."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from gardener_core.code.chunks import Chunk, parse_and_cut
from gardener_core.code.files.listing import SourceText
from gardener_core.code.languages.table import language_of
from gardener_core.code.parsing.symbols import Definition
from gardener_core.evaluation.split import SourceFile
from gardener_core.training.data.kept.folder import DataItem
from gardener_core.training.data.kept.report import Tally
from gardener_core.training.data.near_copies import NearCopies

SMALLEST_CHARACTERS = 60  # of a file: less says nothing
SMALLEST_REPEATED = 120  # characters; shorter ones repeat by nature
HEADER_LINES = 40
ADDRESS = "[address]"
LICENCE = "licence"
REJECTED = "rejected by you"
_LICENCE_FILE = re.compile(r"(licen[sc]e|copying|notice|copyright)s?([-.].*)?", re.I)
_LICENCE = re.compile(r"licen[sc]e|copyright|spdx-", re.I)
_COMMENT = re.compile(r"\s*(?:#(?!!)|//|/\*|\*|--|;|<!--)|\s*$")
_ADDRESS = re.compile(
    r"[A-Za-z0-9._%+-]+@(?!example\.)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[a-z]{2,}\b"
)
Choices = Mapping[tuple[str, str], bool]


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A file of which everything in `runs` is learned: spans of characters, without gaps inside.

    `cuts` are the offsets at which symbols begin, where a long run is best cut.
    """

    path: str
    text: str
    language: str
    runs: tuple[tuple[int, int], ...]
    cuts: tuple[int, ...]
    definitions: tuple[Definition, ...] = ()

    def line(self, offset: int) -> int:
        """The number of the line that holds a character."""
        return self.text.count("\n", 0, offset) + 1

    def learns(self, start: int, end: int) -> bool:
        """Whether all of a span is learned."""
        return any(first <= start and end <= last for first, last in self.runs)


@dataclass(slots=True)
class Cleaner:
    """Cleans files one by one; what it leaves out is counted and listed with the reason."""

    copies: NearCopies
    choices: Choices
    tally: Tally = field(default_factory=lambda: Tally("clean", "symbols"))
    items: list[DataItem] = field(default_factory=list)
    _seen: set[bytes] = field(default_factory=set)

    def clean(self, file: SourceFile) -> CleanFile | None:
        """The file without what must not be learned; None where nothing is left."""
        if self.choices.get((file.path, "")) is False:
            self._reject(file, REJECTED)
            return None
        wanted = self.choices.get((file.path, ""), False)
        if _LICENCE_FILE.fullmatch(PurePosixPath(file.path).name) and not wanted:
            self._reject(file, LICENCE)
            return None
        text, addresses = hide_addresses(file.text)
        self.tally.reasons["addresses hidden"] += addresses
        if len(text.strip()) < SMALLEST_CHARACTERS and not wanted:
            self._reject(file, "too small")
            return None
        cut = parse_and_cut(SourceText(file.path, text.encode(), "utf-8"))
        header = 0 if wanted else len(_header(text))
        if header:
            self.tally.drop(LICENCE)
            self.items.append(
                DataItem(file.path, "", 1, text.count("\n", 0, header), False, LICENCE)
            )
        kept = list(self._kept(file.path, cut.chunks, wanted))
        runs = [(max(start, header), end) for start, end in joined(kept) if end > header]
        self.items.append(DataItem(file.path, "", 1, text.count("\n") + 1, bool(runs)))
        if not runs:
            return None
        starts = tuple(start for start, _ in kept)
        definitions = cut.parsed.definitions
        return CleanFile(
            file.path, text, language_of(file.path), tuple(runs), starts, tuple(definitions)
        )

    def _kept(self, path: str, chunks: Sequence[Chunk], wanted: bool) -> Iterator[tuple[int, int]]:
        """The spans of the chunks that are learned."""
        at = 0
        for chunk in chunks:
            start, at = at, at + len(chunk.text)
            choice = self.choices.get((path, chunk.symbol)) if chunk.symbol else None
            reason = self._fault(chunk, anyway=wanted if choice is None else choice)
            reason = REJECTED if choice is False else reason
            self.items.append(_item(chunk, reason))
            if reason:
                self.tally.drop(reason)
            else:
                self.tally.keep()
                yield start, at

    def _fault(self, chunk: Chunk, *, anyway: bool) -> str:
        """Why a chunk is not learned; a copy of what is measured is left out whoever wants it."""
        if self.copies.holds(chunk.text):
            return "copy of held-out code"
        words = " ".join(chunk.text.split())
        same = hashlib.blake2b(words.encode(), digest_size=16).digest()
        repeats = len(words) >= SMALLEST_REPEATED and same in self._seen
        self._seen.add(same)
        return "repeated" if repeats and not anyway else ""

    def _reject(self, file: SourceFile, reason: str) -> None:
        self.tally.drop(reason)
        self.items.append(DataItem(file.path, "", 1, file.text.count("\n") + 1, False, reason))


def _item(chunk: Chunk, reason: str) -> DataItem:
    return DataItem(chunk.path, chunk.symbol, chunk.start_line, chunk.end_line, not reason, reason)


def hide_addresses(text: str) -> tuple[str, int]:
    """The text without addresses of people, and how many there were."""
    return _ADDRESS.subn(ADDRESS, text)


def joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans with those that touch made one."""
    together: list[tuple[int, int]] = []
    for start, end in spans:
        if together and together[-1][1] == start:
            together[-1] = (together[-1][0], end)
        else:
            together.append((start, end))
    return together


def _header(text: str) -> str:
    """The comment at the top of a file where it speaks of a licence; else nothing."""
    lines = text.splitlines(keepends=True)
    first = 1 if lines and lines[0].startswith("#!") else 0
    last = first
    while last < min(len(lines), HEADER_LINES) and _COMMENT.match(lines[last]):
        last += 1
    header = "".join(lines[:last])
    return header if _LICENCE.search(header) else ""
