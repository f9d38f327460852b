"""What of a conversation goes along with a question."""

from collections.abc import Mapping, Sequence

from gardener_core.answers.conversation.first_sentences import first_sentences
from gardener_core.answers.conversation.tree import Entry
from gardener_core.answers.requests import Exchange
from gardener_core.events.answer import Prompted
from gardener_core.store.garden.chats.summaries import Summary

MOST_EXCHANGES = 50  # that a question takes along whole
MOST_SUMMARISED = 100  # older ones, of which only summaries go along

NO_SUMMARIES: Mapping[int, Summary] = {}


def exchanges(
    entries: Sequence[Entry], summaries: Mapping[int, Summary] = NO_SUMMARIES
) -> tuple[Exchange, ...]:
    """Questions with their answers, as a question that follows takes them along.

    Each has its summary: of `summaries`, else its first sentences. Those older than the last
    `MOST_EXCHANGES` have nothing else.
    """
    asked = answered_questions(entries)
    whole = len(asked) - MOST_EXCHANGES
    return tuple(
        Exchange(
            entry.text,
            entry.answer if place >= whole else "",
            entry.subject,
            summary_of(entry, summaries).text,
        )
        for place, entry in enumerate(asked)
        if place >= whole - MOST_SUMMARISED
    )


def answered_questions(entries: Sequence[Entry]) -> list[Entry]:
    """The entries that a question that follows may know of."""
    ended = ("whole", "stopped", "broken")
    return [entry for entry in entries if entry.kind == "question" and entry.ended in ended]


def summary_of(entry: Entry, summaries: Mapping[int, Summary] = NO_SUMMARIES) -> Summary:
    """The summary of an exchange: the one that is kept, else its first sentences."""
    kept = summaries.get(entry.kept) if entry.kept else None
    return kept or Summary(entry.kept, first_sentences(entry), "sentences")


def older_of(path: Sequence[Entry]) -> list[Entry]:
    """The exchanges of a branch that a model does not read whole any more, oldest first.

    What the last prompt had room for decides; before any, the number of exchanges does.
    """
    for place in reversed(range(len(path))):
        prompted = path[place].prompted
        if prompted is not None:
            before = answered_questions(path[:place])
            return before[: max(0, len(before) - _whole_in(prompted))]
    asked = answered_questions(path)
    return asked[: max(0, len(asked) - MOST_EXCHANGES)]


def _whole_in(prompted: Prompted) -> int:
    """How many exchanges a prompt holds whole."""
    parts = prompted.parts
    return sum(part.name == "conversation" and part.form == "whole" for part in parts)
