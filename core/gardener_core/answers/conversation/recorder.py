"""Store an answer before it is told."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from gardener_core.answers.conversation.details import encode_events
from gardener_core.errors import GardenError
from gardener_core.events.answer import Answered, Completed, Composed, Prompted, Token
from gardener_core.events.index import Retrieved
from gardener_core.events.union import Event
from gardener_core.store.garden.chats.messages import MessageState, MessageTable
from gardener_core.store.garden.chats.writers import Writer


class Recorder:
    """Stores what an answer consists of, piece by piece."""

    def __init__(self, messages: MessageTable, writer: Writer) -> None:
        self._messages = messages
        self._writer = writer

    def record(
        self, answer: int, events: Iterator[Event], cancelled: Callable[[], bool]
    ) -> Iterator[Event]:
        """The events, each stored first; `answer` is the number of the message, 0 for none."""
        if not answer:
            yield from events
            return
        self._messages.claim(answer, self._writer.name)
        recording = _Recording(self._messages, answer)
        try:
            for event in events:
                recording.take(event, stopped=cancelled())
                yield event
        except GardenError as problem:
            recording.fail(problem.what)
            raise
        finally:
            recording.close()


class _Recording:
    """One answer while it is written."""

    def __init__(self, messages: MessageTable, number: int) -> None:
        self._messages = messages
        self._number = number
        self._details: dict[str, Any] = {}
        self._words = ""
        self._is_ended = False

    def take(self, event: Event, *, stopped: bool) -> None:
        """Store an event."""
        match event:
            case Token(text=text) if text:
                self._words += text
                self._messages.append(self._number, text)
            case Retrieved():
                self._keep("retrieved", event)
            case Composed():
                self._keep("card", event)
            case Prompted():
                self._keep("prompted", event)
            case Answered(text=text):
                if not event.model and self._words:
                    self._details["words"] = self._words  # of a model that did not come to its end
                self._end("answered", replace(event, text=""), text, stopped=stopped)
            case Completed(text=text):
                self._end("completed", replace(event, text=""), text, stopped=stopped)
            case _:
                pass

    def fail(self, problem: str) -> None:
        """Store why there is no answer, or no whole one."""
        if not self._is_ended:
            self._is_ended = True
            self._details["problem"] = problem
            self._messages.finish(self._number, "failed", json.dumps(self._details))

    def close(self) -> None:
        """Where nothing has ended it, it is broken off."""
        if not self._is_ended:
            self._messages.break_off(self._number)

    def _keep(self, name: str, event: Event) -> None:
        self._details |= encode_events({name: event})
        self._messages.keep(self._number, json.dumps(self._details))

    def _end(self, name: str, event: Event, text: str, *, stopped: bool) -> None:
        self._is_ended = True
        self._details |= encode_events({name: event})
        state: MessageState = "stopped" if stopped else "whole"
        self._messages.finish(self._number, state, json.dumps(self._details), text)
