"""Look up outlines, and note every lookup."""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import lru_cache

from gardener_core.code.languages.table import Language, languages
from gardener_core.code.parsing.outlines import (
    BoundValue,
    ImportedName,
    Outline,
    OutlineEntry,
    unpack_outline,
)
from gardener_core.store.project.sources import Source, SourceTable

# A file of such a name stands for its folder.
_FOLDER_FILES = frozenset({"__init__", "index", "mod", "lib", "main"})
_NONE = Outline()
KEY_BYTES = 4
FEW_KEYS = 40  # so many are searched for one by one, which is faster than taking all apart

Place = tuple[str, str]  # a path and a symbol
Key = tuple[str, ...]


class ProjectOutlines:
    """The outlines of a project; `lookups` notes every question, also one without an answer.

    The links of a file depend on what was looked up while they were made. So a change concerns
    exactly the files that looked up what changed.
    """

    def __init__(self, table: SourceTable, whole: bool) -> None:
        sources = table.all()
        self.lookups: set[Key] = set()
        self._table = table
        self._whole = whole
        self._languages = {item.path: item.language for item in sources if item.state != "gone"}
        self._stems: dict[str, list[str]] = defaultdict(list)
        self._folders: dict[str, set[str]] = defaultdict(set)
        for path in self._languages:
            for stem in stems_of(path):
                self._stems[stem].append(path)
            folder = folder_of(path)
            self._folders[_last(folder)].add(folder)
        self._packed = table.outlines() if whole else {}
        self._outlines: dict[str, Outline] = {}
        self._named: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        self._subclasses: dict[Place, list[Place]] = defaultdict(list)
        if whole:
            for name, path, symbol, kind in table.all_named():
                self._named[name].append((path, symbol, kind))

    def language(self, path: str) -> Language | None:
        """The language of a file."""
        return languages().get(self._languages.get(path, ""))

    def exists(self, path: str) -> bool:
        """Whether there is such a file."""
        self.lookups.add(("module", stems_of(path)[0]))
        return path in self._languages

    def files(self, stem: str) -> Sequence[str]:
        """The files that a module of this name could be."""
        self.lookups.add(("module", stem))
        return self._stems.get(stem, ())

    def folders(self, name: str) -> Iterable[str]:
        """The folders of this name that hold files."""
        self.lookups.add(("folder", name))
        return self._folders.get(name, ())

    def definition(self, path: str, symbol: str) -> OutlineEntry | None:
        """What a file defines under a name."""
        self.lookups.add((path, symbol))
        return self._outline(path).definitions.get(symbol)

    def imports(self, path: str, name: str) -> Sequence[ImportedName]:
        """What a file imports under a name."""
        self.lookups.add((path, name))
        return self._outline(path).imports.get(name, ())

    def imported_names(self, path: str) -> list[str]:
        """The names that a file imports at its top; about itself, so no lookup is noted."""
        return list(self._outline(path).imports)

    def values(self, path: str, name: str) -> Sequence[BoundValue]:
        """What a file binds to a name, or to a member of a class."""
        self.lookups.add((path, name))
        return self._outline(path).values.get(name, ())

    def star_imports(self, path: str) -> Sequence[str]:
        """The modules that a file imports all names of."""
        self.lookups.add((path, "*"))
        return self._outline(path).star_imports

    def named(self, name: str) -> Sequence[tuple[str, str, str]]:
        """Path, symbol and kind of everything in the project that has a name."""
        self.lookups.add(("name", name))
        if not self._whole and name not in self._named:
            self._named[name] = self._table.named(name)
        return self._named.get(name, ())

    def subclasses(self, path: str, symbol: str) -> Sequence[Place]:
        """The direct subclasses of a class, as the links say."""
        self.lookups.add(("below", path, symbol))
        return self._subclasses.get((path, symbol), ())

    def set_bases(self, links: Iterable[tuple[str, str, str, str]]) -> None:
        """Learn which class inherits from which."""
        self._subclasses.clear()
        for path, symbol, base_path, base in sorted(links):
            self._subclasses[base_path, base].append((path, symbol))

    def classes_with_bases(self, path: str) -> list[str]:
        """The classes of a file that inherit from something."""
        return [name for name, item in self._outline(path).definitions.items() if item.bases]

    def _outline(self, path: str) -> Outline:
        found = self._outlines.get(path)
        if found is None:
            if path not in self._languages:
                return _NONE
            packed = self._packed.pop(path) if self._whole else self._table.outline(path)
            found = self._outlines[path] = unpack_outline(packed)
        return found


def changed_keys(source: Source, before: Outline, after: Outline, is_new: bool) -> set[Key]:
    """The lookups that answer differently after a file's outline changed."""
    keys: set[Key] = set()
    if is_new or source.state == "gone":
        keys |= {("module", stem) for stem in stems_of(source.path)}
        keys.add(("folder", _last(folder_of(source.path))))
    changed: set[str] = set()
    for old, new in (
        (before.definitions, after.definitions),
        (before.imports, after.imports),
        (before.values, after.values),
    ):
        changed |= _differing(old, new)
    keys |= {(source.path, name) for name in changed}
    if before.star_imports != after.star_imports:
        keys.add((source.path, "*"))
    for symbol in before.definitions.keys() | after.definitions.keys():
        old_kind, new_kind = (_kind(outline, symbol) for outline in (before, after))
        if old_kind != new_kind:
            keys.add(("name", symbol.rpartition(".")[2]))
    return keys


def packed_keys(keys: Iterable[Key]) -> bytes:
    """Keys as four bytes each; two that collide only cost linking a file once more."""
    return b"".join(sorted({_short(key) for key in keys}))


def any_packed(packed: bytes, keys: Set[bytes]) -> bool:
    """Whether one of these keys is among the packed ones; a chance match does no harm."""
    if len(keys) <= FEW_KEYS:
        return any(key in packed for key in keys)
    found = (packed[at : at + KEY_BYTES] for at in range(0, len(packed), KEY_BYTES))
    return not keys.isdisjoint(found)


def short_keys(keys: Iterable[Key]) -> set[bytes]:
    """Keys as they are compared."""
    return {_short(key) for key in keys}


@lru_cache(maxsize=1 << 16)
def stems_of(path: str) -> tuple[str, ...]:
    """The names under which a module may be imported; the last two parts decide."""
    folder, _, name = path.rpartition("/")
    stem = name.partition(".")[0]
    return (_last(folder), stem) if stem in _FOLDER_FILES else (stem,)


def folder_of(path: str) -> str:
    """The folder of a file; empty at the top."""
    return path.rpartition("/")[0]


def _last(folder: str) -> str:
    return folder.rpartition("/")[2]


def _kind(outline: Outline, symbol: str) -> str:
    found = outline.definitions.get(symbol)
    return found.kind if found else ""


def _differing(old: Mapping[str, object], new: Mapping[str, object]) -> set[str]:
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}


def _short(key: Key) -> bytes:
    return zlib.crc32("\0".join(key).encode("utf-8", "replace")).to_bytes(KEY_BYTES, "big")
