"""Link changed files and the files that depend on them."""

import time
from collections import defaultdict
from collections.abc import Iterator

from gardener_core.code.parsing.outlines import FileUses, unpack_outline, unpack_uses
from gardener_core.events.index import Linked
from gardener_core.graph.resolve.calls import CallResolver
from gardener_core.graph.resolve.chains import ChainResolver
from gardener_core.graph.resolve.modules import module_file
from gardener_core.graph.resolve.outlines import (
    Key,
    Place,
    ProjectOutlines,
    any_packed,
    changed_keys,
    packed_keys,
    short_keys,
)
from gardener_core.graph.resolve.resolved import MAX_DEPTH, CodeScope, Resolved
from gardener_core.store.project.links import LinkRow
from gardener_core.store.project.sources import SourceTable

# From so many changed files on, all outlines are loaded at once instead of one by one.
MANY_CHANGED = 100


def link(
    table: SourceTable, max_files: int | None = None, many: int = MANY_CHANGED
) -> Linked | None:
    """Link what changed and what depends on it; the result equals linking everything again.

    With more files to link than `max_files` it does nothing, and returns None.
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
    todo = own | _dependent(table, keys, ids)
    if max_files is not None and len(todo) > max_files:
        return None
    linker = _Linker(ProjectOutlines(table, whole=len(todo) > many), table, ids)
    moved = linker.learn_bases(todo)
    todo |= _dependent(table, moved, ids)
    if max_files is not None and len(todo) > max_files:
        return None
    rows, lookups = linker.links_of(sorted(todo))
    table.replace_links(rows, lookups, [ids[path] for path in todo])
    return Linked(len(todo), len(rows), round(time.monotonic() - started, 3))


def _dependent(table: SourceTable, keys: set[Key], ids: dict[str, int]) -> set[str]:
    """The files whose links looked up what changed."""
    if not keys:
        return set()
    short = short_keys(keys)
    return {path for path, packed in table.needs() if path in ids and any_packed(packed, short)}


class _Linker:
    """Makes the links of files from the outlines of the project."""

    def __init__(self, outlines: ProjectOutlines, table: SourceTable, ids: dict[str, int]) -> None:
        self._outlines = outlines
        self._table = table
        self._ids = ids
        self._chains = ChainResolver(outlines)
        self._calls = CallResolver(outlines, self._chains)

    def learn_bases(self, paths: set[str]) -> set[Key]:
        """Resolve the bases of the classes in some files; returns whose subclasses changed."""
        before = self._table.base_links()
        now = [each for each in before if each[0] not in paths]
        for path in sorted(paths):
            now += [(path, symbol, *base) for symbol, base in self._bases(path)]
        self._outlines.set_bases(now)
        return {("below", *each[2:]) for each in set(before) ^ set(now)}

    def links_of(self, paths: list[str]) -> tuple[list[LinkRow], list[tuple[bytes, int]]]:
        """The links of files, and what was looked up for each."""
        rows: list[LinkRow] = []
        lookups = []
        for path in paths:
            self._outlines.lookups = set()
            rows += self._links(path)
            others = (key for key in self._outlines.lookups if key[0] != path)
            lookups.append((packed_keys(others), self._ids[path]))
        return rows, lookups

    def _links(self, path: str) -> list[LinkRow]:
        own, language = self._ids[path], self._outlines.language(path)
        if language is None:
            return []
        found: dict[LinkRow, None] = {}
        for symbol, base in self._bases(path):
            found[own, symbol, self._ids[base[0]], base[1], 0, "sure", "base"] = None
        self._chains.memo.begin_file()
        uses = unpack_uses(self._table.uses(path))
        for scope, (to_path, symbol) in self._imports(path, uses):
            found[own, scope, self._ids[to_path], symbol, 0, "sure", "import"] = None
        callees: dict[tuple[str, str, str, bool], tuple[Place, str] | None] = {}
        for site in uses.calls:
            key = (site.scope, site.receiver, site.name, site.passed)
            if key not in callees:
                callees[key] = self._calls.callee(CodeScope(path, site.scope, uses), language, site)
            answer = callees[key]
            if answer:
                (to_path, symbol), grade = answer
                sort = "passed" if site.passed else "call"
                found[own, site.scope, self._ids[to_path], symbol, site.line, grade, sort] = None
        return list(found)

    def _imports(self, path: str, uses: FileUses) -> Iterator[tuple[str, Place]]:
        """What a file, or a symbol in it, imports from the project's own modules."""
        for name in self._outlines.imported_names(path):
            yield from _elsewhere(path, "", self._chains.names.name(path, name, MAX_DEPTH))
        for module in self._outlines.star_imports(path):
            target = module_file(self._outlines, path, module)
            if target in self._ids and target != path:  # else a folder, or from outside
                yield "", (target, "")
        for scope, names in uses.imports.items():
            for imports in names.values():
                found = self._chains.names.imported(path, imports, MAX_DEPTH)
                yield from _elsewhere(path, scope, found)

    def _bases(self, path: str) -> list[tuple[str, Place]]:
        found: dict[str, list[Place]] = defaultdict(list)
        for symbol in self._outlines.classes_with_bases(path):
            for base in self._chains.members.direct_bases((path, symbol)):
                if base and base != (path, symbol) and base not in found[symbol]:
                    found[symbol].append(base)
        return [(symbol, base) for symbol, bases in found.items() for base in bases]


def _elsewhere(path: str, scope: str, found: Resolved | None) -> Iterator[tuple[str, Place]]:
    """The link of a name that refers to something of another file."""
    if found and found.kind in ("class", "function", "module") and found.path != path:
        yield scope, (found.path, found.symbol)
