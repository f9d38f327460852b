"""Apply a filter to rows that are in no table."""

import re
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any

# Some are known from a file's name and time, the rest once it is cut.
COLUMNS = ("path", "lang", "role", "changed", "kind", "symbol", "name", "signature", "doc", "cx",
           "part", "line_start", "line_end", "text", "terms")  # fmt: skip


def matching_rows(rows: Sequence[Mapping[str, Any]], condition: str) -> list[Mapping[str, Any]]:
    """Rows for which the condition is true or unknown: a missing column is unknown.

    The condition is that of the table; SQLite treats unknown values in the same way.
    """
    if not condition or not rows:
        return list(rows)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.create_function("lower", 1, _lower, deterministic=True)
        connection.create_function("contains", 2, _contains, deterministic=True)
        connection.create_function("regexp_like", 2, _matches, deterministic=True)
        connection.execute(f"CREATE TABLE rows ({', '.join(COLUMNS)})")
        marks = ", ".join("?" * len(COLUMNS))
        values = ([row.get(column) for column in COLUMNS] for row in rows)
        connection.executemany(f"INSERT INTO rows VALUES ({marks})", values)
        found = connection.execute(f"SELECT rowid FROM rows WHERE ({condition}) IS NOT FALSE")
        return [rows[number - 1] for (number,) in found]


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


def _contains(text: str | None, part: str) -> bool | None:
    return None if text is None else part in text


def _matches(text: str | None, pattern: str) -> bool | None:
    return None if text is None else re.search(pattern, text) is not None
