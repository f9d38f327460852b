"""Resolve a name at the top of a file."""

from collections.abc import Sequence
from typing import Protocol

from gardener_core.code.parsing.outlines import TYPES, BoundValue, ImportedName
from gardener_core.graph.resolve.memo import Memo
from gardener_core.graph.resolve.modules import module_file, submodule
from gardener_core.graph.resolve.outlines import ProjectOutlines
from gardener_core.graph.resolve.resolved import (
    CALLABLE,
    FOREIGN,
    MAX_DEPTH,
    NOTHING,
    UNCLEAR,
    CodeScope,
    Resolved,
)
from gardener_core.graph.resolve.shared_names import SharedNames


class ValueResolver(Protocol):
    """Resolves the values that a name is bound to."""

    def value(self, scope: CodeScope, values: Sequence[BoundValue], depth: int) -> Resolved:
        """What a name holds that is bound to values and types."""
        ...

    def member(self, owner: Resolved, name: str, depth: int = MAX_DEPTH) -> Resolved:
        """A member of something."""
        ...


class ModuleNames:
    """The names of modules, followed through imports."""

    def __init__(
        self, outlines: ProjectOutlines, memo: Memo, shared: SharedNames, chains: ValueResolver
    ) -> None:
        self._outlines = outlines
        self._memo = memo
        self._shared = shared
        self._chains = chains

    def name(self, path: str, name: str, depth: int) -> Resolved | None:
        """A name at the top of a file; None where it is not there."""
        key = ("name", path, name, depth)
        return self._memo.remembered(key, lambda: self._look_up(path, name, depth))

    def imported(self, path: str, imports: Sequence[ImportedName], depth: int) -> Resolved:
        """What an import gives; of several for one name the first that is the project's."""
        found = [self._import(path, module, member, depth - 1) for module, member in imports]
        return next((each for each in found if each.in_project), found[0])

    def in_module(self, path: str, name: str, depth: int) -> Resolved | None:
        """A name of a module, or a module inside of it."""
        found = self.name(path, name, depth)
        if found:
            return found
        inner = submodule(self._outlines, path, name)
        if inner:
            return Resolved("module", inner)
        has_default = self._outlines.values(path, "default")
        default = self.default(path, depth - 1) if has_default else UNCLEAR
        if default.kind in ("class", "instance"):
            return self._chains.member(default, name, depth - 1)
        return None

    def default(self, path: str, depth: int) -> Resolved:
        """What an import without a name gives; the module itself where it exports no default."""
        if depth <= 0:
            return UNCLEAR
        values = self._outlines.values(path, "default")
        found = self._chains.value(CodeScope(path, ""), values, depth) if values else NOTHING
        if found.in_project:
            return found
        stem = path.rpartition("/")[2].partition(".")[0]
        return self.name(path, stem, depth) or Resolved("module", path)

    def _look_up(self, path: str, name: str, depth: int) -> Resolved | None:
        """Defined here, imported, bound to a value, or among all names of another module."""
        if depth <= 0:
            return UNCLEAR
        entry = self._outlines.definition(path, name)
        if entry and entry.kind in TYPES:
            is_object = entry.kind == "object"
            return Resolved("module", path) if is_object else Resolved("class", path, name)
        if entry and entry.kind in CALLABLE:
            return Resolved("function", path, name)
        imports = self._outlines.imports(path, name)
        if imports:
            return self.imported(path, imports, depth)
        values = self._outlines.values(path, name)
        if values:
            return self._chains.value(CodeScope(path, ""), values, depth)
        language = self._outlines.language(path)
        if language and language.shared == "project":  # what is included is found by name alone
            return UNCLEAR if entry else None
        for module in self._outlines.star_imports(path):
            target = module_file(self._outlines, path, module)
            if target.endswith("/"):
                found = self._shared.in_folder(target, name)
            else:
                found = self.name(target, name, depth - 1) if target else None
            if found:
                return found
        return UNCLEAR if entry else None

    def _import(self, path: str, module: str, member: str, depth: int) -> Resolved:
        if depth <= 0:
            return UNCLEAR
        target = module_file(self._outlines, path, module)
        language = self._outlines.language(path)
        is_crate = language is not None and language.modules == "crate"
        if not member:
            return _module(target)
        if not target:
            separator = "" if module.endswith(".") else "::" if is_crate else "."
            return _module(module_file(self._outlines, path, f"{module}{separator}{member}"))
        if target.endswith("/"):
            return self._shared.in_folder(target, member) or FOREIGN
        if member == "default":
            return self.default(target, depth)
        if is_crate:
            inner = module_file(self._outlines, path, f"{module}::{member}")
            if inner:
                return _module(inner)
        return self.in_module(target, member, depth) or UNCLEAR


def _module(path: str) -> Resolved:
    if not path:
        return FOREIGN
    return Resolved("package" if path.endswith("/") else "module", path)
