"""Keep answers of models for the same prompt."""

import dataclasses
import hashlib
import json
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from gardener_core.code.files.listing import SourceText, read_file
from gardener_core.system.files.atomic import make_folder, write_whole
from gardener_core.system.files.regular import read_object
from gardener_core.system.records import rebuild

MOST_ANSWERS = 300
FORMAT = 1


@dataclass(frozen=True, slots=True)
class CitedFile:
    """A file that a card cites, as it was."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """A model's words, when they were written, and the files that they rest on."""

    text: str
    tokens: int
    written: float
    files: tuple[CitedFile, ...]
    format: int = FORMAT


class KeptAnswers:
    """A file for each answer, named by what was asked of whom; the oldest of many go."""

    def __init__(self, folder: Path, most: int = MOST_ANSWERS) -> None:
        self._folder = folder
        self._most = most

    def get(self, key: str, root: Path) -> KeptAnswer | None:
        """An answer whose files are as they were; one that is stale is removed."""
        file = self._file(key)
        try:
            kept: KeptAnswer = rebuild(KeptAnswer, read_object(file))
        except (OSError, ValueError, TypeError):
            return None
        if kept.format != FORMAT:
            return None
        if any(_digest(root, one.path) != one.sha256 for one in kept.files):
            with suppress(OSError):
                file.unlink(missing_ok=True)
            return None
        return kept

    def keep(self, key: str, root: Path, text: str, tokens: int, paths: Iterable[str]) -> None:
        """Keep an answer with the present state of the files that it cites."""
        files = tuple(CitedFile(path, _digest(root, path)) for path in sorted(set(paths)))
        kept = KeptAnswer(text, tokens, time.time(), files)
        with suppress(OSError):  # a full disk costs the answer nothing
            make_folder(self._folder)
            write_whole(self._file(key), json.dumps(dataclasses.asdict(kept)).encode())
            by_age = sorted(self._folder.glob("*.json"), key=lambda one: one.stat().st_mtime_ns)
            for old in by_age[: -self._most]:
                old.unlink(missing_ok=True)

    def _file(self, key: str) -> Path:
        return self._folder / f"{key}.json"


def answer_key(fields: Mapping[str, str]) -> str:
    """The sha256 of an exact prompt with the model, the adapter and the sampler."""
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()


def _digest(root: Path, path: str) -> str:
    source = read_file(root, path, anyway=True)
    return hashlib.sha256(source.raw).hexdigest() if isinstance(source, SourceText) else ""
