"""Events of reading, indexing and searching."""

from dataclasses import dataclass

from gardener_core.errors import Remedy
from gardener_core.events.parts import (
    CodeSpan,
    HiddenSecret,
    LanguageCount,
    LeftOut,
    SkippedFile,
    Why,
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A piece of code that a search found; lines are 1-based and inclusive.

    `also` are places, as path:line, that hold nearly the same.
    """

    rank: int
    path: str
    start_line: int
    end_line: int
    symbol: str
    kind: str
    language: str
    score: float
    why: Why
    text: str
    role: str = "code"
    also: tuple[str, ...] = ()

    @property
    def span(self) -> CodeSpan:
        """The code that was found; in JSON its fields stand beside the others."""
        return CodeSpan(
            self.path, self.symbol, self.kind, self.language, self.start_line, self.end_line
        )


@dataclass(frozen=True, slots=True)
class FilesRead:
    """How far an index run or a survey is.

    An index run also tells the chunks it cut, files a second, the seconds that are left at this
    rate, the file that is being read, the files read and not yet in the table (`uncommitted`),
    and those that the index held before and that are not read again (`known`).
    """

    done: int
    total: int
    chunks: int = 0
    rate: float = 0.0
    left_seconds: float = 0.0
    path: str = ""
    uncommitted: int = 0
    known: int = 0


@dataclass(frozen=True, slots=True)
class Stalled:
    """A file takes unusually long to read; others go on, and it is given up later."""

    path: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Settled:
    """The table's fragments were compacted: how many there were before and after."""

    fragments_before: int
    fragments_after: int
    bytes_before: int
    bytes_after: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Indexed:
    """The index is up to date."""

    files: int
    changed: int
    removed: int
    chunks: int
    skipped: tuple[SkippedFile, ...]
    seconds: float
    secrets: tuple[HiddenSecret, ...] = ()


@dataclass(frozen=True, slots=True)
class ChunksEmbedded:
    """How many of a project's chunks are embedded, at how many a second.

    `known` of those that are done needed no work: their text was embedded before.
    """

    embedder: str
    done: int
    total: int
    known: int
    rate: float = 0.0
    left_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class EmbedderChanged:
    """Another embedder answers from now on; until now the old one did."""

    before: str
    after: str
    dimensions: int
    chunks: int
    seconds: float


@dataclass(frozen=True, slots=True)
class EmbedderTried:
    """What it would cost to give a project another embedder, measured on `sampled` of its chunks.

    `known` of them need no work; `bytes` are what the vectors will take, kept copies with them.
    """

    embedder: str
    dimensions: int
    chunks: int
    known: int
    sampled: int
    seconds: float
    bytes: int


@dataclass(frozen=True, slots=True)
class Linked:
    """The links of so many files were made again; search did not wait for it."""

    files: int
    links: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What a first look at a folder found; files, lines and bytes of what can be read."""

    files: int
    lines: int
    bytes: int
    languages: tuple[LanguageCount, ...]
    unreadable: tuple[SkippedFile, ...]
    left_out: tuple[LeftOut, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Watching:
    """Changes in a project are noticed from now on; by polling where there is a reason."""

    project: str
    polling: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """Saved files are searchable again."""

    project: str
    changed: int
    removed: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Stale:
    """More files changed than are read while watching; an index run is needed."""

    project: str
    files: int


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What a search found, best first; the best tests come in a group of their own.

    `note` says how the hits were found where that matters, `remedy` what helps; mostly nothing.
    """

    hits: tuple[Hit, ...]
    seconds: float
    tests: tuple[Hit, ...] = ()
    note: str = ""
    remedy: Remedy | None = None


@dataclass(frozen=True, slots=True)
class TableChecked:
    """Every row of an index was read; `problem` is empty where it is whole."""

    project: str
    chunks: int
    problem: str
