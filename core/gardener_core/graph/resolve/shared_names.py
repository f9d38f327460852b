"""Resolve names that reach other files without an import."""

from gardener_core.code.parsing.outlines import TYPES
from gardener_core.graph.resolve.memo import Memo
from gardener_core.graph.resolve.outlines import ProjectOutlines, folder_of
from gardener_core.graph.resolve.resolved import CALLABLE, Resolved

MAX_NAMESAKES = 20  # among more the only one is not looked for in namespaces


class SharedNames:
    """Names that a whole folder or a whole project shares."""

    def __init__(self, outlines: ProjectOutlines, memo: Memo) -> None:
        self._outlines = outlines
        self._memo = memo

    def in_folder(self, folder: str, name: str) -> Resolved | None:
        """A name that any file of a folder may define."""
        for path, symbol, kind in self._outlines.named(name):
            if symbol == name and f"{folder_of(path)}/" == folder:
                return definition(path, symbol, kind)
        return None

    def nearest(self, path: str, name: str, reach: str) -> Resolved | None:
        """The nearest definition of a name, where it is the only one."""
        language = self._outlines.language(path)
        if language is None:
            return None
        modules = language.modules
        matches = self._memo.remembered(
            ("shared", name, modules), lambda: self._matches(name, modules)
        )
        own = [match for match in matches if match[0] == path]
        if own:
            return definition(*own[0])
        near = [match for match in matches if folder_of(match[0]) == folder_of(path)]
        if near:
            return definition(*near[0]) if reach == "folder" or len(near) == 1 else None
        return definition(*matches[0]) if reach == "project" and len(matches) == 1 else None

    def _matches(self, name: str, modules: str) -> list[tuple[str, str, str]]:
        """What has this name in files of a language, in a namespace or in none."""
        matches = []
        for path, symbol, kind in self._outlines.named(name.rpartition(".")[2]):
            language = self._outlines.language(path)
            if language and language.modules == modules and definition(path, symbol, kind):
                matches.append((path, symbol, kind))
        if len(matches) > MAX_NAMESAKES:
            return [match for match in matches if match[1] == name]
        return [m for m in matches if m[1] == name or self._in_namespace(m[0], m[1], name)]

    def _in_namespace(self, path: str, symbol: str, name: str) -> bool:
        owner = symbol[: -len(name) - 1] if symbol.endswith(f".{name}") else ""
        entry = self._outlines.definition(path, owner) if owner else None
        return entry is not None and entry.kind == "module"


def definition(path: str, symbol: str, kind: str) -> Resolved | None:
    """A definition that a name can resolve to; None for a constant."""
    if kind in TYPES:
        return Resolved("class", path, symbol)
    return Resolved("function", path, symbol) if kind in CALLABLE else None
