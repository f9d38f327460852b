"""Code in colour, with its line numbers."""

from collections.abc import Collection

from textual.content import Content

from gardener_core.system.terminal_text import clean

# The nearest kind above a token decides; other tokens have the colour of the text.
_STYLES = {
    "Token.Comment": "$label italic",
    "Token.Keyword": "$code-keyword",
    "Token.Keyword.Constant": "$code-number",
    "Token.Keyword.Type": "$code-type",
    "Token.Operator.Word": "$code-keyword",
    "Token.Literal.String": "$code-string",
    "Token.Literal.Number": "$code-number",
    "Token.Name.Function": "$code-name bold",
    "Token.Name.Class": "$code-name bold",
    "Token.Name.Decorator": "$code-type",
    "Token.Name.Builtin": "$code-type",
    "Token.Name.Tag": "$code-keyword",
    "Token.Name.Attribute": "$code-name",
}
TAB = 4
_STRING_PREFIXES = frozenset({"", "r", "f", "b", "u", "rb", "fr"})
# What stands before a string in code; behind words three quotes are the end of one.
_BEFORE_STRINGS = ("=", "(", "[", "{", ",", "+", ":", "return", "%", "in", "yield")


def numbered(
    text: str, start_line: int, language: str, most: int = 0, marked: Collection[int] = ()
) -> Content:
    """Code with line numbers, cut after `most` lines; the number of missing lines is shown.

    Marked lines have a sign after their number.
    """
    rows = highlighted(text, language).split("\n", allow_blank=True)
    if len(rows) > 1 and not rows[-1].plain:
        rows.pop()
    cut = len(rows) - most if most and len(rows) > most + 1 else 0
    width = len(str(start_line + len(rows) - 1))
    kept = rows[: len(rows) - cut]
    shown = [
        _line(start_line + place, width, row, start_line + place in marked)
        for place, row in enumerate(kept)
    ]
    if cut:
        shown.append(Content.assemble((f"{'⋮':>{width}} {cut} more lines", "$label")))
    return Content("\n").join(shown)


def _line(number: int, width: int, row: Content, marked: bool) -> Content:
    sign = ("▸", "bold $accent") if marked else (" ", "")
    return Content.assemble((f"{number:>{width}}", "$label"), sign, row)


def highlighted(text: str, language: str) -> Content:
    """Code in colour; not a character is added, dropped or read as markup."""
    # Pygments costs a tenth of a second, so it loads with the first code that is shown.
    from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]
    from pygments.util import ClassNotFound  # type: ignore[import-untyped]

    text = clean(text).expandtabs(TAB)
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return Content(text)
    opened = opened_before(text)
    content = Content.assemble(
        *((part, _style(str(kind))) for kind, part in lexer.get_tokens(opened + text))
    )[len(opened) :]
    return content if content.plain == text else Content(text)


def opened_before(text: str) -> str:
    """The opening of a string or comment that began before this code, if there is one."""
    end = text.find("*/")
    if end >= 0 and "/*" not in text[:end]:
        return "/*"
    for mark in ('"""', "'''"):
        if text.count(mark) % 2 and _closes(text, text.index(mark)):
            return mark
    return ""


def _closes(text: str, at: int) -> bool:
    """Whether the three quotes at a place end a string that began before the text.

    They do behind words, or alone in a line below others; below a colon they begin a docstring.
    """
    above, _, before = text[:at].rpartition("\n")
    behind = text[at + 3 :].partition("\n")[0]
    if before.strip().lower() in _STRING_PREFIXES:
        last = above.rstrip()
        return not behind.strip() and bool(last) and not last.endswith(":")
    return not before.rstrip().endswith(_BEFORE_STRINGS)


def _style(kind: str) -> str:
    while kind:
        style = _STYLES.get(kind)
        if style is not None:
            return style
        kind = kind.rpartition(".")[0]
    return ""
