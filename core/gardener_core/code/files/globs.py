"""Translate the patterns of ignore files into expressions."""

import re

# A class that POSIX names inside of brackets, as ranges of ASCII.
_CLASSES = {
    "alnum": "0-9A-Za-z", "alpha": "A-Za-z", "blank": " \\t", "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9", "graph": "!-~", "lower": "a-z", "print": " -~",
    "punct": "!-/:-@\\[-`{-~", "space": "\\t-\\r ", "upper": "A-Z", "xdigit": "0-9A-Fa-f",
}  # fmt: skip
_MAGIC = frozenset("*?[\\")

# Part of a pattern: an expression for one byte, one star, or any depth of folders.
_ONE_STAR, _ANY_DEPTH = object(), object()
Part = str | object


class BadPattern(ValueError):
    """A pattern that cannot match anything; the message says why."""


def expression_of(pattern: str, *, path: bool) -> re.Pattern[str]:
    """A pattern as an expression that matches whole names, or whole paths, as git does.

    Both are bytes decoded as latin-1: git compares bytes. Every star but the last takes the first
    match of what follows it and never backtracks: a longer match could not help. So the time is
    bounded by the product of the lengths, whatever the pattern.
    """
    start = next((at for at, letter in enumerate(pattern) if letter in _MAGIC), len(pattern))
    # Git compares the literal beginning of a path by itself, so that what comes after it is the
    # beginning of a pattern: `a**/b` means any depth.
    head, rest = (pattern[:start], pattern[start:]) if path else ("", pattern)
    return re.compile(re.escape(head) + _joined(_parts(rest, path), path), re.DOTALL)


def literal_of(pattern: str) -> str | None:
    """The pattern itself where it has no wildcards, else None."""
    return None if _MAGIC & set(pattern) else pattern


def _parts(pattern: str, path: bool) -> list[Part]:
    parts: list[Part] = []
    at = 0
    while at < len(pattern):
        letter = pattern[at]
        if letter == "*":
            stars = at
            while at < len(pattern) and pattern[at] == "*":
                at += 1
            alone = stars == 0 or pattern[stars - 1] == "/"
            ends = at == len(pattern) or pattern[at] == "/" or pattern[at : at + 2] == "\\/"
            parts.append(_ANY_DEPTH if path and at - stars > 1 and alone and ends else _ONE_STAR)
        elif letter == "?":
            parts.append("[^/]" if path else ".")
            at += 1
        elif letter == "[":
            expression, at = _bracket(pattern, at + 1)
            parts.append(f"(?!/){expression}" if path else expression)
        elif letter == "\\":
            if at + 1 == len(pattern):
                raise BadPattern("it ends in a lone backslash")
            parts.append(re.escape(pattern[at + 1]))
            at += 2
        else:
            parts.append(re.escape(letter))
            at += 1
    return parts


def _bracket(pattern: str, at: int) -> tuple[str, int]:
    """A bracket as an expression, and where the pattern continues."""
    negated = pattern.startswith(("!", "^"), at)
    at += negated
    members: list[str] = []
    before, first = "", True
    while first or pattern[at : at + 1] != "]":
        first = False
        letter, at = _member(pattern, at)
        if letter == "-" and before and pattern[at : at + 1] not in ("", "]"):
            last, at = _escaped(pattern, at)
            if before <= last:
                members.append(f"{re.escape(before)}-{re.escape(last)}")
            before = ""
        elif letter == "[" and pattern[at : at + 1] == ":":
            end = pattern.find("]", at + 1)
            if end < 0:
                raise BadPattern("a bracket is not closed")
            if end == at + 1 or pattern[end - 1] != ":":
                members.append("\\[")
                before = "["
                continue
            name = pattern[at + 1 : end - 1]
            if name not in _CLASSES:
                raise BadPattern(f"there is no class [:{name}:]")
            members.append(_CLASSES[name])
            before, at = "", end + 1
        else:
            if letter == "\\":
                letter, at = _escaped(pattern, at - 1)
            members.append(re.escape(letter))
            before = letter
    return f"[{'^' if negated else ''}{''.join(members)}]", at + 1


def _member(pattern: str, at: int) -> tuple[str, int]:
    if at >= len(pattern):
        raise BadPattern("a bracket is not closed")
    return pattern[at], at + 1


def _escaped(pattern: str, at: int) -> tuple[str, int]:
    """A member of a bracket, without the backslash before it."""
    letter, at = _member(pattern, at)
    return _member(pattern, at) if letter == "\\" else (letter, at)


def _joined(parts: list[Part], path: bool) -> str:
    """One expression; what is between two stars matches once, atomically."""
    star = "[^/]*?" if path else ".*?"
    groups: list[list[tuple[str, str]]] = [[("", "")]]  # a star and what follows; depths part them
    waiting = list(reversed(parts))
    while waiting:
        part = waiting.pop()
        if part is _ANY_DEPTH and waiting:
            waiting.pop()  # the slash: no folder, or any number of them
            groups.append([("(?:.*?/)??", "")])
        elif part is _ANY_DEPTH:
            groups.append([(".*", "")])
        elif part is _ONE_STAR:
            groups[-1].append((star, ""))
        else:
            before, run = groups[-1][-1]
            groups[-1][-1] = before, f"{run}{part}"
    *earlier, last = groups
    *kept, (end, run) = last
    expression = "".join(f"(?>{_atomic(group)})" for group in earlier)
    return f"{expression}{_atomic(kept)}{end}{run}\\Z"


def _atomic(group: list[tuple[str, str]]) -> str:
    """The run after a star within a folder is atomic; the one after a depth may backtrack."""
    return "".join(
        f"{star}{run}" if star != "[^/]*?" and star != ".*?" else f"(?>{star}{run})"
        for star, run in group
    )
