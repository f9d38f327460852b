"""Flatten imports with nested braces."""

import re

MAX_LEAVES = 200
_WORDS = re.compile(r"\{|\}|,|::|\*|[\w$#]+")


def leaves_of(text: str) -> list[tuple[str, str, str]]:
    """Name, module and member of each leaf: `a::{b as c, d::*}` is c of a, and all of a::d."""
    found: list[tuple[str, str, str]] = []
    outer: list[list[str]] = []
    prefix: list[str] = []
    part: list[str] = []
    alias = ""
    renaming = False
    for word in _WORDS.findall(text):
        if word == "{":
            outer.append(prefix)
            prefix, part = [*prefix, *part], []
        elif word in ("}", ","):
            _end(found, prefix, part, alias)
            part, alias = [], ""
            if word == "}" and outer:
                prefix = outer.pop()
        elif word == "as":
            renaming = True
        elif renaming:
            alias, renaming = word, False
        elif word not in ("::", "pub", "use"):
            part.append(word)
        if len(found) > MAX_LEAVES:
            return found
    _end(found, prefix, part, alias)
    return found


def _end(found: list[tuple[str, str, str]], prefix: list[str], part: list[str], alias: str) -> None:
    if not part:
        return
    path = [*prefix, *(part[:-1] if part[-1] == "self" and (prefix or part[1:]) else part)]
    if path:
        module, member = "::".join(path[:-1]), path[-1]
        found.append((alias or member, module, member))
