"""Shorten an exchange to its first sentences."""

import re

from gardener_core.answers.conversation.tree import Entry
from gardener_core.events.answer import Composed
from gardener_core.events.card_text import label_of, text_of

MOST_QUESTION, MOST_ANSWER, MOST_SYMBOLS = 120, 200, 4
CARD_LINES = 2
_CODE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_THOUGHT = re.compile(r"\A.*?</think>", re.DOTALL)
# A point ends a sentence where a blank follows; in `a.b` and `1.5` none does.
_SENTENCE_END = re.compile(r"(?<=[.!?])\s")


def first_sentences(entry: Entry) -> str:
    """The first sentence of a question and of its answer, and the symbols that it cites."""
    symbols = list(dict.fromkeys(one.symbol for one in entry.cited if one.symbol))
    answer = _of_card(entry.card) if entry.card and not entry.words else _first(entry.answer)
    said = _cut(answer, MOST_ANSWER)
    missing = [symbol for symbol in symbols if symbol not in said][:MOST_SYMBOLS]
    named = f" ({', '.join(missing)})" if missing else ""
    return f"{short_question(entry)} — {said or 'no answer'}{named}"


def short_question(entry: Entry) -> str:
    """The first sentence of a question."""
    return _cut(_first(entry.text), MOST_QUESTION)


def _of_card(card: Composed) -> str:
    lines = [line for line in card.lines if not line.absent][:CARD_LINES]
    return "; ".join(f"{label_of(line)}: {text_of(line)}" for line in lines)


def _first(text: str) -> str:
    """The first sentence, without code and without what was thought before it."""
    prose = _CODE.sub(" ", _THOUGHT.sub("", text)).strip()
    paragraph = prose.partition("\n\n")[0]
    return _SENTENCE_END.split(" ".join(paragraph.split()), maxsplit=1)[0]


def _cut(text: str, most: int) -> str:
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"
