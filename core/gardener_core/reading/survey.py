"""Count a project's files and languages without reading them."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from gardener_core.reading.files import list_files
from gardener_core.reading.languages.table import TEXT, language_of


@dataclass(frozen=True, slots=True)
class Survey:
    """What a first look at a folder finds; languages by number of files."""

    files: int
    languages: tuple[str, ...]


def survey(root: Path) -> Survey:
    """Look at the names of all files."""
    paths = list_files(root)
    counts = Counter(language_of(path) for path in paths)
    counts.pop(TEXT, None)
    return Survey(len(paths), tuple(name for name, _ in counts.most_common()))
