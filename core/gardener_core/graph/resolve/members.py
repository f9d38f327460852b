"""Resolve the members and the bases of classes."""

from collections.abc import Sequence
from typing import Protocol

from gardener_core.code.parsing.outlines import TYPES, BoundValue
from gardener_core.graph.resolve.memo import Memo
from gardener_core.graph.resolve.outlines import Place, ProjectOutlines
from gardener_core.graph.resolve.resolved import (
    CALLABLE,
    MAX_DEPTH,
    NOTHING,
    UNCLEAR,
    CodeScope,
    Resolved,
)
from gardener_core.graph.resolve.shared_names import SharedNames

MAX_BASES = 60


class BaseResolver(Protocol):
    """Resolves the names of bases and the values of members."""

    def chain(self, scope: CodeScope, chain: str, depth: int = MAX_DEPTH) -> Resolved:
        """What a chain of names means."""
        ...

    def value(self, scope: CodeScope, values: Sequence[BoundValue], depth: int) -> Resolved:
        """What a name holds that is bound to values and types."""
        ...


class ClassMembers:
    """Members of a class, found in it or in the classes that it inherits from."""

    def __init__(
        self, outlines: ProjectOutlines, memo: Memo, shared: SharedNames, chains: BaseResolver
    ) -> None:
        self._outlines = outlines
        self._memo = memo
        self._shared = shared
        self._chains = chains

    def find(self, owner: Place, name: str, depth: int = MAX_DEPTH) -> Resolved | None:
        """A member of a class or of one of its bases."""
        for each in (owner, *self.bases(owner, depth)[0]):
            found = self.own(each, name, depth)
            if found:
                return found._replace(via=owner) if found.kind == "function" else found
        return None

    def find_above(self, owner: Place, name: str, depth: int) -> tuple[Resolved | None, bool]:
        """A member of a base, and whether one of the bases is from outside."""
        bases, is_open = self.bases(owner, depth)
        hits = (self.own(base, name, depth) for base in bases)
        hit = next((each for each in hits if each), None)
        return (hit._replace(via=owner) if hit else None), is_open

    def own(self, owner: Place, name: str, depth: int) -> Resolved | None:
        """A member that a class has itself."""
        key = ("member", *owner, name, depth)
        return self._memo.remembered(key, lambda: self._look_inside(owner, name, depth))

    def bases(self, owner: Place, depth: int = MAX_DEPTH) -> tuple[list[Place], bool]:
        """All classes above a class, nearest first, and whether one of them is from outside."""
        return self._memo.remembered(("bases", *owner, depth), lambda: self._bases(owner, depth))

    def direct_bases(self, owner: Place, depth: int = MAX_DEPTH) -> list[Place | None]:
        """The classes that a class names as its bases; None for one from outside."""
        path, symbol = owner
        entry = self._outlines.definition(path, symbol)
        scope = CodeScope(path, symbol.rpartition(".")[0])
        found = [
            self._chains.chain(scope, base, depth - 1) for base in (entry.bases if entry else ())
        ]
        return [(each.path, each.symbol) if each.kind == "class" else None for each in found]

    def class_around(self, scope: CodeScope) -> Place | None:
        """The class that a scope stands in; a method may stand in another file than its class."""
        symbol = scope.symbol
        while symbol:
            entry = self._outlines.definition(scope.path, symbol)
            if entry and entry.kind in TYPES and entry.kind != "module":
                return scope.path, symbol
            symbol = symbol.rpartition(".")[0]
        owner, _, name = scope.symbol.rpartition(".")
        language = self._outlines.language(scope.path)
        if owner and name and language and language.spread:
            found = self._shared.nearest(scope.path, owner, language.spread)
            return (found.path, found.symbol) if found and found.kind == "class" else None
        return None

    def _look_inside(self, owner: Place, name: str, depth: int) -> Resolved | None:
        path, symbol = owner
        full = f"{symbol}.{name}"
        entry = self._outlines.definition(path, full)
        if entry and entry.kind in TYPES:
            return Resolved("class", path, full)
        if entry and entry.kind in CALLABLE:
            return Resolved("function", path, full, owner)
        values = self._outlines.values(path, full)
        if values and depth > 0:
            # The body of a class is visible in none of its methods.
            found = self._chains.value(CodeScope(path, f"{symbol}.?"), values, depth)
            return UNCLEAR if found == NOTHING and any(any(each) for each in values) else found
        language = self._outlines.language(path)
        if language and language.spread:
            elsewhere = self._shared.nearest(path, full, language.spread)
            if elsewhere and elsewhere.kind == "function":
                return elsewhere._replace(via=owner)
        return UNCLEAR if entry else None

    def _bases(self, owner: Place, depth: int) -> tuple[list[Place], bool]:
        found: list[Place] = []
        waiting, is_open = [owner], False
        while waiting and len(found) < MAX_BASES:
            for base in self.direct_bases(waiting.pop(0), depth):
                if base is None:
                    is_open = True
                elif base != owner and base not in found:
                    found.append(base)
                    waiting.append(base)
        return found, is_open
