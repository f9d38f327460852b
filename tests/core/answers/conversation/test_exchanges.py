"""What of a conversation goes along: the last exchanges whole, older ones in short."""

from dataclasses import replace

import pytest

from gardener_core.answers.conversation.exchanges import (
    MOST_EXCHANGES,
    MOST_SUMMARISED,
    exchanges,
    older_of,
    summary_of,
)
from gardener_core.answers.conversation.first_sentences import first_sentences
from gardener_core.answers.conversation.tree import Entry
from gardener_core.events.answer import Answered, CardLine, Composed, Prompted, PromptPart
from gardener_core.events.parts import Citation
from gardener_core.store.garden.chats.summaries import Summary

CARD = Composed(
    (
        CardLine("where", "refresh_token", 1, "a.py", 1, 9, "Sessions.refresh_token"),
        CardLine("tested_in", "", absent="no_test"),
        CardLine("does", "Rotate the token.", 2, "a.py", 2, 2, "Sessions.refresh_token"),
    ),
    "where",
    "answered",
    0.01,
)


def entry(number: int, words: str = "It is there. More.", **facts: object) -> Entry:
    return Entry(
        number, number - 1 or None, f"q{number}", words=words, ended="whole", kept=number, **facts
    )  # type: ignore[arg-type]


def prompted(*parts: PromptPart) -> Prompted:
    return Prompted(parts, 9, "coder", "", "llama.cpp", "")


def test_the_last_ones_are_whole_and_older_ones_are_short() -> None:
    path = [entry(number) for number in range(1, MOST_EXCHANGES + MOST_SUMMARISED + 3)]
    edited = Summary(4, "As I see it.", "person")
    sent = exchanges(path, {4: edited})
    assert len(sent) == MOST_EXCHANGES + MOST_SUMMARISED and sent[0].question == "q3"
    older, whole = sent[:MOST_SUMMARISED], sent[MOST_SUMMARISED:]
    assert all(not one.answer for one in older) and all(one.answer for one in whole)
    assert [one.summary for one in sent[:3]] == [
        "q3 — It is there.", "As I see it.", "q5 — It is there."
    ]  # fmt: skip


def test_what_was_not_answered_does_not_go_along() -> None:
    path = [entry(1), replace(entry(2), ended="failed"), replace(entry(3), kind="code")]
    assert [one.question for one in exchanges(path)] == ["q1"]


def test_what_the_last_prompt_had_no_room_for_is_older() -> None:
    parts = (
        PromptPart("conversation", 90, "left_out"),
        PromptPart("summary", 9),
        PromptPart("conversation", 20),
    )
    path = [entry(1), entry(2), entry(3), entry(4, prompted=prompted(*parts)), entry(5)]
    assert [one.number for one in older_of(path)] == [1, 2]
    whole = prompted(*[PromptPart("conversation", 20)] * 3)
    assert older_of([*path[:3], entry(4, prompted=whole)]) == []


def test_without_a_model_only_the_number_decides() -> None:
    path = [entry(number) for number in range(1, MOST_EXCHANGES + 3)]
    assert [one.number for one in older_of(path)] == [1, 2]
    assert older_of(path[:9]) == []


@pytest.mark.parametrize(
    ("question", "words", "short"),
    [
        ("where is it? I ask.", "In `a.b`. And more.", "where is it? — In `a.b`."),
        ("q", "<think>Hm. So.</think>\nYes it is 1.5. No.", "q — Yes it is 1.5."),
        ("q", "```py\nx = 1\n```\nThat is it.", "q — That is it."),
        ("q", "", "q — no answer"),
        ("word " * 60, "a", "word " * 22 + "word… — a"),
    ],
)
def test_first_sentences(question: str, words: str, short: str) -> None:
    assert first_sentences(replace(entry(1, words), text=question)) == short


def test_the_symbols_that_are_cited_are_named_once() -> None:
    cited = tuple(Citation(n, "a.py", 1, 2, name) for n, name in enumerate(["f", "f", "g", ""], 1))
    answer = Answered("x", True, cited, "llama.cpp", "m", "", 1, 0.1, 0.1)
    assert first_sentences(entry(1, "It calls f.", answered=answer)) == "q1 — It calls f. (g)"


def test_a_card_is_shortened_to_its_first_lines() -> None:
    short = first_sentences(entry(1, "", card=CARD))
    assert short == "q1 — Where: refresh_token; Does: Rotate the token. (Sessions.refresh_token)"


def test_an_edited_one_is_taken_before_sentences() -> None:
    kept = {1: Summary(1, "mine", "person")}
    assert summary_of(entry(1), kept).text == "mine"
    assert summary_of(entry(2), kept).maker == "sentences"
