"""Find fields and keys with default values."""

import re
from collections.abc import Iterator

from gardener_core.answers.card.evidence import Evidence, is_aside, is_test
from gardener_core.answers.card.subject import Subjects

MOST_FILES = 8
MOST_LINES = 4000
LONGEST_LINE = 300
# A key of a table of settings, an attribute with a literal, a key of a literal object.
_FIELD = re.compile(
    r"""^\s+(?:['"](?P<key>[A-Z][A-Z_0-9]{3,})['"]\s*:"""
    r"""|self\.(?P<attribute>[a-z]\w+)\s*(?::[^=]+)?=\s*(?:['"\d({\[]|True|False|None|timedelta)"""
    r"""|(?P<field>[a-z]\w+):\s*(?:-?\d|true\b|false\b|null\b|['"\[{]))"""
)
_SETTINGS_FILE = re.compile(r"(^|/)[^/]*(default|setting|config|option)[^/]*$", re.IGNORECASE)


def fields(subjects: Subjects, evidence: Evidence) -> Iterator[tuple[str, str, int]]:
    """Name, path and line (of the index) of each, in the file of a named subject.

    Where none is named, in the files of hits and in settings files.
    """
    hits = [hit.path for hit in evidence.code_hits]
    if subjects.symbol is not None and subjects.is_named:
        wanted = [subjects.symbol.path]
    else:
        named = [path for path in evidence.catalog.maps.files() if _SETTINGS_FILE.search(path)]
        wanted = list(dict.fromkeys([*hits[: MOST_FILES // 2], *named, *hits]))
    wanted = [path for path in wanted if not is_test(path) and not is_aside(path)]
    for path in wanted[:MOST_FILES]:
        text = evidence.text(path)
        if not text.shift.is_equal:
            continue  # its lines have other numbers in the index
        for number, line in enumerate(text.lines[:MOST_LINES], start=1):
            found = _FIELD.match(line) if len(line) < LONGEST_LINE else None
            if found:
                yield found["key"] or found["attribute"] or found["field"], path, number
