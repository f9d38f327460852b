"""Find where code reads configuration."""

import re
from collections.abc import Mapping, Sequence

from tree_sitter import Node

from gardener_core.code.languages.table import Language
from gardener_core.code.parsing.symbols import ConfigurationRead, Definition

LONGEST_DEFAULT = 60
LONGEST_NAME = 80
_NAME = re.compile(r"-{0,2}[A-Za-z_][\w.:-]*")
_QUOTED = re.compile(r"[rRbBfFuU]{0,2}([\"'`])(.*)\1", re.DOTALL)
_FLAG = re.compile(r"--[A-Za-z][\w-]*")
_MAX_CLIMB = 3  # from a called name to its call, past a member and its type arguments
_SETTINGS_CLASS = re.compile(r"(Settings|Config|Configuration|Options|Preferences)$")
_ASSIGNED = re.compile(r"=\s*(.+)$")
_STRINGS = frozenset(
    {"string", "interpreted_string_literal", "raw_string_literal", "string_literal",
     "template_string", "concatenated_string"}
)  # fmt: skip


def configuration_call(
    row: Language, node: Node, name: str, receiver: str
) -> ConfigurationRead | None:
    """What a call such as `os.getenv("HOME")` reads, if the language knows the call."""
    kind = _kind(row.configuration[name], receiver)
    arguments = _arguments(node) if kind else None
    if arguments is None:
        return None
    given = [child for child in arguments.named_children if child.type != "comment"]
    named = _named(given, kind)
    if not named:
        return None
    at = next((i for i, child in enumerate(given) if _string(child) == named[1]), 0)
    default = _default(given, at, kind)
    return ConfigurationRead(named[0][:LONGEST_NAME], kind, node.start_point[0] + 1, default)


def configuration_capture(captures: Mapping[str, Sequence[Node]]) -> ConfigurationRead | None:
    """What a query captured as `@configuration.KIND`."""
    key = next(key for key in captures if key.startswith("configuration."))
    node = captures[key][0]
    text = _text(node)
    name = _string(node) or text
    if not _NAME.fullmatch(name):
        return None
    return ConfigurationRead(
        name[:LONGEST_NAME], key.partition(".")[2], node.start_point[0] + 1, ""
    )


def configuration_fields(definitions: Sequence[Definition]) -> list[ConfigurationRead]:
    """The fields of settings classes, with their defaults."""
    found = []
    for item in definitions:
        owner = item.symbol.rpartition(".")[0]
        if item.kind == "constant" and _SETTINGS_CLASS.search(owner):
            default = _ASSIGNED.search(item.signature)
            value = default[1][:LONGEST_DEFAULT] if default else ""
            found.append(ConfigurationRead(item.name, "key", item.line, value))
    return found


def with_constants(
    configuration: Sequence[ConfigurationRead], definitions: Sequence[Definition]
) -> list[ConfigurationRead]:
    """The same, with the names of constants replaced by their texts."""
    texts = {}
    for item in definitions:
        value = _ASSIGNED.search(item.signature) if item.kind == "constant" else None
        quoted = _QUOTED.fullmatch(value[1].strip()) if value else None
        if quoted and _NAME.fullmatch(quoted[2]):
            texts[item.name] = quoted[2]
    return [
        ConfigurationRead(texts.get(item.name, item.name), item.kind, item.line, item.default)
        for item in configuration
    ]


def _kind(rules: Sequence[tuple[str, str]], receiver: str) -> str:
    last = receiver.rpartition(".")[2].lower()
    for wanted, kind in rules:
        if wanted in ("*", receiver) or (kind == "key" and wanted == last):
            return kind
    return ""


def _arguments(node: Node) -> Node | None:
    above: Node | None = node
    for _ in range(_MAX_CLIMB):
        above = above.parent if above is not None else None
        if above is not None and (found := above.child_by_field_name("arguments")) is not None:
            return found
    return None


def _named(given: Sequence[Node], kind: str) -> tuple[str, str] | None:
    """The setting's name, and the text that it stands in."""
    strings = [text for child in given if (text := _string(child))]
    if kind == "option":
        flags = [(flag[0], text) for text in strings if (flag := _FLAG.search(text))]
        plain = [(text, text) for text in strings if _NAME.fullmatch(text)]
        return next(iter([*flags, *plain]), None)
    if strings and given and _string(given[0]) == strings[0] and _NAME.fullmatch(strings[0]):
        return strings[0], strings[0]
    if kind == "environment" and given and given[0].type in ("identifier", "constant"):
        return _text(given[0]), ""
    return None


def _default(given: Sequence[Node], at: int, kind: str) -> str:
    for child in given:
        key = child.child_by_field_name("name")
        if key is not None and _text(key) == "default":
            value = child.child_by_field_name("value")
            return _short(value) if value is not None else ""
    if (
        kind == "option" and at == 0 and len(given) > 2
    ):  # name, default, help; or flags, help, default
        return _short(given[2] if _FLAG.search(_string(given[0])) else given[1])
    if kind != "option" and len(given) > 1 and given[1].child_by_field_name("name") is None:
        return _short(given[1])
    return ""


def _short(node: Node) -> str:
    if node.end_byte - node.start_byte > LONGEST_DEFAULT:
        return ""
    return " ".join(_text(node).split())


def _string(node: Node) -> str:
    if node.type not in _STRINGS or node.end_byte - node.start_byte > 4 * LONGEST_NAME:
        return ""
    quoted = _QUOTED.fullmatch(_text(node))
    return quoted[2] if quoted else ""


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")
