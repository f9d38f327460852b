"""Find values in code that are meant to be changed: fields, keys of defaults."""

import re
from collections.abc import Iterator

from gardener_core.answers.card.evidence import Evidence, is_aside, is_test

MOST_FILES = 12
MOST_LINES = 4000
LONGEST_LINE = 300
# A key of a table of settings, an attribute with a literal, a key of a literal object.
_FIELD = re.compile(
    r"""^\s+(?:['"](?P<key>[A-Z][A-Z_0-9]{3,})['"]\s*:"""
    r"""|self\.(?P<attribute>[a-z]\w+)\s*(?::[^=]+)?=\s*(?:['"\d({\[]|True|False|None|timedelta)"""
    r"""|(?P<field>[a-z]\w+):\s*(?:-?\d|true\b|false\b|null\b|['"\[{]))"""
)
_SETTINGS_FILE = re.compile(r"(^|/)[^/]*(default|setting|config|option)[^/]*$", re.IGNORECASE)


def fields(evidence: Evidence) -> Iterator[tuple[str, str, int]]:
    """Name, path and line (of the index) of each, in the files of hits and in settings files."""
    hits = [hit.path for hit in evidence.code_hits]
    named = [path for path in evidence.catalog.maps.files() if _SETTINGS_FILE.search(path)]
    wanted = [path for path in dict.fromkeys([*hits[: MOST_FILES // 2], *named, *hits])]
    wanted = [path for path in wanted if not is_test(path) and not is_aside(path)]
    for path in wanted[:MOST_FILES]:
        text = evidence.text(path)
        if not text.shift.is_equal:
            continue  # its lines have other numbers in the index
        for number, line in enumerate(text.lines[:MOST_LINES], start=1):
            found = _FIELD.match(line) if len(line) < LONGEST_LINE else None
            if found:
                yield found["key"] or found["attribute"] or found["field"], path, number
