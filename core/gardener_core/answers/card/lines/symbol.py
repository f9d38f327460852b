"""Say where a symbol is and what it does."""

import re
from itertools import takewhile

from gardener_core.answers.card.evidence import Evidence
from gardener_core.code.docs.sentences import first_sentence
from gardener_core.events.answer import CardLine
from gardener_core.events.index import Hit
from gardener_core.store.project.facts import Symbol

LONGEST_DOC = 300
MOST_COMMENT = 40  # lines
SHORTEST_DOC = 12
LONGEST_RETURN = 60
MOST_RAISED, MOST_MEMBERS = 3, 8
_RAISED = re.compile(r"\b(?:raise|throw new|throw)\s+([A-Z][\w.]+)")
_RETURNED = re.compile(r"^\s*return\s+(\S.*)$")
_MARKS = re.compile(r"(?::[\w:]+:|\{[\w:-]+\})`~?([^`<]*?)\s*(?:<[^`]*>)?`")
_PARAGRAPH = re.compile(r"\n\s*\n|\n\s*(?:@\w|:param|:return|:rtype|Args:|Parameters\n|>>>|\.\. )")


def where(symbol: Symbol, evidence: Evidence) -> CardLine:
    """The place of a symbol."""
    kind = "" if symbol.kind in ("function", "method") else f"{symbol.kind} "
    return evidence.cite_symbol("where", f"{kind}{symbol.symbol}", symbol)


def also(hit: Hit, evidence: Evidence) -> CardLine:
    """Another place where the answer may be."""
    text = hit.symbol or first_words(hit.text)
    return evidence.cite("also", text, hit.path, hit.start_line, hit.end_line, hit.symbol)


def does(symbol: Symbol, evidence: Evidence, whole: bool) -> list[CardLine]:
    """What a symbol does: its documentation, else its signature, exceptions and result."""
    doc = evidence.doc(symbol) or _comment_apart(symbol, evidence)
    sentence = first_paragraph(doc) if whole else plain(first_sentence(_unmarked(doc), symbol.name))
    text = sentence if len(sentence) >= SHORTEST_DOC else _from_code(symbol, evidence)
    return [evidence.cite_symbol("does", text, symbol)] if text else []


def signature(symbol: Symbol, evidence: Evidence) -> list[CardLine]:
    """The signature, unless it says no more than the name."""
    text = symbol.signature
    if "(" not in text or text.endswith(f"{symbol.name}()"):
        return []
    return [evidence.cite("signature", text, symbol.path, symbol.line, symbol=symbol.symbol)]


def first_paragraph(doc: str) -> str:
    """The beginning of a documentation, without markup."""
    text = plain(_PARAGRAPH.split(_unmarked(doc).strip())[0])
    if len(text) <= LONGEST_DOC:
        return text
    cut = text[:LONGEST_DOC]
    end = max(cut.rfind(". ") + 1, 0)
    return cut[:end] if end > LONGEST_DOC // 3 else cut.rpartition(" ")[0] + " …"


def plain(text: str) -> str:
    """Text without the marks of Markdown and reStructuredText."""
    return " ".join(_MARKS.sub(r"\1", text).replace("``", "").replace("`", "").split())


def first_words(text: str) -> str:
    """The first line of a text that says anything."""
    lines = (line.strip(" #\"'/*=-`") for line in text.split("\n"))
    return next((line for line in lines if re.search(r"[A-Za-z]{3}", line)), "")


def _comment_apart(symbol: Symbol, evidence: Evidence) -> str:
    """A doc comment that a blank line separates from what it is about, or Sphinx's `#:` above."""
    text = evidence.text(symbol.path)
    first, _ = text.shift.span(symbol.line, symbol.last_line)
    above = [line.strip() for line in text.lines[max(0, first - 1 - MOST_COMMENT) : first - 1]]
    marked = list(takewhile(lambda line: line.startswith("#:"), reversed(above)))
    if marked:
        return "\n".join(line[2:].strip() for line in reversed(marked))
    if len(above) < 2 or above[-1] or not above[-2].endswith("*/"):
        return ""
    starts = [at for at, line in enumerate(above[:-1]) if line.startswith("/**")]
    comment = above[starts[-1] : -1] if starts else []
    return "\n".join(line.strip("/* ") for line in comment).strip()


def _unmarked(doc: str) -> str:
    return _MARKS.sub(r"\1", doc)


def _from_code(symbol: Symbol, evidence: Evidence) -> str:
    source = evidence.source(symbol)
    raised = list(dict.fromkeys(name for line in source for name in _RAISED.findall(line)))
    returned = [found[1].strip() for line in source if (found := _RETURNED.match(line))]
    parts = []
    if raised:
        parts.append(f"raises {', '.join(raised[:MOST_RAISED])}")
    if returned and len(returned[-1]) <= LONGEST_RETURN and returned[-1][-1] not in "([{":
        parts.append(f"returns {returned[-1].rstrip(';')}")
    members = [
        item.name
        for item in evidence.symbols_of(symbol.path)
        if item.symbol.rpartition(".")[0] == symbol.symbol and not item.name.startswith("_")
    ]
    if members:
        parts = [f"has {', '.join(members[:MOST_MEMBERS])}"]
    return "; ".join(parts)
