"""Read one file after another in a process that may die."""

import gc
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from gardener_core.code.chunks import Chunk, read_whole
from gardener_core.code.files.listing import read_file
from gardener_core.code.parsing.facts import facts_of
from gardener_core.code.roles import why_not_ours
from gardener_core.code.secrets.detection import Allowed, Secret, find_secrets, hide
from gardener_core.events.parts import SkippedFile
from gardener_core.store.project.facts import FileFacts
from gardener_core.system.watchdog import end_with_parent

YOUNG_OBJECTS = 200_000


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file as the index takes it: cut, with its secrets hidden."""

    path: str
    hash: str
    encoding: str
    chunks: tuple[Chunk, ...]
    facts: FileFacts
    secrets: tuple[Secret, ...]
    rows: tuple[Any, ...] = ()  # what a floor above made of the chunks, which are let go then

    @property
    def count(self) -> int:
        """How many chunks there are."""
        return len(self.rows) or len(self.chunks)


Finish = Callable[[FileRead], FileRead]


def read_for_index(
    root: Path, path: str, allowed: Allowed, anyway: bool = False
) -> FileRead | SkippedFile:
    """Read, judge, parse and cut one file."""
    source = read_file(root, path, anyway)
    if isinstance(source, SkippedFile):
        return source
    reason = "" if anyway else why_not_ours(path, source.raw)
    if reason:
        return SkippedFile(path, reason)
    whole = read_whole(source)
    secrets = allowed.keep(path, find_secrets(source.text))
    chunks = _hidden(source.text, whole.chunks, secrets) if secrets else whole.chunks
    digest = hashlib.blake2b(source.raw, digest_size=16).hexdigest()
    facts = facts_of(source, whole.parsed, _clear if secrets else str)
    return FileRead(path, digest, source.encoding, chunks, facts, tuple(secrets))


def serve(requests: Connection, root: str, anyway: frozenset[str], finish: Finish | None) -> None:
    """Answer paths with what was read, until the other side goes."""
    end_with_parent()
    # Matches are many small objects without circles; looking for circles costs a twentieth.
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
    """The same chunks without secrets; they are cut at lines, and hiding moves no line."""
    lines = hide(text, secrets).split("\n")
    hidden = []
    for chunk in chunks:
        end = "\n" if chunk.text.endswith("\n") else ""
        told = "\n".join(lines[chunk.start_line - 1 : chunk.end_line]) + end
        clear = replace(chunk, text=told, doc=_clear(chunk.doc), signature=_clear(chunk.signature))
        hidden.append(clear)
    return tuple(hidden)


def _clear(text: str) -> str:
    return hide(text, find_secrets(text))
