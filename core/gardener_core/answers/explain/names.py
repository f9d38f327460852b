"""Find the names of code in what a model says."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_CODE = re.compile(r"`([^`\n]{1,200})`")
_FENCE = re.compile(r"^\s*```.*$", re.MULTILINE)
_ADDRESS = re.compile(r"\b(?:https?|ftp)://\S+")
_NAME = re.compile(r"[A-Za-z_$][\w$]*(?:(?:\.|::|#|->)[A-Za-z_$][\w$]*)*")
_COMPOUND = re.compile(
    r"[A-Za-z0-9]_[A-Za-z0-9]|[a-z][A-Z]|[A-Z][a-z]+[A-Z]|\w(?:\.|::|#|->)\w|^_\w"
)
_SEPARATORS = re.compile(r"::|#|->")
_OPTION = re.compile(r"--?[A-Za-z][\w-]*")
_QUOTED_TEXT = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
# What could still go on as a name, at the end of what is written so far.
_UNENDED = re.compile(r"[\w.$:#>-]*$")
# Products and words of prose that only look like names of code.
_PROSE = frozenset(
    re.findall(
        r"\S+",
        """
        e.g i.e a.k.a javascript typescript coffeescript github gitlab youtube macos ipados
        freebsd openbsd powershell postgresql mysql sqlite graphql websocket websockets oauth oauth2
        webassembly jsonschema latex jupyterlab pytorch tensorflow opencv openssl libressl mongodb
        dynamodb kubernetes wifi iphone ipad ebook phd ids urls apis uris uuids cpus gpus pdfs vms
        camelcase pascalcase snake_case node.js next.js vue.js nodejs
        """,
    )
)


@dataclass(frozen=True, slots=True)
class SaidName:
    """A name in an answer, its owners before points, and whether it is called."""

    text: str
    is_called: bool

    @property
    def parts(self) -> Sequence[str]:
        """The name and its owners."""
        return self.text.split(".")


def names_in(text: str) -> list[SaidName]:
    """What is quoted as code, called, or compounded, each name once."""
    found: dict[str, SaidName] = {}
    for name in _each(text):
        known = found.get(name.text)
        if known is None or name.is_called:
            found[name.text] = name
    return list(found.values())


def names_of(text: str) -> list[str]:
    """The same as plain texts."""
    return [name.text for name in names_in(text)]


class NameStream:
    """Names of an answer as they are written, each given once and whole."""

    def __init__(self) -> None:
        self._line = ""
        self._given: set[str] = set()

    def take(self, piece: str) -> list[SaidName]:
        """The names that are whole with this piece."""
        self._line += piece
        whole, newline, rest = self._line.rpartition("\n")
        found = self._new(whole) if newline else []
        self._line = rest
        return found + self._new(_ended(rest))

    def rest(self) -> list[SaidName]:
        """The names at the end of the answer."""
        return self._new(self._line)

    def _new(self, text: str) -> list[SaidName]:
        found = [name for name in names_in(text) if name.text not in self._given]
        self._given.update(name.text for name in found)
        return found


def _ended(line: str) -> str:
    """A line up to what could still become another name."""
    if line.count("`") % 2:
        line = line.rpartition("`")[0]
    return line[: _UNENDED.search(line).start()]  # type: ignore[union-attr]


def _each(text: str) -> Iterator[SaidName]:
    """Every name, as often as it is there."""
    text = _blanked(_ADDRESS, _blanked(_FENCE, text))
    for quoted in _CODE.finditer(text):
        inside = _blanked(_QUOTED_TEXT, quoted[1])
        for match in _OPTION.finditer(inside) if inside.startswith("-") else ():
            yield SaidName(match[0], False)
        if not inside.startswith("-"):
            yield from _names(inside, every=True)
    yield from _names(_blanked(_CODE, text), every=False)


def _names(text: str, *, every: bool) -> Iterator[SaidName]:
    for match in _NAME.finditer(text):
        called = text[match.end() : match.end() + 1] == "("
        if (every or called or _COMPOUND.search(match[0])) and match[0].lower() not in _PROSE:
            yield SaidName(_SEPARATORS.sub(".", match[0]), called)


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: " " * len(match[0]), text)
