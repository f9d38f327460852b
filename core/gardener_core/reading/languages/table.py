"""The languages that are known, and which one a file is in."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath

TEXT = "text"


@dataclass(frozen=True, slots=True)
class Language:
    """A row of the table: a folder beside this file holds the row and the queries.

    `wrappers` are nodes that begin before the definition in them, `comments` and `attributes`
    are nodes that belong to the definition below them.
    """

    name: str
    suffixes: tuple[str, ...]
    grammar: str
    function: str
    wrappers: frozenset[str]
    comments: frozenset[str]
    attributes: frozenset[str]
    queries: str


@cache
def languages() -> Mapping[str, Language]:
    """Every language with a grammar, by name."""
    folder = files(__package__)
    rows = [entry for entry in folder.iterdir() if entry.joinpath("language.toml").is_file()]
    found = {}
    for entry in sorted(rows, key=lambda entry: entry.name):
        row = tomllib.loads(entry.joinpath("language.toml").read_text("utf-8"))
        found[entry.name] = Language(
            name=entry.name,
            suffixes=tuple(row["suffixes"]),
            grammar=row["grammar"],
            function=row.get("function", "language"),
            wrappers=frozenset(row.get("wrappers", ())),
            comments=frozenset(row.get("comments", ())),
            attributes=frozenset(row.get("attributes", ())),
            queries=entry.joinpath("symbols.scm").read_text("utf-8"),
        )
    return found


@cache
def _by_suffix() -> Mapping[str, str]:
    text = files(__package__).joinpath("lines.toml").read_text("utf-8")
    known = {suffix: name for name, row in tomllib.loads(text).items() for suffix in row}
    rows = languages().values()
    return known | {suffix: row.name for row in rows for suffix in row.suffixes}


def language_of(path: str) -> str:
    """The language by the file's suffix; anything else is text."""
    return _by_suffix().get(PurePosixPath(path).suffix.lower(), TEXT)
