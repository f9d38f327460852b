"""Collect what a file calls, imports and binds."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from tree_sitter import Node

from gardener_core.code.languages.table import Language
from gardener_core.code.parsing.chains import LITERAL, UNKNOWN, chain_of, root_of
from gardener_core.code.parsing.configuration import configuration_call, configuration_capture
from gardener_core.code.parsing.nested_imports import leaves_of
from gardener_core.code.parsing.symbols import STAR, Binding, Call, ConfigurationRead, Import

LONGEST_TEXT = 400
LONGEST_TYPE = 120
LONGEST_MODULE = 300
LONGEST_TREE = 10_000
LONGEST_NAME = 120
_BLANK = frozenset({"_", "self", "cls", "this"})
_INSIDE = {"element": "[]", "entered": ".__enter__"}

T = TypeVar("T")
Captures = Mapping[str, Sequence[Node]]
Words = Callable[[Node], str]


def words_of(raw: bytes) -> Words:
    """A reader of nodes' text; slicing the decoded file costs a third of asking the node."""
    if not raw.isascii():
        return lambda node: raw[node.start_byte : node.end_byte].decode("utf-8", "replace")
    text = raw.decode("ascii")
    return lambda node: text[node.start_byte : node.end_byte]


@dataclass(slots=True)
class Uses:
    """Everything that was captured, each with its byte position."""

    row: Language
    words: Words
    calls: list[tuple[int, Call]] = field(default_factory=list)
    passed: list[tuple[int, str, int]] = field(default_factory=list)
    imports: list[tuple[int, str, str, str]] = field(default_factory=list)
    unresolved: dict[str, list[tuple[int, Captures]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    bindings: dict[tuple[int, str], tuple[str, str]] = field(default_factory=dict)
    configuration: list[ConfigurationRead] = field(default_factory=list)

    def add_call(self, captures: Captures) -> None:
        """A call, and the configuration that it reads."""
        node = captures["callee"][0]
        receiver = chain_of(self.words(captures["receiver"][0])) if "receiver" in captures else ""
        name = self.words(node)
        self.calls.append((node.start_byte, Call(name, receiver, node.start_point[0] + 1)))
        if name in self.row.configuration:
            seen = configuration_call(self.row, node, name, receiver)
            self.configuration += [seen] if seen else []

    def add_passed(self, captures: Captures) -> None:
        """A name that is passed on; whether it is a function is decided at the end."""
        node = captures["passed"][0]
        self.passed.append((node.start_byte, self.words(node), node.start_point[0] + 1))

    def keep_passed(self, names: Set[str]) -> None:
        """Keep the passed names that a file defines or imports, as calls."""
        for place, text, line in self.passed:
            root, dot, _ = text.partition(".")
            if root in names or (dot and root in self.row.selfs):
                receiver, _, name = chain_of(text).rpartition(".")
                if name.isidentifier():
                    self.calls.append((place, Call(name, receiver, line, True)))

    def add_import(self, captures: Captures) -> None:
        """A name that is imported from a module."""
        node = captures["import"][0]
        if "tree" in captures:
            leaves = leaves_of(self.words(captures["tree"][0])[:LONGEST_TREE])
            for name, module, member in leaves:
                self.imports.append(
                    (node.start_byte, member if member == STAR else name, module, member)
                )
            return
        module = self._module(captures)
        member = self._name(captures, "member")
        if "star" in captures:
            self.imports.append((node.start_byte, STAR, module, STAR))
        elif module or member:
            name = self._name(captures, "alias") or member
            if not name:
                name = _bound_by(module)
                module = module if "/" in module else name
            if "default" in captures:
                member = "default"
            self.imports.append((node.start_byte, name, module, member))

    def add_binding(self, captures: Captures) -> None:
        """A name that is bound to a value, a type or both; it is resolved only if needed."""
        node = captures["bound"][0]
        if node.end_byte - node.start_byte > LONGEST_NAME:
            return
        name = self.words(node)
        if not name.isidentifier():
            name = "default" if "exports" in captures else chain_of(name)
        if name in _BLANK or not name:
            return
        if "own" in captures:
            name = f"{min(self.row.selfs)}.{name}"
        self.unresolved[name].append((node.start_byte, captures))

    def resolve_bindings(self, is_seen: Callable[[int], bool]) -> None:
        """Resolve the names that calls use, those that other files see, and their values."""
        names = {root_of(call.receiver) or call.name for _, call in self.calls}
        names.update(root_of(value) for value, _ in self.bindings.values())
        for name, places in self.unresolved.items():
            if "." in name or any(is_seen(place) for place, _ in places):
                names.add(name)
        while names:
            name = names.pop()
            for place, captures in self.unresolved.pop(name, ()):
                bound = self._bound_value(captures)
                if any(bound) or (place, name) not in self.bindings:
                    self.bindings[place, name] = bound
                names.update(root_of(choice) for choice in bound[0].split("|"))

    def _bound_value(self, captures: Captures) -> tuple[str, str]:
        kind = ""
        if "type" in captures:
            kind = " ".join(self.words(captures["type"][0])[:LONGEST_TYPE].split())
        return self._value(captures), kind

    def add_returned(self, captures: Captures) -> None:
        """What a function without a return type returns."""
        node = captures["returned"][0]
        self.bindings[node.start_byte, "return"] = (self._chain(node), "")

    def add_configuration(self, captures: Captures) -> None:
        """Configuration that is read without a call, as an element of the environment."""
        seen = configuration_capture(captures)
        self.configuration += [seen] if seen else []

    def _module(self, captures: Captures) -> str:
        if "module" not in captures:
            return ""
        text = "".join(self.words(captures["module"][0]).strip("\"'`<>").split())
        return text[:LONGEST_MODULE]

    def _name(self, captures: Captures, key: str) -> str:
        return self.words(captures[key][0]).strip("\"'") if key in captures else ""

    def _value(self, captures: Captures) -> str:
        if "value" in captures:
            return self._chain(captures["value"][0])
        for key, suffix in _INSIDE.items():
            if key in captures:
                chain = self._chain(captures[key][0])
                return chain if chain in ("", UNKNOWN) or "|" in chain else chain + suffix
        return ""

    def _chain(self, node: Node) -> str:
        """A value as a chain; of a call only the callee counts, not its arguments."""
        inner = self.row.makes.get(node.type)
        if inner:
            made = node.child_by_field_name(inner)
            if made is not None and made.end_byte - made.start_byte <= LONGEST_TEXT:
                chain = chain_of(self.words(made))
                return chain + "()" if chain and "|" not in chain else UNKNOWN
        if node.type in self.row.literals:
            return LITERAL
        if node.end_byte - node.start_byte > LONGEST_TEXT:
            return UNKNOWN
        return chain_of(self.words(node))


class Around(Generic[T]):
    """The innermost range around a byte; ranges are nested or apart."""

    def __init__(self, ranges: Iterable[tuple[int, int, T]]) -> None:
        self._starts = [0]
        self._owners: list[T | None] = [None]
        open_ones: list[tuple[int, T | None]] = [(1 << 60, None)]
        for start, end, owner in sorted(ranges, key=lambda item: (item[0], -item[1])):
            self._close(open_ones, start)
            self._enter(start, owner)
            open_ones.append((end, owner))
        self._close(open_ones, 1 << 59)

    def at(self, place: int) -> T | None:
        """The innermost owner; None outside of all ranges."""
        return self._owners[bisect_right(self._starts, place) - 1]

    def _close(self, open_ones: list[tuple[int, T | None]], start: int) -> None:
        while open_ones[-1][0] <= start:
            end, _ = open_ones.pop()
            self._enter(end, open_ones[-1][1])

    def _enter(self, at: int, owner: T | None) -> None:
        self._starts.append(at)
        self._owners.append(owner)


@dataclass(frozen=True, slots=True)
class ScopeNames:
    """The symbol around each byte, and the classes inside functions."""

    symbols: Around[str]
    hidden: Around[bool]

    def scope(self, place: int) -> str:
        """The symbol around a byte."""
        return self.symbols.at(place) or ""

    def own(self, chain: str, place: int, row: Language) -> str:
        """A chain in its symbol: in a class inside a function, `self` is another object."""
        root = chain.partition(".")[0]
        is_self = root in row.selfs or root == "super()"
        return UNKNOWN if is_self and self.hidden.at(place) else chain


def imports_of(uses: Uses, names: ScopeNames) -> tuple[Import, ...]:
    """The imports, each with its symbol."""
    found = dict.fromkeys(
        Import(names.scope(place), name[:LONGEST_NAME], module, member)
        for place, name, module, member in uses.imports
    )
    return tuple(found)


def bindings_of(uses: Uses, names: ScopeNames) -> tuple[Binding, ...]:
    """The bindings, each with its symbol; of members only those of `self`."""
    found: dict[Binding, None] = {}
    for (place, name), (value, kind) in sorted(uses.bindings.items()):
        root, _, rest = name.partition(".")
        if rest and (root not in uses.row.selfs or "." in rest or names.hidden.at(place)):
            continue
        found[Binding(names.scope(place), name, names.own(value, place, uses.row), kind)] = None
    return tuple(found)


def own_call(call: Call, place: int, row: Language, names: ScopeNames) -> Call:
    """A call whose receiver is resolved within its symbol."""
    receiver = names.own(call.receiver, place, row)
    if receiver == call.receiver:
        return call
    return Call(call.name, receiver, call.line, call.passed)


def _bound_by(module: str) -> str:
    """The name that an import binds: the first part of a dotted name, the last of a path."""
    return module.rpartition("/")[2] if "/" in module else module.partition(".")[0]
