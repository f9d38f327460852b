"""Read files one by one, in a process that may crash."""

import gc
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from gardener_core.code.chunks import Chunk, parse_and_cut
from gardener_core.code.files.listing import read_file
from gardener_core.code.parsing.facts import facts_of
from gardener_core.code.roles import why_not_ours
from gardener_core.code.secrets.detection import Allowed, Secret, find_secrets, hide
from gardener_core.events.parts import SkippedFile
from gardener_core.store.project.facts import FileFacts
from gardener_core.system.processes.watchdog import end_with_parent

YOUNG_OBJECTS = 200_000


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file as it is indexed: cut into chunks, its secrets hidden."""

    path: str
    hash: str
    encoding: str
    chunks: tuple[Chunk, ...]
    facts: FileFacts
    secrets: tuple[Secret, ...]
    rows: tuple[Any, ...] = ()  # made of the chunks by a higher layer, which drops them then

    @property
    def count(self) -> int:
        """The number of chunks."""
        return len(self.rows) or len(self.chunks)


Finish = Callable[[FileRead], FileRead]


def read_for_index(
    root: Path, path: str, allowed: Allowed, anyway: bool = False
) -> FileRead | SkippedFile:
    """Read one file, or say why it is skipped; parse it and cut it."""
    source = read_file(root, path, anyway)
    if isinstance(source, SkippedFile):
        return source
    reason = "" if anyway else why_not_ours(path, source.raw)
    if reason:
        return SkippedFile(path, reason)
    whole = parse_and_cut(source)
    secrets = allowed.keep(path, find_secrets(source.text))
    chunks = _hidden(source.text, whole.chunks, secrets) if secrets else whole.chunks
    digest = hashlib.blake2b(source.raw, digest_size=16).hexdigest()
    facts = facts_of(source, whole.parsed, _without_secrets if secrets else str)
    return FileRead(path, digest, source.encoding, chunks, facts, tuple(secrets))


def serve(requests: Connection, root: str, anyway: frozenset[str], finish: Finish | None) -> None:
    """Answer requests for paths until the other end closes."""
    end_with_parent()
    # Matches are many small objects without cycles; collecting cycles costs a twentieth.
    gc.set_threshold(YOUNG_OBJECTS)
    folder = Path(root)
    allowed = Allowed.of_project(folder)
    while True:
        try:
            path = requests.recv()
        except EOFError:
            return
        read = read_for_index(folder, path, allowed, path in anyway)
        requests.send(finish(read) if finish and isinstance(read, FileRead) else read)


def _hidden(text: str, chunks: Sequence[Chunk], secrets: Sequence[Secret]) -> tuple[Chunk, ...]:
    """The chunks without secrets; hiding moves no line."""
    lines = hide(text, secrets).split("\n")
    hidden = []
    for chunk in chunks:
        end = "\n" if chunk.text.endswith("\n") else ""
        text = "\n".join(lines[chunk.start_line - 1 : chunk.end_line]) + end
        clear = replace(
            chunk,
            text=text,
            doc=_without_secrets(chunk.doc),
            signature=_without_secrets(chunk.signature),
        )
        hidden.append(clear)
    return tuple(hidden)


def _without_secrets(text: str) -> str:
    return hide(text, find_secrets(text))
