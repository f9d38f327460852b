"""Make untrusted text safe for a terminal."""

import re

LONGEST_LINE = 4000

# C0 but tab and newline, DEL, C1, bidi controls, zero-width and other invisible format
# characters, tags, line and paragraph separators, surrogates, noncharacters.
_DANGEROUS = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0e31\u0e34-\u0e3a"
    "\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
)
_dangerous = re.compile(f"[{_DANGEROUS}]")
_stacked_marks = re.compile(f"([{_MARKS}]{{3}})[{_MARKS}]+")


def clean(text: str) -> str:
    """Make control characters visible; code, tabs and line ends stay.

    Works character by character, so a sequence split by a stream is caught too.
    """
    text = text.replace("\r\n", "\n")
    if not (text.isascii() and text.isprintable()):
        text = _stacked_marks.sub(r"\1", _dangerous.sub(_visible, text))
    if len(text) > LONGEST_LINE:
        text = "\n".join(_shortened(line) for line in text.split("\n"))
    return text


def clean_line(text: str) -> str:
    """The same for a text that must stay on one line."""
    return clean(text).replace("\n", "\u240a").replace("\t", " ")


def is_safe(text: str) -> bool:
    """Whether a line contains nothing that a terminal would execute."""
    return _dangerous.search(text) is None


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    return f"\u27e8{code:04X}\u27e9"


def _shortened(line: str) -> str:
    if len(line) <= LONGEST_LINE:
        return line
    return f"{line[:LONGEST_LINE]} … \u27e8{len(line) - LONGEST_LINE} more\u27e9"
