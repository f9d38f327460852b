"""Names from packages that are installed in a project."""

import os
import re
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gardener_core.code.files.bounded import ProjectFolder

MOST_FILES, MOST_BYTES, MOST_SECONDS = 4000, 30_000_000, 2.0
LARGEST_FILE = 400_000
LARGEST_LIST = 1_000_000
MOST_DEEP = 9
ENVIRONMENTS = (".venv", "venv", "env", ".env")
_LISTS = re.compile(r"requirements[\w.-]*\.(?:txt|in)$")
_REQUIRED = re.compile(r"^\s*([A-Za-z0-9][\w.-]*)", re.MULTILINE)
_IN_JSON = re.compile(r'"(@?[\w./-]+)"\s*:\s*"[~^<>=*\dv]')
_PYTHON = re.compile(
    r"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)"
    r"|^[ \t]*(?:self\.)?(\w+)[ \t]*(?::[^=\n]+)?=[^=]",
    re.MULTILINE,
)
_JAVASCRIPT = re.compile(
    r"\b(?:function\*?|class|interface|type|enum|const|let|var)[ \t]+([\w$]+)"
    r"|\b(?:exports|prototype|this)\.([\w$]+)[ \t]*="
    r"|^[ \t]*(?:(?:export|static|async|get|set|readonly|public)[ \t]+)*([\w$]+)\??[ \t]*[(:=<]",
    re.MULTILINE,
)
_DEFINING = {
    ".py": _PYTHON, ".pyi": _PYTHON, ".js": _JAVASCRIPT, ".mjs": _JAVASCRIPT,
    ".cjs": _JAVASCRIPT, ".ts": _JAVASCRIPT, ".mts": _JAVASCRIPT,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PackageNames:
    """Names of packages, and what their files define; `is_whole` unless a limit was met."""

    packages: frozenset[str]
    defined: frozenset[str]
    is_whole: bool

    def __contains__(self, name: str) -> bool:
        """Whether a package has this name, or defines it."""
        return name in self.defined or name in self.packages


def names_of_packages(root: Path) -> PackageNames:
    """What a project declares and has installed below itself; read only, and no link is followed.

    Declared packages are read first, so that limits meet others.
    """
    try:
        with ProjectFolder(root) as folder:
            declared = declared_packages(folder)
            reading = _Reading(folder)
            for place in _installed(folder):
                reading.read(place, declared)
            names = {form for name in declared for form in _forms(name)}
            packages = frozenset(names | reading.packages)
            return PackageNames(packages, frozenset(reading.names), reading.is_whole)
    except OSError:
        return PackageNames(frozenset(), frozenset(), True)


def declared_packages(folder: ProjectFolder) -> frozenset[str]:
    """The packages that the files of a project ask for."""
    found: set[str] = set()
    for entry in _entries(folder, ""):
        if entry.name == "pyproject.toml":
            found |= _of_pyproject(_text(folder, entry.name))
        elif entry.name == "package.json":
            found |= set(_IN_JSON.findall(_text(folder, entry.name)))
        elif entry.name == "setup.cfg" or _LISTS.match(entry.name):
            found |= set(_REQUIRED.findall(_text(folder, entry.name)))
    return frozenset(found)


def _of_pyproject(text: str) -> set[str]:
    try:
        whole = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return set()
    found: set[str] = set()

    def gather(value: object, below: str) -> None:
        if isinstance(value, dict):
            if "dependencies" in below or "group" in below:
                found.update(str(key) for key in value)
            for key, item in value.items():
                gather(item, f"{below}.{key}")
        elif isinstance(value, list) and ("depend" in below or "requires" in below):
            texts = "\n".join(item for item in value if isinstance(item, str))
            found.update(_REQUIRED.findall(texts))

    gather(whole, "")
    return found


class _Reading:
    """Reads what files define, until a limit is met."""

    def __init__(self, folder: ProjectFolder) -> None:
        self._folder = folder
        self._until = time.monotonic() + MOST_SECONDS
        self._files, self._bytes = MOST_FILES, MOST_BYTES
        self.names: set[str] = set()
        self.packages: set[str] = set()
        self.is_whole = True

    def read(self, place: str, first: frozenset[str]) -> None:
        """The packages of one folder, these ones first."""
        wanted = {form.lower() for name in first for form in _forms(name)}
        entries = [entry for entry in _entries(self._folder, place) if entry.name[0] not in "._"]
        entries.sort(key=lambda entry: entry.name.partition(".")[0].lower() not in wanted)
        for entry in entries:
            self.packages.update(_forms(entry.name.partition(".")[0]))
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                self._read_folder(f"{place}{entry.name}/", 1)
            else:
                self._read_file(place, entry)

    def _read_folder(self, place: str, deep: int) -> None:
        for entry in _entries(self._folder, place):
            if self._is_over():
                return
            if not entry.is_dir(follow_symlinks=False):
                self._read_file(place, entry)
            elif deep < MOST_DEEP and entry.name not in ("__pycache__", "tests", "test"):
                self._read_folder(f"{place}{entry.name}/", deep + 1)

    def _read_file(self, place: str, entry: os.DirEntry[str]) -> None:
        defining = _DEFINING.get(os.path.splitext(entry.name)[1])
        if defining is None or self._is_over():
            return
        text = _text(self._folder, f"{place}{entry.name}", LARGEST_FILE)
        self._files -= 1
        self._bytes -= len(text)
        self.names.add(entry.name.partition(".")[0])
        for match in defining.finditer(text):
            self.names.add(match[match.lastindex or 0])

    def _is_over(self) -> bool:
        over = self._files <= 0 or self._bytes <= 0 or time.monotonic() > self._until
        self.is_whole = self.is_whole and not over
        return over


def _installed(folder: ProjectFolder) -> Iterator[str]:
    """The folders of a project that hold packages, as `a/b/`."""
    for name in (entry.name for entry in _entries(folder, "")):
        if name in ("node_modules", "site-packages"):
            yield f"{name}/"
        elif name in ENVIRONMENTS:
            for entry in _entries(folder, f"{name}/lib/"):
                if entry.name.startswith("python"):
                    yield f"{name}/lib/{entry.name}/site-packages/"
            yield f"{name}/Lib/site-packages/"


def _entries(folder: ProjectFolder, place: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder.folder(place)) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []


def _text(folder: ProjectFolder, path: str, most: int = LARGEST_LIST) -> str:
    try:
        raw = folder.read(path, most)
    except OSError:
        return ""
    return raw.decode("utf-8", "replace") if len(raw) <= most else ""


def _forms(name: str) -> set[str]:
    """A package's name, and how it may be imported."""
    bare = name.rpartition("/")[2] if name.startswith("@") else name
    return {name, bare, bare.replace("-", "_"), bare.replace(".", "_"), bare.removesuffix(".js")}
