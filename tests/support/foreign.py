"""Projects that nobody here wrote, in three languages."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from fetching import OutOfReach, fetch

CACHE = "GARDENER_TEST_CACHE"


@dataclass(frozen=True, slots=True)
class Foreign:
    """A project that nobody here wrote; a question with the file that answers it."""

    name: str
    kind: str
    old: str
    new: str
    asked: str
    answer: str
    edited: str
    line: str
    part: str = ""


PROJECTS = [
    Foreign(
        name="django", kind="sdist", old="5.1.4", new="5.2", asked="get_or_create",
        answer="django/db/models/query.py", edited="django/db/models/query.py",
        line="\n\ndef turn_the_quince_over():\n    return 'quincewalk'\n",
    ),
    Foreign(
        name="rxjs", kind="npm", old="7.5.7", new="7.8.1", asked="retryWhen operator",
        answer="src/internal/operators/retryWhen.ts", edited="src/internal/operators/map.ts",
        line="\nexport function turnTheQuinceOver() {\n  return 'quincewalk';\n}\n",
    ),
    Foreign(
        name="librust-tokio-dev", kind="deb", old="", new="", asked="poll_acquire semaphore",
        answer="src/sync/batch_semaphore.rs", edited="src/sync/semaphore.rs",
        line="\npub fn turn_the_quince_over() -> &'static str {\n    \"quincewalk\"\n}\n",
        part="usr/share/cargo/registry/tokio-1.24.2",
    ),
]  # fmt: skip


def versions(foreign: Foreign, folder: Path) -> tuple[Path, Path]:
    """Its old and its new code, fetched once where a cache is named; skips out of reach."""
    place = Path(os.environ.get(CACHE, folder / "fetched"))
    try:
        folders = [
            fetch(place, foreign.kind, foreign.name, version)
            for version in (foreign.old, foreign.new)
        ]
    except OutOfReach as problem:
        pytest.skip(f"wants packages of others: {problem}")
    return folders[0] / foreign.part, folders[1] / foreign.part
