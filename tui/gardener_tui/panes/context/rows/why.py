"""Why a hit has its rank, in words."""

from textual.content import Content

from gardener_core.events.index import Hit
from gardener_core.events.parts import Correction, Why
from gardener_core.system.terminal_text import clean_line
from gardener_tui.widgets.plain_text import Part, styled
from gardener_tui.widgets.wording import counted

NUMBER = 9
ONE_LINE = 90  # from here on a number and its sentence stand in one line
NAME = 13
# What the corrections mean; one of a newer core is shown by its name alone.
_MEANINGS = {
    "test": "It is a test, and the question is not about tests.",
    "example": "It is an example or a document, not the code itself.",
    "stub": "It is a stub: the code itself is elsewhere.",
    "exact name": "Its name is a word of the question.",
    "in its name": "How many of the question's words are in its name.",
    "in its path": "How many of them are in its path.",
    "in its text": "How many of them it holds at all.",
    "class": "It is a whole class; its methods are found by themselves.",
    "no symbol": "It belongs to no symbol.",
    "piece": "It continues the piece above.",
}


def why_text(hit: Hit, width: int) -> Content:
    """The summands of the score, a line each, then how to read them."""
    why = hit.why
    if not hit.score and not why.words_rank and not why.meaning_rank:
        return styled("The query has only filters: what matches them is listed, without a ranking.")
    rows = [
        styled((f"Why it is number {hit.rank}", "bold")),
        styled(""),
        _summand("█ words", why.words_part, _words(why), width),
        _summand("▒ meaning", why.meaning_part, _meaning(why), width),
        *(
            _summand(_signed(item), item.value, _MEANINGS.get(item.name, ""), width)
            for item in why.corrections
        ),
        styled((" " * (NAME + 1) + "─" * NUMBER, "$label")),
        _summand("  score", hit.score, "The sum of these.", width),
    ]
    if hit.also:
        rows += [
            styled(""),
            styled(f"Nearly the same code is in {counted(len(hit.also), 'place')}:"),
        ]
        rows += [styled((f"  {clean_line(place)}", "$label")) for place in hit.also]
    rows += [styled(""), styled((_HOW, "$label"))]
    return Content("\n").join(rows)


_HOW = (
    "The scores of each list are scaled: the mean becomes 0, the best 1. Code that is not in a "
    "list counts as its last. Meaning has a weight, which is lower where the code is documented."
)


def _words(why: Why) -> str:
    if not why.words_rank:
        return "Not in the list by words, so it counts as its last."
    terms = " ".join(clean_line(term) for term in why.terms)
    having = f", with {terms}" if terms else ""
    return f"Number {why.words_rank} by words (BM25 {why.words_score:.2f}){having}."


def _meaning(why: Why) -> str:
    if why.meaning_rank:
        return f"Number {why.meaning_rank} by meaning (similarity {why.meaning_score:.2f})."
    if why.meaning_part:
        return "Not in the list by meaning, so it counts as its last."
    return "Meaning was not searched, or has no weight here."


def _signed(item: Correction) -> str:
    return f"{'▲' if item.value > 0 else '▼'} {clean_line(item.name)}"


def _summand(name: str, value: float, text: str, width: int) -> Content:
    """A number and what it is; in two lines where there is little room."""
    parts: list[Part] = [
        (f"{name:<{NAME}} ", "$label"),
        (f"{value:>+{NUMBER}.4f}", "bold"),
    ]
    if text:
        parts.append(f"  {text}" if width >= ONE_LINE else f"\n  {text}")
    return styled(*parts)
