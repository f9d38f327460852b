"""End a completion where its scope ends."""

_CLOSERS = ")]}"
_OPENERS = ("{", "(", "[", ":")
_QUOTES = ('"""', "'''")


class ScopeEnd:
    """Passes on generated code line by line until a line no longer belongs to the scope.

    The scope is the block that the last line of the prefix opens or stands in, by indentation; a
    line of closing brackets still belongs to it. The start of a line is held back until it is
    known on which side it is. Where code follows, it also ends before a line that is the first one
    of that.
    """

    def __init__(self, prefix: str, suffix: str = "") -> None:
        self._until = next((line.rstrip() for line in suffix.splitlines() if line.strip()), "")
        self._own_line = False  # whether the line was generated from its start
        before, _, self._line = prefix.rpartition("\n")
        self._in_text = _is_open_text(before)
        self._depth = _bracket_depth(before)
        self._least: int | None = None
        self._held = ""
        self.ended = False
        if not self._line.strip() and before.strip():
            last = next(line for line in reversed(before.splitlines()) if line.strip())
            self._least = _least_indent(last)

    def take(self, piece: str) -> str:
        """Add what was generated; returns what belongs to the scope."""
        passed = ""
        for letter in piece:
            if self.ended:
                break
            passed += self._letter(letter)
        return passed

    def rest(self) -> str:
        """What was held back, once nothing more is generated."""
        held, self._held = self._held, ""
        self.ended = self.ended or self._is_what_follows()
        return "" if self.ended else held

    def _letter(self, letter: str) -> str:
        if letter == "\n":
            if self._is_what_follows():
                self.ended = True
                return ""
            self._finish_line()
            self._line, self._own_line = "", True
            passed, self._held = (
                (self._held, letter) if self._held.strip() else ("", self._held + letter)
            )
            return passed
        if not self._line.strip() and letter.isspace():
            self._line += letter
            self._held += letter
            return ""
        if not self._line.strip() and self._is_outside(letter):
            self.ended = True
            return ""
        self._line += letter
        if self._own_line and self._until.startswith(self._line):
            self._held += letter
            return ""
        passed, self._held = self._held + letter, ""
        return passed

    def _is_what_follows(self) -> bool:
        return self._own_line and self._line.rstrip() == self._until != ""

    def _is_outside(self, letter: str) -> bool:
        """Whether the line that begins with this letter is outside of the scope."""
        if self._least is None or self._in_text or self._depth > 0:
            return False
        indent = _indent(self._line)
        if letter in _CLOSERS:
            return indent < self._least - 1 if self._least else False
        return indent < self._least

    def _finish_line(self) -> None:
        for quotes in _QUOTES:
            if self._line.count(quotes) % 2:
                self._in_text = not self._in_text
        if self._in_text or not self._line.strip():
            return
        self._depth = max(0, self._depth + _bracket_depth(self._line))
        if self._least is None:
            self._least = _least_indent(self._line)


def _least_indent(line: str) -> int:
    """The least indentation of the lines that belong to the scope of this line."""
    opens = line.rstrip().endswith(_OPENERS)
    return _indent(line) + 1 if opens else _indent(line)


def _indent(line: str) -> int:
    expanded = line.expandtabs(4)
    return len(expanded) - len(expanded.lstrip())


def _bracket_depth(text: str) -> int:
    """Round and square brackets that are open; curly ones hold blocks."""
    return sum(text.count(letter) for letter in "([") - sum(text.count(letter) for letter in ")]")


def _is_open_text(text: str) -> bool:
    return any(text.count(quotes) % 2 for quotes in _QUOTES)
