"""Find secrets by the names that they are assigned to."""

import re
from collections.abc import Iterator

from gardener_core.code.secrets.formats import PLACEHOLDER, Candidate
from gardener_core.code.secrets.randomness import SHORTEST_RANDOM, bits, is_random, is_written

LONGEST_NAME = 40
SHORTEST_TIED = 10
FEWEST_BITS = 2.7  # a short word that repeats a letter or two
# Words of such names; what is around them is checked case by case.
_WORD = re.compile(
    r"key|secret|passw|pass|pwd|token|credential|auth|pat\b|pat_|bearer|basic |jwt|webhook|salt"
    r"|sig\b|_pw\b|login|getconnection"
)
_BEFORE = re.compile(r"[\w.-]*$")
_REST = re.compile(rf"[\w.-]{{0,{LONGEST_NAME}}}")
_STRONG = re.compile(
    r"(?:api|access|auth|account|signing|encryption|private|app|license|secret)[_.-]?key"
    r"|secret|passw|passphrase|pwd|token|credential|(?<![a-z])pass(?![a-z])",
    re.I,
)
_NO_SECRET = re.compile(
    r"public|pub_?key|sha\d|hash|digest|checksum|finger|etag|uuid|guid|commit|revision|integrity"
    r"|primary|foreign|sort_?key|keyword|author|cache_?key|type$|path$|file$|url$|uri$|_ids?$|Id$"
    r"|name$|length$|size$",
)
_GAP = r"""["'`)\]]{0,3}\s{0,8}"""
_TYPE = r"(?::[ ]?&?'?\w[\w.<>\[\]| ?]{0,24}?)?\s{0,8}"
_GIVES = r"(?:=>|:=|\|\|=?|\?\?=?|[:=])\s{0,8}"
_QUOTED = re.compile(
    rf"""{_GAP}{_TYPE}{_GIVES}[rbfu]?(?P<q>["'`])(?P<v>[^"'`\s<>]{{8,500}})(?P=q)"""
)
# Weaker ties: a second argument, a value without quotes, one that only follows.
_TIED = (
    re.compile(r"""["'`][ ]?,[ ]?(?P<q>["'`])(?P<v>[^"'`\s<>]{8,500})(?P=q)"""),
    re.compile(
        r"""["'`]?[ ]{0,8}(?:=>|:=|[:=])[ ]{0,4}(?P<v>[^"'`\s,;&(){}<>$]{10,500})"""
        r"""(?=["'`\s,;&<}]|$)"""
    ),
    re.compile(r"""["']?[ ]{1,4}["'`]?(?P<v>[^"'`\s,;&(){}<>$]{10,500})(?=["'`\s,;&]|$)"""),
)
_MARKED_UP = (
    re.compile(r"""["']\s+value\s?=\s?["'](?P<v>[^"'\s<>]{8,500})["']"""),
    re.compile(r">(?P<v>[^\s<>]{8,500})</"),
    re.compile(r"""["']?\s{1,20}value:\s?["']?(?P<v>[^"'\s]{8,500})"""),
    re.compile(r"""["']\s?\{[^{}]{0,150}?default\s*=\s*"(?P<v>[^"\s]{8,500})\""""),
)
# A name and a password side by side.
_LOGIN = re.compile(
    r"""\s?=?\s?\(\s?(?:\w+,\s?)?["'][^"'\s]{1,60}["'],\s?["'](?P<v>[^"'\s<>{}]{8,100})["']"""
)
_HEADER = re.compile(r"\s{0,4}(?P<v>[A-Za-z0-9+/=._-]{20,})")
_HEADERS = frozenset({"basic", "bearer", "token"})
FEWEST_BITS_OF_HEADER = 3.6
_COMMANDS = (
    ("sshpass", re.compile(r"""sshpass\s+-p\s*["']?(?P<v>[^\s"'$]{6,})""")),
    ("mysql", re.compile(r"""mysql(?:dump)?\s[^\n]{0,80}?-p(?P<v>[^\s"'$]{6,})""")),
    (
        "curl ",
        re.compile(r"""curl [^\n]{0,80}?(?:-u|--user)[ =]["']?[^\s:"']+:(?P<v>[^\s"'@$]{6,})"""),
    ),
)
_CODE_NOT_VALUE = re.compile(
    r"^(https?:|\$|%|\.|/|0x)|\w\.\w+\.|[\[\]]|self\.|os\.|->|::|^[a-z_]+\.[a-z_]+", re.I
)
_MARKS = re.compile(r"[!@#%^*~?]")
_ONE_PIECE = re.compile(r"(?=(?:[A-Za-z+/]*\d){4})[A-Za-z0-9+/]{16,}={0,2}")
_PLACE = re.compile(r"^(?:[a-z]+:/|[$%@#]|[.~]+/|/[a-z_.-]+/|0x|\w:\\)|[\[\](){}]|->|::|\.\w{1,4}$")


