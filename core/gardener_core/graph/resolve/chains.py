"""Resolve a chain of names: members, calls and elements."""

import re
from collections.abc import Sequence
from functools import lru_cache

from gardener_core.code.languages.table import Language
from gardener_core.code.parsing.chains import LITERAL, UNKNOWN
from gardener_core.code.parsing.outlines import TYPES, BoundValue
from gardener_core.graph.resolve.annotations import (
    ANY_CLASS,
    NO_CLASS,
    class_named,
    element_type,
    entered_type,
)
from gardener_core.graph.resolve.members import ClassMembers
from gardener_core.graph.resolve.memo import LOCAL, Memo
from gardener_core.graph.resolve.modules import module_file
from gardener_core.graph.resolve.names import ModuleNames
from gardener_core.graph.resolve.outlines import ProjectOutlines
from gardener_core.graph.resolve.resolved import (
    FOREIGN,
    MAX_DEPTH,
    NOTHING,
    UNCLEAR,
    CodeScope,
    Resolved,
)
from gardener_core.graph.resolve.shared_names import SharedNames

MAX_VALUES = 12  # a name that is bound more often may be anything
ENTERED = "__enter__"
_PARTS = re.compile(r"\(\)|\[\]|[^.()\[\]]+")


class ChainResolver:
    """Follows chains of names; names, members and shared names are parts of their own."""

    def __init__(self, outlines: ProjectOutlines) -> None:
        self.memo = Memo(outlines)
        self.shared = SharedNames(outlines, self.memo)
        self.names = ModuleNames(outlines, self.memo, self.shared, self)
        self.members = ClassMembers(outlines, self.memo, self.shared, self)
        self._outlines = outlines

    def chain(self, scope: CodeScope, chain: str, depth: int = MAX_DEPTH) -> Resolved:
        """What a chain means; of several values the one that is the project's."""
        if depth <= 0 or chain == UNKNOWN:
            return UNCLEAR
        if "|" in chain:
            return _agreed([self._single(scope, part, depth) for part in chain.split("|")])
        return self._single(scope, chain, depth) if chain else NOTHING

    def root(self, scope: CodeScope, language: Language, name: str, depth: int) -> Resolved:
        """The first name of a chain: near it, in its file, or imported."""
        if name in language.selfs:
            owner = self.members.class_around(scope)
            if owner:
                return Resolved("class" if name in language.classes else "instance", *owner)
        if scope.uses and name in scope.uses.imports.get(scope.symbol, ()):
            return self.names.imported(scope.path, scope.uses.imports[scope.symbol][name], depth)
        if scope.uses and name in scope.uses.values.get(scope.symbol, ()):
            values = scope.uses.values[scope.symbol][name]
            key = (LOCAL, scope.path, scope.symbol, name, depth)
            return self.memo.remembered(key, lambda: self.value(scope, values, depth))
        if scope.symbol:
            found = self._near(scope, language, name, depth)
            if found:
                return found
        found = self.names.name(scope.path, name, depth)
        if found is None and language.shared:
            found = self.shared.nearest(scope.path, name, language.shared)
        if found is None and language.modules == "crate":
            inner = module_file(self._outlines, scope.path, name)
            found = Resolved("module", inner) if inner else None
        return found or FOREIGN

    def member(self, owner: Resolved, name: str, depth: int = MAX_DEPTH) -> Resolved:
        """A member of something."""
        owner = self.typed(owner, depth)
        match owner.kind:
            case "class" | "instance":
                place = (owner.path, owner.symbol)
                found = self.members.find(place, name, depth)
                if found:
                    return found
                # A base from outside may have what the project's classes have not.
                return FOREIGN if self.members.bases(place, depth)[1] else UNCLEAR
            case "super":
                hit, is_open = self.members.find_above((owner.path, owner.symbol), name, depth)
                return hit or (FOREIGN if is_open else UNCLEAR)
            case "module":
                return self.names.in_module(owner.path, name, depth) or UNCLEAR
            case "package":
                return self.shared.in_folder(owner.path, name) or UNCLEAR
            case "function":  # a property, or what is set on a function
                if depth <= 0:
                    return UNCLEAR
                return self.member(self.called(owner, depth), name, depth - 1)
            case "typed" | "foreign" | "unclear" | "nothing":
                return owner

    def called(self, callee: Resolved, depth: int = MAX_DEPTH) -> Resolved:
        """What calling something returns."""
        callee = self.typed(callee, depth)
        match callee.kind:
            case "class":
                return Resolved("instance", callee.path, callee.symbol)
            case "function":
                return self._returned(callee, depth)
            case "module":
                default = self.names.default(callee.path, depth)
                is_callable = default.kind in ("class", "function")
                return self.called(default, depth - 1) if is_callable else UNCLEAR
            case "foreign":
                return FOREIGN
            case "package" | "instance" | "super" | "typed" | "unclear" | "nothing":
                return UNCLEAR

    def typed(self, found: Resolved, depth: int = MAX_DEPTH) -> Resolved:
        """The same, with the type resolved where it was only written down."""
        if found.kind != "typed":
            return found
        key = ("typed", found.path, found.symbol, depth)
        return self.memo.remembered(key, lambda: self._type(found.path, found.symbol, depth))

    def value(self, scope: CodeScope, values: Sequence[BoundValue], depth: int) -> Resolved:
        """What a name holds; a type that is written down says more than the values."""
        types = [_typed(scope.path, written) for _, written in values if written]
        if types:
            if len(set(types)) == 1:
                return types[0]
            return _agreed([self.typed(each, depth - 1) for each in types])
        if len(values) > MAX_VALUES:
            return UNCLEAR
        return _agreed([self.chain(scope, value, depth - 1) for value, _ in values])

    def _single(self, scope: CodeScope, chain: str, depth: int) -> Resolved:
        parts = parts_of(chain)
        language = self._outlines.language(scope.path)
        if parts[0] in (LITERAL, UNKNOWN) or language is None:
            return FOREIGN if parts[0] == LITERAL else UNCLEAR
        rest = parts[1:]
        if parts[0] in language.supers:
            owner = self.members.class_around(scope)
            found = Resolved("super", *owner) if owner else UNCLEAR
            rest = rest[1:] if rest[:1] == ("()",) else rest
        else:
            found = self.root(scope, language, parts[0], depth)
            if found.kind == "foreign" and language.shared == "project":
                found, rest = self._with_namespaces(scope, parts)
        for part in rest:
            if part == "()":
                found = self.called(found, depth)
            elif part == "[]":
                found = _element(found)
            elif part == ENTERED:
                found = self._entered(found, depth)
            else:
                found = self.member(found, part, depth)
        return found

    def _with_namespaces(
        self, scope: CodeScope, parts: tuple[str, ...]
    ) -> tuple[Resolved, tuple[str, ...]]:
        """The longest part of a chain that is a name with its namespaces, and the rest."""
        ends = (at for at, part in enumerate(parts) if not part.isidentifier())
        for end in range(next(ends, len(parts)), 1, -1):
            found = self.shared.nearest(scope.path, ".".join(parts[:end]), "project")
            if found:
                return found, parts[end:]
        return FOREIGN, ()

    def _near(self, scope: CodeScope, language: Language, name: str, depth: int) -> Resolved | None:
        """A name in the body of its class; where `this` may be left out, in methods too."""
        entry = self._outlines.definition(scope.path, scope.symbol)
        if entry and entry.kind in TYPES:
            return self.members.own((scope.path, scope.symbol), name, depth)
        if language.implicit:
            owner = self.members.class_around(scope)
            return self.members.find(owner, name, depth) if owner else None
        return None

    def _returned(self, function: Resolved, depth: int) -> Resolved:
        """What a function returns: its type, or what stands behind `return`."""
        entry = self._outlines.definition(function.path, function.symbol)
        language = self._outlines.language(function.path)
        if depth <= 0 or entry is None:
            return UNCLEAR
        scope = CodeScope(function.path, function.symbol)
        if entry.returns:
            see_through = language.see_through if language else frozenset()
            chain, is_class = class_named(entry.returns, see_through)
            owner = function.via or self.members.class_around(scope)
            if entry.returns.lstrip("&*") in ("Self", "this") and owner:
                return Resolved("instance", *owner)
            return UNCLEAR if is_class and not chain else _typed(function.path, entry.returns)
        values = self._outlines.values(function.path, f"{function.symbol}()")
        if not values:
            return NOTHING
        if function.via and language and all(value in language.selfs for value, _ in values):
            return Resolved("instance", *function.via)
        return self.value(scope, values, depth)

    def _entered(self, manager: Resolved, depth: int) -> Resolved:
        """What `with ... as` binds; mostly the manager itself."""
        inner = entered_type(manager.symbol) if manager.kind == "typed" else ""
        if inner:
            return _typed(manager.path, inner)
        manager = self.typed(manager, depth)
        if manager.kind == "class":  # `except Problem as problem`
            return Resolved("instance", manager.path, manager.symbol)
        if manager.kind != "instance":
            return FOREIGN if manager.kind == "foreign" else UNCLEAR
        for name in (ENTERED, "__aenter__"):
            method = self.members.find((manager.path, manager.symbol), name, depth)
            if method and method.kind == "function":
                returned = self._returned(method, depth)
                return returned if returned.kind not in ("nothing", "unclear") else manager
        return manager

    def _type(self, path: str, text: str, depth: int) -> Resolved:
        language = self._outlines.language(path)
        chain, is_class = class_named(text, language.see_through if language else frozenset())
        if chain in (ANY_CLASS, NO_CLASS) or depth <= 0:
            return FOREIGN if chain == NO_CLASS else UNCLEAR
        found = self.chain(CodeScope(path, ""), chain, depth - 1)
        if found.kind == "class":
            return found if is_class else Resolved("instance", found.path, found.symbol)
        return FOREIGN if found.kind == "foreign" else UNCLEAR


@lru_cache(maxsize=1 << 14)
def parts_of(chain: str) -> tuple[str, ...]:
    """The names, calls and elements of a chain."""
    return tuple(_PARTS.findall(chain)) or (UNKNOWN,)


def _agreed(found: Sequence[Resolved]) -> Resolved:
    """The one thing of the project that all values mean; of two different ones none is sure."""
    inside = [each for each in dict.fromkeys(found) if each.in_project]
    if inside:
        return inside[0] if len({each[:3] for each in inside}) == 1 else UNCLEAR
    return next((each for each in (FOREIGN, UNCLEAR) if each in found), NOTHING)


def _element(container: Resolved) -> Resolved:
    """An element; unclear where it is not a plain container of one type."""
    element = element_type(container.symbol) if container.kind == "typed" else ""
    if element:
        return _typed(container.path, element)
    return container if container.kind in ("foreign", "nothing") else UNCLEAR


def _typed(path: str, text: str) -> Resolved:
    return Resolved("typed", path, text)
