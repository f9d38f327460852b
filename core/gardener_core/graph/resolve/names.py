"""Find out what a name at the top of a file means."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar, cast

from gardener_core.code.parsing.outlines import TYPES, FileUses, Taken, Told
from gardener_core.graph.resolve.index import Key, ProjectOutlines, folder_of
from gardener_core.graph.resolve.index import Place as Target
from gardener_core.graph.resolve.modules import module_file, submodule

DEEPEST = 8  # so many names are followed from one to the next; it ends every circle
LOCAL = "local"  # answers of this sort are remembered for one file
MOST_REMEMBERED = 50_000
MOST_NAMESAKES = 20  # among more the only one is not looked for in namespaces
CALLABLE = frozenset({"function", "method", "macro", "property"})
T = TypeVar("T")


class ResolvedName(NamedTuple):
    """What a chain means: a module, a class, a function, an instance of a class.

    Noted: an instance of a type that is yet to be read. Foreign: it comes from outside. Seen:
    something is written of it, but not what it is. Nothing: not even that. `via` is the class that
    a method was reached through.
    """

    sort: str
    path: str = ""
    symbol: str = ""
    via: Target | None = None

    @property
    def is_good(self) -> bool:
        """Whether it is something in the project."""
        return self.sort not in ("foreign", "seen", "nothing")


class Where(NamedTuple):
    """Where a chain stands; without uses it is seen from another file."""

    path: str
    scope: str
    uses: FileUses | None = None


FOREIGN, SEEN, NOTHING = ResolvedName("foreign"), ResolvedName("seen"), ResolvedName("nothing")


class NameResolver(ABC):
    """The names of modules, followed through imports.

    What a name means depends on what the files show and on the depth alone, never on what was
    asked before: so some links made anew equal all links made anew.
    """

    def __init__(self, known: ProjectOutlines) -> None:
        self._known = known
        self._memo: dict[tuple[str | int, ...], tuple[object, set[Key]]] = {}
        self._memo_of_file: dict[tuple[str | int, ...], tuple[object, set[Key]]] = {}

    def begin(self) -> None:
        """Forget what local names meant, as another file comes, and what is too much to keep."""
        self._memo_of_file.clear()
        if len(self._memo) > MOST_REMEMBERED:
            self._memo.clear()

    @abstractmethod
    def held(self, where: Where, told: Sequence[Told], depth: int) -> ResolvedName:
        """What a name holds that is bound to values and types."""

    @abstractmethod
    def member(self, meant: ResolvedName, name: str, depth: int = DEEPEST) -> ResolvedName:
        """What a name means on something."""

    def name(self, path: str, name: str, depth: int) -> ResolvedName | None:
        """A name at the top of a file; None where it is not there."""
        key = ("name", path, name, depth)
        return self.remembered(key, lambda: self._look_up(path, name, depth))

    def _look_up(self, path: str, name: str, depth: int) -> ResolvedName | None:
        """A name at the top of a file: defined, taken, bound, or among all names of a module."""
        if depth <= 0:
            return SEEN
        shown = self._known.shown(path, name)
        if shown and shown.kind in TYPES:
            return (
                ResolvedName("module", path)
                if shown.kind == "object"
                else ResolvedName("class", path, name)
            )
        if shown and shown.kind in CALLABLE:
            return ResolvedName("function", path, name)
        taken = self._known.taken(path, name)
        if taken:
            return self.first_taken(path, taken, depth)
        told = self._known.told(path, name)
        if told:
            return self.held(Where(path, ""), told, depth)
        row = self._known.row(path)
        if row and row.shared == "project":  # what is included is found by its name alone
            return SEEN if shown else None
        for module in self._known.stars(path):
            target = module_file(self._known, path, module)
            if target.endswith("/"):
                found = self.in_folder(target, name)
            else:
                found = self.name(target, name, depth - 1) if target else None
            if found:
                return found
        return SEEN if shown else None

    def first_taken(self, path: str, taken: Sequence[Taken], depth: int) -> ResolvedName:
        """What an import means; of several for one name the first that is the project's."""
        found = [self._taken(path, module, member, depth - 1) for module, member in taken]
        return next((each for each in found if each.is_good), found[0])

    def _taken(self, path: str, module: str, member: str, depth: int) -> ResolvedName:
        if depth <= 0:
            return SEEN
        target = module_file(self._known, path, module)
        row = self._known.row(path)
        if not member:
            return _module(target)
        if not target:
            apart = "" if module.endswith(".") else "::" if row and row.modules == "crate" else "."
            return _module(module_file(self._known, path, f"{module}{apart}{member}"))
        if target.endswith("/"):
            return self.in_folder(target, member) or FOREIGN
        if member == "default":
            return self.default(target, depth)
        if row and row.modules == "crate":
            inner = module_file(self._known, path, f"{module}::{member}")
            return _module(inner) if inner else self.in_module(target, member, depth) or SEEN
        return self.in_module(target, member, depth) or SEEN

    def in_module(self, path: str, name: str, depth: int) -> ResolvedName | None:
        """A name of a module, or a module inside of it."""
        found = self.name(path, name, depth)
        if found:
            return found
        inner = submodule(self._known, path, name)
        if inner:
            return ResolvedName("module", inner)
        default = self.default(path, depth - 1) if self._known.told(path, "default") else SEEN
        return (
            self.member(default, name, depth - 1) if default.sort in ("class", "instance") else None
        )

    def default(self, path: str, depth: int) -> ResolvedName:
        """What a module gives that is taken without a name; without one it is the module itself."""
        if depth <= 0:
            return SEEN
        told = self._known.told(path, "default")
        found = self.held(Where(path, ""), told, depth) if told else NOTHING
        if found.is_good:
            return found
        stem = path.rpartition("/")[2].partition(".")[0]
        return self.name(path, stem, depth) or ResolvedName("module", path)

    def in_folder(self, folder: str, name: str) -> ResolvedName | None:
        """A name that any file of a folder may define."""
        for path, symbol, kind in self._known.named(name):
            if symbol == name and f"{folder_of(path)}/" == folder:
                return defined(path, symbol, kind)
        return None

    def shared(self, path: str, name: str, reach: str) -> ResolvedName | None:
        """A name that reaches other files without an import; the nearest that is the only one."""
        row = self._known.row(path)
        if row is None:
            return None
        way = row.modules
        found = self.remembered(("shared", name, way), lambda: self._matches(name, way))
        own = [each for each in found if each[0] == path]
        if own:
            return defined(*own[0])
        near = [each for each in found if folder_of(each[0]) == folder_of(path)]
        if near:
            return defined(*near[0]) if reach == "folder" or len(near) == 1 else None
        return defined(*found[0]) if reach == "project" and len(found) == 1 else None

    def _matches(self, name: str, way: str) -> list[tuple[str, str, str]]:
        """What has this name in files of a language, in a namespace or in none."""
        named = self._known.named(name.rpartition(".")[2])
        fitting = []
        for path, symbol, kind in named:
            row = self._known.row(path)
            if row and row.modules == way and defined(path, symbol, kind):
                fitting.append((path, symbol, kind))
        if len(fitting) > MOST_NAMESAKES:
            return [each for each in fitting if each[1] == name]
        return [e for e in fitting if e[1] == name or self._in_namespace(e[0], e[1], name)]

    def _in_namespace(self, path: str, symbol: str, name: str) -> bool:
        around = symbol[: -len(name) - 1] if symbol.endswith(f".{name}") else ""
        shown = self._known.shown(path, around) if around else None
        return shown is not None and shown.kind == "module"

    def remembered(self, key: tuple[str | int, ...], look: Callable[[], T]) -> T:
        """An answer of before with all that was looked at for it."""
        memo = self._memo_of_file if key[0] == LOCAL else self._memo
        found = memo.get(key)
        if found is None:
            outer, self._known.needs = self._known.needs, set()
            answer = look()
            found = memo[key] = (answer, self._known.needs)
            self._known.needs = outer
        self._known.needs |= found[1]
        return cast(T, found[0])


def _module(path: str) -> ResolvedName:
    if not path:
        return FOREIGN
    return ResolvedName("package" if path.endswith("/") else "module", path)


def defined(path: str, symbol: str, kind: str) -> ResolvedName | None:
    """A definition as something that can be meant; nothing for a constant."""
    if kind in TYPES:
        return ResolvedName("class", path, symbol)
    return ResolvedName("function", path, symbol) if kind in CALLABLE else None
