"""Decide which symbol a call means, and how sure that is."""

import re
from collections.abc import Iterable
from functools import lru_cache

from gardener_core.code.languages.table import Language
from gardener_core.code.parsing.outlines import PROPERTY, CallSite
from gardener_core.code.roles import role_of
from gardener_core.graph.resolve.index import Place, ProjectOutlines
from gardener_core.graph.resolve.meaning import ChainResolver
from gardener_core.graph.resolve.names import DEEPEST, FOREIGN, SEEN, ResolvedName, Where
from gardener_core.store.project.links import Grade

SHORTEST_NAME = 4
MOST_FAMILY = 60
MOST_SUBCLASSES = 20  # what many classes add to their base is nobody's in particular
MOST_OWNERS = 100
SHORTEST_LIKE = 3
_THROUGH = frozenset({"call", "apply", "bind"})  # methods of a function that call it
# Names that so many things have that having one says nothing.
_COMMON = frozenset({
    "accept", "acquire", "add", "all", "any", "append", "apply", "args", "begin", "bind", "build",
    "call", "cancel", "cat", "catch", "check", "clear", "clone", "close", "cls", "commit",
    "compile", "concat", "connect", "contains", "copy", "count", "create", "data", "decode",
    "delete", "detach", "dispose", "done", "dump", "dumps", "each", "emit", "encode", "end",
    "entries", "enter", "error", "eval", "exec", "execute", "exists", "exit", "expand", "extend",
    "fetch", "fill", "filter", "find", "finish", "first", "flatten", "flush", "format", "forward",
    "from", "get", "handle", "has", "head", "hide", "index", "info", "init", "insert", "invoke",
    "item", "items", "join", "keys", "last", "len", "length", "list", "load", "loads", "lock",
    "log", "lower", "main", "make", "map", "match", "max", "mean", "merge", "min", "mkdir", "move",
    "name", "next", "notify", "open", "parse", "path", "peek", "pop", "post", "print", "process",
    "push", "put", "query", "raise", "read", "ready", "receive", "reduce", "refresh", "register",
    "release", "reload", "remove", "render", "repeat", "replace", "reset", "resize", "resolve",
    "resume", "reverse", "rollback", "round", "run", "save", "search", "seek", "select", "send",
    "serialize", "set", "setup", "shape", "shift", "show", "shutdown", "size", "slice", "sort",
    "split", "start", "state", "status", "step", "stop", "store", "strip", "submit", "sum", "swap",
    "sync", "take", "tell", "test", "then", "title", "type", "unlock", "unwrap", "update", "upper",
    "validate", "value", "values", "view", "visit", "wait", "walk", "warn", "warning", "wrap",
    "write", "zip", "tolist", "numpy", "reshape", "permute", "transpose", "to_dict", "from_dict",
    "is_file", "is_dir", "as_posix", "read_text", "write_text", "read_bytes", "write_bytes",
    "startswith", "endswith", "setdefault", "splitlines", "toString", "toJSON", "valueOf",
    "forEach", "indexOf", "includes", "hasOwnProperty", "addEventListener", "removeEventListener",
    "charAt", "substring", "toLowerCase", "toUpperCase", "equals", "hashCode", "compareTo",
    "println", "printf", "iter", "collect", "expect", "to_string", "to_owned", "as_str", "as_ref",
    "is_empty", "is_some", "is_none", "push_str", "c_str", "push_back", "emplace_back", "Println",
    "Printf", "Error", "String", "subscript", "isEmpty", "charCodeAt", "getOwnPropertyNames",
    "setTimeout", "ToString",
})  # fmt: skip
_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_LAST_NAME = re.compile(r"([A-Za-z_$][\w$]*)(?:\(\)|\[\])*$")
_SHORT_FORMS = {"ctx": "context", "req": "request", "resp": "response", "cfg": "config"}


