"""Write an expression as a chain of names."""

import re
from functools import lru_cache

LITERAL = "''"  # a literal value: its type is not one of the project's
UNKNOWN = "?"
LONGEST_TEXT = 400
LONGEST_CHAIN = 120
_PLAIN = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*")
_PIECES = re.compile(
    r"(?P<string>[rRbBfFuU]{0,2}(?:\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`[^`]*`))"
    r"|(?P<name>[A-Za-z_$][\w$]*)"
    r"|(?P<or>\|\||\?\?)|(?P<dot>\?\.|->|::|\.)|(?P<open>[(\[{<])|(?P<close>[)\]}>])"
    r"|(?P<number>\d[\w.]*)|(?P<blank>\s+)|(?P<other>.)",
    re.DOTALL,
)
_ROOT = re.compile(r"[^.(\[|]*")
_PREFIXES = frozenset({"await", "new", "typeof", "mut", "ref", "co_await", "throw"})
_UNSUPPORTED = frozenset(
    {"lambda", "not", "yield", "function", "async", "in", "is", "and", "instanceof"}
)
_EMPTY = frozenset({"None", "null", "nil", "undefined", "nullptr", "NULL"})
_IGNORED = frozenset("&*!?")  # address of, pointer to, not null, pass the error on


def chain_of(text: str) -> str:
    """An expression as names, `.`, `()` for a call and `[]` for an element.

    `a.b(c).d` becomes `a.b().d`, `x or Y(1)` becomes `x|Y()`; what is between brackets and quotes
    is left out, anything else is `?`.
    """
    if _PLAIN.fullmatch(text) and len(text) <= LONGEST_CHAIN:
        return "" if text in _EMPTY else text
    return _scanned(text) if len(text) <= LONGEST_TEXT else UNKNOWN


def root_of(chain: str) -> str:
    """The first name of a chain."""
    found = _ROOT.match(chain)
    return found[0] if found else ""


@lru_cache(maxsize=4096)
def _scanned(text: str) -> str:
    choices: list[str] = []
    parts: list[str] = []
    depth, made, skipping, dotted = 0, False, False, True
    for found in _PIECES.finditer(text):
        kind, piece = found.lastgroup, found[0]
        if kind == "open":
            depth += 1
            if depth > 1 or skipping:
                continue
            if not parts and piece != "(":
                parts.append(LITERAL)
            elif not parts:
                return UNKNOWN
            elif piece != "<":
                parts.append("[]" if piece == "[" else "()")
                made = False
        elif kind == "close":
            depth -= 1
        elif depth or kind == "blank":
            continue
        elif kind == "or" or (kind == "name" and piece in ("or", "else", "if")):
            skipping = piece == "if"
            _end(choices, parts, made)
            parts, made, dotted = [], False, True
        elif skipping:
            continue
        elif kind == "name" and piece in _PREFIXES and not (parts and dotted):
            made = piece == "new"
        elif kind == "name" and piece in _UNSUPPORTED:
            return UNKNOWN
        elif kind in ("name", "string", "number"):
            if parts and not dotted:
                return UNKNOWN
            parts.append(piece if kind == "name" else LITERAL)
            dotted = False
        elif kind == "dot":
            dotted = True
        elif piece not in _IGNORED:
            return UNKNOWN
    _end(choices, parts, made)
    chain = "|".join(dict.fromkeys(choices))
    return chain if len(chain) <= LONGEST_CHAIN else UNKNOWN


def _end(choices: list[str], parts: list[str], made: bool) -> None:
    """End one of several values; an empty one says nothing about the type."""
    if not parts or parts[0] in _EMPTY:
        return
    joined = parts[0]
    for part in parts[1:]:
        joined += part if part in ("()", "[]") else f".{part}"
    choices.append(joined + "()" if made else joined)
