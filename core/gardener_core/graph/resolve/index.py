"""What a project's files show, and what was looked at to know it."""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import lru_cache

from gardener_core.code.languages.table import Language, languages
from gardener_core.code.parsing.outlines import Outline, OutlineEntry, Taken, Told, unpack_outline
from gardener_core.store.project.sources import Source, SourceTable

# A file of such a name stands for its folder.
_FOLDER_FILES = frozenset({"__init__", "index", "mod", "lib", "main"})
_NONE = Outline()
KEY_BYTES = 4
FEW_KEYS = 40  # so many are searched for one by one, which is faster than taking all apart

Place = tuple[str, str]  # a path and a symbol
Key = tuple[str, ...]


class ProjectOutlines:
    """The outlines of a project; every look is noted in `needs`, also one that found nothing.

    What the links of a file depend on is what was looked at while they were made. So a change
    concerns exactly the files that looked at what changed.
    """

    def __init__(self, table: SourceTable, whole: bool) -> None:
        sources = table.all()
        self.needs: set[Key] = set()
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
        self._below: dict[Place, list[Place]] = defaultdict(list)
        if whole:
            for name, path, symbol, kind in table.all_named():
                self._named[name].append((path, symbol, kind))

    def paths(self) -> Iterable[str]:
        """Every file, in order."""
        return self._languages

    def row(self, path: str) -> Language | None:
        """The language of a file."""
        return languages().get(self._languages.get(path, ""))

    def exists(self, path: str) -> bool:
        """Whether there is such a file."""
        self.needs.add(("module", stems_of(path)[0]))
        return path in self._languages

    def files(self, stem: str) -> Sequence[str]:
        """The files that a module of this name could be."""
        self.needs.add(("module", stem))
        return self._stems.get(stem, ())

    def folders(self, name: str) -> Iterable[str]:
        """The folders of this name that hold files."""
        self.needs.add(("folder", name))
        return self._folders.get(name, ())

    def shown(self, path: str, symbol: str) -> OutlineEntry | None:
        """What a file defines under a name."""
        self.needs.add((path, symbol))
        return self._outline(path).shown.get(symbol)

    def taken(self, path: str, name: str) -> Sequence[Taken]:
        """What a file imports under a name."""
        self.needs.add((path, name))
        return self._outline(path).taken.get(name, ())

    def imported(self, path: str) -> list[str]:
        """The names that a file imports at its top; it is the file's own, so nothing is noted."""
        return list(self._outline(path).taken)

    def told(self, path: str, name: str) -> Sequence[Told]:
        """What a file binds to a name, or to a member of a class."""
        self.needs.add((path, name))
        return self._outline(path).told.get(name, ())

    def stars(self, path: str) -> Sequence[str]:
        """The modules that a file takes all names of."""
        self.needs.add((path, "*"))
        return self._outline(path).stars

    def named(self, name: str) -> Sequence[tuple[str, str, str]]:
        """Path, symbol and kind of everything in the project that has a name."""
        self.needs.add(("name", name))
        if not self._whole and name not in self._named:
            self._named[name] = self._table.named(name)
        return self._named.get(name, ())

    def below(self, path: str, symbol: str) -> Sequence[Place]:
        """The classes that are built on a class, as the links say."""
        self.needs.add(("below", path, symbol))
        return self._below.get((path, symbol), ())

    def set_bases(self, links: Iterable[tuple[str, str, str, str]]) -> None:
        """Learn which class is built on which."""
        self._below.clear()
        for path, symbol, base_path, base in sorted(links):
            self._below[base_path, base].append((path, symbol))

    def classes(self, path: str) -> list[str]:
        """The classes of a file that are built on something."""
        return [name for name, item in self._outline(path).shown.items() if item.bases]

    def _outline(self, path: str) -> Outline:
        found = self._outlines.get(path)
        if found is None:
            if path not in self._languages:
                return _NONE
            packed = self._packed.pop(path) if self._whole else self._table.outline(path)
            found = self._outlines[path] = unpack_outline(packed)
        return found


def changed_keys(source: Source, before: Outline, after: Outline, is_new: bool) -> set[Key]:
    """What looks different after a file's outline changed."""
    keys: set[Key] = set()
    if is_new or source.state == "gone":
        keys |= {("module", stem) for stem in stems_of(source.path)}
        keys.add(("folder", _last(folder_of(source.path))))
    changed: set[str] = set()
    for old, new in (
        (before.shown, after.shown),
        (before.taken, after.taken),
        (before.told, after.told),
    ):
        changed |= _differing(old, new)
    keys |= {(source.path, name) for name in changed}
    if before.stars != after.stars:
        keys.add((source.path, "*"))
    for symbol in before.shown.keys() | after.shown.keys():
        old_kind, new_kind = (_kind(outline, symbol) for outline in (before, after))
        if old_kind != new_kind:
            keys.add(("name", symbol.rpartition(".")[2]))
    return keys


def packed_keys(keys: Iterable[Key]) -> bytes:
    """Keys as four bytes each; two that fall together only have a file linked once more."""
    return b"".join(sorted({_short(key) for key in keys}))


def concerned(packed: bytes, keys: Set[bytes]) -> bool:
    """Whether what was looked at is among what changed; bytes that only look so do no harm."""
    if len(keys) <= FEW_KEYS:
        return any(key in packed for key in keys)
    found = (packed[at : at + KEY_BYTES] for at in range(0, len(packed), KEY_BYTES))
    return not keys.isdisjoint(found)


def short_keys(keys: Iterable[Key]) -> set[bytes]:
    """Keys as they are compared."""
    return {_short(key) for key in keys}


@lru_cache(maxsize=1 << 16)
def stems_of(path: str) -> tuple[str, ...]:
    """The names under which a module may be asked for; the last two parts decide."""
    folder, _, name = path.rpartition("/")
    stem = name.partition(".")[0]
    return (_last(folder), stem) if stem in _FOLDER_FILES else (stem,)


def folder_of(path: str) -> str:
    """The folder of a file; empty at the top."""
    return path.rpartition("/")[0]


def _last(folder: str) -> str:
    return folder.rpartition("/")[2]


def _kind(outline: Outline, symbol: str) -> str:
    found = outline.shown.get(symbol)
    return found.kind if found else ""


def _differing(old: Mapping[str, object], new: Mapping[str, object]) -> set[str]:
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}


def _short(key: Key) -> bytes:
    return zlib.crc32("\0".join(key).encode("utf-8", "replace")).to_bytes(KEY_BYTES, "big")
