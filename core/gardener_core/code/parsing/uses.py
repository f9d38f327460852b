"""Collect what a file's symbols call, take, bind and let be set."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from tree_sitter import Node

from gardener_core.code.languages.table import Language
from gardener_core.code.parsing.chains import LITERAL, UNKNOWN, chain_of, root_of
from gardener_core.code.parsing.configuration import knob_of_call, knob_of_node
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
    """How a node's text is read; slicing the decoded file costs a third of asking the node."""
    if not raw.isascii():
        return lambda node: raw[node.start_byte : node.end_byte].decode("utf-8", "replace")
    text = raw.decode("ascii")
    return lambda node: text[node.start_byte : node.end_byte]


@dataclass(slots=True)
class Uses:
    """Everything that was found, each with the byte where it stands."""

    row: Language
    words: Words
    calls: list[tuple[int, Call]] = field(default_factory=list)
    passed: list[tuple[int, str, int]] = field(default_factory=list)
    imports: list[tuple[int, str, str, str]] = field(default_factory=list)
    waiting: dict[str, list[tuple[int, Captures]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    bindings: dict[tuple[int, str], tuple[str, str]] = field(default_factory=dict)
    knobs: list[ConfigurationRead] = field(default_factory=list)

    def add_call(self, captures: Captures) -> None:
        """A call, and what it reads from outside."""
        node = captures["callee"][0]
        receiver = chain_of(self.words(captures["receiver"][0])) if "receiver" in captures else ""
        name = self.words(node)
        self.calls.append((node.start_byte, Call(name, receiver, node.start_point[0] + 1)))
        if name in self.row.knobs:
            seen = knob_of_call(self.row, node, name, receiver)
            self.knobs += [seen] if seen else []

    def add_passed(self, captures: Captures) -> None:
        """A name that is handed over: whether it means a function is seen at the end."""
        node = captures["passed"][0]
        self.passed.append((node.start_byte, self.words(node), node.start_point[0] + 1))

    def keep_passed(self, names: Set[str]) -> None:
        """Of the names that are handed over keep those that a file defines or takes."""
        for place, text, line in self.passed:
            root, dot, _ = text.partition(".")
            if root in names or (dot and root in self.row.selfs):
                receiver, _, name = chain_of(text).rpartition(".")
                if name.isidentifier():
                    self.calls.append((place, Call(name, receiver, line, True)))

    def add_import(self, captures: Captures) -> None:
        """A name that is taken from a module."""
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
        """A name that gets a value, a type, or both; which it is, is seen if somebody asks."""
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
        self.waiting[name].append((node.start_byte, captures))

    def settle(self, is_seen: Callable[[int], bool]) -> None:
        """Work out the names that a call may mean, those that others see, and what these hold."""
        names = {root_of(call.receiver) or call.name for _, call in self.calls}
        names.update(root_of(value) for value, _ in self.bindings.values())
        for name, places in self.waiting.items():
            if "." in name or any(is_seen(place) for place, _ in places):
                names.add(name)
        while names:
            name = names.pop()
            for place, captures in self.waiting.pop(name, ()):
                told = self._told(captures)
                if any(told) or (place, name) not in self.bindings:
                    self.bindings[place, name] = told
                names.update(root_of(choice) for choice in told[0].split("|"))

    def _told(self, captures: Captures) -> tuple[str, str]:
        kind = ""
        if "type" in captures:
            kind = " ".join(self.words(captures["type"][0])[:LONGEST_TYPE].split())
        return self._value(captures), kind

    def add_returned(self, captures: Captures) -> None:
        """What a function without a return type gives back."""
        node = captures["returned"][0]
        self.bindings[node.start_byte, "return"] = (self._chain(node), "")

    def add_knob(self, captures: Captures) -> None:
        """A setting that is no call: an element of the environment."""
        seen = knob_of_node(captures)
        self.knobs += [seen] if seen else []

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
        """A value as a chain; of a call only what is called is looked at, its arguments are not."""
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
    """What stands around a byte, from ranges that are nested or apart."""

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
        """The innermost one; nothing for what stands outside of all."""
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
    """The symbol around each byte, and the classes that stand inside of functions."""

    symbols: Around[str]
    hidden: Around[bool]

    def scope(self, place: int) -> str:
        """The symbol around a byte."""
        return self.symbols.at(place) or ""

    def own(self, chain: str, place: int, row: Language) -> str:
        """A chain as its symbol means it: in a class inside a function, `self` is somebody else."""
        root = chain.partition(".")[0]
        is_self = root in row.selfs or root == "super()"
        return UNKNOWN if is_self and self.hidden.at(place) else chain


def imports_of(uses: Uses, names: ScopeNames) -> tuple[Import, ...]:
    """The imports with the symbols they stand in."""
    found = dict.fromkeys(
        Import(names.scope(place), name[:LONGEST_NAME], module, member)
        for place, name, module, member in uses.imports
    )
    return tuple(found)


def bindings_of(uses: Uses, names: ScopeNames) -> tuple[Binding, ...]:
    """The bindings with the symbols they stand in; of members only those of `self`."""
    found: dict[Binding, None] = {}
    for (place, name), (value, kind) in sorted(uses.bindings.items()):
        root, _, rest = name.partition(".")
        if rest and (root not in uses.row.selfs or "." in rest or names.hidden.at(place)):
            continue
        found[Binding(names.scope(place), name, names.own(value, place, uses.row), kind)] = None
    return tuple(found)


def own_call(call: Call, place: int, row: Language, names: ScopeNames) -> Call:
    """A call whose receiver is what its symbol means by it."""
    receiver = names.own(call.receiver, place, row)
    if receiver == call.receiver:
        return call
    return Call(call.name, receiver, call.line, call.passed)


def _bound_by(module: str) -> str:
    """What importing a module binds: the first part of a dotted name, the last of a path."""
    return module.rpartition("/")[2] if "/" in module else module.partition(".")[0]
