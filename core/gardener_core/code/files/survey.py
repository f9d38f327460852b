"""Count a project's files, lines and languages."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from gardener_core.code.files.bounded import ProjectFolder
from gardener_core.code.files.listing import LARGEST_BYTES, as_utf8, find_files, unreadable_reason
from gardener_core.code.languages.table import TEXT, language_of
from gardener_core.code.secrets.detection import holds_secrets
from gardener_core.events.index import FilesRead, Surveyed
from gardener_core.events.parts import LanguageCount, LeftOut, SkippedFile

FILES_AN_EVENT = 1000
UNREADABLE = "cannot be read"


def survey(root: Path) -> Iterator[FilesRead | Surveyed]:
    """Read every file; yields progress and, at the end, the result."""
    began = time.monotonic()
    found = find_files(root)
    count = _Count()
    total = len(found.paths)
    with ProjectFolder(root) as folder:
        for done, path in enumerate(found.paths, start=1):
            count.add(path, folder)
            if done % FILES_AN_EVENT == 0:
                yield FilesRead(done, total)
    yield FilesRead(total, total)
    yield count.result(found.unreadable, time.monotonic() - began)


class _Count:
    """The counts so far."""

    def __init__(self) -> None:
        self._languages: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        self._left_out: Counter[str] = Counter()
        self._unreadable: list[SkippedFile] = []

    def add(self, path: str, folder: ProjectFolder) -> None:
        """Count one file."""
        if holds_secrets(path):
            self._left_out["holds secrets"] += 1
            return
        try:
            raw = folder.read(path, LARGEST_BYTES)
        except OSError as problem:
            self._unreadable.append(SkippedFile(path, f"{UNREADABLE}: {problem.strerror}"))
            return
        raw = as_utf8(raw) if len(raw) <= LARGEST_BYTES else raw
        reason = "larger than 1 MB" if len(raw) > LARGEST_BYTES else unreadable_reason(raw)
        if reason:
            self._left_out[reason] += 1
            return
        counts = self._languages[language_of(path)]
        counts[0] += 1
        counts[1] += raw.count(b"\n") + bool(raw and not raw.endswith(b"\n"))
        counts[2] += len(raw)

    def result(self, unreadable: tuple[SkippedFile, ...], seconds: float) -> Surveyed:
        """The totals; languages by size."""
        languages = [LanguageCount(name, *counts) for name, counts in self._languages.items()]
        languages.sort(key=lambda language: (-language.bytes, language.name))
        return Surveyed(
            files=sum(language.files for language in languages),
            lines=sum(language.lines for language in languages),
            bytes=sum(language.bytes for language in languages),
            languages=tuple(languages),
            unreadable=(*unreadable, *self._unreadable),
            left_out=tuple(LeftOut(*item) for item in self._left_out.most_common()),
            seconds=round(seconds, 3),
        )


def names_of(found: Surveyed) -> tuple[str, ...]:
    """The names of the languages, without plain text."""
    return tuple(language.name for language in found.languages if language.name != TEXT)