def named_secrets(text: str) -> Iterator[Candidate]:
    """Find values whose names say that they are secret."""
    lowered = text.lower()
    if len(lowered) != len(text):  # some letters become two
        lowered = text
    end = 0
    for match in _WORD.finditer(lowered):
        if match.start() < end:
            continue
        first = max(0, match.start() - LONGEST_NAME)
        before = _BEFORE.search(text, first, match.start())
        rest = _REST.match(text, match.end())
        if before is None or rest is None:
            continue
        name, end = text[before.start() : rest.end()], rest.end()
        if not _NO_SECRET.search(name):
            yield from _value_after(text, end, name)
    for marker, command in _COMMANDS:
        if marker in text:
            for match in command.finditer(text):
                if _looks_assigned(match["v"]) or _looks_random(match["v"], SHORTEST_TIED):
                    yield "command", *match.span("v")


def _value_after(text: str, at: int, name: str) -> Iterator[Candidate]:
    """The value after a name, if it looks secret enough."""
    header = _HEADER.match(text, at) if name.lower() in _HEADERS else None
    if header and bits(header["v"]) >= FEWEST_BITS_OF_HEADER and re.search(r"\d", header["v"]):
        yield "header", *header.span("v")
        return
    login = _LOGIN.match(text, at)
    if login and (_looks_assigned(login["v"]) or _looks_random(login["v"], SHORTEST_TIED)):
        yield "login", *login.span("v")
        return
    is_strong = _STRONG.search(name) is not None
    quoted = _QUOTED.match(text, at)
    if quoted:
        if _looks_random(quoted["v"]) or (is_strong and _looks_assigned(quoted["v"])):
            yield "assigned", *quoted.span("v")
        return
    for tie in _TIED:
        tied = tie.match(text, at)
        if tied:
            if (
                is_strong and (_looks_random(tied["v"], SHORTEST_TIED) or _is_number(tied["v"]))
            ) or (_looks_random(tied["v"])):
                yield "assigned", *tied.span("v")
                return
            break
    for marked_up in _MARKED_UP:
        match = marked_up.match(text, at)
        if match and (_looks_random(match["v"]) or (is_strong and _looks_assigned(match["v"]))):
            yield "assigned", *match.span("v")
            return


def _looks_random(value: str, shortest: int = SHORTEST_RANDOM) -> bool:
    if _PLACE.search(value) or PLACEHOLDER.search(value):
        return False
    return is_random(value, shortest)


def _is_number(value: str) -> bool:
    """Letters and several digits in one piece, or with marks that no identifier has."""
    if _MARKS.search(value) and _looks_assigned(value) and not _PLACE.search(value):
        return True
    return _ONE_PIECE.fullmatch(value) is not None and not is_written(value)


def _looks_assigned(value: str) -> bool:
    if _CODE_NOT_VALUE.search(value) or PLACEHOLDER.search(value):
        return False
    mixed = re.search(r"\d", value) and re.search(r"[A-Za-z]", value)
    return bool(mixed) and bits(value) >= FEWEST_BITS
