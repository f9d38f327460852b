"""Put what a file shows and uses into a few bytes, and back."""

import json
import re
import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from gardener_core.code.parsing.chains import UNKNOWN, root_of
from gardener_core.code.parsing.symbols import SECTIONS, STAR, Binding, Call, Parsed

MOST_HOPS = 3
PROPERTY = "property"  # the kind of a method that is read like a value
_QUICK = 1  # zlib's level: half the size is the point, not the last tenth
_LITERAL_TYPE = re.compile(r"Literal\[[^\]]*\]")
_PLAIN_TYPE = re.compile(r"[A-Za-z_][\w.]*")
TYPES = frozenset({"class", "interface", "struct", "trait", "impl", "enum", "module", "object"})

Told = tuple[str, str]  # a value as a chain and a type as it is written, either may be empty
Taken = tuple[str, str]  # a module and a member of it


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A definition as others see it."""

    kind: str
    bases: tuple[str, ...]
    returns: str


@dataclass(frozen=True, slots=True)
class Outline:
    """What other files may see of a file, by names; it holds no lines, so moving code keeps it.

    `told` are values of module names, of members (`Class.name`) and of what functions give back
    (`function()`).
    """

    shown: Mapping[str, OutlineEntry] = field(default_factory=dict)
    taken: Mapping[str, Sequence[Taken]] = field(default_factory=dict)
    told: Mapping[str, Sequence[Told]] = field(default_factory=dict)
    stars: tuple[str, ...] = ()


class CallSite(NamedTuple):
    """A call with the symbol around it."""

    scope: str
    receiver: str
    name: str
    line: int
    passed: bool


@dataclass(frozen=True, slots=True)
class FileUses:
    """What the functions of a file call, and what the names in them mean."""

    calls: tuple[CallSite, ...]
    told: Mapping[str, Mapping[str, Sequence[Told]]]
    taken: Mapping[str, Mapping[str, Sequence[Taken]]]


def outline_of(parsed: Parsed, selfs: frozenset[str]) -> Outline:
    """What others may see of a file."""
    code = [item for item in parsed.definitions if item.kind not in SECTIONS]
    shown: dict[str, OutlineEntry] = {}
    for item in code:  # of overloads the last says what comes back; a type may have several parts
        before = shown.get(
            item.symbol, OutlineEntry(PROPERTY if item.is_property else item.kind, (), "")
        )
        bases = tuple(dict.fromkeys((*before.bases, *item.bases)))
        shown[item.symbol] = OutlineEntry(
            before.kind, bases, _clean(item.returns) or before.returns
        )
    _add_embedded(shown, parsed.bindings)
    taken: dict[str, list[Taken]] = defaultdict(list)
    for source in parsed.imports:
        if not source.scope and source.member != STAR:
            taken[source.name].append((source.module, source.member))
    stars = tuple(source.module for source in parsed.imports if source.member == STAR)
    local = _by_scope(parsed.bindings)
    told: dict[str, list[Told]] = defaultdict(list)
    for binding in parsed.bindings:
        key = _seen_as(binding, shown, selfs)
        if key:
            value = _inlined(local.get(binding.scope, {}), binding.value, binding.type)
            if value not in told[key]:
                told[key].append(value)
    return Outline(shown, taken, told, stars)


def uses_of(parsed: Parsed, outline: Outline, selfs: frozenset[str]) -> FileUses:
    """What a file calls, with only those local names that a call could mean."""
    taken: dict[str, dict[str, list[Taken]]] = defaultdict(dict)
    for item in parsed.imports:
        if item.scope and item.member != STAR:
            taken[item.scope].setdefault(item.name, []).append((item.module, item.member))
    local = _by_scope(parsed.bindings)
    calls = []
    for owner in (*parsed.definitions, None):
        scope = owner.symbol if owner else ""
        for call in owner.calls if owner else parsed.calls:
            bound = call.name in local.get(scope, ()) and call.name not in taken.get(scope, ())
            if not call.passed or _may_be_function(call, bound, outline, selfs):
                calls.append(CallSite(scope, call.receiver, call.name, call.line, call.passed))
    roots: dict[str, set[str]] = defaultdict(set)
    for site in calls:
        roots[site.scope].add(root_of(site.receiver) or site.name)
    told = {scope: _needed(local[scope], names) for scope, names in roots.items() if scope in local}
    return FileUses(tuple(dict.fromkeys(calls)), told, taken)


def _add_embedded(shown: dict[str, OutlineEntry], bindings: Sequence[Binding]) -> None:
    """A struct that holds another one under the name of its type has its methods."""
    for item in bindings:
        owner = shown.get(item.scope)
        if owner and owner.kind == "struct" and item.type.lstrip("*") == item.name:
            bases = tuple(dict.fromkeys((*owner.bases, item.name)))
            shown[item.scope] = OutlineEntry(owner.kind, bases, owner.returns)


def _may_be_function(call: Call, bound: bool, outline: Outline, selfs: frozenset[str]) -> bool:
    if not call.receiver:
        return not bound and (call.name in outline.shown or call.name in outline.taken)
    root = root_of(call.receiver)
    return root in selfs or root in outline.taken or root in outline.shown


def _by_scope(bindings: Sequence[Binding]) -> dict[str, dict[str, list[Told]]]:
    """The plain names that each symbol binds; members and what is given back are not local."""
    found: dict[str, dict[str, list[Told]]] = defaultdict(dict)
    for item in bindings:
        if item.scope and "." not in item.name and item.name != "return":
            found[item.scope].setdefault(item.name, []).append((item.value, _clean(item.type)))
    return found


def _seen_as(binding: Binding, shown: Mapping[str, OutlineEntry], selfs: frozenset[str]) -> str:
    """The name under which others see a binding; nothing for what is only seen inside."""
    if not binding.scope:
        return binding.name
    around = shown.get(binding.scope)
    if binding.name == "return":
        return f"{binding.scope}()" if around and not around.returns else ""
    root, _, member = binding.name.partition(".")
    if member:
        owner = binding.scope.rpartition(".")[0]
        return f"{owner}.{member}" if owner and root in selfs else ""
    return f"{binding.scope}.{binding.name}" if around and around.kind in TYPES else ""


def _inlined(local: Mapping[str, Sequence[Told]], value: str, kind: str) -> Told:
    """A value without the local names that others do not see."""
    if kind or not value:
        return value, _clean(kind)
    for _ in range(MOST_HOPS):
        root = root_of(value)
        rest = value[len(root) :]
        if root not in local or "|" in value:
            return value, ""
        meant = next((told for told in local[root] if told[1] or told[0]), None)
        if meant is None:
            return (UNKNOWN, "") if rest else ("", "")
        inner, kind = meant
        if kind and not rest:
            return "", kind
        if kind:
            return (f"{kind}(){rest}", "") if _PLAIN_TYPE.fullmatch(kind) else (UNKNOWN, "")
        if root_of(inner) == root or "|" in inner:
            return UNKNOWN, ""
        value = inner + rest
    return UNKNOWN, ""


def _needed(local: Mapping[str, Sequence[Told]], roots: set[str]) -> dict[str, Sequence[Told]]:
    """The local names that are called, and those that say what these are."""
    kept: dict[str, Sequence[Told]] = {}
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name in local and name not in kept:
            kept[name] = local[name]
            waiting += [root_of(choice) for value, _ in local[name] for choice in value.split("|")]
    return {name: kept[name] for name in sorted(kept)}


def _clean(kind: str) -> str:
    """A type without quotes; what a literal type lists may be anything, a password too."""
    if '"' in kind or "'" in kind:
        kind = _LITERAL_TYPE.sub("Literal", kind).replace('"', "").replace("'", "")
    return kind


def pack_outline(outline: Outline) -> bytes:
    """An outline as bytes; equal ones give equal bytes."""
    shown = {name: (item.kind, item.bases, item.returns) for name, item in outline.shown.items()}
    return _packed([shown, outline.taken, outline.told, outline.stars])


def unpack_outline(packed: bytes) -> Outline:
    """The outline again; no bytes are that of a file that is not there."""
    if not packed:
        return Outline()
    shown, taken, told, stars = _unpacked(packed)
    return Outline(
        {
            name: OutlineEntry(kind, tuple(bases), returns)
            for name, (kind, bases, returns) in shown.items()
        },
        taken,
        told,
        tuple(stars),
    )


def pack_uses(uses: FileUses) -> bytes:
    """What a file uses as bytes, the calls by the symbol they stand in."""
    calls: dict[str, list[tuple[str, str, int, int]]] = defaultdict(list)
    for site in uses.calls:
        calls[site.scope].append((site.receiver, site.name, site.line, int(site.passed)))
    return _packed([calls, uses.told, uses.taken])


def unpack_uses(packed: bytes) -> FileUses:
    """The uses again."""
    if not packed:
        return FileUses((), {}, {})
    calls, told, taken = _unpacked(packed)
    sites = tuple(
        CallSite(scope, receiver, name, line, bool(passed))
        for scope, found in calls.items()
        for receiver, name, line, passed in found
    )
    return FileUses(sites, told, taken)


def _packed(parts: list[Any]) -> bytes:
    text = json.dumps(parts, separators=(",", ":"), sort_keys=True)
    return zlib.compress(text.encode("utf-8", "replace"), _QUICK)


def _unpacked(packed: bytes) -> list[Any]:
    found: list[Any] = json.loads(zlib.decompress(packed))
    return found