class CallResolver:
    """The rules in order; the first that fits decides."""

    def __init__(self, known: ProjectOutlines, meaning: ChainResolver) -> None:
        self._known = known
        self._meaning = meaning

    def callee(self, where: Where, row: Language, site: CallSite) -> tuple[Place, Grade] | None:
        """What a call site calls; None for what is foreign or not known."""
        if not site.receiver:
            meant = self._meaning.root(where, row, site.name, DEEPEST)
            return self._sure(meant, site)
        on = self._meaning.of(where, site.receiver)
        if on.sort == "function" and site.name in _THROUGH and row.modules == "relative":
            return (on.path, on.symbol), "sure"
        found = self._sure(self._meaning.member(on, site.name), site)
        if found or site.passed:
            return found
        if on.sort == "function":
            on = self._meaning.called(on)
        on = self._meaning.settled(on)
        if on.sort == "foreign" and row.shared == "project":
            return self._sure(self._shared(where, row, site), site)
        if on.sort == "instance" and site.receiver in row.selfs:
            return self._mixed_in(on, site.name)
        if on.sort in ("seen", "nothing"):
            return self._likely(where, row, site, on)
        return None

    def _sure(self, meant: ResolvedName, site: CallSite) -> tuple[Place, Grade] | None:
        meant = self._meaning.settled(meant)
        if meant.sort == "function" and self._is_property(meant):
            meant = self._meaning.settled(self._meaning.called(meant))
        if meant.sort == "instance" and not site.passed:
            meant = self._meaning.class_member((meant.path, meant.symbol), "__call__") or meant
        if meant.sort == "function" or (meant.sort == "class" and not site.passed):
            return (meant.path, meant.symbol), "sure"
        return None

    def _is_property(self, meant: ResolvedName) -> bool:
        shown = self._known.shown(meant.path, meant.symbol)
        return shown is not None and shown.kind == PROPERTY

    def _shared(self, where: Where, row: Language, site: CallSite) -> ResolvedName:
        """A name with the namespaces before it."""
        full = f"{site.receiver}.{site.name}"
        if not full.replace(".", "").isidentifier():
            return SEEN
        return self._meaning.shared(where.path, full, row.shared) or FOREIGN

    def _mixed_in(self, on: ResolvedName, name: str) -> tuple[Place, Grade] | None:
        """What a class calls on itself and only its subclasses have."""
        found = []
        below = self._known.below(on.path, on.symbol)
        if len(below) > MOST_SUBCLASSES:
            return None
        for path, symbol in below:
            member = self._meaning.class_member((path, symbol), name)
            if member and member.sort == "function":
                found.append((member.path, member.symbol))
        if not found or name.startswith("__"):
            return None
        _, is_open = self._meaning.bases((on.path, on.symbol))
        return min(found), "sure" if len(set(found)) == 1 and not is_open else "likely"

    def _likely(
        self, where: Where, row: Language, site: CallSite, on: ResolvedName
    ) -> tuple[Place, Grade] | None:
        """The name belongs to one family of classes, and the receiver is called like it."""
        name = site.name
        if len(name) < SHORTEST_NAME or name.startswith("__") or name in _COMMON:
            return None
        if where.scope.rpartition(".")[2] == name:  # a wrapper calls what it wraps
            return None
        families = self._meaning.remembered(
            ("families", name, row.modules),
            lambda: {self._root_of(place, name) for place in self._methods(row, name)},
        )
        if len(families) != 1:
            return None
        (root,) = families
        if self._is_like(site.receiver, root) or (on.sort == "nothing" and len(words_of(name)) > 1):
            return (root[0], f"{root[1]}.{name}"), "likely"
        return None

    def _methods(self, row: Language, name: str) -> Iterable[Place]:
        """The classes that define a method of this name, tests and examples left out."""
        named = self._known.named(name)
        for path, symbol, kind in named if len(named) <= MOST_OWNERS else ():
            other = self._known.row(path)
            if kind not in ("method", "function") or role_of(path) != "code":
                continue
            if other is None or other.modules != row.modules:
                continue
            owner = symbol.rpartition(".")[0]
            if owner:
                around = self._meaning.class_around(Where(path, symbol))
                yield around or (path, owner)

    def _root_of(self, place: Place, name: str) -> Place:
        """The topmost class that has a method: what overrides it is of the same family."""
        above, _ = self._meaning.bases(place)
        having = [base for base in above if self._known.shown(base[0], f"{base[1]}.{name}")]
        return having[-1] if having else place

    def _is_like(self, receiver: str, root: Place) -> bool:
        last = _LAST_NAME.search(receiver)
        names = {word for _, symbol in self._family(root) for word in words_of(symbol)}
        return any(
            _alike(word, other) for word in words_of(last[1] if last else "") for other in names
        )

    def _family(self, root: Place) -> set[Place]:
        found, waiting = {root}, [root]
        while waiting and len(found) < MOST_FAMILY:
            new = [below for below in self._known.below(*waiting.pop()) if below not in found]
            found.update(new)
            waiting += new
        return found


@lru_cache(maxsize=1 << 14)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in lower case, of a qualified one those of its last part."""
    last = name.rpartition(".")[2]
    return tuple(word.lower() for word in _WORD.findall(last) if len(word) > 1)


def _alike(word: str, other: str) -> bool:
    word = _SHORT_FORMS.get(word, word)
    if word == other:
        return True
    shorter, longer = sorted((word, other), key=len)
    return len(shorter) >= SHORTEST_LIKE and longer.startswith(shorter)
