"""Find out what a chain of names means."""

import re
from collections.abc import Sequence
from functools import lru_cache

from gardener_core.code.languages.table import Language
from gardener_core.code.parsing.chains import LITERAL, UNKNOWN
from gardener_core.code.parsing.outlines import TYPES, Told
from gardener_core.graph.resolve.annotations import FOREIGN as NO_CLASS
from gardener_core.graph.resolve.annotations import OPEN, class_of, element_of, entered_of
from gardener_core.graph.resolve.index import Place as Target
from gardener_core.graph.resolve.modules import module_file
from gardener_core.graph.resolve.names import (
    CALLABLE,
    DEEPEST,
    FOREIGN,
    LOCAL,
    NOTHING,
    SEEN,
    NameResolver,
    ResolvedName,
    Where,
)

MOST_BASES = 60
MOST_VALUES = 12  # a name that is bound more often may be anything
Parts = tuple[str, ...]
ENTERED = "__enter__"
_PARTS = re.compile(r"\(\)|\[\]|[^.()\[\]]+")


class ChainResolver(NameResolver):
    """Chains of names, followed through calls, members and types."""

    def of(self, where: Where, chain: str, depth: int = DEEPEST) -> ResolvedName:
        """What a chain means; of several values the one that is the project's."""
        if depth <= 0 or chain == UNKNOWN:
            return SEEN
        if "|" in chain:
            return _agreed([self._one(where, part, depth) for part in chain.split("|")])
        return self._one(where, chain, depth) if chain else NOTHING

    def settled(self, meant: ResolvedName, depth: int = DEEPEST) -> ResolvedName:
        """The same; a type that is noted is looked up."""
        if meant.sort != "noted":
            return meant
        key = ("noted", meant.path, meant.symbol, depth)
        found = self.remembered(key, lambda: self._type(meant.path, meant.symbol, depth))
        return found or SEEN

    def member(self, meant: ResolvedName, name: str, depth: int = DEEPEST) -> ResolvedName:
        """What a name means on something."""
        meant = self.settled(meant, depth)
        if meant.sort in ("class", "instance"):
            found = self.class_member((meant.path, meant.symbol), name, depth)
            return found if found else self._absent(meant, depth)
        if meant.sort == "super":
            above, is_open = self.bases((meant.path, meant.symbol), depth)
            hits = (self._own_member(base, name, depth) for base in above)
            hit = next((each for each in hits if each), None)
            return (
                hit._replace(via=(meant.path, meant.symbol))
                if hit
                else FOREIGN
                if is_open
                else SEEN
            )
        if meant.sort == "module":
            return self.in_module(meant.path, name, depth) or SEEN
        if meant.sort == "package":
            return self.in_folder(meant.path, name) or SEEN
        if meant.sort == "function":  # a property, or what hangs on a function
            return self.member(self.called(meant, depth), name, depth - 1) if depth > 0 else SEEN
        return meant

    def called(self, meant: ResolvedName, depth: int = DEEPEST) -> ResolvedName:
        """What calling something gives."""
        meant = self.settled(meant, depth)
        if meant.sort == "class":
            return ResolvedName("instance", meant.path, meant.symbol)
        if meant.sort == "function":
            return self._given_back(meant, depth)
        if meant.sort == "module":
            default = self.default(meant.path, depth)
            return (
                self.called(default, depth - 1) if default.sort in ("class", "function") else SEEN
            )
        return FOREIGN if meant.sort == "foreign" else SEEN

    def class_member(self, target: Target, name: str, depth: int = DEEPEST) -> ResolvedName | None:
        """A name in a class or above it."""
        for owner in (target, *self.bases(target, depth)[0]):
            found = self._own_member(owner, name, depth)
            if found:
                return found._replace(via=target) if found.sort == "function" else found
        return None

    def bases(self, target: Target, depth: int = DEEPEST) -> tuple[list[Target], bool]:
        """All classes above a class, nearest first, and whether one of them is from outside."""
        return self.remembered(("bases", *target, depth), lambda: self._all_bases(target, depth))

    def direct_bases(self, target: Target, depth: int = DEEPEST) -> list[Target | None]:
        """The classes that a class names as its bases; None for one that is not the project's."""
        path, symbol = target
        shown = self._known.shown(path, symbol)
        around = Where(path, symbol.rpartition(".")[0])
        meant = [self.of(around, base, depth - 1) for base in (shown.bases if shown else ())]
        return [(each.path, each.symbol) if each.sort == "class" else None for each in meant]

    def class_around(self, where: Where) -> Target | None:
        """The class that a place stands in; a method may stand in another file than its class."""
        symbol = where.scope
        while symbol:
            shown = self._known.shown(where.path, symbol)
            if shown and shown.kind in TYPES and shown.kind != "module":
                return where.path, symbol
            symbol = symbol.rpartition(".")[0]
        owner, _, name = where.scope.rpartition(".")
        row = self._known.row(where.path)
        if owner and name and row and row.spread:
            found = self.shared(where.path, owner, row.spread)
            return (found.path, found.symbol) if found and found.sort == "class" else None
        return None

    def _one(self, where: Where, chain: str, depth: int) -> ResolvedName:
        parts = parts_of(chain)
        row = self._known.row(where.path)
        if parts[0] in (LITERAL, UNKNOWN) or row is None:
            return FOREIGN if parts[0] == LITERAL else SEEN
        rest = parts[1:]
        if parts[0] in row.supers:
            around = self.class_around(where)
            found = ResolvedName("super", *around) if around else SEEN
            rest = rest[1:] if rest[:1] == ("()",) else rest
        else:
            found = self.root(where, row, parts[0], depth)
            if found.sort == "foreign" and row.shared == "project":
                found, rest = self._with_namespaces(where, parts)
        for part in rest:
            if part == "()":
                found = self.called(found, depth)
            elif part == "[]":
                element = element_of(found.symbol) if found.sort == "noted" else ""
                found = _noted(found.path, element) if element else _less(found)
            elif part == ENTERED:
                found = self._entered(found, depth)
            else:
                found = self.member(found, part, depth)
        return found

    def _with_namespaces(
        self, where: Where, parts: tuple[str, ...]
    ) -> tuple[ResolvedName, tuple[str, ...]]:
        """The longest part of a chain that is a name with its namespaces, and what is left."""
        ends = (at for at, part in enumerate(parts) if not part.isidentifier())
        plain = next(ends, len(parts))
        for end in range(plain, 1, -1):
            found = self.shared(where.path, ".".join(parts[:end]), "project")
            if found:
                return found, parts[end:]
        return FOREIGN, ()

    def root(self, where: Where, row: Language, name: str, depth: int) -> ResolvedName:
        """What the first name of a chain means: near it, in its file, in what the file takes."""
        if name in row.selfs:
            around = self.class_around(where)
            if around:
                return ResolvedName("class" if name in row.classes else "instance", *around)
        if where.uses and name in where.uses.taken.get(where.scope, ()):
            return self.first_taken(where.path, where.uses.taken[where.scope][name], depth)
        if where.uses and name in where.uses.told.get(where.scope, ()):
            told = where.uses.told[where.scope][name]
            key = (LOCAL, where.path, where.scope, name, depth)
            return self.remembered(key, lambda: self.held(where, told, depth))
        if where.scope:
            found = self._near(where, row, name, depth)
            if found:
                return found
        found = self.name(where.path, name, depth)
        if found is None and row.shared:
            found = self.shared(where.path, name, row.shared)
        if found is None and row.modules == "crate":
            inner = module_file(self._known, where.path, name)
            found = ResolvedName("module", inner) if inner else None
        return found or FOREIGN

    def _near(self, where: Where, row: Language, name: str, depth: int) -> ResolvedName | None:
        """A name in the body of its class; where `this` may be left out, in methods too."""
        shown = self._known.shown(where.path, where.scope)
        if shown and shown.kind in TYPES:
            return self._own_member((where.path, where.scope), name, depth)
        if row.implicit:
            around = self.class_around(where)
            return self.class_member(around, name, depth) if around else None
        return None

    def _own_member(self, owner: Target, name: str, depth: int) -> ResolvedName | None:
        key = ("member", *owner, name, depth)
        return self.remembered(key, lambda: self._look_inside(owner, name, depth))

    def _look_inside(self, owner: Target, name: str, depth: int) -> ResolvedName | None:
        path, symbol = owner
        full = f"{symbol}.{name}"
        shown = self._known.shown(path, full)
        if shown and shown.kind in TYPES:
            return ResolvedName("class", path, full)
        if shown and shown.kind in CALLABLE:
            return ResolvedName("function", path, full, owner)
        told = self._known.told(path, full)
        if told and depth > 0:
            # The body of a class is seen in none of its methods.
            found = self.held(Where(path, f"{symbol}.?"), told, depth)
            return SEEN if found == NOTHING and any(any(each) for each in told) else found
        row = self._known.row(path)
        if row and row.spread:
            elsewhere = self.shared(path, full, row.spread)
            if elsewhere and elsewhere.sort == "function":
                return elsewhere._replace(via=owner)
        return SEEN if shown else None

    def _absent(self, meant: ResolvedName, depth: int) -> ResolvedName:
        """A class has no such member: a class above it, that is not the project's, may have it."""
        return FOREIGN if self.bases((meant.path, meant.symbol), depth)[1] else SEEN

    def held(self, where: Where, told: Sequence[Told], depth: int) -> ResolvedName:
        """What a name holds; a type that is written down says more than the values."""
        typed = [_noted(where.path, kind) for _, kind in told if kind]
        if typed:
            return (
                typed[0]
                if len(set(typed)) == 1
                else _agreed([self.settled(t, depth - 1) for t in typed])
            )
        if len(told) > MOST_VALUES:
            return SEEN
        return _agreed([self.of(where, value, depth - 1) for value, _ in told])

    def _given_back(self, meant: ResolvedName, depth: int) -> ResolvedName:
        """What a function gives back: its type, or what stands behind `return`."""
        shown = self._known.shown(meant.path, meant.symbol)
        row = self._known.row(meant.path)
        if depth <= 0 or shown is None:
            return SEEN
        if shown.returns:
            chain, is_class = class_of(shown.returns, row.see_through if row else frozenset())
            owner = meant.via or self.class_around(Where(meant.path, meant.symbol))
            if shown.returns.lstrip("&*") in ("Self", "this") and owner:
                return ResolvedName("instance", *owner)
            return SEEN if is_class and not chain else _noted(meant.path, shown.returns)
        told = self._known.told(meant.path, f"{meant.symbol}()")
        if not told:
            return NOTHING
        if meant.via and row and all(value in row.selfs for value, _ in told):
            return ResolvedName("instance", *meant.via)
        return self.held(Where(meant.path, meant.symbol), told, depth)

    def _entered(self, meant: ResolvedName, depth: int) -> ResolvedName:
        """What `with ... as` binds; mostly the thing itself."""
        inner = entered_of(meant.symbol) if meant.sort == "noted" else ""
        if inner:
            return _noted(meant.path, inner)
        meant = self.settled(meant, depth)
        if meant.sort == "class":  # `except Problem as problem`
            return ResolvedName("instance", meant.path, meant.symbol)
        if meant.sort != "instance":
            return FOREIGN if meant.sort == "foreign" else SEEN
        for name in (ENTERED, "__aenter__"):
            method = self.class_member((meant.path, meant.symbol), name, depth)
            if method and method.sort == "function":
                given = self._given_back(method, depth)
                return given if given.sort not in ("nothing", "seen") else meant
        return meant

    def _type(self, path: str, text: str, depth: int) -> ResolvedName:
        row = self._known.row(path)
        chain, is_class = class_of(text, row.see_through if row else frozenset())
        if chain in (OPEN, NO_CLASS) or depth <= 0:
            return FOREIGN if chain == NO_CLASS else SEEN
        found = self.of(Where(path, ""), chain, depth - 1)
        if found.sort == "class":
            return found if is_class else ResolvedName("instance", found.path, found.symbol)
        return FOREIGN if found.sort == "foreign" else SEEN

    def _all_bases(self, target: Target, depth: int) -> tuple[list[Target], bool]:
        found: list[Target] = []
        waiting, is_open = [target], False
        while waiting and len(found) < MOST_BASES:
            path, symbol = waiting.pop(0)
            for above in self.direct_bases((path, symbol), depth):
                if above is None:
                    is_open = True
                elif above != target and above not in found:
                    found.append(above)
                    waiting.append(above)
        return found, is_open


@lru_cache(maxsize=1 << 14)
def parts_of(chain: str) -> Parts:
    """The names, calls and elements of a chain."""
    return tuple(_PARTS.findall(chain)) or (UNKNOWN,)


def _agreed(found: Sequence[ResolvedName]) -> ResolvedName:
    """The one thing of the project that all values mean; of two different ones none is sure."""
    good = [each for each in dict.fromkeys(found) if each.is_good]
    if good:
        return good[0] if len({each[:3] for each in good}) == 1 else SEEN
    return next((each for each in (FOREIGN, SEEN) if each in found), NOTHING)


def _noted(path: str, text: str) -> ResolvedName:
    return ResolvedName("noted", path, text)


def _less(meant: ResolvedName) -> ResolvedName:
    """An element of something that is no plain container."""
    return meant if meant.sort in ("foreign", "nothing") else SEEN
