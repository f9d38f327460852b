"""Find long random tokens."""

import re
from collections.abc import Iterator

from gardener_core.code.secrets.formats import PLACEHOLDER, Candidate
from gardener_core.code.secrets.randomness import (
    bits,
    is_random,
    is_random_of_three_kinds,
    is_written,
)

SHORTEST_TOKEN = 20
SHORTEST_OF_TWO_KINDS = 30
SHORTEST_PIECE = 16
SHORTEST_WITHOUT_ISSUER = 24
DIGITS_WITHOUT_ISSUER = 3
SHORTEST_BLOB = 48
LONGEST_LINE = 200  # of a blob, on either side; a look at a whole line could be at a megabyte
CHARACTERS_A_JOINT = 12
MOST_BEFORE = 80
# A word with a digit; most begin with the letters of their issuer and a joint.
_WORD = re.compile(r"(?<![A-Za-z0-9_-])(?=[A-Za-z_-]{0,60}\d)[A-Za-z0-9_-]{20,}")
_ISSUER = re.compile(r"[A-Za-z][A-Za-z0-9]{0,11}[_-]")
_JOINT = re.compile(r"[_-]")
# What a dot joins before it, and what continues after it.
_DOTTED = re.compile(r"(?<![\w.-])(?:[A-Za-z0-9_-]{1,20}\.){1,3}$")
_GOES_ON = re.compile(r"(?:\.[A-Za-z0-9_+/=-]{6,})*[+=%~A-Za-z0-9_-]*")
# Not secret, however random: hashes, and documents that anybody with the link may read.
_NO_ISSUER = re.compile(
    r"sha|md5|hash|group|blake|commit|rev|[ug]uid|id[_-]|test|crc|utf|urn|color|im(?:g|age)"
    r"|file|css|diff|v\d",
    re.I,
)
_DOCUMENT = re.compile(r"(?:google\.com/|/commit/|/blob/|/tree/)[\w/.-]{0,40}$")
_BLOB = re.compile(r"[A-Za-z0-9+/=]+")
_LONG = re.compile(r"""["'`](?P<v>[A-Za-z0-9+/_-]{38,}={0,2})["'`]""")
_HEX = re.compile(r"^[0-9a-f-]+$", re.I)


def random_tokens(text: str) -> Iterator[Candidate]:
    """Find words that must be random."""
    for match in _WORD.finditer(text):
        start, end = match.span()
        nearby = max(0, start - MOST_BEFORE)
        dotted = _DOTTED.search(text, nearby, start)
        if (
            _is_token(match[0], has_issuer=dotted is not None)
            and not PLACEHOLDER.search(match[0])
            and not _DOCUMENT.search(text, nearby, start)
            and not _is_part_of_blob(text, start, end)
        ):
            goes_on = _GOES_ON.match(text, end)
            yield "token", dotted.start() if dotted else start, goes_on.end() if goes_on else end
    for match in _LONG.finditer(text):
        if _looks_random(match["v"]):
            yield "random", *match.span("v")


def _is_token(word: str, has_issuer: bool) -> bool:
    """Whether a word is random; it may be shorter after the letters of an issuer."""
    pieces = _JOINT.split(word)
    if _NO_ISSUER.match(word) or len(pieces) > 3 + len(word) / CHARACTERS_A_JOINT:
        return False
    longest = max(pieces, key=len)
    issuer = _ISSUER.match(word)
    if issuer is None and not has_issuer:
        digits = sum(letter.isdigit() for letter in word)
        return digits >= DIGITS_WITHOUT_ISSUER and is_random_of_three_kinds(
            word, SHORTEST_WITHOUT_ISSUER
        )
    body = word[issuer.end() :] if issuer else word
    return (
        is_random_of_three_kinds(body, SHORTEST_TOKEN)
        or is_random(longest, SHORTEST_OF_TWO_KINDS)
        or (len(longest) >= SHORTEST_PIECE and is_random_of_three_kinds(longest, SHORTEST_PIECE))
    )


def _is_part_of_blob(text: str, start: int, end: int) -> bool:
    """Whether a word is a line of base64, as of pictures and fonts in code."""
    around = text[max(0, start - LONGEST_LINE) : end + LONGEST_LINE]
    start, end = min(start, LONGEST_LINE), min(start, LONGEST_LINE) + end - start
    first, last = around.rfind("\n", 0, start) + 1, around.find("\n", end)
    line = around[first : last if last >= 0 else len(around)].strip().strip("\"'`,;b()")
    return len(line) >= SHORTEST_BLOB and _BLOB.fullmatch(line) is not None


def _looks_random(value: str) -> bool:
    if _HEX.match(value) or re.search(r"sha\d|/[a-z]+/", value):
        return False
    classes = [re.search(kind, value) for kind in (r"[a-z]", r"[A-Z]", r"\d")]
    return all(classes) and bits(value) > 4.7 and not is_written(value)
