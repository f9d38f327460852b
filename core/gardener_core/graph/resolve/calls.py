"""Decide which symbol a call refers to, and how sure that is."""

import re
from collections.abc import Iterable
from functools import lru_cache

from gardener_core.code.languages.table import Language
from gardener_core.code.parsing.outlines import PROPERTY, CallSite
from gardener_core.code.roles import role_of
from gardener_core.graph.resolve.chains import ChainResolver
from gardener_core.graph.resolve.outlines import Place, ProjectOutlines
from gardener_core.graph.resolve.resolved import FOREIGN, MAX_DEPTH, UNCLEAR, CodeScope, Resolved
from gardener_core.store.project.links import Grade

SHORTEST_NAME = 4
MAX_FAMILY = 60
MAX_SUBCLASSES = 20  # a method that more subclasses add belongs to none in particular
MAX_OWNERS = 100
SHORTEST_PREFIX = 3
_CALLERS = frozenset({"call", "apply", "bind"})  # methods of a function that call it
# Names so common that having one says nothing.
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
    """Finds the callee of a call; of several rules the first that applies decides."""

    def __init__(self, outlines: ProjectOutlines, chains: ChainResolver) -> None:
        self._outlines = outlines
        self._chains = chains

    def callee(
        self, scope: CodeScope, language: Language, site: CallSite
    ) -> tuple[Place, Grade] | None:
        """What a call site calls; None for what is foreign or unknown."""
        if not site.receiver:
            return self._sure(self._chains.root(scope, language, site.name, MAX_DEPTH), site)
        on = self._chains.chain(scope, site.receiver)
        if on.kind == "function" and site.name in _CALLERS and language.modules == "relative":
            return (on.path, on.symbol), "sure"
        found = self._sure(self._chains.member(on, site.name), site)
        if found or site.passed:
            return found
        if on.kind == "function":
            on = self._chains.called(on)
        on = self._chains.typed(on)
        if on.kind == "foreign" and language.shared == "project":
            return self._sure(self._with_namespaces(scope, language, site), site)
        if on.kind == "instance" and site.receiver in language.selfs:
            return self._in_subclasses(on, site.name)
        if on.kind in ("unclear", "nothing"):
            return self._likely(scope, language, site, on)
        return None

    def _sure(self, found: Resolved, site: CallSite) -> tuple[Place, Grade] | None:
        found = self._chains.typed(found)
        if found.kind == "function" and self._is_property(found):
            found = self._chains.typed(self._chains.called(found))
        if found.kind == "instance" and not site.passed:
            found = self._chains.members.find((found.path, found.symbol), "__call__") or found
        if found.kind == "function" or (found.kind == "class" and not site.passed):
            return (found.path, found.symbol), "sure"
        return None

    def _is_property(self, found: Resolved) -> bool:
        entry = self._outlines.definition(found.path, found.symbol)
        return entry is not None and entry.kind == PROPERTY

    def _with_namespaces(self, scope: CodeScope, language: Language, site: CallSite) -> Resolved:
        """What a name with the namespaces before it resolves to."""
        full = f"{site.receiver}.{site.name}"
        if not full.replace(".", "").isidentifier():
            return UNCLEAR
        return self._chains.shared.nearest(scope.path, full, language.shared) or FOREIGN

    def _in_subclasses(self, on: Resolved, name: str) -> tuple[Place, Grade] | None:
        """A method that a class calls on itself and only its subclasses define."""
        found = []
        subclasses = self._outlines.subclasses(on.path, on.symbol)
        if len(subclasses) > MAX_SUBCLASSES:
            return None
        for path, symbol in subclasses:
            member = self._chains.members.find((path, symbol), name)
            if member and member.kind == "function":
                found.append((member.path, member.symbol))
        if not found or name.startswith("__"):
            return None
        _, is_open = self._chains.members.bases((on.path, on.symbol))
        return min(found), "sure" if len(set(found)) == 1 and not is_open else "likely"

    def _likely(
        self, scope: CodeScope, language: Language, site: CallSite, on: Resolved
    ) -> tuple[Place, Grade] | None:
        """The one class family with this method, where the receiver is named like it."""
        name = site.name
        if len(name) < SHORTEST_NAME or name.startswith("__") or name in _COMMON:
            return None
        if scope.symbol.rpartition(".")[2] == name:  # a wrapper calls what it wraps
            return None
        families = self._chains.memo.remembered(
            ("families", name, language.modules),
            lambda: {self._root_of(place, name) for place in self._methods(language, name)},
        )
        if len(families) != 1:
            return None
        (root,) = families
        if self._resembles(site.receiver, root) or (
            on.kind == "nothing" and len(words_of(name)) > 1
        ):
            return (root[0], f"{root[1]}.{name}"), "likely"
        return None

    def _methods(self, language: Language, name: str) -> Iterable[Place]:
        """The classes that define a method of this name, tests and examples left out."""
        named = self._outlines.named(name)
        for path, symbol, kind in named if len(named) <= MAX_OWNERS else ():
            other = self._outlines.language(path)
            if kind not in ("method", "function") or role_of(path) != "code":
                continue
            if other is None or other.modules != language.modules:
                continue
            owner = symbol.rpartition(".")[0]
            if owner:
                around = self._chains.members.class_around(CodeScope(path, symbol))
                yield around or (path, owner)

    def _root_of(self, place: Place, name: str) -> Place:
        """The topmost class that has a method: what overrides it is of the same family."""
        above, _ = self._chains.members.bases(place)
        owners = [base for base in above if self._outlines.definition(base[0], f"{base[1]}.{name}")]
        return owners[-1] if owners else place

    def _resembles(self, receiver: str, root: Place) -> bool:
        last = _LAST_NAME.search(receiver)
        names = {word for _, symbol in self._family(root) for word in words_of(symbol)}
        return any(
            _similar(word, other) for word in words_of(last[1] if last else "") for other in names
        )

    def _family(self, root: Place) -> set[Place]:
        found, waiting = {root}, [root]
        while waiting and len(found) < MAX_FAMILY:
            new = [
                below for below in self._outlines.subclasses(*waiting.pop()) if below not in found
            ]
            found.update(new)
            waiting += new
        return found


@lru_cache(maxsize=1 << 14)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in lower case, of a qualified one those of its last part."""
    last = name.rpartition(".")[2]
    return tuple(word.lower() for word in _WORD.findall(last) if len(word) > 1)


def _similar(word: str, other: str) -> bool:
    word = _SHORT_FORMS.get(word, word)
    if word == other:
        return True
    shorter, longer = sorted((word, other), key=len)
    return len(shorter) >= SHORTEST_PREFIX and longer.startswith(shorter)
