"""The known languages, and the language of a file."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath
from typing import Any

TEXT = "text"


@dataclass(frozen=True, slots=True)
class Language:
    """A row of the table; a folder beside this file holds the row and the queries.

    `wrappers` are nodes that begin before the definition in them, `comments` and `attributes`
    are nodes that belong to the definition below them. `makes` names the field of a node that
    says what is called or made, `literals` are literal values.

    `selfs` are names of the object a method belongs to, `classes` of its class, `supers` of its
    bases; with `implicit` they may be left out. `modules` is how names of modules find files,
    `shared` how far names reach without an import, `spread` how far the methods of a type may be
    from it. `see_through` are types that stand for the one in their brackets. `configuration` are
    calls that read configuration: by the called name, what it is called on (* is anything) and
    the kind of what is read. A row that is `like` another has its queries.
    """

    name: str
    suffixes: tuple[str, ...]
    grammar: str
    function: str
    wrappers: frozenset[str]
    comments: frozenset[str]
    attributes: frozenset[str]
    queries: str
    makes: Mapping[str, str]
    literals: frozenset[str]
    selfs: frozenset[str]
    classes: frozenset[str]
    supers: frozenset[str]
    implicit: bool
    modules: str
    shared: str
    spread: str
    see_through: frozenset[str]
    configuration: Mapping[str, tuple[tuple[str, str], ...]]


@cache
def languages() -> Mapping[str, Language]:
    """Every language with a grammar, by name."""
    folder = files(__package__)
    rows = [entry for entry in folder.iterdir() if entry.joinpath("language.toml").is_file()]
    found = {}
    for entry in sorted(rows, key=lambda entry: entry.name):
        row = _row(entry)
        if "like" in row:  # a dialect says only what differs
            row = _row(folder.joinpath(row["like"])) | row
        found[entry.name] = Language(
            name=entry.name,
            suffixes=tuple(row["suffixes"]),
            grammar=row["grammar"],
            function=row.get("function", "language"),
            wrappers=frozenset(row.get("wrappers", ())),
            comments=frozenset(row.get("comments", ())),
            attributes=frozenset(row.get("attributes", ())),
            queries=_queries(folder.joinpath(row.get("like", entry.name))),
            makes=row.get("makes", {}),
            literals=frozenset(row.get("literals", ())),
            selfs=frozenset(row.get("selfs", ())),
            classes=frozenset(row.get("classes", ())),
            supers=frozenset(row.get("supers", ())),
            implicit=row.get("implicit", False),
            modules=row.get("modules", ""),
            shared=row.get("shared", ""),
            spread=row.get("spread", ""),
            see_through=frozenset(row.get("see_through", ())),
            configuration=_configuration(row.get("configuration", {})),
        )
    return found


def _row(entry: Traversable) -> dict[str, Any]:
    return tomllib.loads(entry.joinpath("language.toml").read_text("utf-8"))


def _queries(entry: Traversable) -> str:
    """The queries for definitions and, where the language has them, for names."""
    files = (entry.joinpath(name) for name in ("symbols.scm", "names.scm"))
    return "\n".join(file.read_text("utf-8") for file in files if file.is_file())


def _configuration(kinds: Mapping[str, Sequence[str]]) -> dict[str, tuple[tuple[str, str], ...]]:
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for kind, calls in kinds.items():
        for call in calls:
            receiver, _, name = call.rpartition(".")
            found[name] = (*found.get(name, ()), (receiver, kind))
    return found


@cache
def _by_suffix() -> Mapping[str, str]:
    text = files(__package__).joinpath("lines.toml").read_text("utf-8")
    known = {suffix: name for name, row in tomllib.loads(text).items() for suffix in row}
    rows = languages().values()
    return known | {suffix: row.name for row in rows for suffix in row.suffixes}


def language_of(path: str) -> str:
    """The language of a file by its suffix; text for any other."""
    return _by_suffix().get(PurePosixPath(path).suffix.lower(), TEXT)
