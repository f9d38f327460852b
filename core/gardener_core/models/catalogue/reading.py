"""Read the catalogue: what ships, and the user's own entries."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

from gardener_core.errors import ModelMissing, Remedy
from gardener_core.models.catalogue.entry import (
    CatalogueEntry,
    CatalogueFile,
    FileSource,
    FimTokens,
    HubSource,
    OllamaSource,
    PackagePart,
    PackageSource,
    Role,
    Shape,
    Source,
    SourceKind,
)
from gardener_core.models.catalogue.fields import Fields, Wrong
from gardener_core.models.model import Format
from gardener_core.system.files.regular import read_regular
from gardener_core.system.places import Places

SHIPPED = "models.toml"
FORMAT = 1
LARGEST_FILE = 1_000_000
RESERVED = ("files", "seedling")
_HEADER = re.compile(r"\s*\[\[\s*model\s*\]\]")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_FILE = re.compile(r"\w[\w.-]*(/\w[\w.-]*)?")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_REVISION = re.compile(r"[0-9a-f]{40}")
_REPOSITORY = re.compile(r"\w[\w.-]*/\w[\w.-]*")
_OLLAMA = re.compile(r"\w[\w.-]*([/:]\w[\w.-]*)*")
_PACKAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*==[A-Za-z0-9][A-Za-z0-9.!+_-]*")


@dataclass(frozen=True, slots=True)
class CatalogueProblem:
    """An entry of the user's file that is left out, and why; line 0 is the whole file."""

    path: Path
    line: int
    what: str

    def __str__(self) -> str:
        """The problem for people."""
        return f"{self.path}{f', line {self.line}' if self.line else ''}: {self.what}."


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every model that can be had, in the order of the files, and what was left out."""

    entries: tuple[CatalogueEntry, ...]
    problems: tuple[CatalogueProblem, ...] = ()

    def find(self, name: str) -> CatalogueEntry | None:
        """An entry by its name."""
        return next((entry for entry in self.entries if entry.name == name.lower()), None)

    def get(self, name: str) -> CatalogueEntry:
        """An entry that is there."""
        entry = self.find(name)
        if entry is None:
            raise ModelMissing(
                f"The catalogue has no model {name!r}.",
                hint=f"It has {', '.join(entry.name for entry in self.entries)}.",
                remedy=Remedy("list all models"),
            )
        return entry


def read_catalogue(places: Places) -> Catalogue:
    """The shipped entries, with the user's own added or put in their place."""
    shipped = files("gardener_core.models.catalogue").joinpath(SHIPPED).read_text("utf-8")
    known, problems = _parse(shipped, Path(SHIPPED))
    assert not problems, problems  # a test reads it too
    own, problems = _read_own(places.own_models)
    replaced = {entry.name for entry in own}
    kept = [entry for entry in known if entry.name not in replaced]
    return Catalogue((*kept, *own), tuple(problems))


def _read_own(path: Path) -> tuple[list[CatalogueEntry], list[CatalogueProblem]]:
    try:
        text = read_regular(path, LARGEST_FILE).decode("utf-8")
    except FileNotFoundError:
        return [], []
    except OSError as problem:
        return [], [CatalogueProblem(path, 0, f"it cannot be read: {problem.strerror or problem}")]
    except UnicodeDecodeError:
        return [], [CatalogueProblem(path, 0, "it is not UTF-8")]
    entries, problems = _parse(text, path)
    return [replace(entry, own=True) for entry in entries], problems


