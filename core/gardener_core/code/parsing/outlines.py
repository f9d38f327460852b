"""Outlines of files and what they use, packed into bytes."""

import json
import re
import zlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from gardener_core.code.parsing.chains import UNKNOWN, root_of
from gardener_core.code.parsing.symbols import SECTIONS, STAR, Binding, Call, Parsed

MAX_HOPS = 3
PROPERTY = "property"  # the kind of a method that is read like a value
_QUICK = 1  # zlib's level: half the size is the point, not the last tenth
_LITERAL_TYPE = re.compile(r"Literal\[[^\]]*\]")
_PLAIN_TYPE = re.compile(r"[A-Za-z_][\w.]*")
TYPES = frozenset({"class", "interface", "struct", "trait", "impl", "enum", "module", "object"})

BoundValue = tuple[str, str]  # a value as a chain and a written type; either may be empty
ImportedName = tuple[str, str]  # a module and a member of it


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A definition as other files see it."""

    kind: str
    bases: tuple[str, ...]
    returns: str


@dataclass(frozen=True, slots=True)
class Outline:
    """What other files may see of a file, by name; without lines, so moved code changes nothing.

    `values` are those of module names, of members (`Class.name`) and of what functions return
    (`function()`).
    """

    definitions: Mapping[str, OutlineEntry] = field(default_factory=dict)
    imports: Mapping[str, Sequence[ImportedName]] = field(default_factory=dict)
    values: Mapping[str, Sequence[BoundValue]] = field(default_factory=dict)
    star_imports: tuple[str, ...] = ()


class CallSite(NamedTuple):
    """A call and the symbol that it stands in."""

    scope: str
    receiver: str
    name: str
    line: int
    passed: bool


@dataclass(frozen=True, slots=True)
class FileUses:
    """What the functions of a file call, and the values of their local names."""

    calls: tuple[CallSite, ...]
    values: Mapping[str, Mapping[str, Sequence[BoundValue]]]
    imports: Mapping[str, Mapping[str, Sequence[ImportedName]]]


def outline_of(parsed: Parsed, selfs: frozenset[str]) -> Outline:
    """What other files may see of a file."""
    code = [item for item in parsed.definitions if item.kind not in SECTIONS]
    definitions: dict[str, OutlineEntry] = {}
    for item in code:  # of overloads the last says what is returned; a type may have several parts
        before = definitions.get(
            item.symbol, OutlineEntry(PROPERTY if item.is_property else item.kind, (), "")
        )
        bases = tuple(dict.fromkeys((*before.bases, *item.bases)))
        definitions[item.symbol] = OutlineEntry(
            before.kind, bases, _clean(item.returns) or before.returns
        )
    _add_embedded(definitions, parsed.bindings)
    imports: dict[str, list[ImportedName]] = defaultdict(list)
    for source in parsed.imports:
        if not source.scope and source.member != STAR:
            imports[source.name].append((source.module, source.member))
    star_imports = tuple(source.module for source in parsed.imports if source.member == STAR)
    local = _by_scope(parsed.bindings)
    values: dict[str, list[BoundValue]] = defaultdict(list)
    for binding in parsed.bindings:
        key = _public_name(binding, definitions, selfs)
        if key:
            value = _inlined(local.get(binding.scope, {}), binding.value, binding.type)
            if value not in values[key]:
                values[key].append(value)
    return Outline(definitions, imports, values, star_imports)


def uses_of(parsed: Parsed, outline: Outline, selfs: frozenset[str]) -> FileUses:
    """What a file calls, with only those local names that a call may refer to."""
    imports: dict[str, dict[str, list[ImportedName]]] = defaultdict(dict)
    for item in parsed.imports:
        if item.scope and item.member != STAR:
            imports[item.scope].setdefault(item.name, []).append((item.module, item.member))
    local = _by_scope(parsed.bindings)
    calls = []
    for owner in (*parsed.definitions, None):
        scope = owner.symbol if owner else ""
        for call in owner.calls if owner else parsed.calls:
            bound = call.name in local.get(scope, ()) and call.name not in imports.get(scope, ())
            if not call.passed or _may_be_function(call, bound, outline, selfs):
                calls.append(CallSite(scope, call.receiver, call.name, call.line, call.passed))
    roots: dict[str, set[str]] = defaultdict(set)
    for site in calls:
        roots[site.scope].add(root_of(site.receiver) or site.name)
    values = {
        scope: _needed_values(local[scope], names)
        for scope, names in roots.items()
        if scope in local
    }
    return FileUses(tuple(dict.fromkeys(calls)), values, imports)


def _add_embedded(definitions: dict[str, OutlineEntry], bindings: Sequence[Binding]) -> None:
    """A struct that embeds another one under the name of its type has its methods."""
    for item in bindings:
        owner = definitions.get(item.scope)
        if owner and owner.kind == "struct" and item.type.lstrip("*") == item.name:
            bases = tuple(dict.fromkeys((*owner.bases, item.name)))
            definitions[item.scope] = OutlineEntry(owner.kind, bases, owner.returns)


def _may_be_function(call: Call, bound: bool, outline: Outline, selfs: frozenset[str]) -> bool:
    if not call.receiver:
        return not bound and (call.name in outline.definitions or call.name in outline.imports)
    root = root_of(call.receiver)
    return root in selfs or root in outline.imports or root in outline.definitions


def _by_scope(bindings: Sequence[Binding]) -> dict[str, dict[str, list[BoundValue]]]:
    """The plain names that each symbol binds; members and return values are not local."""
    found: dict[str, dict[str, list[BoundValue]]] = defaultdict(dict)
    for item in bindings:
        if item.scope and "." not in item.name and item.name != "return":
            found[item.scope].setdefault(item.name, []).append((item.value, _clean(item.type)))
    return found


def _public_name(
    binding: Binding, definitions: Mapping[str, OutlineEntry], selfs: frozenset[str]
) -> str:
    """The name under which other files see a binding; empty for a local one."""
    if not binding.scope:
        return binding.name
    around = definitions.get(binding.scope)
    if binding.name == "return":
        return f"{binding.scope}()" if around and not around.returns else ""
    root, _, member = binding.name.partition(".")
    if member:
        owner = binding.scope.rpartition(".")[0]
        return f"{owner}.{member}" if owner and root in selfs else ""
    return f"{binding.scope}.{binding.name}" if around and around.kind in TYPES else ""


def _inlined(local: Mapping[str, Sequence[BoundValue]], value: str, kind: str) -> BoundValue:
    """A value without the local names that other files do not see."""
    if kind or not value:
        return value, _clean(kind)
    for _ in range(MAX_HOPS):
        root = root_of(value)
        rest = value[len(root) :]
        if root not in local or "|" in value:
            return value, ""
        known = next((value for value in local[root] if value[1] or value[0]), None)
        if known is None:
            return (UNKNOWN, "") if rest else ("", "")
        inner, kind = known
        if kind and not rest:
            return "", kind
        if kind:
            return (f"{kind}(){rest}", "") if _PLAIN_TYPE.fullmatch(kind) else (UNKNOWN, "")
        if root_of(inner) == root or "|" in inner:
            return UNKNOWN, ""
        value = inner + rest
    return UNKNOWN, ""


def _needed_values(
    local: Mapping[str, Sequence[BoundValue]], roots: set[str]
) -> dict[str, Sequence[BoundValue]]:
    """The local names that are called, and those that they depend on."""
    kept: dict[str, Sequence[BoundValue]] = {}
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
    """An outline as bytes; equal outlines give equal bytes."""
    definitions = {
        name: (item.kind, item.bases, item.returns) for name, item in outline.definitions.items()
    }
    return _packed([definitions, outline.imports, outline.values, outline.star_imports])


def unpack_outline(packed: bytes) -> Outline:
    """Read packed bytes back; no bytes are the outline of a missing file."""
    if not packed:
        return Outline()
    definitions, imports, values, star_imports = _unpacked(packed)
    return Outline(
        {
            name: OutlineEntry(kind, tuple(bases), returns)
            for name, (kind, bases, returns) in definitions.items()
        },
        imports,
        values,
        tuple(star_imports),
    )


def pack_uses(uses: FileUses) -> bytes:
    """What a file uses as bytes, its calls grouped by symbol."""
    calls: dict[str, list[tuple[str, str, int, int]]] = defaultdict(list)
    for site in uses.calls:
        calls[site.scope].append((site.receiver, site.name, site.line, int(site.passed)))
    return _packed([calls, uses.values, uses.imports])


def unpack_uses(packed: bytes) -> FileUses:
    """Read packed bytes back."""
    if not packed:
        return FileUses((), {}, {})
    calls, values, imports = _unpacked(packed)
    sites = tuple(
        CallSite(scope, receiver, name, line, bool(passed))
        for scope, found in calls.items()
        for receiver, name, line, passed in found
    )
    return FileUses(sites, values, imports)


def _packed(parts: list[Any]) -> bytes:
    text = json.dumps(parts, separators=(",", ":"), sort_keys=True)
    return zlib.compress(text.encode("utf-8", "replace"), _QUICK)


def _unpacked(packed: bytes) -> list[Any]:
    found: list[Any] = json.loads(zlib.decompress(packed))
    return found
