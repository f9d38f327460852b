"""Read a conversation from its messages."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gardener_core.answers.conversation.details import decode_events
from gardener_core.answers.conversation.tree import Ending, Entry
from gardener_core.events.answer import Answered, Completed
from gardener_core.store.garden.chats.messages import Message


def question_details(entry: Entry) -> str:
    """What was asked besides the text of a question, as JSON."""
    return json.dumps(
        {
            "kind": entry.kind,
            "model": entry.model,
            "adapter": entry.adapter,
            "anew": entry.anew,
            "thorough": entry.thorough,
        }
    )


def entries_of(messages: Sequence[Message], is_writing: Callable[[str], bool]) -> Iterator[Entry]:
    """Questions with their answers; `is_writing` tells of a writer whether it lives.

    An entry has the number of its answer. A question with several answers is as many entries.
    """
    by_number = {message.number: message for message in messages}
    answered = {message.parent for message in messages if message.role == "assistant"}
    for message in messages:
        question = by_number.get(message.parent or 0)
        if message.role == "assistant":
            yield _entry(message, question, by_number, is_writing)
        elif message.number not in answered:
            # Its answer is lost; the question is not.
            parent = _answer_above(message, by_number)
            yield replace(_asked(message), parent=parent, ended="broken")


def _entry(
    answer: Message,
    question: Message | None,
    by_number: Mapping[int, Message],
    is_writing: Callable[[str], bool],
) -> Entry:
    details = _read(answer.details)
    events = decode_events(details)
    done, completed = events["answered"], events["completed"]
    if isinstance(done, Answered):
        events["answered"] = done = replace(done, text=answer.text)
    if isinstance(completed, Completed):
        events["completed"] = replace(completed, text=answer.text)
    is_card = isinstance(done, Answered) and not done.model and events["card"] is not None
    asked = _asked(question or replace(answer, text="", details="{}"))
    return replace(
        asked,
        number=answer.number,
        parent=_answer_above(question, by_number) if question else None,
        words=str(details.get("words", "")) if is_card else answer.text,
        ended=_ending(answer, is_writing),
        problem=str(details.get("problem", "")),
        kept=answer.number,
        **events,  # type: ignore[arg-type]
    )


def _asked(question: Message) -> Entry:
    said = _read(question.details)
    return Entry(
        question.number,
        None,
        question.text,
        "code" if said.get("kind") == "code" else "question",
        model=str(said.get("model", "")),
        adapter=said.get("adapter") is not False,
        anew=said.get("anew") is True,
        thorough=said.get("thorough") is True,
        asked_at=question.created,
    )


def _answer_above(message: Message, by_number: Mapping[int, Message]) -> int | None:
    """The nearest answer that a message follows."""
    above = by_number.get(message.parent or 0)
    while above is not None and above.role != "assistant":
        above = by_number.get(above.parent or 0)
    return above.number if above else None


def _ending(answer: Message, is_writing: Callable[[str], bool]) -> Ending:
    if answer.state == "writing":
        return "" if is_writing(answer.writer) else "broken"
    return answer.state


def _read(details: str) -> Mapping[str, Any]:
    """Details that cannot be read are left out; the text is there all the same."""
    try:
        read = json.loads(details)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}