def _parse(text: str, path: Path) -> tuple[list[CatalogueEntry], list[CatalogueProblem]]:
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as problem:
        return [], [CatalogueProblem(path, 0, f"it is not TOML: {problem}")]
    tables = table.get("model", [])
    if not isinstance(tables, list) or table.get("format", FORMAT) != FORMAT:
        return [], [CatalogueProblem(path, 0, "its format is not that of this version")]
    headers = [n for n, line in enumerate(text.splitlines(), 1) if _HEADER.match(line)]
    lines = headers if len(headers) == len(tables) else [0] * len(tables)
    entries: dict[str, CatalogueEntry] = {}
    problems = []
    for line, fields in zip(lines, tables, strict=True):
        try:
            entry = read_entry(fields if isinstance(fields, dict) else {})
            if entry.name in entries:
                raise Wrong("name", f"{entry.name!r} stands twice")
            entries[entry.name] = entry
        except Wrong as wrong:
            named = fields.get("name") if isinstance(fields, dict) else None
            whose = f"the entry {named!r}" if isinstance(named, str) else "an entry without a name"
            problems.append(CatalogueProblem(path, line, f"{whose} is left out: {wrong}"))
    return list(entries.values()), problems


def read_entry(table: Mapping[str, Any]) -> CatalogueEntry:
    """One entry; `Wrong` names the key that is wrong."""
    fields = Fields(table)
    roles = fields.texts("roles", choices=get_args(Role))
    form = fields.text("format", "gguf", choices=get_args(Format))
    model_files = fields.tables("file", _file)
    entry = CatalogueEntry(
        name=fields.text("name", pattern=_NAME, not_one_of=RESERVED),
        title=fields.text("title", str(table.get("name", ""))),
        maker=fields.text("maker", ""),
        roles=roles,  # type: ignore[arg-type]
        format=form,  # type: ignore[arg-type]
        licence=fields.text("licence", ""),
        architecture=fields.text("architecture", ""),
        parameters=fields.number("parameters", 0),
        context=fields.number("context", 0),
        template=fields.text("template", ""),
        note=fields.text("note", ""),
        files=model_files,
        sources=fields.tables("source", lambda inner: _source(inner, len(model_files))),
        shape=fields.table("shape", _shape),
        fim=fields.table("fim", _fim),
        train_bytes=fields.number("train_bytes", 0),
    )
    fields.end()
    _check(entry)
    return entry


def _check(entry: CatalogueEntry) -> None:
    names = [file.name for file in entry.files]
    if len(set(names)) < len(names):
        raise Wrong("file", "two files have one name")
    if len(names) > 1 and any(isinstance(s, PackageSource | OllamaSource) for s in entry.sources):
        raise Wrong("source", "a package index and Ollama give one file only")
    if entry.format == "gguf" and len(names) != 1:
        raise Wrong("file", "a GGUF is one file")


def _file(fields: Fields) -> CatalogueFile:
    return CatalogueFile(
        fields.text("name", pattern=_FILE),
        fields.number("bytes", 0),
        fields.text("sha256", "", pattern=_SHA256),
    )


def _shape(fields: Fields) -> Shape:
    return Shape(*(fields.number(key) for key in ("layers", "width", "heads", "kv_heads")))


def _fim(fields: Fields) -> FimTokens:
    return FimTokens(*(fields.text(key) for key in ("prefix", "suffix", "middle")))


def _source(fields: Fields, count: int) -> Source:
    kind = fields.text("kind", choices=get_args(SourceKind))
    return _SOURCES[kind](fields, count)  # type: ignore[index]


def _hub(fields: Fields, count: int) -> Source:
    return HubSource(
        fields.text("repository", pattern=_REPOSITORY),
        fields.texts("files", pattern=_FILE, count=count),
        fields.text("revision", "", pattern=_REVISION),
    )


def _ollama(fields: Fields, count: int) -> Source:
    return OllamaSource(fields.text("model", pattern=_OLLAMA))


def _package(fields: Fields, count: int) -> Source:
    return PackageSource(
        fields.tables(
            "parts",
            lambda part: PackagePart(part.text("package", pattern=_PACKAGE), part.text("ending")),
        )
    )


def _paths(fields: Fields, count: int) -> Source:
    return FileSource(fields.texts("paths", count=count))


_SOURCES: Mapping[SourceKind, Callable[[Fields, int], Source]] = {
    "hub": _hub,
    "ollama": _ollama,
    "package": _package,
    "file": _paths,
}
