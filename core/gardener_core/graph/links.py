"""Make the links that changed files ask for."""

import time
from collections import defaultdict
from collections.abc import Iterator

from gardener_core.code.parsing.outlines import FileUses, unpack_outline, unpack_uses
from gardener_core.events.index import Linked
from gardener_core.graph.resolve.index import (
    Key,
    Place,
    ProjectOutlines,
    changed_keys,
    concerned,
    packed_keys,
    short_keys,
)
from gardener_core.graph.resolve.meaning import ChainResolver
from gardener_core.graph.resolve.modules import module_file
from gardener_core.graph.resolve.names import DEEPEST, ResolvedName, Where
from gardener_core.graph.resolve.rules import CallResolver
from gardener_core.store.project.links import LinkRow
from gardener_core.store.project.sources import SourceTable

# From so many changed files on, all outlines are loaded at once instead of one by one.
MANY_CHANGED = 100


def link(
    table: SourceTable, most_files: int | None = None, many: int = MANY_CHANGED
) -> Linked | None:
    """Make the links of what changed and of what depends on it; the same as making all anew.

    With more files to link than allowed it does nothing, and answers None.
    """
    started = time.monotonic()
    changed = table.changed()
    if not changed:
        return Linked(0, 0, 0.0)
    ids = {item.path: item.id for item in table.all() if item.state != "gone"}
    keys: set[Key] = set()
    for source, before, now in changed:
        keys |= changed_keys(source, unpack_outline(before or b""), unpack_outline(now), not before)
    own = {source.path for source, _, _ in changed} & ids.keys()
    todo = own | _concerned(table, keys, ids)
    if most_files is not None and len(todo) > most_files:
        return None
    linker = _Linker(ProjectOutlines(table, whole=len(todo) > many), table, ids)
    moved = linker.learn_bases(todo)
    todo |= _concerned(table, moved, ids)
    if most_files is not None and len(todo) > most_files:
        return None
    rows, looked_at = linker.links_of(sorted(todo))
    table.store_links(rows, looked_at, [ids[path] for path in todo])
    return Linked(len(todo), len(rows), round(time.monotonic() - started, 3))


def _concerned(table: SourceTable, keys: set[Key], ids: dict[str, int]) -> set[str]:
    """The files whose links were made with a look at what changed."""
    if not keys:
        return set()
    short = short_keys(keys)
    return {path for path, packed in table.needs() if path in ids and concerned(packed, short)}


class _Linker:
    """Makes the links of files, with all that the project's files show at hand."""

    def __init__(self, known: ProjectOutlines, table: SourceTable, ids: dict[str, int]) -> None:
        self._known = known
        self._table = table
        self._ids = ids
        self._meaning = ChainResolver(known)
        self._rules = CallResolver(known, self._meaning)

    def learn_bases(self, paths: set[str]) -> set[Key]:
        """Look up what the classes of some files are built on; answers whose subclasses changed."""
        before = self._table.base_links()
        now = [each for each in before if each[0] not in paths]
        for path in sorted(paths):
            now += [(path, symbol, *base) for symbol, base in self._bases(path)]
        self._known.set_bases(now)
        return {("below", *each[2:]) for each in set(before) ^ set(now)}

    def links_of(self, paths: list[str]) -> tuple[list[LinkRow], list[tuple[bytes, int]]]:
        """The links of files, and what was looked at for each."""
        rows: list[LinkRow] = []
        looked_at = []
        for path in paths:
            self._known.needs = set()
            rows += self._links(path)
            others = (key for key in self._known.needs if key[0] != path)
            looked_at.append((packed_keys(others), self._ids[path]))
        return rows, looked_at

    def _links(self, path: str) -> list[LinkRow]:
        own, row = self._ids[path], self._known.row(path)
        if row is None:
            return []
        found: dict[LinkRow, None] = {}
        for symbol, base in self._bases(path):
            found[own, symbol, self._ids[base[0]], base[1], 0, "sure", "base"] = None
        self._meaning.begin()
        uses = unpack_uses(self._table.uses(path))
        for scope, (to_path, symbol) in self._imports(path, uses):
            found[own, scope, self._ids[to_path], symbol, 0, "sure", "import"] = None
        callees: dict[tuple[str, str, str, bool], tuple[Place, str] | None] = {}
        for site in uses.calls:
            key = (site.scope, site.receiver, site.name, site.passed)
            if key not in callees:
                callees[key] = self._rules.callee(Where(path, site.scope, uses), row, site)
            answer = callees[key]
            if answer:
                (to_path, symbol), grade = answer
                sort = "passed" if site.passed else "call"
                found[own, site.scope, self._ids[to_path], symbol, site.line, grade, sort] = None
        return list(found)

    def _imports(self, path: str, uses: FileUses) -> Iterator[tuple[str, Place]]:
        """What the project's own modules give to a file, or to a symbol in it."""
        for name in self._known.imported(path):
            yield from _elsewhere(path, "", self._meaning.name(path, name, DEEPEST))
        for module in self._known.stars(path):
            target = module_file(self._known, path, module)
            if target in self._ids and target != path:  # it may be a folder, or from outside
                yield "", (target, "")
        for scope, names in uses.taken.items():
            for taken in names.values():
                meant = self._meaning.first_taken(path, taken, DEEPEST)
                yield from _elsewhere(path, scope, meant)

    def _bases(self, path: str) -> list[tuple[str, Place]]:
        found: dict[str, list[Place]] = defaultdict(list)
        for symbol in self._known.classes(path):
            for base in self._meaning.direct_bases((path, symbol)):
                if base and base != (path, symbol) and base not in found[symbol]:
                    found[symbol].append(base)
        return [(symbol, base) for symbol, bases in found.items() for base in bases]


def _elsewhere(path: str, scope: str, meant: ResolvedName | None) -> Iterator[tuple[str, Place]]:
    """A name that stands for something of another file."""
    if meant and meant.sort in ("class", "function", "module") and meant.path != path:
        yield scope, (meant.path, meant.symbol)
